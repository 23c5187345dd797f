"""The best starters of a small network, from all its possible worlds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from refgraph.measures.cascade import Cascade
from refgraph.measures.starters import (
    GreedyChoice,
    Limit,
    Starters,
    list_reached,
    order_by_gain,
)
from refgraph.model.graph import Floats, Ints

MAX_ARCS = 16
"""Networks with more arcs have too many worlds (2 to the number of arcs)."""
MAX_SETS = 20_000
"""More sets than this are not all tried."""
Worlds = NDArray[np.int64]


def choose_among_worlds(cascade: Cascade, limit: Limit) -> Starters:
    """Starters of a network of at most 16 arcs, every world computed (M42).

    The best of all sets if they are few enough, else step by step with a certain bound.
    """
    worlds = _WorldTable(cascade)
    greedy = GreedyChoice(cascade, limit)
    while True:
        value = worlds.evaluate(greedy.members)
        gain = worlds.compute_gains(greedy.members, value)
        greedy.note_bound(value, gain)
        if greedy.choose(gain) < 0:
            break
    members, at_most, method = greedy.members, greedy.at_most, "bounded"
    best = _try_all_sets(cascade, limit, worlds)
    if best is not None:
        members, method = order_by_gain(worlds.evaluate, best), "exact"
        at_most = worlds.evaluate(members)
    return Starters(
        members=tuple(members),
        reached=list_reached(worlds.evaluate, members),
        at_most=at_most,
        half_width=0.0,
        method=method,
        evaluate=worlds.evaluate,
        list_chances=worlds.list_chances,
    )


class _WorldTable:
    """Which parties each linked party reaches in each world, as bits; parties without arcs
    reach only themselves.
    """

    def __init__(self, cascade: Cascade) -> None:
        source, n = cascade.in_src, len(cascade.weight)
        target = np.repeat(np.arange(n), np.diff(cascade.in_ptr))
        self.weight = cascade.weight
        self.linked: Ints = np.unique(np.concatenate([source, target])).astype(np.int32)
        self.bit = {int(v): i for i, v in enumerate(self.linked)}
        count = len(source)
        worlds = np.arange(2**count, dtype=np.int64)
        self.chance: Floats = np.ones(len(worlds))
        for arc, p in enumerate(cascade.p.tolist()):
            self.chance *= np.where(worlds >> arc & 1, p, 1.0 - p)
        self.reach = [np.full(len(worlds), 1 << i, np.int64) for i in range(len(self.linked))]
        arcs = list(zip(source.tolist(), target.tolist(), strict=True))
        self._close(worlds, arcs)

    def _close(self, worlds: Worlds, arcs: list[tuple[int, int]]) -> None:
        """Follow the arcs until nobody reaches anybody new."""
        is_changed = True
        while is_changed:
            is_changed = False
            for arc, (u, v) in enumerate(arcs):
                mine = self.reach[self.bit[u]]
                more = mine | np.where(worlds >> arc & 1, self.reach[self.bit[v]], 0)
                is_changed = is_changed or bool((more != mine).any())
                self.reach[self.bit[u]] = more

    def evaluate(self, members: Sequence[int]) -> float:
        """Expected weight that a set reaches."""
        total = sum(float(self.weight[one]) for one in members if one not in self.bit)
        for v, chance in zip(self.linked.tolist(), self._reach_linked(members), strict=True):
            total += float(self.weight[v]) * chance
        return total

    def list_chances(self, members: Sequence[int]) -> Floats:
        """float64[n]: the chance that a set reaches each party."""
        chances = np.zeros(len(self.weight))
        chances[list(members)] = 1.0
        chances[self.linked] = self._reach_linked(members)
        return chances

    def _reach_linked(self, members: Sequence[int]) -> list[float]:
        """The chance that a set reaches each linked party."""
        together: Worlds = np.zeros(len(self.chance), np.int64)
        for one in members:
            if one in self.bit:
                together |= self.reach[self.bit[one]]
        bits = range(len(self.linked))
        return [float(self.chance[together >> i & 1 > 0].sum()) for i in bits]

    def compute_gains(self, members: Sequence[int], value: float) -> Floats:
        """float64[n]: what each party would add; its own weight if it has no arcs."""
        gain = self.weight.copy()
        for v in self.linked.tolist():
            gain[v] = max(self.evaluate([*members, v]) - value, 0.0)
        gain[list(members)] = 0.0
        return gain


def _try_all_sets(cascade: Cascade, limit: Limit, worlds: _WorldTable) -> list[int] | None:
    """The best of all sets, the first in order of ids; None if there are too many."""
    candidates = np.flatnonzero(cascade.is_candidate).tolist()
    k = limit.count(cascade)
    sizes = [k] if limit.k is not None else list(range(k + 1))
    if sum(comb(len(candidates), size) for size in sizes) > MAX_SETS:
        return None
    best, most = [], -1.0
    for size in sizes:
        for members in combinations(candidates, size):
            spent = 0.0 if cascade.cost is None else float(cascade.cost[list(members)].sum())
            if limit.k is None and spent > limit.size * (1 + 1e-12):
                continue
            value = worlds.evaluate(members)
            if value > most * (1 + 1e-12):
                best, most = list(members), value
    return best

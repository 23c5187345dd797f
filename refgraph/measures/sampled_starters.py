"""Starters of a large network from random reverse-reachable sets, with a certified ratio."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from refgraph.estimates.coverage_bounds import bound_from_above, bound_from_below
from refgraph.kernels.adjacency import group_arcs
from refgraph.kernels.coverage import cover_sets
from refgraph.kernels.reverse_sets import LARGE, draw_reverse_sets
from refgraph.kernels.threads import WorkerPool
from refgraph.measures.cascade import Cascade
from refgraph.measures.starters import GreedyChoice, Limit, Starters
from refgraph.model.graph import Bools, Floats, Ints, Longs

BLOCK = 2048
"""Sets that are drawn with one stream of random numbers."""
FIRST_BLOCKS, MAX_DOUBLINGS = 4, 12
COVERED_EACH = 300
"""Sets are drawn until a starter covers this many on average; fewer lose some 4 % of reach."""
GOAL = 1 - 1 / math.e - 0.1
MAX_NODES = 60_000_000
"""Nodes in all sets of one pool, from which no more are drawn."""
GOAL_WIDTH, MAX_NODES_FOR_WIDTH = 0.01, 4_000_000
"""Large networks are sampled further, until the estimate is known to 1 %, up to this many nodes."""
Z = 1.959963984540054
_SECOND_POOL = 1 << 20


@dataclass(frozen=True, eq=False)
class Pool:
    """Random sets: ptr int64[s+1], nodes int32, by set; set_ptr, sets: the same by node."""

    ptr: Longs
    nodes: Ints
    set_ptr: Longs
    sets: Ints

    @property
    def count(self) -> int:
        """How many sets there are."""
        return len(self.ptr) - 1

    def count_covered(self, members: Sequence[int]) -> int:
        """How many sets hold any of these parties."""
        return (0, *self.count_covered_by_first(members))[-1]

    def count_covered_by_first(self, members: Sequence[int]) -> list[int]:
        """How many sets hold the first of these parties, any of the first two, ..."""
        is_covered, covered, counts = np.zeros(self.count, np.bool_), 0, []
        for v in members:
            sets = self.sets[self.set_ptr[v] : self.set_ptr[v + 1]]
            covered += int(np.count_nonzero(~is_covered[sets]))
            is_covered[sets] = True
            counts.append(covered)
        return counts


class _Sampler:
    """Draws blocks of sets; a block depends on its number alone, not on threads."""

    def __init__(self, cascade: Cascade) -> None:
        self.cascade = cascade
        self.running = np.cumsum(cascade.weight)
        self.log_miss = _compute_log_misses(cascade)

    def draw_block(self, number: int) -> tuple[Longs, Ints]:
        """One block of sets, their roots drawn in proportion to the weights."""
        uniform = np.random.default_rng(number).random(BLOCK) * self.running[-1]
        roots = np.searchsorted(self.running, uniform, side="right").astype(np.int32)
        roots = np.minimum(roots, len(self.running) - 1).astype(np.int32)
        arcs = (self.cascade.in_ptr, self.cascade.in_src, self.cascade.p, self.log_miss)
        return draw_reverse_sets(*arcs, roots, 7919 * number + 1)

    def draw(self, workers: WorkerPool, first: int, count: int) -> list[tuple[Longs, Ints]]:
        """That many blocks, in order."""
        return list(workers.map(self.draw_block, range(first, first + count)))


def choose_from_samples(cascade: Cascade, limit: Limit) -> Starters:
    """Starters by greedy coverage of one pool of sets, judged by a second pool (OPIM-C).

    The ratio holds with a probability of at least 1 − 1/n.
    """
    n, scale = len(cascade.weight), float(cascade.weight.sum())
    failures = math.log(max(3 * MAX_DOUBLINGS * n, 2))
    sampler = _Sampler(cascade)
    first: list[tuple[Longs, Ints]] = []
    second: list[tuple[Longs, Ints]] = []
    with WorkerPool() as workers:
        for round_number in range(MAX_DOUBLINGS):
            blocks = FIRST_BLOCKS << round_number
            first += sampler.draw(workers, len(first), blocks - len(first))
            second += sampler.draw(workers, _SECOND_POOL + len(second), blocks - len(second))
            pool, judge = _join_blocks(first, n), _join_blocks(second, n)
            greedy, covered = _cover_greedily(pool, cascade, limit)
            members = greedy.members
            judged = judge.count_covered(members)
            low = bound_from_below(judged, failures) / judge.count
            high = bound_from_above(greedy.at_most, failures) / pool.count
            share = judged / judge.count
            error = math.sqrt(share * (1 - share) / judge.count)
            is_exact = Z * error <= GOAL_WIDTH * share or len(pool.nodes) > MAX_NODES_FOR_WIDTH
            is_exact = is_exact or len(cascade.in_src) < LARGE
            is_covered = covered >= COVERED_EACH * max(len(members), 1)
            is_enough = is_exact and is_covered and low >= GOAL * high
            if is_enough or len(pool.nodes) > MAX_NODES:
                break

    def evaluate(chosen: Sequence[int]) -> float:
        return scale * judge.count_covered(chosen) / judge.count

    reached = tuple(scale * one / judge.count for one in judge.count_covered_by_first(members))
    total = reached[-1] if reached else 0.0
    ratio = low / high if high > 0 else 1.0
    return Starters(
        members=tuple(members),
        reached=reached,
        at_most=total / ratio if ratio > 0 else math.inf,
        half_width=Z * error * scale,
        method="sampled",
        evaluate=evaluate,
    )


def _compute_log_misses(cascade: Cascade) -> Floats:
    """float64[n]: log(1 − p) of parties all of whose arcs have one chance below 1, else 0."""
    log_miss = np.zeros(len(cascade.weight))
    degree = np.diff(cascade.in_ptr)
    has_arcs = np.flatnonzero(degree > 0)
    if not len(has_arcs):
        return log_miss
    start = cascade.in_ptr[has_arcs]
    low, high = (choose.reduceat(cascade.p, start) for choose in (np.minimum, np.maximum))
    is_even: Bools = (low == high) & (high < 1.0) & (high > 0.0)
    log_miss[has_arcs[is_even]] = np.log1p(-high[is_even])
    return log_miss


def _join_blocks(blocks: list[tuple[Longs, Ints]], n: int) -> Pool:
    sizes = np.concatenate([np.diff(ptr) for ptr, _ in blocks])
    nodes = np.concatenate([nodes for _, nodes in blocks])
    ptr = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=ptr[1:])
    number = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    set_ptr, place = group_arcs(n, nodes)
    return Pool(ptr, nodes, set_ptr, number[place])


def _cover_greedily(pool: Pool, cascade: Cascade, limit: Limit) -> tuple[GreedyChoice, int]:
    """Starters by the sets that they cover first; and how many sets they cover together."""
    gain, is_covered = np.diff(pool.set_ptr), np.zeros(pool.count, np.bool_)
    choice, covered = GreedyChoice(cascade, limit), 0
    single = gain.copy()
    while True:
        choice.note_bound(covered, gain.astype(np.float64))
        best = choice.choose(gain.astype(np.float64))
        if best < 0:
            break
        lists = (pool.ptr, pool.nodes, pool.set_ptr, pool.sets)
        covered += cover_sets(*lists, gain, is_covered, best)
    if choice.cost is not None:
        is_usable = cascade.is_candidate & (choice.cost <= limit.size)
        alone = np.where(is_usable, single, 0)
        if alone.max(initial=0) > covered:
            choice.members, covered = [int(np.argmax(alone))], int(alone.max())
    return choice, covered

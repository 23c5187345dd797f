"""Who starts a campaign: a chosen set, what it reaches, and how good it is for certain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from refgraph.estimates.coverage_bounds import bound_best_set
from refgraph.measures.cascade import Cascade
from refgraph.model.graph import Floats

Evaluate = Callable[[Sequence[int]], float]
ListChances = Callable[[Sequence[int]], Floats]
TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False, kw_only=True)
class Starters:
    """The chosen starters, best first.

    reached: expected value reached by the first, the first two, ...; at_most: the most that any
    other choice can reach. half_width: of the 95 % confidence interval of the estimate, 0 if it was
    computed and not sampled. method: exact, bounded (forest) or sampled. evaluate: expected value
    that any other set reaches, by the same means. list_chances: the chance that a set reaches each
    party, float64[n]; None if that is sampled.
    """

    members: tuple[int, ...]
    reached: tuple[float, ...]
    at_most: float
    half_width: float
    method: str
    evaluate: Evaluate
    list_chances: ListChances | None = None

    @property
    def total(self) -> float:
        """What all of them reach."""
        return self.reached[-1] if self.reached else 0.0

    @property
    def ratio(self) -> float:
        """At least this share of what the best choice reaches, for certain or nearly so."""
        return min(self.total / self.at_most, 1.0) if self.at_most > 0 else 1.0


@dataclass(frozen=True)
class Limit:
    """k starters, or what they may cost together."""

    k: int | None = None
    budget: float | None = None

    @property
    def size(self) -> float:
        """The number, or the budget."""
        return float(self.k if self.k is not None else self.budget or 0.0)

    def count(self, cascade: Cascade) -> int:
        """How many starters there can be at most."""
        candidates = np.flatnonzero(cascade.is_candidate)
        if self.k is not None or cascade.cost is None:
            return min(self.k or 0, len(candidates))
        cheapest = np.cumsum(np.sort(cascade.cost[candidates]))
        return int(np.searchsorted(cheapest, self.size + TOLERANCE * max(self.size, 1.0), "right"))


class GreedyChoice:
    """A choice step by step: by gain, or by gain per cost within a budget.

    After each step the gains bound what any set can reach; the smallest bound counts.
    """

    def __init__(self, cascade: Cascade, limit: Limit) -> None:
        self.limit = limit
        self.open = cascade.is_candidate.copy()
        self.cost = cascade.cost if limit.k is None else None
        self.left = limit.size
        self.at_most = np.inf
        self.members: list[int] = []

    def note_bound(self, value: float, gain: Floats) -> None:
        """Take the bound of the present gains into account; gain: float64[n]."""
        usable = self.open & (gain > 0)
        cost = None
        if self.cost is not None:
            usable &= self.cost <= self.limit.size * (1 + TOLERANCE)
            cost = self.cost[usable]
        self.at_most = min(self.at_most, bound_best_set(value, gain[usable], cost, self.limit.size))

    def choose(self, gain: Floats) -> int:
        """The next starter, -1 if none is left that adds anything and can be afforded."""
        if self.cost is None:
            score = np.where(self.open, gain, -1.0)
        else:
            is_affordable = self.open & (self.cost <= self.left * (1 + TOLERANCE))
            score = np.where(is_affordable, gain / self.cost, -1.0)
        best = int(np.argmax(score)) if len(score) else -1
        if best < 0 or score[best] <= 0 or (self.cost is None and self.left < 1):
            return -1
        self.open[best] = False
        self.left -= 1.0 if self.cost is None else float(self.cost[best])
        self.members.append(best)
        return best


def list_reached(evaluate: Evaluate, members: Sequence[int]) -> tuple[float, ...]:
    """What the first member reaches, the first two, and so on."""
    return tuple(evaluate(members[: k + 1]) for k in range(len(members)))


def order_by_gain(evaluate: Evaluate, members: Sequence[int]) -> list[int]:
    """A set in the order in which each adds most to those before; ties by index."""
    left, ordered = sorted(members), list[int]()
    while left:
        best = max(left, key=lambda one: (evaluate([*ordered, one]), -one))
        ordered.append(best)
        left.remove(best)
    return ordered

"""Do the referred follow their referrers? Dates dealt out again within groups (M59)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]
DRAWS, MIN_DRAWS, MAX_WORK = 1000, 100, 50_000_000


class Following(NamedTuple):
    """observed: pairs whose second came later than the first. expected: their mean if dates were
    assigned at random within groups. p: chance of as many or more. draws: random assignments.
    """

    observed: int
    expected: float
    p: float
    draws: int


def compare_order(
    day: Longs, group: Longs, first: Longs, second: Longs, seed: int = 59
) -> Following:
    """Whether more pairs are in order than random dates would give.

    day, group int64[n]: of each member; dates are permuted within a group. first, second int64[m]:
    pairs of members. 1,000 draws, fewer for many members, at least 100.

    Formula: p = (1 + random counts ≥ observed) / (1 + draws) (Phipson & Smyth 2010).

    >>> day, members = np.arange(6), np.arange(5)  # a chain in perfect order: 1 of 6! orders
    >>> found = compare_order(day, np.zeros(6, np.int64), members, members + 1)
    >>> found.observed, round(found.expected, 1), found.p < 0.01, found.draws
    (5, 2.5, True, 1000)
    """
    observed = int((day[first] < day[second]).sum())
    draws = max(MIN_DRAWS, min(DRAWS, MAX_WORK // max(len(day), 1)))
    dice = np.random.default_rng(seed)
    by_group = np.argsort(group, kind="stable")
    shuffled = np.empty_like(day)
    counts = np.empty(draws, np.int64)
    for k in range(draws):
        random_order = np.lexsort((dice.random(len(day)), group))
        shuffled[by_group] = day[random_order]
        counts[k] = (shuffled[first] < shuffled[second]).sum()
    p = (1 + int((counts >= observed).sum())) / (1 + draws)
    return Following(observed, float(counts.mean()), p, draws)

"""Two groups to compare: their outcomes, and what has to be equal before the groups can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Scale = Literal["ratio", "difference"]
MIN_LEVEL = 5
"""A smaller group of customers is pooled with others."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """What is compared: one row per customer, n rows.

    y: float64 [n], the outcome, at least 0 for ratios. referred: bool [n]. size: float64 [n], the
    log of the size before the referral, None = not recorded. factors: int64 [n] each, groups to
    adjust for (sector, cohort). cluster: int64 [n], the tree. scale: a ratio of means, or a
    difference. weight: float64 [n], None = 1. numbers: float64 [n] each, further columns. party:
    int64 [n], whose row it is, None = not told.
    """

    y: Floats
    referred: Bools
    size: Floats | None
    factors: tuple[Ints, ...]
    cluster: Ints
    scale: Scale = "ratio"
    weight: Floats | None = None
    numbers: tuple[Floats, ...] = ()
    party: Ints | None = None

    def select(self, rows: Bools) -> Comparison:
        """The rows marked."""
        return replace(
            self,
            y=self.y[rows],
            referred=self.referred[rows],
            size=None if self.size is None else self.size[rows],
            factors=tuple(factor[rows] for factor in self.factors),
            cluster=self.cluster[rows],
            weight=None if self.weight is None else self.weight[rows],
            numbers=tuple(column[rows] for column in self.numbers),
            party=None if self.party is None else self.party[rows],
        )


def pool_levels(level: Ints, referred: Bools, *, ordered: bool) -> Ints:
    """Levels of a factor with fewer than 5 rows, or with one side only, pooled.

    Formula: ordered False: they become level -1 (other); ordered True (years): a level joins those
    after it until they hold 5 rows and both sides, the last ones those before. level: [n] whole
    numbers of at least 0; referred: [n]. Range: -1.. ; no unit.

    >>> pool_levels(np.array([0] * 6 + [1, 2]), np.array([1, 0] * 4, bool), ordered=False).tolist()
    [0, 0, 0, 0, 0, 0, -1, -1]
    """
    size = np.bincount(level) if len(level) else np.empty(0, np.int64)
    hits = np.bincount(level, weights=referred, minlength=len(size))
    if not ordered:
        is_kept = (size >= MIN_LEVEL) & (hits > 0) & (hits < size)
        return np.where(is_kept[level], level, -1)
    band, held, referred_held, current = np.zeros(len(size), np.int64), 0, 0.0, 0
    for place in np.flatnonzero(size):
        band[place] = current
        held, referred_held = held + int(size[place]), referred_held + float(hits[place])
        if held >= MIN_LEVEL and 0 < referred_held < held:
            current, held, referred_held = current + 1, 0, 0.0
    if held and current:
        band[band == current] = current - 1
    return band[level]


def mark_informative(data: Comparison) -> Bools:
    """The rows that say something about a ratio: not in a group in which every outcome is 0.

    Formula: Σ y > 0 within the row's level of each factor (the estimate of such a level would be 0,
    whatever the ratio). All rows for a difference. Returns bool [n].

    >>> data = Comparison(
    ...     np.array([0.0, 0, 3, 0]), np.array([1, 0, 1, 0], bool), None,
    ...     (np.array([0, 0, 1, 1]),), np.arange(4),
    ... )
    >>> mark_informative(data).tolist()
    [False, False, True, True]
    """
    is_used = np.ones(len(data.y), np.bool_)
    if data.scale == "ratio":
        for factor in data.factors:
            level = np.unique(factor, return_inverse=True)[1]
            is_used &= (np.bincount(level, weights=data.y) > 0)[level]
    return is_used

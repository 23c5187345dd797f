"""How good a greedy cover is certain to be: OPIM-C's bounds, and that of submodularity alone."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def bound_from_below(covered: float, log_failures: float) -> float:
    """Least expected number of covered sets, given that so many were covered, 0 or more.

    Formula: (sqrt(c + 2a/9) − sqrt(a/2))² − a/18, a = log_failures = log(1 / chance that it is
    wrong) (Tang, Tang, Xiao & Yuan, SIGMOD 2018, eq. 5).

    >>> round(bound_from_below(100.0, math.log(1000)), 2)
    67.15
    """
    a = log_failures
    root = max(math.sqrt(covered + 2 * a / 9) - math.sqrt(a / 2), 0.0)
    return max(root * root - a / 18, 0.0)


def bound_from_above(covered: float, log_failures: float) -> float:
    """Most expected number of covered sets, given that so many were covered.

    Formula: (sqrt(c + a/2) + sqrt(a/2))², as in `bound_from_below` (eq. 8).

    >>> round(bound_from_above(100.0, math.log(1000)), 2)
    144.71
    """
    a = log_failures
    return (math.sqrt(covered + a / 2) + math.sqrt(a / 2)) ** 2


def bound_best_set(value: float, gain: Floats, cost: Floats | None, limit: float) -> float:
    """The most that any set within the limit can reach, given the gains on top of one set.

    Formula: value + the largest gains that fit into the limit (Nemhauser, Wolsey & Fisher 1978;
    Leskovec et al. 2007).
    value: of that set. gain: float64, of adding each candidate. cost: None = limit counts members;
    else the members may cost so much together, parts of one included.

    >>> bound_best_set(5.0, np.array([3.0, 1.0, 2.0]), None, 2)
    10.0
    >>> bound_best_set(0.0, np.array([3.0, 4.0]), np.array([1.0, 2.0]), 2.0)
    5.0
    """
    if cost is None:
        k = int(limit)
        if k >= len(gain):
            return value + float(gain.sum())
        return (
            value + float(np.partition(gain, len(gain) - k)[len(gain) - k :].sum()) if k else value
        )
    order = np.argsort(-(gain / cost), kind="stable")
    spent = np.cumsum(cost[order])
    whole = int(np.searchsorted(spent, limit, side="right"))
    total = float(gain[order[:whole]].sum())
    if whole < len(order):
        before = float(spent[whole - 1]) if whole else 0.0
        total += float(gain[order[whole]]) * (limit - before) / float(cost[order[whole]])
    return value + total

"""How much of a total a few customers bring (M10). Missing values (nan) are left out."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def smallest_share_for(x: ArrayLike, part: float = 0.8) -> float:
    """Smallest share of the customers, best first, that brings `part` of the total.

    Formula: first crossing of the whale curve with `part`, linear between customers (Lorenz 1905).
    Range: 0..1; nan for a total <= 0. Unit: share of customers. Raises ValueError unless 0 < part
    <= 1.

    >>> smallest_share_for([80, 5, 5, 5, 5]), smallest_share_for([1, 1, 1, 1])
    (0.2, 0.8)
    """
    if not 0.0 < part <= 1.0:
        raise ValueError(f"a part of the total lies in 0..1, not {part!r}")
    values, total = _sort_descending(x)
    if not total > 0.0:
        return math.nan
    running = np.cumsum(values)
    goal = part * total
    reached = np.flatnonzero(running >= goal)
    place = int(reached[0]) if reached.size else int(np.argmax(running))
    before = float(running[place - 1]) if place else 0.0
    return (place + min((goal - before) / float(values[place]), 1.0)) / values.size


def whale_curve(x: ArrayLike) -> tuple[Floats, Floats]:
    """Cumulative share of the total over the cumulative share of customers, best first.

    Formula: points (i/n, sum of the i largest / total), i = 0..n (Kaplan & Narayanan 2001). Two
    float64 [n + 1]; the second from 0 to 1, above 1 on the way where the last customers lose, all
    nan for a total <= 0. Unit: shares.

    >>> [a.tolist() for a in whale_curve([6, 6, -4])]
    [[0.0, 0.3333333333333333, 0.6666666666666666, 1.0], [0.0, 0.75, 1.5, 1.0]]
    """
    values, total = _sort_descending(x)
    customers = np.arange(values.size + 1) / max(values.size, 1)
    if not total > 0.0:
        return customers, np.full(values.size + 1, np.nan)
    curve = np.concatenate([[0.0], np.cumsum(values) / total])
    curve[-1] = 1.0
    return customers, curve


def gini(x: ArrayLike) -> float:
    """Inequality of the values of 0 and above; losses are left out.

    Formula: sum of (2i - n - 1) x_i / (n sum x), x rising, i from 1, n with the zeros (Gini 1914).
    Range: 0 (all equal) to (n-1)/n, so a factor n/(n-1) makes small n comparable (Deltas 2003);
    nan for a single value, and where the total of all, losses included, is <= 0. No unit.

    >>> gini([7.0, 7.0, 7.0]), gini([1, 3]), gini([1, 3, -3]), gini([100] + [0] * 9)
    (0.0, 0.25, 0.25, 0.9)
    """
    values, total = _sort_descending(x)
    rising = values[values >= 0.0][::-1]
    n = rising.size
    if n < 2 or not total > 0.0:
        return math.nan
    weights = 2.0 * np.arange(1, n + 1) - (n + 1)
    return float((weights * (rising - rising[0])).sum() / (n * rising.sum()))


def _sort_descending(x: ArrayLike) -> tuple[Floats, float]:
    """Recorded values, largest first, and their sum: the same bits for any order."""
    values = np.asarray(x, np.float64).ravel()
    values = np.sort(values[~np.isnan(values)] + 0.0)[::-1]
    return values, float(values.sum())

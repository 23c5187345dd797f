"""How much of a total a few customers bring (M10). Missing values (nan) are left out."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def top_share(x: ArrayLike, top: float = 0.2) -> float:
    """Share of the total brought by the best `top` of the customers.

    Formula: (sum of the largest f n values, a part of one value where f n is not whole) / total
    (Lorenz 1905). Written as f + (sum of the largest - f total) / total on values less the largest,
    so that equal values give f exactly. Range: from `top` up, above 1 where others lose; nan for a
    total <= 0. Unit: share. Raises ValueError unless 0 <= top <= 1.

    >>> top_share([5.3] * 96), round(top_share([70, 10, 10, 5, 5]), 4)
    (0.2, 0.7)
    """
    if not 0.0 <= top <= 1.0:
        raise ValueError(f"a share of customers lies in 0..1, not {top!r}")
    values, total = _sort_descending(x)
    if not total > 0.0:
        return math.nan
    less = values - values[0]
    position = top * values.size
    whole = min(int(position), values.size - 1)
    first = float(less[:whole].sum()) + (position - whole) * float(less[whole])
    return top + (first - top * float(less.sum())) / total


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
    """Inequality of the values of 0 and above; losses are left out (`summarize_losses`).

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


def summarize_losses(x: ArrayLike) -> tuple[int, float]:
    """Customers below 0 and the sum of what they lose (<= 0, unit of x): what `gini` leaves out.

    Formula: number and sum of x < 0 (Kaplan & Narayanan 2001).

    >>> summarize_losses([6, 6, -4, 0])
    (1, -4.0)
    """
    values, _ = _sort_descending(x)
    below = values[values < 0.0]
    return int(below.size), float(below.sum())


def concentration_ratio(x: ArrayLike, k: int) -> float:
    """CRk: share of the total brought by the k largest customers.

    Formula: sum of the k largest / total (Bain 1951). Range: k/n up to 1, above 1 where others
    lose; 1.0 for k >= n; nan for a total <= 0. Unit: share. Raises ValueError for k < 0.

    >>> concentration_ratio([40, 30, 20, 10], 2)
    0.7
    """
    if k < 0:
        raise ValueError(f"k must be at least 0, not {k!r}")
    values, total = _sort_descending(x)
    if not total > 0.0:
        return math.nan
    return 1.0 if k >= values.size else float(values[:k].sum()) / total


def pareto_alpha(top: float = 0.2, part: float = 0.8) -> float:
    """Exponent of the Pareto law in which the best `top` of the customers bring `part` of the
    total.

    Formula: 1 / (1 - ln part / ln top) (Arnold 1983). Range: above 1; no unit. 80/20 gives log 5 /
    log 4 = 1.1610. Raises ValueError unless 0 < top < part < 1.

    >>> round(pareto_alpha(0.2, 0.8), 4)
    1.161
    """
    if not 0.0 < top < part < 1.0:
        raise ValueError("0 < top < part < 1 is needed")
    return 1.0 / (1.0 - math.log(part) / math.log(top))


def pareto_top_share(alpha: float, top: float = 0.2) -> float:
    """Share of the total brought by the best `top` under a Pareto law with exponent alpha.

    Formula: top^(1 - 1/alpha) (Arnold 1983). Range: top..1; unit: share. Raises ValueError unless
    alpha > 1, 0 <= top <= 1.

    >>> round(pareto_top_share(math.log(5) / math.log(4)), 4)
    0.8
    """
    if not (alpha > 1.0 and 0.0 <= top <= 1.0):
        raise ValueError("alpha must be above 1 and top in 0..1")
    return float(top ** (1.0 - 1.0 / alpha))


def _sort_descending(x: ArrayLike) -> tuple[Floats, float]:
    """Recorded values, largest first, and their sum: the same bits for any order."""
    values = np.asarray(x, np.float64).ravel()
    values = np.sort(values[~np.isnan(values)] + 0.0)[::-1]
    return values, float(values.sum())

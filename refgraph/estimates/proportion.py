"""Intervals for shares of a count: one share (Wilson) and the difference of two (Newcombe)."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from refgraph.estimates.normal import critical_value

Floats = NDArray[np.float64]
BLOCK = 1_000_000
"""Shares computed at once: a step needs memory for a few blocks, not for all of them."""


class Difference(NamedTuple):
    """A difference of two shares and its interval, all in -1..1."""

    difference: float
    low: float
    high: float


def wilson(k: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """Score interval for the share k/n: the shares that k of n would not be a surprise for.

    Formula: (k + z^2/2 -+ z sqrt(k(n-k)/n + z^2/4)) / (n + z^2), the lower end in the form without
    cancellation (Wilson 1927). Range: 0 <= low <= k/n <= high <= 1, low is exactly 0.0 for k = 0
    and high exactly 1.0 for k = n; (nan, nan) for n = 0. Unit: share. Raises ValueError unless 0 <=
    k <= n, both finite, and 0 < confidence < 1.

    >>> low, high = wilson(30, 96)
    >>> round(low, 4), round(high, 4)
    (0.2285, 0.4109)
    """
    return score_interval(k, n, critical_value(confidence))


def score_interval(k: float, n: float, z: float) -> tuple[float, float]:
    """As `wilson`, with a critical value z of any distribution in place of a confidence.

    Formula: (k + z^2/2 -+ z sqrt(k(n-k)/n + z^2/4)) / (n + z^2). Range: 0 <= low <= k/n <= high <=
    1; (nan, nan) for n = 0. Unit: share. Raises ValueError unless 0 <= k <= n, both finite.

    >>> score_interval(30, 96, 1.959963984540054) == wilson(30, 96)
    True
    """
    if not (0 <= k <= n and math.isfinite(n)):
        raise ValueError(f"0 <= k <= n is needed, not k = {k!r}, n = {n!r}")
    if n == 0:
        return math.nan, math.nan
    outer = k + z * z / 2 + z * math.sqrt(k * ((n - k) / n) + z * z / 4)
    return k * (k / n) / outer, 1.0 if k == n else min(outer / (n + z * z), 1.0)


def wilson_array(k: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """The Wilson interval of many shares at once, bit for bit what `wilson` gives for each.

    Formula: that of `wilson` (Wilson 1927), and so are range and unit. k and n: numbers that
    broadcast to one shape; the two float64 arrays returned have that shape. Raises ValueError
    unless 0 <= k <= n everywhere, all finite.

    >>> low, high = wilson_array([0, 29, 0], [96, 96, 0])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.2193, nan], [0.0385, 0.4001, nan])
    """
    z = critical_value(confidence)
    hits, total = np.broadcast_arrays(np.asarray(k), np.asarray(n))
    low, high = np.empty(hits.shape), np.empty(hits.shape)
    flat = hits.ravel(), total.ravel(), low.reshape(-1), high.reshape(-1)
    for start in range(0, hits.size, BLOCK):
        one, other, *ends = (array[start : start + BLOCK] for array in flat)
        ends[0][:], ends[1][:] = _score_block(one.astype(np.float64), other.astype(np.float64), z)
    return low, high


def _score_block(hits: Floats, total: Floats, z: float) -> tuple[Floats, Floats]:
    if not bool(np.all((hits >= 0) & (hits <= total) & np.isfinite(total))):
        raise ValueError("0 <= k <= n is needed everywhere")
    with np.errstate(invalid="ignore", divide="ignore"):
        outer = hits + z * z / 2 + z * np.sqrt(hits * ((total - hits) / total) + z * z / 4)
        low = hits * (hits / total) / outer
        high = np.where(hits == total, 1.0, np.minimum(outer / (total + z * z), 1.0))
    return low, np.where(total == 0, np.nan, high)


def newcombe(
    k1: float,
    n1: float,
    k2: float,
    n2: float,
    confidence: float = 0.95,
    *,
    critical: tuple[float, float] | None = None,
) -> Difference:
    """Difference k1/n1 - k2/n2 of two independent shares with its interval.

    Formula: with p = k/n and Wilson limits l, u of each share: low = d - sqrt((p1-l1)^2 +
    (u2-p2)^2), high = d + sqrt((u1-p1)^2 + (p2-l2)^2) (Newcombe 1998, method 10). Range: -1..1; all
    nan when either n is 0. Unit: share. critical: a critical value for each share in place of that
    of the confidence. Raises ValueError unless 0 <= k <= n for both.

    >>> [round(x, 4) for x in newcombe(56, 70, 48, 80)]
    [0.2, 0.0524, 0.3339]
    """
    z1, z2 = critical or (critical_value(confidence),) * 2
    (low1, high1), (low2, high2) = score_interval(k1, n1, z1), score_interval(k2, n2, z2)
    if n1 == 0 or n2 == 0:
        return Difference(math.nan, math.nan, math.nan)
    p1, p2 = k1 / n1, k2 / n2
    gap = p1 - p2
    down, up = math.hypot(p1 - low1, high2 - p2), math.hypot(high1 - p1, p2 - low2)
    return Difference(gap, max(gap - down, -1.0), min(gap + up, 1.0))

"""Shares of counts that come in clusters, such as the prospects of one referrer, and their gap."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from refgraph.estimates.proportion import Difference, newcombe

MIN_CLUSTERS = 5
"""With fewer effective clusters than this on either side there is no interval."""
ASSUMED_CORRELATION = 0.05
"""Within clusters, where all outcomes are the same and none can be measured."""
Floats = NDArray[np.float64]


class ClusteredShare(NamedTuple):
    """A share k/n of counts in clusters.

    design_effect: how many times wider than that of independent counts its variance is, at least 1.
    clusters: the effective number of them, (sum m)^2 / sum m^2. largest: share of the biggest.
    """

    k: int
    n: int
    design_effect: float
    clusters: float
    largest: float

    @property
    def effective(self) -> float:
        """The number of independent counts that carry as much information."""
        return self.n / self.design_effect


def measure_share(hits: ArrayLike, sizes: ArrayLike) -> ClusteredShare:
    """The share of hits over all clusters, with its design effect.

    hits, sizes: of each cluster. Formula: n_eff = n / max(1, CR2, ICC), with CR2 = sum e^2 / (1 -
    m/n) / (n p (1 - p)), e = hits - m p of a cluster of m (Bell & McCaffrey 2002, for a mean), and
    ICC = 1 + max(0, rho) (sum m^2 / n - 1), rho by analysis of variance; at p = 0 or 1 rho = 0.05.
    Range: n_eff in 0..n; the design effect is infinite where one cluster has all, nan where n = 0.
    Raises ValueError unless 0 <= hits <= sizes.

    >>> share = measure_share([4, 4, 0, 0], [4, 4, 4, 4])
    >>> (share.k, share.n, round(share.design_effect, 3), share.clusters)
    (8, 16, 5.333, 4.0)
    """
    k, m = np.asarray(hits, np.float64), np.asarray(sizes, np.float64)
    if not bool(np.all((k >= 0) & (k <= m))):
        raise ValueError("0 <= hits <= sizes is needed everywhere")
    k, m = k[m > 0], m[m > 0]
    n, total = float(m.sum()), float(k.sum())
    if n == 0:
        return ClusteredShare(0, 0, math.nan, math.nan, math.nan)
    p, weight = total / n, float((m * m).sum()) / n
    effect = 1.0 + ASSUMED_CORRELATION * (weight - 1.0)
    if 0 < total < n:
        by_correlation = 1.0 + max(0.0, _correlate(k, m, p)) * (weight - 1.0)
        effect = max(1.0, by_correlation, _measure_robust_effect(k, m, p))
    return ClusteredShare(int(total), int(n), effect, n / weight, float(m.max()) / n)


def _measure_robust_effect(k: Floats, m: Floats, p: float) -> float:
    n = m.sum()
    if len(m) == 1:
        return math.inf
    residual = k - m * p
    return float((residual**2 / (1.0 - m / n)).sum() / (n * p * (1.0 - p)))


def _correlate(k: Floats, m: Floats, p: float) -> float:
    """Correlation within clusters by analysis of variance; 0 if no cluster has two."""
    n, groups = m.sum(), len(m)
    if groups < 2 or n == groups:
        return 0.0
    between = float((m * (k / m - p) ** 2).sum()) / (groups - 1)
    within = float((k * (1.0 - k / m)).sum()) / (n - groups)
    size = (n - float((m * m).sum()) / n) / (groups - 1)
    scale = between + (size - 1.0) * within
    return (between - within) / scale if scale > 0 else 0.0


def compare_shares(first: ClusteredShare, second: ClusteredShare) -> Difference | None:
    """first - second with its 95 % interval; None with too few effective clusters on a side.

    Formula: Newcombe's interval (1998, method 10) on the effective numbers, with the quantiles of
    t at the effective clusters - 1 degrees of freedom. Range: -1..1. Unit: share.

    >>> a, b = measure_share([1] * 56 + [0] * 14, [1] * 70), measure_share([1, 0] * 24, [1] * 48)
    >>> [round(x, 4) for x in compare_shares(a, b)]
    [0.3, 0.1206, 0.4612]
    """
    if not min(first.clusters, second.clusters) >= MIN_CLUSTERS:
        return None
    from scipy.special import stdtrit

    sides = (first, second)
    critical = [float(stdtrit(side.clusters - 1.0, 0.975)) for side in sides]
    counts = [x for side in sides for x in (side.k / side.design_effect, side.effective)]
    return newcombe(*counts, critical=(critical[0], critical[1]))

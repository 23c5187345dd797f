"""Ratios of sums and rates of events, with intervals that know of clusters and of small counts."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

MIN_DOF = 3.0
"""With fewer degrees of freedom an interval says nothing."""
ROUNDING = 1e-12
"""Residuals smaller than this part of the ratio come from rounding and count as 0."""


class RatioInterval(NamedTuple):
    """A ratio, the ends of its 95 % interval and the degrees of freedom; nan where unknown."""

    ratio: float
    low: float
    high: float
    dof: float


def compute_ratio_interval(y: ArrayLike, x: ArrayLike, cluster: ArrayLike) -> RatioInterval:
    """Sum of y / sum of x, with an interval for observations that depend within a cluster.

    Formula: r = Σy/Σx; E_c = Σ_c (y − r x); h_c = Σ_c x / Σx; v_c = E_c² / ((1 − h_c) (Σx)²), the
    CR2 contribution of a cluster (Bell & McCaffrey 2002) of the linearised ratio; r ± t(.975, dof)
    √Σv, dof = (Σv)² / Σv². Shapes: three of [n]; x >= 0; cluster: any labels. The ends are nan if
    an x is negative, all residuals are 0, one cluster holds all x, or dof < 3; all is nan for
    Σx <= 0. Unit: y per x.

    >>> r = compute_ratio_interval([1, 0, 1, 0, 1, 0, 0, 1], [1] * 8, range(8))
    >>> [round(number, 4) for number in r]
    [0.5, 0.0642, 0.9358, 8.0]
    """
    numerator, weight = np.asarray(y, np.float64), np.asarray(x, np.float64)
    total = float(weight.sum())
    if not total > 0.0:
        return RatioInterval(math.nan, math.nan, math.nan, math.nan)
    ratio = float(numerator.sum()) / total
    _, place = np.unique(np.asarray(cluster), return_inverse=True)
    share = np.bincount(place, weights=weight / total)
    residual = np.bincount(place, weights=(numerator - ratio * weight) / total)
    unknown = RatioInterval(ratio, math.nan, math.nan, math.nan)
    if (weight < 0).any() or (share >= 1.0 - 1e-12).any():
        return unknown
    parts = residual**2 / (1.0 - share)
    variance = float(parts.sum())
    if not variance > (ROUNDING * float(np.abs(numerator).sum()) / total) ** 2:
        return unknown
    dof = variance**2 / float((parts**2).sum())
    if dof < MIN_DOF:
        return RatioInterval(ratio, math.nan, math.nan, dof)
    from scipy.special import stdtrit

    half = float(stdtrit(dof, 0.975)) * math.sqrt(variance)
    return RatioInterval(ratio, ratio - half, ratio + half, dof)


def compute_rate_interval(events: int, exposure: float) -> tuple[float, float]:
    """95 % interval of a rate events / exposure, exact for a Poisson number of events.

    Formula: χ²(.025, 2k)/2 and χ²(.975, 2k + 2)/2, by exposure (Garwood 1936). Range: low 0 for no
    event; (nan, nan) without exposure. Unit: events per unit of exposure.

    >>> [round(end, 3) for end in compute_rate_interval(5, 1.0)]
    [1.623, 11.668]
    """
    if not exposure > 0.0:
        return math.nan, math.nan
    from scipy.special import gammaincinv

    low = float(gammaincinv(events, 0.025)) if events else 0.0
    return low / exposure, float(gammaincinv(events + 1, 0.975)) / exposure

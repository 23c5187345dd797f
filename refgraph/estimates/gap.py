"""How much more the referred are worth (M25): raw, adjusted, with a spline; and its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from refgraph.estimates.clusters import compute_contributions
from refgraph.estimates.comparison import Comparison, mark_informative
from refgraph.estimates.design import Design, build_design
from refgraph.estimates.power import detectable_effect
from refgraph.estimates.ratio import MIN_DOF
from refgraph.estimates.regression import fit_regression
from refgraph.estimates.spline import compute_spline

Floats = NDArray[np.float64]
MIN_SIDE = 10
"""Customers needed on each side."""


@dataclass(frozen=True)
class Gap:
    """A gap with its 95 % interval; nan where there is none, and then the reason.

    gap, low, high: ratio - 1, or a difference in the unit of the outcome. error: standard error, of
    the log for ratios. detectable: the smallest gap that would be found in 80 % of such data.
    referred, others, trees: how many of each were used. effective: degrees of freedom. compared:
    the rows that were used.
    """

    gap: float = math.nan
    low: float = math.nan
    high: float = math.nan
    error: float = math.nan
    detectable: float = math.nan
    referred: int = 0
    others: int = 0
    trees: int = 0
    effective: float = math.nan
    reason: str = ""
    compared: Comparison | None = field(default=None, repr=False, compare=False)

    @property
    def has_interval(self) -> bool:
        """Whether there is an interval."""
        return not self.reason

    @property
    def is_unknown(self) -> bool:
        """Whether the data allow no gap at all: the interval holds 0."""
        return self.has_interval and self.low <= 0.0 <= self.high

    @property
    def known_effective(self) -> float:
        """`effective` for a sentence: 0 where it was never computed."""
        return 0.0 if math.isnan(self.effective) else self.effective


def estimate_gap(data: Comparison, *, adjusted: bool = True, with_spline: bool = False) -> Gap:
    """How much larger the outcome of the referred is, everything else equal.

    Formula: y ~ referred + numbers + log size (+ spline) + factors, by Poisson quasi-likelihood
    (gap = exp(b) - 1) or least squares (gap = b); standard error CR2 by cluster, t with dof =
    (Σv)²/Σv², v = the squared contributions of the clusters (Bell & McCaffrey 2002). adjusted
    False: y ~ referred.
    Range: above -1 for ratios. Without an interval the reason is given: too few on a side
    (`MIN_SIDE`), too few trees or dof < 3, nothing on one side, or a group that is all referred.

    >>> rows = Comparison(
    ...     np.array([10.0, 14, 8, 12, 9] * 8), np.arange(40) % 2 == 0, None, (), np.arange(40)
    ... )
    >>> gap = estimate_gap(rows)
    >>> round(gap.gap, 3), gap.is_unknown, gap.trees
    (0.0, True, 40)
    """
    data = data.select(mark_informative(data)) if adjusted else data
    counted = count_sides(data)
    reason = find_reason(data, counted)
    if reason:
        return replace(counted, reason=reason)
    numbers = [data.referred.astype(np.float64)]
    numbers += _standardize(list(data.numbers)) if adjusted else []
    if adjusted and data.size is not None:
        numbers += _standardize([data.size, *(compute_spline(data.size) if with_spline else [])])
    design = build_design(numbers, list(data.factors) if adjusted else [])
    return _estimate(data, design, counted)


def _standardize(columns: list[Floats]) -> list[Floats]:
    return [(x - x.mean()) / (x.std() or 1.0) for x in columns]


def _estimate(data: Comparison, design: Design, counted: Gap) -> Gap:
    is_ratio = data.scale == "ratio"
    unit = float(np.abs(data.y).mean()) or 1.0
    fit = fit_regression(design, data.y / unit, "poisson" if is_ratio else "linear", data.weight)
    if fit is None:
        return replace(counted, reason="not-separable")
    if 1 not in fit.kept:
        return replace(counted, reason="same-as-groups")
    parts = compute_contributions(design, fit, data.cluster, 1) ** 2
    effect = float(fit.coefficients[1])
    if not is_ratio:
        effect, parts = effect * unit, parts * unit**2
    return complete_gap(counted, effect, parts, is_ratio=is_ratio)


def count_sides(data: Comparison) -> Gap:
    """A `Gap` without numbers yet: how many referred, others and trees there are.

    Formula: counts. Range: from 0; unit: customers, trees.

    >>> rows = Comparison(np.ones(3), np.array([True, False, True]), None, (), np.array([0, 0, 2]))
    >>> count_sides(rows).referred, count_sides(rows).trees
    (2, 2)
    """
    hits = int(data.referred.sum())
    trees = int(np.count_nonzero(np.bincount(data.cluster)))
    return Gap(referred=hits, others=len(data.y) - hits, trees=trees, compared=data)


def find_reason(data: Comparison, counted: Gap) -> str:
    """Why there can be no number; empty if there may be one.

    Formula: ``too-few`` below `MIN_SIDE` customers on a side, ``too-few-trees`` below 3 trees,
    ``zero-side`` if all outcomes of a side are 0 and a ratio is asked. Range: these words.

    >>> rows = Comparison(np.ones(3), np.array([True, False, True]), None, (), np.arange(3))
    >>> find_reason(rows, count_sides(rows))
    'too-few'
    """
    if min(counted.referred, counted.others) < MIN_SIDE:
        return "too-few"
    if counted.trees < MIN_DOF:
        return "too-few-trees"
    sides = [float(np.abs(data.y[data.referred == side]).sum()) for side in (True, False)]
    return "zero-side" if data.scale == "ratio" and min(sides) <= 0.0 else ""


def complete_gap(counted: Gap, effect: float, parts: Floats, *, is_ratio: bool) -> Gap:
    """The gap of an effect and the squared contributions of the clusters to its variance.

    Formula: effect ± t(.975, dof) √Σv, dof = (Σv)²/Σv², v the parts; exp(...) - 1 for the log of a
    ratio. parts: [clusters]. The reason is ``too-few-trees`` below 3 degrees of freedom.

    >>> gap = complete_gap(Gap(), 0.0, np.full(10, 0.001), is_ratio=True)
    >>> round(gap.low, 3), round(gap.high, 3), round(gap.effective, 3)
    (-0.2, 0.25, 10.0)
    """
    variance = float(parts.sum())
    if not variance > 1e-24:
        return replace(counted, reason="no-spread")
    dof = variance**2 / float((parts**2).sum())
    if dof < MIN_DOF:
        return replace(counted, effective=dof, reason="too-few-trees")
    from scipy.special import stdtrit

    error = math.sqrt(variance)
    half = float(stdtrit(dof, 0.975)) * error
    detectable = detectable_effect(error, dof)
    ends = effect, effect - half, effect + half, detectable
    gap, low, high, detectable = (math.expm1(x) for x in ends) if is_ratio else ends
    return replace(
        counted,
        gap=gap,
        low=low,
        high=high,
        error=error,
        detectable=detectable,
        effective=dof,
    )


def compute_p_value(gap: Gap) -> float:
    """How likely a ratio at least this far from 1 is if there is none; nan without an interval.

    Formula: 2 T(-|ln(1 + gap)| / error), T the t distribution with the effective dof (Bell &
    McCaffrey 2002). Range: 0..1, a probability; only for ratios.

    >>> round(compute_p_value(Gap(gap=0.2214, error=0.1, effective=10.0)), 3)
    0.073
    """
    if not gap.has_interval:
        return math.nan
    from scipy.special import stdtr

    return 2.0 * float(stdtr(gap.effective, -abs(math.log1p(gap.gap)) / gap.error))

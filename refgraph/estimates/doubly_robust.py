"""The gap averaged over the referred themselves (AIPW), and how strong a hidden cause must be."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from refgraph.estimates.comparison import Comparison
from refgraph.estimates.design import Design, build_design
from refgraph.estimates.gap import Gap, complete_gap, count_sides
from refgraph.estimates.regression import Family, fit_regression
from refgraph.estimates.spline import compute_spline

Floats = NDArray[np.float64]
MAX_ODDS = 50.0
"""Odds of being referred above this are cut to it, so that no customer stands for many."""


def estimate_gap_of_referred(data: Comparison) -> Gap:
    """How much larger the outcome of the referred is than it would be without the referral.

    Formula: augmented inverse probability weighting for the treated (Robins, Rotnitzky & Zhao 1994;
    Moodie et al. 2018): μ₁ = mean of y over the referred; μ₀ = Σ (D m(x) + (1 - D) o(x) (y - m(x)))
    / Σ D, m fitted on the others, o = the odds of being referred, both on log size with spline and
    factors. gap = μ₁/μ₀ - 1 or μ₁ - μ₀; variance of the influence function by cluster, t with the
    effective number of clusters. Range: above -1 for ratios; `Gap.reason` if a fit fails.

    >>> dice = np.random.default_rng(1)
    >>> x, referred = np.tile(dice.normal(size=200), 2), np.arange(400) < 200
    >>> y = np.tile(dice.lognormal(size=200), 2) * (1 + 0.5 * referred)
    >>> data = Comparison(y, referred, x, (), np.arange(400))
    >>> round(estimate_gap_of_referred(data).gap, 3)
    0.5
    """
    treated = data.referred
    counted = count_sides(data)
    is_ratio = data.scale == "ratio"
    weight = np.ones(len(data.y)) if data.weight is None else data.weight
    design = build_design(_list_columns(data), list(data.factors))
    prediction = _predict_without(data, design, "poisson" if is_ratio else "linear")
    chance = fit_regression(design, treated.astype(np.float64), "logit", data.weight, last=0)
    if prediction is None or chance is None:
        return replace(counted, reason="not-separable")
    d = treated.astype(np.float64)
    odds = np.minimum(chance.fitted / np.maximum(1.0 - chance.fitted, 1e-12), MAX_ODDS)
    counterfactual = weight * np.where(treated, prediction, odds * (data.y - prediction))
    total = float((weight * d).sum())
    mean, without = float((weight * d * data.y).sum()) / total, float(counterfactual.sum()) / total
    if is_ratio and not min(mean, without) > 0.0:
        return replace(counted, reason="zero-side")
    one = weight * d * (data.y - mean) / total
    zero = (counterfactual - weight * d * without) / total
    influence = one / mean - zero / without if is_ratio else one - zero
    effect = math.log(mean / without) if is_ratio else mean - without
    parts = np.bincount(data.cluster, weights=influence).astype(np.float64) ** 2
    return complete_gap(counted, effect, parts, is_ratio=is_ratio)


def compute_e_value(ratio: float) -> float:
    """How strongly a hidden cause must be tied to referral and to value to explain a ratio alone.

    Formula: RR + √(RR (RR - 1)), for RR < 1 of 1/RR (VanderWeele & Ding 2017). Range: from 1; inf
    for a ratio of 0; no unit.

    >>> round(compute_e_value(2.0), 3), compute_e_value(1.0)
    (3.414, 1.0)
    """
    if not ratio > 0.0:
        return math.inf
    strong = max(ratio, 1.0 / ratio)
    return strong + math.sqrt(strong * (strong - 1.0))


def _list_columns(data: Comparison) -> list[Floats]:
    if data.size is None:
        return []
    columns = [data.size, *compute_spline(data.size)]
    return [(x - x.mean()) / (x.std() or 1.0) for x in columns]


def _predict_without(data: Comparison, design: Design, family: Family) -> Floats | None:
    """The outcome that each row would have without a referral, fitted on the others."""
    others = ~data.referred
    part = Design(
        np.asfortranarray(design.numbers[others]),
        tuple(factor[others] for factor in design.factors),
        design.levels,
    )
    unit = float(np.abs(data.y[others]).mean()) or 1.0
    weight = None if data.weight is None else data.weight[others]
    fit = fit_regression(part, data.y[others] / unit, family, weight, last=0)
    if fit is None:
        return None
    linear = design.predict(fit.coefficients)
    return unit * (np.exp(linear) if family == "poisson" else linear)

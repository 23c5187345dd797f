"""Regressions by quasi-likelihood: amounts (Poisson), shares (logit) and differences (linear)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from refgraph.estimates.design import Design, select_independent

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Family = Literal["poisson", "logit", "linear"]
MAX_STEPS, TOLERANCE, MAX_LINEAR = 60, 1e-6, 30.0
"""Newton steps; the last step, whose square is what the fit is off by; the largest predictor."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A regression that has converged.

    coefficients: float64 [width], 0 for columns that are a combination of others. kept: int64, the
    other columns. fitted: float64 [n], the expected outcome. weight: float64 [n], the working
    weights. inverse: (X' W X)^-1 of the columns kept. score: float64 [n], weight of the row times
    outcome less fitted.
    """

    coefficients: Floats
    kept: Ints
    fitted: Floats
    weight: Floats
    score: Floats
    inverse: Floats


def fit_regression(
    design: Design, y: Floats, family: Family, prior: Floats | None = None, last: int = 1
) -> Fit | None:
    """Fit by quasi-likelihood; None if it does not converge (a group without any variation).

    Formula: b solves X' a (y - m(Xb)) = 0 with m = exp (Poisson; Gourieroux, Monfort & Trognon
    1984), logistic, or the identity, by Newton's method with halved steps. y: [n], at least 0 for
    Poisson, in 0..1 for logit; prior: weights a of the rows, [n], None = 1; last: the column that
    gives way last if columns depend on each other.
    Range and unit of the coefficients: logs of ratios, logs of odds, or the unit of y.

    Worked: means 2 and 6, so that the ratio is 3.

    >>> from refgraph.estimates.design import build_design
    >>> design = build_design([np.array([0.0, 0.0, 1.0, 1.0])], [])
    >>> fit = fit_regression(design, np.array([1.0, 3.0, 4.0, 8.0]), "poisson")
    >>> np.exp(fit.coefficients).round(9).tolist()
    [2.0, 3.0]
    """
    a = np.ones(len(y)) if prior is None else prior
    kept = select_independent(design.compute_gram(a), last)
    coefficients = np.zeros(design.width)
    coefficients[0] = _find_start(y, a, family)
    linear = design.predict(coefficients)
    value = _compute_likelihood(y, a, linear, family)
    for _ in range(MAX_STEPS):
        fitted, weight = _compute_moments(linear, a, family)
        gram = design.compute_gram(weight)[np.ix_(kept, kept)]
        step = _solve(gram, design.sum_scores(a * (y - fitted))[kept])
        if step is None:
            return None
        moved, halving = False, 1.0
        while halving > 1e-6 and not moved:
            trial = coefficients.copy()
            trial[kept] += halving * step
            trial_linear = design.predict(trial)
            trial_value = _compute_likelihood(y, a, trial_linear, family)
            moved = trial_value >= value - 1e-12 * abs(value)
            halving /= 2.0
        if not moved:
            return None
        coefficients, linear, value = trial, trial_linear, trial_value
        if family == "linear" or float(np.abs(step).max()) < TOLERANCE:
            return _finish(design, y, a, coefficients, kept, family)
        if float(np.abs(linear).max()) > MAX_LINEAR:
            return None
    return None


def _find_start(y: Floats, a: Floats, family: Family) -> float:
    mean = float((a * y).sum() / a.sum())
    if family == "poisson":
        return float(np.log(mean))
    return float(np.log(mean / (1.0 - mean))) if family == "logit" else 0.0


def _compute_moments(linear: Floats, a: Floats, family: Family) -> tuple[Floats, Floats]:
    """Expected outcome and working weights."""
    if family == "poisson":
        fitted = np.exp(linear)
        return fitted, a * fitted
    if family == "logit":
        fitted = 1.0 / (1.0 + np.exp(-linear))
        return fitted, a * fitted * (1.0 - fitted)
    return linear, a


def _compute_likelihood(y: Floats, a: Floats, linear: Floats, family: Family) -> float:
    """The quasi-log-likelihood, up to a constant."""
    with np.errstate(over="ignore"):
        if family == "poisson":
            return float((a * (y * linear - np.exp(linear))).sum())
        if family == "logit":
            return float((a * (y * linear - np.logaddexp(0.0, linear))).sum())
    return -float((a * (y - linear) ** 2).sum())


def _solve(gram: Floats, score: Floats) -> Floats | None:
    try:
        step = np.linalg.solve(gram, score).astype(np.float64)
    except np.linalg.LinAlgError:
        return None
    return step if np.isfinite(step).all() else None


def _finish(
    design: Design, y: Floats, a: Floats, coefficients: Floats, kept: Ints, family: Family
) -> Fit | None:
    fitted, weight = _compute_moments(design.predict(coefficients), a, family)
    try:
        gram = design.compute_gram(weight)[np.ix_(kept, kept)]
        inverse = np.linalg.inv(gram).astype(np.float64)
    except np.linalg.LinAlgError:
        return None
    return Fit(coefficients, kept, fitted, weight, a * (y - fitted), inverse)

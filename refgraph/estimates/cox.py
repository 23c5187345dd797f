"""How fast customers leave, by what is true of them at each time: proportional hazards (M27)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
MAX_STEPS, TOLERANCE, MAX_COEFFICIENT = 40, 1e-9, 15.0
"""Newton steps; the step at which the fit stands still; a larger coefficient has run away."""


@dataclass(frozen=True, eq=False)
class Spells:
    """Stretches of time in which nothing changes, one row each; a customer may have several.

    start, stop: float64 [n], watched for start < t <= stop. event: bool [n], left at stop. columns:
    float64 [n, p], what is true of the customer then. cluster: int64 [n], from 0.
    """

    start: Floats
    stop: Floats
    event: Bools
    columns: Floats
    cluster: Ints


@dataclass(frozen=True, eq=False)
class HazardFit:
    """coefficients: float64 [p], logs of hazard ratios. scores: float64 [clusters, p], what each
    cluster contributes to their errors.
    """

    coefficients: Floats
    scores: Floats

    def contrast(self, weights: Floats) -> tuple[float, Floats]:
        """A sum of coefficients, and the contribution of each cluster to its error."""
        return float(weights @ self.coefficients), self.scores @ weights


def fit_hazards(spells: Spells) -> HazardFit | None:
    """Fit hazard ratios; None if they do not settle (a column with no leaver, or only leavers).

    Formula: partial likelihood Π exp(x_i b) / Σ_{start < t_i <= stop} exp(x_j b) over leavers i
    (Cox 1972; ties by Breslow 1974), by Newton's method; contributions I^-1 U_c, U_c the sum of the
    score residuals of a cluster (Lin & Wei 1989). Unit: logs of ratios.

    Worked: of six customers, three have x = 1; two of these leave, at 1 and 3, the other stays.

    >>> spells = Spells(
    ...     np.zeros(6), np.array([1.0, 2, 3, 4, 5, 6]), np.array([1, 1, 1, 1, 0, 1], bool),
    ...     np.array([[1.0], [0], [1], [0], [1], [0]]), np.arange(6),
    ... )
    >>> fit = fit_hazards(spells)
    >>> float(fit.coefficients[0].round(4)), fit.scores.shape
    (0.2739, (6, 1))
    """
    sums = _RiskSets(spells)
    width = spells.columns.shape[1]
    b = np.zeros(width)
    value, gradient, information = sums.evaluate(b)
    for _ in range(MAX_STEPS):
        try:
            step = np.linalg.solve(information, gradient)
        except np.linalg.LinAlgError:
            return None
        halving = 1.0
        while halving > 1e-6:
            trial = b + halving * step
            trial_value, trial_gradient, trial_information = sums.evaluate(trial)
            if trial_value >= value - 1e-10 * abs(value):
                break
            halving /= 2.0
        b, value, gradient, information = trial, trial_value, trial_gradient, trial_information
        if not np.isfinite(b).all() or float(np.abs(b).max()) > MAX_COEFFICIENT:
            return None
        if float(np.abs(halving * step).max()) < TOLERANCE:
            residuals = sums.compute_residuals(b)
            by_cluster = [np.bincount(spells.cluster, weights=column) for column in residuals.T]
            return HazardFit(b, np.column_stack(by_cluster) @ np.linalg.inv(information))
    return None


class _RiskSets:
    """Sums over those at risk at each time at which somebody leaves."""

    def __init__(self, spells: Spells) -> None:
        self._spells = spells
        self._times, place = np.unique(spells.stop[spells.event], return_inverse=True)
        self._place = place.astype(np.int64)
        self._events = np.bincount(place, minlength=len(self._times))
        self._by_stop = np.argsort(spells.stop, kind="stable")
        self._by_start = np.argsort(spells.start, kind="stable")
        stop, start = spells.stop[self._by_stop], spells.start[self._by_start]
        self._from_stop = np.searchsorted(stop, self._times, side="left")
        self._from_start = np.searchsorted(start, self._times, side="left")

    def evaluate(self, b: Floats) -> tuple[float, Floats, Floats]:
        """The log of the likelihood, its gradient and its information matrix.

        The log is -inf where b is so large that the sums overflow or are lost to rounding.
        """
        with np.errstate(all="ignore"):
            value, gradient, information = self._evaluate(b)
        if np.isfinite(value) and np.isfinite(gradient).all() and np.isfinite(information).all():
            return value, gradient, information
        return -np.inf, np.zeros_like(gradient), np.zeros_like(information)

    def _evaluate(self, b: Floats) -> tuple[float, Floats, Floats]:
        x, event = self._spells.columns, self._spells.event
        risk = np.exp(x @ b)
        total = self._sum(risk)
        means = [self._sum(risk * column) / total for column in x.T]
        value = float((x[event] @ b).sum() - (self._events * np.log(total)).sum())
        gradient = x[event].sum(axis=0) - np.array([float((self._events * m).sum()) for m in means])
        width = x.shape[1]
        information = np.zeros((width, width))
        for i in range(width):
            for j in range(i + 1):
                second = self._sum(risk * x[:, i] * x[:, j]) / total - means[i] * means[j]
                information[i, j] = information[j, i] = float((self._events * second).sum())
        return value, gradient, information

    def compute_residuals(self, b: Floats) -> Floats:
        """Score residuals, float64 [n, p]: their sums by cluster are independent."""
        spells = self._spells
        risk = np.exp(spells.columns @ b)
        total = self._sum(risk)
        hazard = self._events / total
        running = np.concatenate([[0.0], np.cumsum(hazard)])
        until = np.searchsorted(self._times, spells.stop, side="right")
        since = np.searchsorted(self._times, spells.start, side="right")
        residuals = np.empty_like(spells.columns)
        for place, column in enumerate(spells.columns.T):
            mean = self._sum(risk * column) / total
            sums = np.concatenate([[0.0], np.cumsum(hazard * mean)])
            expected = column * (running[until] - running[since]) - (sums[until] - sums[since])
            residuals[:, place] = -risk * expected
            residuals[spells.event, place] += column[spells.event] - mean[self._place]
        return residuals

    def _sum(self, x: Floats) -> Floats:
        """Σ over start < t <= stop of x, at each time."""
        stop = np.concatenate([np.cumsum(x[self._by_stop][::-1])[::-1], [0.0]])
        start = np.concatenate([np.cumsum(x[self._by_start][::-1])[::-1], [0.0]])
        at_risk: Floats = stop[self._from_stop] - start[self._from_start]
        return at_risk

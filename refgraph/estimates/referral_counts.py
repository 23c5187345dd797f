"""Counts with gamma-distributed rates: negative binomial regression with exposure by band (M57).

Customer i has k_i occasions in years t_ib spent in band b (such as a span of tenure). Its rate is
exp(g_b + x_i·b) times a gamma variable of mean 1 and shape r (Ehrenberg 1959; Hausman, Hall &
Griliches 1984).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MIN_SHAPE, MAX_SHAPE = 0.05, 50.0
RIDGE, MAX_STEPS, TOLERANCE = 1.0, 50, 1e-9
_MIN_MEAN = 1e-12


@dataclass(frozen=True, eq=False)
class CountFit:
    """Fitted rates.

    bands float64[b], effects float64[p]: logs of the rates by band, and effects of the columns.
    shape: r. covariance: float64[b + p, b + p] of bands and effects.
    """

    bands: Floats
    effects: Floats
    shape: float
    covariance: Floats

    def predict_mean(self, years: Floats, x: Floats) -> Floats:
        """float64[n]: expected occasions in float64[n, b] years, before what a customer did."""
        return np.asarray((years @ np.exp(self.bands)) * np.exp(x @ self.effects))

    def weigh_history(self, count: Floats, mean: Floats) -> Floats:
        """float64[n]: how many times its mean rate a customer has, given count and expected mean.

        (r + k) / (r + m), 1 for somebody not observed.

        >>> CountFit(np.zeros(1), np.zeros(0), 2.0, np.eye(1)).weigh_history(
        ...     np.array([0.0, 6.0]), np.array([2.0, 2.0])
        ... ).tolist()
        [0.5, 2.0]
        """
        return np.asarray((self.shape + count) / (self.shape + mean))


def fit_counts(count: Floats, years: Floats, x: Floats) -> CountFit:
    """Maximum likelihood with a ridge of 1 on effects and on the differences of bands.

    count float64[n]; years float64[n, b], rows with a positive sum; x float64[n, p], centered.
    The shape lies in 0.05..50. Raises ValueError without any event.

    Formula: steps of Fisher scoring on bands and effects, and the shape of the largest likelihood
    given these, in turn.

    >>> fit = fit_counts(np.array([1.0, 3.0]), np.ones((2, 1)), np.zeros((2, 0)))
    >>> np.exp(fit.bands).round(6).tolist()  # the mean, where customers do not differ
    [2.0]
    """
    if not count.sum() > 0:
        raise ValueError("nothing happened")
    bands, p = years.shape[1], x.shape[1]
    penalty = _build_penalty(bands, p)
    theta = np.zeros(bands + p)
    theta[:bands] = np.log(count.sum() / years.sum())
    shape = 1.0
    for _ in range(MAX_STEPS):
        before = theta
        theta, information = _step(theta, count, years, x, shape, penalty)
        shape = _find_shape(count, _compute_mean(theta, years, x))
        if np.abs(theta - before).max() < TOLERANCE * 1e3:
            break
    return CountFit(
        theta[:bands], theta[bands:], shape, np.asarray(np.linalg.inv(information), np.float64)
    )


def draw_total(mean: float, variance: float, dice: np.random.Generator, size: int) -> Floats:
    """float64[size]: counts with this mean and variance; Poisson if the variance is not larger.

    Formula: Poisson with a gamma-distributed mean of scale variance / mean − 1.

    >>> drawn = draw_total(4.0, 12.0, np.random.default_rng(0), 100_000)
    >>> round(float(drawn.mean()), 1), round(float(drawn.var()), 1)
    (4.0, 12.0)
    """
    if mean <= 0:
        return np.zeros(size)
    if variance <= mean * (1 + 1e-9):
        return dice.poisson(mean, size).astype(np.float64)
    scale = variance / mean - 1
    return dice.poisson(dice.gamma(mean / scale, scale, size)).astype(np.float64)


def _build_penalty(bands: int, p: int) -> Floats:
    """Pulls neighboring bands together, and effects to 0; bands as a whole stay free."""
    difference = np.diff(np.eye(bands), axis=0)
    penalty = np.zeros((bands + p, bands + p))
    penalty[:bands, :bands] = RIDGE * difference.T @ difference
    penalty[bands:, bands:] = RIDGE * np.eye(p)
    return penalty


def _compute_mean(theta: Floats, years: Floats, x: Floats) -> Floats:
    bands = years.shape[1]
    mean = (years @ np.exp(theta[:bands])) * np.exp(x @ theta[bands:])
    return np.maximum(mean, _MIN_MEAN)


def _step(
    theta: Floats, count: Floats, years: Floats, x: Floats, shape: float, penalty: Floats
) -> tuple[Floats, Floats]:
    """One step of Fisher scoring, at most 2 in any direction; and the information there."""
    bands = years.shape[1]
    mean = _compute_mean(theta, years, x)
    share = years * np.exp(theta[:bands])
    jacobian = np.hstack([share * (mean / np.maximum(share.sum(1), _MIN_MEAN))[:, None], x])
    jacobian[:, bands:] *= mean[:, None]
    slope = count / mean - (count + shape) / (shape + mean)
    weight = 1.0 / (mean * (1.0 + mean / shape))
    information = (jacobian * weight[:, None]).T @ jacobian + penalty
    information += 1e-9 * np.eye(len(theta))
    step = np.linalg.solve(information, jacobian.T @ slope - penalty @ theta)
    return theta + np.clip(step, -2.0, 2.0), information


def _find_shape(count: Floats, mean: Floats) -> float:
    """The shape of the largest likelihood, by golden sections on its logarithm."""
    from scipy.optimize import minimize_scalar
    from scipy.special import gammaln

    values, number = np.unique(count, return_counts=True)

    def compute_loss(log_shape: float) -> float:
        r = float(np.exp(log_shape))
        fixed = float((number * (gammaln(values + r) - gammaln(r))).sum())
        sums = len(count) * r * np.log(r) - float(((count + r) * np.log(r + mean)).sum())
        return float(-(fixed + sums))

    limits = (float(np.log(MIN_SHAPE)), float(np.log(MAX_SHAPE)))
    found = minimize_scalar(compute_loss, bounds=limits, method="bounded")
    return float(np.exp(found.x))

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

    count float64[n, b]: occasions by band; years float64[n, b], rows with a positive sum;
    x float64[n, p], centered. The shape lies in 0.05..50. Raises ValueError without any event.

    Formula: Σ_i [ln Γ(r + k_i) − ln Γ(r) + r ln r − (r + k_i) ln(r + m_i)] + Σ_ib k_ib ln m_ib with
    m_ib = t_ib · exp(g_b + x_i·b): the total of a customer is negative binomial, its split by band
    multinomial. Fisher scoring on bands and effects, and the best shape given these, in turn.

    >>> fit = fit_counts(np.array([[1.0], [3.0]]), np.ones((2, 1)), np.zeros((2, 0)))
    >>> np.exp(fit.bands).round(6).tolist()  # the mean, where customers do not differ
    [2.0]
    """
    if not count.sum() > 0:
        raise ValueError("nothing happened")
    bands, p = years.shape[1], x.shape[1]
    penalty = _build_penalty(bands, p)
    theta = np.zeros(bands + p)
    theta[:bands] = np.log(count.sum() / years.sum())
    total, shape = count.sum(1), 1.0
    for _ in range(MAX_STEPS):
        before = theta
        theta, information = _step(theta, count, years, x, shape, penalty)
        shape = _find_shape(total, _compute_means(theta, years, x).sum(1))
        if np.abs(theta - before).max() < TOLERANCE * 1e3:
            break
    return CountFit(
        theta[:bands], theta[bands:], shape, np.asarray(np.linalg.inv(information), np.float64)
    )


def list_factors(spread: float, size: int) -> Floats:
    """float64[size]: equally likely values of a lognormal factor of mean 1 and this log spread.

    Formula: exp(s z_k − s²/2), z_k the normal quantile at (k + 1/2) / size, s the spread. Range:
    above 0; no unit.

    >>> list_factors(0.2, 3).round(3).tolist()
    [0.808, 0.98, 1.189]
    """
    from scipy.special import ndtri

    steps = ndtri((np.arange(size) + 0.5) / size)
    return np.asarray(np.exp(spread * steps - spread * spread / 2))


def bound_total(mean: Floats, variance: Floats, low: float, high: float) -> tuple[float, float]:
    """Whole numbers between which a total lies with probability high − low.

    mean, variance: float64[d], of a negative binomial (Poisson if the variance is not larger) for
    each of d equally likely sets of rates. Formula: mid-P, the least and the greatest k with
    low <= P(X < k) + P(X = k) / 2 <= high, so that a count lies inside as often as stated on
    average (Lancaster 1961).

    >>> bound_total(np.array([10.0]), np.array([10.0]), 0.1, 0.9)
    (7.0, 14.0)
    """
    from scipy.special import betainc, gammaincc

    mean = np.maximum(mean, _MIN_MEAN)
    over = np.maximum(variance - mean, mean * 1e-6)
    size = mean**2 / over
    is_poisson = variance <= mean * (1.0 + 1e-6)

    def share_up_to(k: int) -> float:
        if k < 0:
            return 0.0
        counts = np.where(
            is_poisson, gammaincc(k + 1, mean), betainc(size, k + 1, size / (size + mean))
        )
        return float(counts.mean())

    def find_first(share: float) -> int:
        """The least k whose mid-P reaches a share."""
        top = 1
        while (share_up_to(top) + share_up_to(top - 1)) / 2 < share:
            top *= 2
        bottom = -1
        while top - bottom > 1:
            middle = (top + bottom) // 2
            reaches = (share_up_to(middle) + share_up_to(middle - 1)) / 2 >= share
            bottom, top = (bottom, middle) if reaches else (middle, top)
        return top

    least = find_first(low)
    return float(least), float(max(find_first(high) - 1, least))


def _build_penalty(bands: int, p: int) -> Floats:
    """Pulls neighboring bands together, and effects to 0; bands as a whole stay free."""
    difference = np.diff(np.eye(bands), axis=0)
    penalty = np.zeros((bands + p, bands + p))
    penalty[:bands, :bands] = RIDGE * difference.T @ difference
    penalty[bands:, bands:] = RIDGE * np.eye(p)
    return penalty


def _compute_means(theta: Floats, years: Floats, x: Floats) -> Floats:
    """float64[n, b]: expected occasions by band."""
    bands = years.shape[1]
    means = years * np.exp(theta[:bands]) * np.exp(x @ theta[bands:])[:, None]
    return np.asarray(np.maximum(means, _MIN_MEAN))


def _step(
    theta: Floats, count: Floats, years: Floats, x: Floats, shape: float, penalty: Floats
) -> tuple[Floats, Floats]:
    """One step of Fisher scoring, at most 2 in any direction; and the information there."""
    means = _compute_means(theta, years, x)
    mean, total = means.sum(1), count.sum(1)
    surprise = (shape + total) / (shape + mean)
    slope = np.concatenate(
        [(count - surprise[:, None] * means).sum(0), x.T @ (total - surprise * mean)]
    )
    jacobian = np.hstack([means, mean[:, None] * x])
    size = len(slope)
    split = np.zeros((size, size))
    bands = means.shape[1]
    split[:bands, :bands] = np.diag(means.sum(0))
    split[:bands, bands:] = means.T @ x
    split[bands:, :bands] = split[:bands, bands:].T
    split[bands:, bands:] = (x * mean[:, None]).T @ x
    shared = (jacobian / (shape + mean)[:, None]).T @ jacobian
    information = split - shared + penalty + 1e-9 * np.eye(size)
    step = np.linalg.solve(information, slope - penalty @ theta)
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

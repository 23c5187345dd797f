"""How many referrals a group makes by chance: a sum of blocks that each fall to it or not."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from refgraph.estimates.normal import critical_value

Floats = NDArray[np.float64]

EXACT_LIMIT = 400
"""Referrals up to which the distribution is computed exactly."""
CONFIDENCE = 0.95
TAILS = ((1.0 - CONFIDENCE) / 2.0, (1.0 + CONFIDENCE) / 2.0)
"""The quantiles that are the ends of an interval."""


class BlockSumTestResult(NamedTuple):
    """What chance gives: mean, 95 % interval of random assignments, P(at most) and P(at least)."""

    mean: float
    low: float
    high: float
    at_most: float
    at_least: float


def block_sum_test(size: ArrayLike, chance: ArrayLike, count: int) -> BlockSumTestResult:
    """The sum X of independent blocks: block b adds size_b with chance_b, else 0.

    Formula: mean = sum of s p. Up to `EXACT_LIMIT` referrals the distribution is convolved block by
    block (Poisson-binomial: Poisson 1837; here with sizes); above, it is the normal distribution
    corrected for skewness, G(x) = Phi(x) + g (1 - x^2) phi(x) / 6, x = (k + 1/2 - mean) / sd, g =
    sum of s^3 p (1-p) (1-2p) / sd^3 (refined normal approximation, Volkova 1996; Hong 2013). size:
    whole numbers >= 1, chance: 0..1, both [blocks]; count: the number to judge. Range: mean, low
    and high 0..sum of sizes, unit referrals; probabilities 0..1. low and high are the quantiles of
    the distribution. Raises ValueError for chances outside 0..1 or different lengths.

    Worked: two blocks of one with chance 1/2 each: at most 0 with probability 1/4.

    >>> chance = block_sum_test([1, 1], [0.5, 0.5], 0)
    >>> chance.mean, chance.at_most, chance.at_least
    (1.0, 0.25, 1.0)
    """
    weight, p = np.asarray(size, np.int64), np.asarray(chance, np.float64)
    if weight.shape != p.shape or not bool(((p >= 0.0) & (p <= 1.0)).all()):
        raise ValueError("one size and one chance in 0..1 for each block are needed")
    if int(weight.sum()) <= EXACT_LIMIT:
        return _test_exactly(weight, p, count)
    mean = float((weight * p).sum())
    variance = float((weight**2 * (p * (1 - p))).sum())
    third = float((weight**3 * (p * (1 - p) * (1 - 2 * p))).sum())
    return skew_corrected_normal(mean, variance, third, int(weight.sum()), count)


def skew_corrected_normal(
    mean: float, variance: float, third: float, total: int, count: int
) -> BlockSumTestResult:
    """The approximation of `block_sum_test` from the moments alone: mean, variance and third
    central moment of X in 0..total.

    Formula: that of `block_sum_test` (Volkova 1996); quantiles by Cornish & Fisher 1938, x = z + g
    (z^2 - 1) / 6. With no variance, X is its mean. Range and units: those of `block_sum_test`.

    >>> chance = skew_corrected_normal(500.0, 250.0, 0.0, 1000, 500)
    >>> round(chance.low), round(chance.high), round(chance.at_most, 4)
    (469, 531, 0.5126)
    """
    if not variance > 0.0:
        return BlockSumTestResult(
            mean, mean, mean, float(count >= mean - 1e-9), float(count <= mean + 1e-9)
        )
    deviation, z = math.sqrt(variance), critical_value(CONFIDENCE)
    skew = third / deviation**3

    def compute_at_most(number: float) -> float:
        x = (number - mean) / deviation
        density = math.exp(-x * x / 2.0) / math.sqrt(2.0 * math.pi)
        value = 0.5 * math.erfc(-x / math.sqrt(2.0)) + skew * (1.0 - x * x) * density / 6.0
        return min(max(value, 0.0), 1.0)

    low, high = (mean + deviation * (x + skew * (z * z - 1.0) / 6.0) for x in (-z, z))
    return BlockSumTestResult(
        mean,
        max(low, 0.0),
        min(high, float(total)),
        compute_at_most(count + 0.5),
        1.0 - compute_at_most(count - 0.5),
    )


def _test_exactly(weight: NDArray[np.int64], p: Floats, count: int) -> BlockSumTestResult:
    mass = np.zeros(int(weight.sum()) + 1)
    mass[0], end = 1.0, 0
    for s, q in zip(weight.tolist(), p.tolist(), strict=True):
        shifted = mass[: end + 1] * q
        mass[: end + 1] *= 1.0 - q
        mass[s : s + end + 1] += shifted
        end += s
    cumulative = np.minimum(np.cumsum(mass), 1.0)
    low, high = (float(np.searchsorted(cumulative, t - 1e-12)) for t in TAILS)
    at_least = float(mass[count:].sum()) if count > 0 else 1.0
    at_most = float(mass[: count + 1].sum()) if count >= 0 else 0.0
    mean = float((weight * p).sum())
    return BlockSumTestResult(mean, low, high, min(at_most, 1.0), min(at_least, 1.0))

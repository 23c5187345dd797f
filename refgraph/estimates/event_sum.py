"""The sum of amounts of events whose number is chance: how sure it is."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike


def compute_sum_interval(amounts: ArrayLike) -> tuple[float, float]:
    """95 % interval of the expected sum of independent amounts, if their number is Poisson.

    Formula: x = Σw, v = Σw²; low = v/(2x) χ²(.025, 2x²/v); high the same with x + max w and
    v + (max w)² at .975 (Fay & Feuer 1997). amounts: [n], at least 0. Range: low 0 and high nan
    for a sum of 0. Unit: that of the amounts.

    Equal amounts of 1 give the exact interval of Garwood.

    >>> [round(end, 3) for end in compute_sum_interval([1.0] * 5)]
    [1.623, 11.668]
    """
    w = np.asarray(amounts, np.float64)
    total, square = float(w.sum()), float((w * w).sum())
    if not total > 0.0:
        return 0.0, math.nan
    from scipy.special import gammaincinv

    largest = float(w.max())
    low = square / total * float(gammaincinv(total**2 / square, 0.025))
    upper, spread = total + largest, square + largest**2
    return low, spread / upper * float(gammaincinv(upper**2 / spread, 0.975))

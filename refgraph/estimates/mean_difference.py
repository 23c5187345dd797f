"""The difference of two means with unequal variances, and how small a one could be found."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from refgraph.estimates.normal import normal_quantile

POWER = 0.8


class MeanDifference(NamedTuple):
    """value: first mean less second. low, high: 95 % confidence interval. detectable: the
    difference that would be found in 80 % of such trials. Unit of the data.
    """

    value: float
    low: float
    high: float
    detectable: float


def compare_means(first: ArrayLike, second: ArrayLike) -> MeanDifference:
    """Welch's interval. Raises ValueError for fewer than two values on a side.

    Formula: d ± t(.975, ν)·√(s₁²/n₁ + s₂²/n₂), ν by Satterthwaite (Welch 1947); detectable:
    (t + z.80)·√(...). Without any spread the interval is the difference itself.

    >>> compare_means([1, 1, 2], [0, 0, 1]).value
    1.0
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if min(len(a), len(b)) < 2:
        raise ValueError("at least two values on each side")
    from scipy.stats import t

    parts = [side.var(ddof=1) / len(side) for side in (a, b)]
    error = float(np.sqrt(sum(parts)))
    value = float(a.mean() - b.mean())
    if not error:
        return MeanDifference(value, value, value, 0.0)
    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(side) - 1) for part, side in zip(parts, (a, b), strict=True)
    )
    critical = float(t.ppf(0.975, freedom))
    reach = critical * error
    detectable = (critical + normal_quantile(POWER)) * error
    return MeanDifference(value, value - reach, value + reach, detectable)

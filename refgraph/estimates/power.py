"""The smallest difference between two groups that a comparison could have found (M31)."""

import math

from refgraph.estimates.normal import critical_value, normal_quantile


def minimum_detectable_difference(
    n1: int, n2: int, cv: float, confidence: float = 0.95, power: float = 0.80
) -> float:
    """Smallest difference of two group means that would be found with the given power.

    Formula: (z_(1+confidence)/2 + z_power) CV sqrt(1/n1 + 1/n2), CV = standard deviation / mean
    (Cohen 1988). Range: >= 0; inf when a group is empty. Unit: share of the mean. Raises ValueError
    for negative counts or CV.

    >>> f"{minimum_detectable_difference(30, 66, 1.0):.1%}"
    '61.7%'
    """
    if n1 < 0 or n2 < 0 or not (cv >= 0.0 and math.isfinite(cv)):
        raise ValueError("counts and the coefficient of variation must be >= 0")
    if n1 == 0 or n2 == 0:
        return math.inf
    z = critical_value(confidence) + normal_quantile(power)
    return z * cv * math.sqrt(1.0 / n1 + 1.0 / n2)


def detectable_effect(error: float, dof: float) -> float:
    """Smallest effect that would be found in about 80 % of data with this standard error.

    Formula: (t_.975 + t_.80) SE, t with dof degrees of freedom (Bloom 1995). Range:
    above 0; unit: that of the error; exp(...) - 1 of it for the log of a ratio.

    >>> round(detectable_effect(0.1, 1e9), 4)
    0.2802
    """
    from scipy.special import stdtrit

    return float(stdtrit(dof, 0.975) + stdtrit(dof, 0.80)) * error

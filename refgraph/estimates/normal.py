"""Quantiles of the normal law without scipy: the usual one is a constant."""

Z95 = 1.959963984540054
"""The 97.5 % point of the standard normal law: the critical value of a 95 % interval."""


def normal_quantile(p: float) -> float:
    """The x with P(Z <= x) = p for a standard normal Z.

    Formula: inverse of the normal distribution function (Wichura 1988, AS 241). Range: all reals;
    no unit. Raises ValueError unless 0 < p < 1.

    >>> round(normal_quantile(0.8), 6)
    0.841621
    """
    if not 0.0 < p < 1.0:
        raise ValueError(f"a probability strictly between 0 and 1 is needed, not {p!r}")
    if p == 0.975:
        return Z95
    from statistics import NormalDist

    return NormalDist().inv_cdf(p)


def critical_value(confidence: float = 0.95) -> float:
    """Two-sided critical value z: P(-z <= Z <= z) = confidence.

    Formula: z = Phi^-1((1 + confidence) / 2). Range: above 0; no unit. Raises ValueError unless 0 <
    confidence < 1.

    >>> critical_value(0.95)
    1.959963984540054
    """
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie strictly between 0 and 1, not {confidence!r}")
    return Z95 if confidence == 0.95 else normal_quantile((1.0 + confidence) / 2.0)

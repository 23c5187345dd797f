"""Fisher's exact test: whether two shares differ by more than chance, in a table of two by two."""

from __future__ import annotations

import numpy as np

RELATIVE_TOLERANCE = 1.0 + 1e-7
"""Chances that differ by less are equal: the tables as unlikely as the one seen count, rounding
aside.
"""


def fisher_exact_test(k1: int, n1: int, k2: int, n2: int) -> float:
    """Two-sided p-value of k1 of n1 against k2 of n2 when both shares are the same.

    Formula: sum of the hypergeometric chances of all tables with these margins that are at most as
    likely as the one seen (Fisher 1935). Range: 0..1; nan when either n is 0. Raises ValueError
    unless 0 <= k <= n for both.

    >>> round(fisher_exact_test(8, 10, 1, 6), 4)
    0.035
    """
    if not (0 <= k1 <= n1 and 0 <= k2 <= n2):
        raise ValueError(f"0 <= k <= n is needed, not {k1} of {n1} and {k2} of {n2}")
    if n1 == 0 or n2 == 0:
        return float("nan")
    from scipy.special import gammaln

    k = k1 + k2
    x = np.arange(max(0, k - n2), min(k, n1) + 1, dtype=np.float64)

    def choose(of: float, out: np.ndarray) -> np.ndarray:
        return np.asarray(gammaln(of + 1.0) - gammaln(out + 1.0) - gammaln(of - out + 1.0))

    log = choose(n1, x) + choose(n2, k - x)
    chance = np.exp(log - log.max())
    seen = chance[int(k1 - x[0])]
    return min(1.0, float(chance[chance <= seen * RELATIVE_TOLERANCE].sum() / chance.sum()))

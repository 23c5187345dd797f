"""Many tests at once: which stand out although chance had as many tries (Benjamini-Hochberg)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def benjamini_hochberg(p: ArrayLike, q: float = 0.05, m: int | None = None) -> NDArray[np.bool_]:
    """Mark the p-values that stand out with at most a share q of false alarms among the marked, on
    average.

    Formula: with p_(1) <= p_(2) <= ... mark all p <= p_(i*), i* the largest i with p_(i) <= q i / m
    (Benjamini & Hochberg 1995). p: shape [looks], in 0..1; nan is no look and never marked. m: how
    many looks were made, at least those given (looks not listed count as p = 1); default: the looks
    given. Equal p share one mark, in any order. No unit. Raises ValueError for p outside 0..1, q
    outside 0..1, or m below the number of looks.

    >>> p = [0.001, 0.012, 0.03, 0.8]
    >>> benjamini_hochberg(p).tolist(), benjamini_hochberg(p, m=19).tolist()
    ([True, True, True, False], [True, False, False, False])
    """
    values = np.asarray(p, np.float64)
    looks = np.sort(values[~np.isnan(values)])
    total = looks.size if m is None else m
    if (
        not 0.0 <= q <= 1.0
        or total < looks.size
        or (looks.size and (looks[0] < 0.0 or looks[-1] > 1.0))
    ):
        raise ValueError(
            "p and q must lie in 0..1 and m must be at least the number of looks given"
        )
    passed = np.flatnonzero(looks * total <= q * np.arange(1, looks.size + 1))
    if passed.size == 0:
        return np.zeros(values.shape, np.bool_)
    return np.asarray(values <= looks[passed[-1]])

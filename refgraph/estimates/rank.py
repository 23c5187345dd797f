"""Ranks: equal values together, scores by quantile, and how far two rankings agree."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
ALL_PAIRS_LIMIT = 300
"""Customers up to which all pairs are compared."""


def quantile_scores(x: ArrayLike, scores: int = 5) -> NDArray[np.int64]:
    """Score each value from 1 (lowest fifth) to `scores` (highest); ties share one score; nan: 0.

    Formula: ceil(scores (midrank - 1/2) / n), in whole numbers (RFM scoring, Bult & Wansbeek 1995;
    M24). Ties that span a border go where their middle lies, to the lower side if that is the
    border itself; all equal: the middle score. For recency in days give the negative days. x:
    [n]; returns int64 [n]. Raises ValueError for scores < 1.

    >>> quantile_scores(range(1, 11)).tolist(), quantile_scores([7, 7, 7]).tolist()
    ([1, 1, 2, 2, 3, 3, 4, 4, 5, 5], [3, 3, 3])
    """
    if scores < 1:
        raise ValueError("at least one score is needed")
    values = np.asarray(x, np.float64)
    recorded = ~np.isnan(values)
    n = max(int(recorded.sum()), 1)
    return np.where(recorded, -(-scores * (_twice_midrank(values) - 1) // (2 * n)), 0)


def kendall_tau_b(x: ArrayLike, y: ArrayLike) -> float:
    """Agreement of two rankings of the same customers, corrected for ties; O(n log n).

    Formula: (C - D) / sqrt((C + D + Tx)(C + D + Ty)), C and D concordant and discordant pairs, Tx
    and Ty pairs tied in x only and in y only (Kendall 1945; Knight 1966). Pairs with a nan on
    either side are left out. Range: -1..1, nan when a side is constant or fewer than two are left;
    no unit. Raises ValueError for different lengths.

    >>> round(kendall_tau_b([1, 2, 3, 4], [1, 3, 2, 4]), 4)
    0.6667
    """
    a, b = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if a.shape != b.shape:
        raise ValueError("both rankings need one length")
    both = ~(np.isnan(a) | np.isnan(b))
    a, b = a[both], b[both]
    if a.size < 2 or a.min() == a.max() or b.min() == b.max():
        return float("nan")
    return _tau_b_by_pairs(a, b) if a.size <= ALL_PAIRS_LIMIT else _tau_b_by_sorting(a, b)


def _tau_b_by_pairs(a: Floats, b: Floats) -> float:
    """By definition, each pair in both orders; ten times quicker than loading scipy.stats."""
    x, y = (
        np.greater.outer(each, each).astype(np.int8) - np.less.outer(each, each) for each in (a, b)
    )
    untied = np.sqrt(np.count_nonzero(x) / 2), np.sqrt(np.count_nonzero(y) / 2)
    return float(np.clip((x * y).sum(dtype=np.int64) / 2 / untied[0] / untied[1], -1.0, 1.0))


def _tau_b_by_sorting(a: Floats, b: Floats) -> float:
    """By Knight's sorting algorithm."""
    from scipy.stats import kendalltau

    return float(kendalltau(a, b, variant="b").statistic)


def _twice_midrank(x: Floats) -> NDArray[np.int64]:
    """2 x midrank as whole numbers, among the recorded values; meaningless for nan."""
    ordered = np.sort(x[~np.isnan(x)])
    below, upto = np.searchsorted(ordered, x, "left"), np.searchsorted(ordered, x, "right")
    return np.asarray(below + upto + 1, np.int64)

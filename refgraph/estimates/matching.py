"""The referred against others of the same groups and the same size class: exact strata."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from refgraph.estimates.comparison import Comparison

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
SIZE_CLASSES = 10


class MatchedGap(NamedTuple):
    """A gap among matched customers; nan if none match.

    gap: ratio - 1, or a difference. share: share of the referred with a match. referred, others:
    customers matched. is_matched: bool [n], who they are.
    """

    gap: float
    share: float
    referred: int
    others: int
    is_matched: Bools


def match_exactly(data: Comparison) -> MatchedGap:
    """The referred against the others of their stratum, weighted by the referred.

    Formula: strata = factors × `SIZE_CLASSES` classes of size by quantile; gap = Σ n₁ȳ₁ / Σ n₁ȳ₀ -
    1 over strata with both (exact matching, Cochran 1968), for differences Σ n₁(ȳ₁ - ȳ₀) / Σ n₁.
    Weights of the data weight the means. Range: from -1 for ratios, nan without a match.

    >>> data = Comparison(
    ...     np.array([6.0, 4.0, 9.0, 7.0]), np.array([True, False, True, True]), None,
    ...     (np.array([0, 0, 0, 1]),), np.arange(4),
    ... )
    >>> matched = match_exactly(data)
    >>> round(matched.gap, 3), round(matched.share, 3), matched.referred, matched.others
    (0.875, 0.667, 2, 1)
    """
    stratum = label_strata(data)
    strata = int(stratum.max()) + 1 if len(stratum) else 0
    weight = np.ones(len(data.y)) if data.weight is None else data.weight
    sides = [data.referred, ~data.referred]
    sums, weights, counts = [], [], []
    for side in sides:
        label, w = stratum[side], weight[side]
        sums.append(np.bincount(label, weights=w * data.y[side], minlength=strata))
        weights.append(np.bincount(label, weights=w, minlength=strata))
        counts.append(np.bincount(label, minlength=strata))
    both = (weights[0] > 0) & (weights[1] > 0)
    hits, others = int(counts[0][both].sum()), int(counts[1][both].sum())
    share = hits / max(int(counts[0].sum()), 1)
    is_matched = np.asarray(both[stratum], np.bool_)
    if not both.any():
        return MatchedGap(math.nan, share, 0, 0, is_matched)
    own = float(sums[0][both].sum())
    expected = float((weights[0][both] * sums[1][both] / weights[1][both]).sum())
    if data.scale == "difference":
        difference = (own - expected) / float(weights[0][both].sum())
        return MatchedGap(difference, share, hits, others, is_matched)
    gap = own / expected - 1.0 if expected > 0.0 else math.nan
    return MatchedGap(gap, share, hits, others, is_matched)


def label_strata(data: Comparison) -> Ints:
    """The stratum of each row: int64 [n], from 0.

    Formula: one number per combination of the factors and the size class, class = ⌊10 (rank - 1) /
    n⌋ by quantile, ties together (Cochran 1968). Range: 0..strata - 1; no unit.

    >>> label_strata(
    ...     Comparison(np.ones(3), np.ones(3, bool), None, (np.array([5, 2, 5]),), np.arange(3))
    ... ).tolist()
    [1, 0, 1]
    """
    columns = [np.unique(factor, return_inverse=True)[1] for factor in data.factors]
    if data.size is not None:
        edges = np.quantile(data.size, np.arange(1, SIZE_CLASSES) / SIZE_CLASSES)
        columns.append(np.searchsorted(edges, data.size, side="left"))
    label = np.zeros(len(data.y), np.int64)
    for column in columns:
        label = label * (int(column.max()) + 1 if len(column) else 1) + column
        label = np.unique(label, return_inverse=True)[1].astype(np.int64)
    return label

"""Medians and quantiles by a stated definition. Missing values (nan) are left out."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]


def quantile(x: ArrayLike, q: float) -> float:
    """The q-quantile of the recorded values, linear between neighbours; nan when none is recorded.

    Formula: with h = (n-1) q and values sorted from 0: x_floor(h) + (h - floor(h)) (x_floor(h)+1 -
    x_floor(h)), type 7 of Hyndman & Fan 1996. x: any shape; range min..max, unit of x. Raises
    ValueError unless 0 <= q <= 1.

    >>> quantile([1, 2, 4, float("nan")], 0.75)
    3.0
    """
    if not 0.0 <= q <= 1.0:
        raise ValueError(f"a quantile lies in 0..1, not {q!r}")
    values = _sort_recorded(np.asarray(x, np.float64))
    return float(np.quantile(values, q)) if values.size else float("nan")


def median(x: ArrayLike) -> float:
    """The middle recorded value (mean of the two middle ones if even); nan when none is recorded.

    Formula: (x_floor((n-1)/2) + x_floor(n/2)) / 2, sorted from 0 (Galton 1881; type 7 at 0.5).
    Range min..max, unit of x.

    >>> median([3, 1, 2, float("nan")]), median([4, 1, 2, 3])
    (2.0, 2.5)
    """
    values = _sort_recorded(np.asarray(x, np.float64))
    return float(np.median(values)) if values.size else float("nan")


def compute_grouped_median(group: Ints, x: ArrayLike, groups: int) -> Floats:
    """The median of each group at once.

    Formula: `median` within each group (Galton 1881). group: integers [n], the group 0..groups-1 of
    each value, below 0 = none; x: floats [n], nan left out. Returns float64 [groups], nan for a
    group without a recorded value; range min..max of the group, unit of x. Raises ValueError for
    different lengths or a group number of `groups` or more.

    >>> compute_grouped_median(np.array([0, 2, 0, 2, 2]), [1.0, 5.0, 2.0, 7.0, 6.0], 3).tolist()
    [1.5, nan, 6.0]
    """
    values, label = np.asarray(x, np.float64), np.asarray(group)
    if values.shape != label.shape or (label.size and int(label.max()) >= groups):
        raise ValueError("group and x need one length, and groups must exceed every group number")
    used = ~np.isnan(values) & (label >= 0)
    values, label = values[used] + 0.0, label[used].astype(np.int64)
    values = values[np.lexsort((values, label))]
    size = np.bincount(label, minlength=groups)
    filled = np.flatnonzero(size)
    first = (np.cumsum(size) - size)[filled]
    result = np.full(groups, np.nan)
    result[filled] = (
        values[first + (size[filled] - 1) // 2] + values[first + size[filled] // 2]
    ) / 2.0
    return result


def _sort_recorded(x: Floats) -> Floats:
    """Values without nan, sorted, with one zero: the same bits for any order."""
    return np.sort(x[~np.isnan(x)] + 0.0)

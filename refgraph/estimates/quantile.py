"""Medians by group. Missing values (nan) are left out."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]


def compute_grouped_median(group: Ints, x: ArrayLike, groups: int) -> Floats:
    """The median of each group at once.

    Formula: within each group the middle value, or the mean of the two middle ones (Galton 1881).
    group: integers [n], the group 0..groups-1 of each value, below 0 = none; x: floats [n], nan
    left out. Returns float64 [groups], nan for a group without a recorded value; range min..max of
    the group, unit of x. Raises ValueError for different lengths or a group number of `groups` or
    more.

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

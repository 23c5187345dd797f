"""Events of several owners cut into occasions: all of one owner within some days of the first."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Bool, Int64
from refgraph.kernels.compilation import kernel


def mark_first_events(owner: Int64, day: Int64, days: int) -> Bool:
    """bool[m]: the event begins an occasion of its owner.

    Formula: an event begins an occasion unless it is at most ``days`` after the beginning of the
    occasion before it. Windows are anchored at their first event, not chained from event to event,
    so that somebody who refers every month has many occasions. owner, day: int64[m], sorted by
    owner, then day. Steps: m. Raises ValueError for arrays of different lengths.

    >>> owner, day = np.array([1, 1, 1, 2]), np.array([0, 30, 31, 31])
    >>> mark_first_events(owner, day, 30).tolist()
    [True, False, True, True]
    """
    if owner.shape != day.shape:
        raise ValueError("an owner and a day for each event are needed")
    is_first = np.zeros(len(owner), np.bool_)
    owner, day = np.ascontiguousarray(owner, np.int64), np.ascontiguousarray(day, np.int64)
    _mark_first(owner, day, int(days), is_first)
    return is_first


@kernel(steps=lambda owner, day, days, is_first: len(owner))
def _mark_first(owner: Int64, day: Int64, days: int, is_first: Bool) -> None:
    """Fill `is_first` in one pass."""
    anchor = 0
    for i in range(len(owner)):
        if i == 0 or owner[i] != owner[i - 1] or day[i] - anchor > days:
            is_first[i] = True
            anchor = day[i]

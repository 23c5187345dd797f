"""The few of greatest worth in each list, without sorting the lists."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Float64, Int32, Int64
from refgraph.kernels.compile import Arguments, kernel


def leaders(ptr: Int64, dst: Int32, worth: Float64, rows: Int64, most: int) -> tuple[Int64, Int32]:
    """(at int64[r+1], who int32[k]): who[at[i]:at[i+1]] are the ``most`` of greatest worth in the list of rows[i], in that order.

    ptr int64[n+1], dst int32[m]: the lists (see `adjacency`), each in increasing order. worth float64[n], without nan. Who is
    worth as much as another stands in the order of the list.
    """
    at = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.minimum(np.diff(ptr)[rows], most))])
    who = np.empty(int(at[-1]), np.int32)
    _pick(ptr, dst, worth, rows, at, who)
    return at, who


def _tiny() -> Arguments:
    return np.array([0, 1]), np.zeros(1, np.int32), np.ones(1), np.zeros(1, np.int64), np.array([0, 1]), np.empty(1, np.int32)


@kernel(steps=lambda ptr, dst, worth, rows, at, who: 2 * len(dst), warm=_tiny)
def _pick(ptr: Int64, dst: Int32, worth: Float64, rows: Int64, at: Int64, who: Int32) -> None:
    """Each of a list is let in where it is worth more than the last one there; equal ones stay behind those before them."""
    for i in range(len(rows)):
        first, end, used = at[i], at[i + 1], at[i]
        for k in range(ptr[rows[i]], ptr[rows[i] + 1]):
            if used == end and worth[dst[k]] <= worth[who[end - 1]]:
                continue
            slot = min(used, end - 1)
            while slot > first and worth[who[slot - 1]] < worth[dst[k]]:
                who[slot] = who[slot - 1]
                slot -= 1
            who[slot] = dst[k]
            used = min(used + 1, end)

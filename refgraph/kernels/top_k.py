"""The k largest of each list, without sorting the lists."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Float64, Int32, Int64
from refgraph.kernels.compilation import kernel


def select_top_k(
    ptr: Int64, dst: Int32, worth: Float64, rows: Int64, limit: int
) -> tuple[Int64, Int32]:
    """(start int64[r+1], top int32[k]): top[start[i]:start[i+1]] are the `limit` largest in the
    list of rows[i].

    ptr int64[n+1], dst int32[m]: the lists (see `adjacency`), each in increasing order. worth
    float64[n], without nan. Largest first; equal ones in the order of the list.
    """
    sizes = np.minimum(np.diff(ptr)[rows], limit)
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    top = np.empty(int(start[-1]), np.int32)
    _pick(ptr, dst, worth, rows, start, top)
    return start, top


@kernel(steps=lambda ptr, dst, worth, rows, start, top: 2 * len(dst))
def _pick(ptr: Int64, dst: Int32, worth: Float64, rows: Int64, start: Int64, top: Int32) -> None:
    """Insert each member into the sorted slots of its list if it is worth more than the last one
    there.
    """
    for i in range(len(rows)):
        first, end, used = start[i], start[i + 1], start[i]
        for k in range(ptr[rows[i]], ptr[rows[i] + 1]):
            if used == end and worth[dst[k]] <= worth[top[end - 1]]:
                continue
            slot = min(used, end - 1)
            while slot > first and worth[top[slot - 1]] < worth[dst[k]]:
                top[slot] = top[slot - 1]
                slot -= 1
            top[slot] = dst[k]
            used = min(used + 1, end)

"""Distances along chains of arcs whose days rise."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Int32, Int64, check_indices
from refgraph.kernels.compilation import kernel

NEVER = 2**62
"""Later than every day: not reached yet."""


def compute_rising_distances(ptr: Int64, dst: Int32, day: Int64, starts: Int32) -> Int32:
    """int32[n]: the fewest arcs of a chain from any of `starts` to each node on which every arc is
    later than the one before; 0 for the starts, -1 if there is none.

    ptr int64[n+1], dst int32[m], day int64[m]: arcs by source. starts int32: indices. Level by
    level, each node keeps the earliest day on which a chain of so many arcs arrives. Its arcs are
    sorted, latest first, and each is followed at most once: an earlier arrival only adds earlier
    arcs. O(m log m). Raises ValueError for a start outside 0 .. n-1.
    """
    n = len(ptr) - 1
    first = np.unique(check_indices(starts, "starts"))
    if len(first) and (first[0] < 0 or first[-1] >= n):
        raise ValueError("a start is outside 0 .. n-1")
    source = np.repeat(np.arange(n), np.diff(ptr))
    order = np.lexsort((-day, source))
    distance, arrival = np.full(n, -1, np.int32), np.full(n, NEVER, np.int64)
    distance[first], arrival[first] = 0, -NEVER
    queue, snapshot = np.empty(n, np.int32), np.empty(n, np.int64)
    queue[: len(first)] = first
    scratch = (queue, np.empty(n, np.int32), snapshot, np.full(n, -1, np.int32))
    sorted_arcs = (dst[order], day[order])
    _spread(ptr, *sorted_arcs, distance, arrival, ptr[:-1].copy(), *scratch, len(first))
    return distance


@kernel(steps=lambda ptr, dst, *others: len(ptr) + len(dst))
def _spread(
    ptr: Int64,
    dst: Int32,
    day: Int64,
    distance: Int32,
    arrival: Int64,
    next_arc: Int64,
    queue: Int32,
    next_queue: Int32,
    snapshot: Int64,
    queued_at: Int32,
    size: int,
) -> None:
    """Follow all arcs of one level, then those of the next; `snapshot` keeps the arrivals of the
    level before, which its own arcs must not change.
    """
    level = 0
    while size > 0:
        level += 1
        for q in range(size):
            snapshot[q] = arrival[queue[q]]
        filled = 0
        for q in range(size):
            v = int(queue[q])
            k = int(next_arc[v])
            while k < ptr[v + 1] and day[k] > snapshot[q]:
                c = int(dst[k])
                if day[k] < arrival[c]:
                    arrival[c] = day[k]
                    if distance[c] < 0:
                        distance[c] = level
                    if queued_at[c] < level:
                        queued_at[c] = level
                        next_queue[filled] = c
                        filled += 1
                k += 1
            next_arc[v] = k
        for q in range(filled):
            queue[q] = next_queue[q]
        size = filled

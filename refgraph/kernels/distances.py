"""Distances from chosen nodes along arcs, by breadth-first search."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.adjacency import build_csr
from refgraph.kernels.arrays import Int32, Int64, check_indices
from refgraph.kernels.compilation import kernel


def compute_distances(n: int, source: Int32, target: Int32, starts: Int32) -> Int32:
    """int32[n]: the fewest arcs from any of `starts` (int32, indices) to each node; 0 for these, -1
    if unreachable.

    source, target int32[m]: arcs in the direction of travel; for undirected distances pass each arc
    in both directions. Cycles and repeated arcs change nothing. O(n + m). Raises ValueError for an
    index outside 0 .. n-1.
    """
    return compute_csr_distances(*build_csr(n, source, target), starts)


def compute_csr_distances(ptr: Int64, dst: Int32, starts: Int32) -> Int32:
    """As `compute_distances`, on arcs that are already grouped by source (ptr int64[n+1], dst
    int32[m]).
    """
    n = len(ptr) - 1
    first = np.unique(check_indices(starts, "starts"))
    if len(first) and (first[0] < 0 or first[-1] >= n):
        raise ValueError("a start is outside 0 .. n-1")
    distance, queue = np.full(n, -1, np.int32), np.empty(n, np.int32)
    distance[first] = 0
    queue[: len(first)] = first
    _search(ptr, dst, distance, queue, len(first))
    return distance


@kernel(steps=lambda ptr, dst, distance, queue, tail: len(distance) + len(dst))
def _search(ptr: Int64, dst: Int32, distance: Int32, queue: Int32, tail: int) -> None:
    """Breadth-first search; `queue` begins with the `tail` starts."""
    head = 0
    while head < tail:
        v = int(queue[head])
        head += 1
        one_further = int(distance[v]) + 1
        for k in range(ptr[v], ptr[v + 1]):
            c = int(dst[k])
            if distance[c] < 0:
                distance[c] = one_further
                queue[tail] = c
                tail += 1

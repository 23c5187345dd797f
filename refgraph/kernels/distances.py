"""Distances from chosen nodes along arcs, and the last step of a shortest way to each."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.adjacency import checked, compressed
from refgraph.kernels.arrays import Int32, Int64, indices
from refgraph.kernels.compile import Arguments, kernel


def distances(n: int, source: Int32, target: Int32, starts: Int32) -> Int32:
    """int32[n]: the fewest arcs from any of `starts` (int32, by index) to each node; 0 for these, -1 where no way leads.

    source, target int32[m]: arcs in the order of travel; for steps in either direction, give each arc both ways. Loops and
    repeated arcs change nothing. O(n + m). Raises ValueError for an index outside 0 .. n-1.
    """
    return hops(*compressed(n, source, target), starts)


def hops(ptr: Int64, dst: Int32, starts: Int32) -> Int32:
    """As `distances`, on arcs that are already grouped by source (ptr int64[n+1], dst int32[m])."""
    n = len(ptr) - 1
    first = np.unique(indices(starts, "starts"))
    if len(first) and (first[0] < 0 or first[-1] >= n):
        raise ValueError("a start is outside 0 .. n-1")
    distance, queue = np.full(n, -1, np.int32), np.empty(n, np.int32)
    distance[first] = 0
    queue[: len(first)] = first
    _search(ptr, dst, distance, queue, len(first))
    return distance


def previous(n: int, source: Int32, target: Int32, distance: Int32) -> Int32:
    """int32[n]: the node before each on a shortest way, of several the smallest; -1 for starts and where no way leads.

    distance int32[n] as `distances` gives it on the same arcs. Following it backwards names one shortest way.
    """
    source, target = checked(n, source, target)
    if len(indices(distance, "distance")) != n:
        raise ValueError(f"there are {len(distance)} distances, not {n}")
    before = np.full(n, -1, np.int32)
    _step_back(source, target, np.ascontiguousarray(distance), before)
    return before


def _tiny() -> Arguments:
    return np.array([0, 1, 1], np.int64), np.array([1], np.int32), np.array([0, -1], np.int32), np.zeros(2, np.int32), 1


@kernel(steps=lambda ptr, dst, distance, queue, tail: len(distance) + len(dst), warm=_tiny)
def _search(ptr: Int64, dst: Int32, distance: Int32, queue: Int32, tail: int) -> None:
    """Breadth first: `queue` begins with the starts, `tail` of them."""
    head = 0
    while head < tail:
        v = int(queue[head])
        head += 1
        next_one = int(distance[v]) + 1
        for k in range(ptr[v], ptr[v + 1]):
            c = int(dst[k])
            if distance[c] < 0:
                distance[c] = next_one
                queue[tail] = c
                tail += 1


@kernel(steps=lambda source, target, distance, before: len(source), warm=lambda: tuple(np.zeros(1, np.int32) for _ in range(4)))
def _step_back(source: Int32, target: Int32, distance: Int32, before: Int32) -> None:
    for k in range(len(source)):
        u, v = int(source[k]), int(target[k])
        if distance[u] >= 0 and distance[v] == int(distance[u]) + 1 and (before[v] < 0 or u < before[v]):
            before[v] = u

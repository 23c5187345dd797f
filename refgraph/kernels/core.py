"""Core numbers: how deep in the thick of a network a node stands."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.adjacency import undirected
from refgraph.kernels.arrays import Int32, Int64
from refgraph.kernels.compile import Arguments, kernel


def core_numbers(n: int, source: Int32, target: Int32) -> Int32:
    """int32[n]: the greatest k such that a node lies in a subgraph where everyone has k neighbours or more.

    On the undirected simple graph: direction, loops and repeated arcs do not count. source, target int32[m]; O(n + m),
    by buckets of equal degree (Batagelj & Zaversnik 2003). 0 where no other node is met, 1 in every tree.
    """
    ptr, dst = undirected(n, source, target)
    degree = np.diff(ptr).astype(np.int32)
    start = np.zeros(int(degree.max(initial=0)) + 2, np.int32)
    _peel(ptr, dst, degree, start, np.empty(n, np.int32), np.empty(n, np.int32))
    return degree


def _tiny() -> Arguments:
    return np.zeros(2, np.int64), np.zeros(1, np.int32), *(np.zeros(k, np.int32) for k in (1, 2, 1, 1))


@kernel(steps=lambda ptr, dst, degree, start, order, place: 4 * len(degree) + 2 * len(dst), warm=_tiny)
def _peel(ptr: Int64, dst: Int32, degree: Int32, start: Int32, order: Int32, place: Int32) -> None:
    """Take nodes out by increasing degree; what is left of `degree` then is the core number.

    `order` holds the nodes by degree, `place` where each stands there, start[d] where those of degree d begin. A neighbour
    that loses one changes place with the first of its degree.
    """
    n = len(degree)
    for v in range(n):
        start[degree[v] + 1] += 1
    for d in range(1, len(start)):
        start[d] += start[d - 1]
    for v in range(n):
        place[v] = start[degree[v]]
        order[place[v]] = v
        start[degree[v]] += 1
    for d in range(len(start) - 1, 0, -1):
        start[d] = start[d - 1]
    start[0] = 0
    for i in range(n):
        v = int(order[i])
        level = int(degree[v])
        for k in range(ptr[v], ptr[v + 1]):
            u = int(dst[k])
            d = int(degree[u])
            if d > level:
                first, here = int(start[d]), int(place[u])
                other = int(order[first])
                order[here] = other
                place[other] = here
                order[first] = u
                place[u] = first
                start[d] = first + 1
                degree[u] = d - 1

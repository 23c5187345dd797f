"""Core numbers: how deep in the thick of a network a node stands."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.adjacency import undirected
from refgraph.kernels.arrays import Int32, Int64
from refgraph.kernels.compile import Arguments, kernel


def core_numbers(n: int, source: Int32, target: Int32) -> Int32:
    """int32[n]: the greatest k such that a node lies in a subgraph where everyone has k neighbours or more.

    On the undirected simple graph: direction, loops and repeated arcs do not count. source, target int32[m]; O(n + m),
    level by level (Dasari, Ranjan & Zubair 2014; Kabir & Madduri 2017). 0 where no other node is met, 1 in every tree.
    """
    ptr, dst = undirected(n, source, target)
    degree = np.diff(ptr).astype(np.int32)
    _peel(ptr, dst, degree, np.empty(n, np.int32), np.empty(n, np.int32))
    return degree


def _tiny() -> Arguments:
    return np.zeros(2, np.int64), np.zeros(1, np.int32), *(np.zeros(1, np.int32) for _ in range(3))


@kernel(steps=lambda ptr, dst, degree, left, queue: 4 * len(degree) + 2 * len(dst), warm=_tiny)
def _peel(ptr: Int64, dst: Int32, degree: Int32, left: Int32, queue: Int32) -> None:
    """Take nodes out by increasing degree; what is left of `degree` then is the core number.

    `left` holds the nodes of a greater degree than the level, looked through once a level: a node of core number k is seen at
    most k + 1 times, and k is no more than its neighbours. `queue` holds those that go at this level, each once: at its
    beginning, or when the neighbour that brings them down to it goes.
    """
    many = 0
    for v in range(len(degree)):
        if degree[v] > 0:
            left[many] = v
            many += 1
    while many > 0:
        level = int(degree[left[0]])
        for i in range(many):
            level = min(level, int(degree[left[i]]))
        ready, kept = 0, 0
        for i in range(many):
            v = int(left[i])
            if degree[v] == level:
                queue[ready] = v
                ready += 1
            else:
                left[kept] = v
                kept += 1
        taken = 0
        while taken < ready:
            v = int(queue[taken])
            taken += 1
            for k in range(ptr[v], ptr[v + 1]):
                u = int(dst[k])
                if degree[u] > level:
                    degree[u] -= 1
                    if degree[u] == level:
                        queue[ready] = u
                        ready += 1
        many = 0
        for i in range(kept):
            v = int(left[i])
            if degree[v] > level:
                left[many] = v
                many += 1

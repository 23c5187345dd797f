"""Graphs without loops: an order in which every node stands after its referrers, and the nodes that have none."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.adjacency import compressed
from refgraph.kernels.arrays import Bool, Int32, Int64
from refgraph.kernels.compile import Arguments, kernel


def topological(in_ptr: Int64, out_ptr: Int64, out_dst: Int32) -> Int32:
    """int32[n]: every node after all its referrers; roots in increasing index first (Kahn 1962).

    in_ptr, out_ptr int64[n+1] and out_dst int32[m]: the arcs by referred and by referrer. Raises ValueError on a loop.
    """
    order = np.empty(len(in_ptr) - 1, np.int32)
    if _sort(np.diff(in_ptr), out_ptr, out_dst, order) < len(order):
        raise ValueError("the graph holds a loop")
    return order


def behind_loops(n: int, source: Int32, target: Int32) -> Bool:
    """bool[n]: the nodes on a loop or reached from one, which no order can hold. source, target int32[m]."""
    ptr, dst = compressed(n, source, target)
    waiting = np.bincount(target, minlength=n).astype(np.int64, copy=False)
    _sort(waiting, ptr, dst, np.empty(n, np.int32))
    return waiting > 0


def _tiny() -> Arguments:
    return np.array([0, 1], np.int64), np.array([0, 1, 1], np.int64), np.array([1], np.int32), np.empty(2, np.int32)


@kernel(steps=lambda waiting, out_ptr, out_dst, order: len(order) + len(out_dst), warm=_tiny)
def _sort(waiting: Int64, out_ptr: Int64, out_dst: Int32, order: Int32) -> int:
    """Fill `order` as far as it goes; `waiting`, the referrers of each node still to come, stays above 0 for the rest."""
    done = 0
    for v in range(len(order)):
        if waiting[v] == 0:
            order[done] = v
            done += 1
    at = 0
    while at < done:
        v = int(order[at])
        at += 1
        for k in range(out_ptr[v], out_ptr[v + 1]):
            c = int(out_dst[k])
            waiting[c] -= 1
            if waiting[c] == 0:
                order[done] = c
                done += 1
    return done

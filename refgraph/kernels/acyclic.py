"""Orders on graphs without loops."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Int32, Int64
from refgraph.kernels.compile import Arguments, kernel


def topological(in_ptr: Int64, out_ptr: Int64, out_dst: Int32) -> Int32:
    """int32[n]: every node after all its referrers; roots in increasing index first. Raises ValueError on a loop."""
    order = np.empty(len(in_ptr) - 1, np.int32)
    if _sort(np.diff(in_ptr), out_ptr, out_dst, order) < len(order):
        raise ValueError("the graph holds a loop")
    return order


def _tiny() -> Arguments:
    return np.array([0, 1], np.int64), np.array([0, 1, 1], np.int64), np.array([1], np.int32), np.empty(2, np.int32)


@kernel(steps=lambda waiting, out_ptr, out_dst, order: len(order) + len(out_dst), warm=_tiny)
def _sort(waiting: Int64, out_ptr: Int64, out_dst: Int32, order: Int32) -> int:
    done = 0
    for v in range(len(order)):
        if waiting[v] == 0:
            order[done] = v
            done += 1
    at = 0
    while at < done:
        v = order[at]
        at += 1
        for k in range(out_ptr[v], out_ptr[v + 1]):
            c = out_dst[k]
            waiting[c] -= 1
            if waiting[c] == 0:
                order[done] = c
                done += 1
    return done

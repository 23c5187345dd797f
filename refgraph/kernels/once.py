"""One question on a forest that is asked nothing else: an answer by node, straight from `parent`, without a layout.

A layout (see `forest`) pays from the second question on. For a single one it is enough to know everybody's depth and to
visit the deepest first: within one depth by index, so that memory is read forwards and sums have one order.
"""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Float64, Int32, Int64, floats
from refgraph.kernels.compile import Arguments, kernel
from refgraph.kernels.forest import depth_once


def shapley_once(parent: Int32, w: Float64) -> Float64:
    """M14 as in `credit.shapley`, from `parent` (int32[n] by node, -1 = root) and w float64[n] by node; float64[n].

    Equal to it but for the order in which floats are added. Raises ValueError when `parent` holds a loop, or an index
    outside -1 .. n-1. Chain 10-10-10: 55/3, 25/3, 10/3.
    """
    depth, order = depth_once(parent)
    total = floats(w, len(parent)) / (depth + 1.0)
    starts = np.zeros(int(depth.max(initial=0)) + 2, np.int64)
    _by_depth(depth, starts, order)
    _gather_up(order, parent, total)
    return total


def _tiny() -> Arguments:
    return np.array([0, 1], np.int32), np.zeros(3, np.int64), np.array([0, 1], np.int32)


@kernel(steps=lambda depth, starts, order: 2 * len(depth) + len(starts), warm=_tiny)
def _by_depth(depth: Int32, starts: Int64, order: Int32) -> None:
    """Fill `order` with the nodes from the deepest generation to the roots, each by index: one counting sort."""
    deepest = len(starts) - 2
    for v in range(len(depth)):
        starts[deepest - depth[v] + 1] += 1
    for d in range(1, len(starts)):
        starts[d] += starts[d - 1]
    for v in range(len(depth)):
        d = deepest - depth[v]
        order[starts[d]] = v
        starts[d] += 1


@kernel(steps=lambda order, parent, total: len(order), warm=lambda: (_tiny()[0], np.array([-1, 0], np.int32), np.ones(2)))
def _gather_up(order: Int32, parent: Int32, total: Float64) -> None:
    """Add everybody's sum to the one above, children before parents."""
    for k in range(len(order)):
        v = order[k]
        if parent[v] >= 0:
            total[parent[v]] += total[v]

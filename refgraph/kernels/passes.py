"""One pass over a forest in preorder (see ``forest``): carry something up the trees, or down."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Float64, Int32, floats
from refgraph.kernels.compile import Arguments, kernel


def _tiny() -> Arguments:
    parent = np.array([-1, 0, 1, 0], np.int32)
    return parent, np.ones(4)


def _tiny_heights() -> Arguments:
    return np.array([-1, 0, 1, 0], np.int32), np.zeros(4, np.int32)


def sums_up(parent: Int32, w: Float64, delta: float = 1.0) -> Float64:
    """Sum of w over each subtree, itself included, each weighted by delta to the power of its distance.

    parent int32[n], w float64[n], by place; float64[n] by place.
    """
    total = floats(w, len(parent)).copy()
    _add_up(parent, total, float(delta))
    return total


def sums_down(parent: Int32, x: Float64) -> Float64:
    """Sum of x over each node and all its ancestors. parent int32[n], x float64[n], by place; float64[n] by place."""
    total = floats(x, len(parent)).copy()
    _add_down(parent, total)
    return total


def descent(parent: Int32) -> tuple[Int32, Int32]:
    """Number of ancestors, and place of the root, of every place. parent int32[n] by place; int32[n] each, by place."""
    depth, root = np.empty(len(parent), np.int32), np.empty(len(parent), np.int32)
    _descend(parent, depth, root)
    return depth, root


def roots(parent: Int32) -> Int32:
    """Place of the root of every place: one label a tree. parent int32[n] by place; int32[n] by place."""
    root = np.empty(len(parent), np.int32)
    _label(parent, root)
    return root


def heights(parent: Int32) -> Int32:
    """Generations below each node: 0 for a leaf. parent int32[n] by place; int32[n] by place."""
    height = np.zeros(len(parent), np.int32)
    _rise(parent, height)
    return height


def decayed(parent: Int32, w: Float64, delta: float) -> Float64:
    """M39k: sum over all proper descendants of w times delta to the power of the distance; float64[n] by place.

    Chain of three with w = 1, delta = 0.5: 0.75, 0.5, 0 (Katz 1953).
    """
    total = np.zeros(len(parent))
    _add_below(parent, floats(w, len(parent)), total, float(delta))
    return total


@kernel(steps=lambda parent, total, delta: len(parent), warm=lambda: (*_tiny(), 1.0))
def _add_up(parent: Int32, total: Float64, delta: float) -> None:
    for k in range(len(parent) - 1, -1, -1):
        if parent[k] >= 0:
            total[parent[k]] += delta * total[k]


@kernel(steps=lambda parent, w, total, delta: len(parent), warm=lambda: (*_tiny(), np.zeros(4), 0.5))
def _add_below(parent: Int32, w: Float64, total: Float64, delta: float) -> None:
    """The own w stays out of the sum, so that a great one takes no digits from it."""
    for k in range(len(parent) - 1, -1, -1):
        if parent[k] >= 0:
            total[parent[k]] += delta * (w[k] + total[k])


@kernel(steps=lambda parent, total: len(parent), warm=_tiny)
def _add_down(parent: Int32, total: Float64) -> None:
    for k in range(len(parent)):
        if parent[k] >= 0:
            total[k] += total[parent[k]]


@kernel(steps=lambda parent, height: len(parent), warm=_tiny_heights)
def _rise(parent: Int32, height: Int32) -> None:
    for k in range(len(parent) - 1, -1, -1):
        p = parent[k]
        if p >= 0 and height[p] < height[k] + 1:
            height[p] = height[k] + 1


@kernel(steps=lambda parent, depth, root: len(parent), warm=lambda: (_tiny()[0], *(np.zeros(4, np.int32) for _ in range(2))))
def _descend(parent: Int32, depth: Int32, root: Int32) -> None:
    for k in range(len(parent)):
        p = parent[k]
        depth[k] = 0 if p < 0 else depth[p] + 1
        root[k] = k if p < 0 else root[p]


@kernel(steps=lambda parent, root: len(parent), warm=_tiny_heights)
def _label(parent: Int32, root: Int32) -> None:
    """A tree is one block, so the root is the last one seen: nothing is looked up."""
    last = 0
    for k in range(len(parent)):
        if parent[k] < 0:
            last = k
        root[k] = last

"""One pass over a forest in preorder (see `forest`): carry something up the trees, or down.

Every array is indexed by preorder index; `parent` int32[n] is that of the forest.
"""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Float64, Int32, to_floats
from refgraph.kernels.compilation import kernel


def sum_up(parent: Int32, w: Float64, delta: float = 1.0) -> Float64:
    """float64[n]: sum of w over each subtree, root of the subtree included, each weighted by
    delta^distance.
    """
    total = to_floats(w, len(parent)).copy()
    _add_up(parent, total, float(delta))
    return total


def sum_weighted_up(parent: Int32, w: Float64, weight: Float64) -> Float64:
    """float64[n]: w of each node and of all below it, each times the weights along the path to it.

    weight: float64[n], that of the step from a node's parent to it. Chain of three with w = 1 and
    weights 1, 0.5, 0.2: 1.6, 1.2, 1.
    """
    total = to_floats(w, len(parent)).copy()
    _add_weighted_up(parent, total, to_floats(weight, len(parent)))
    return total


def sum_down(parent: Int32, x: Float64) -> Float64:
    """float64[n]: sum of x over each node and all its ancestors."""
    total = to_floats(x, len(parent)).copy()
    _add_down(parent, total)
    return total


def find_roots(parent: Int32) -> Int32:
    """int32[n]: the preorder index of each node's root, so one label per tree."""
    root = np.empty(len(parent), np.int32)
    _label_roots(parent, root)
    return root


def compute_heights(parent: Int32) -> Int32:
    """int32[n]: generations below each node; 0 for a leaf."""
    height = np.zeros(len(parent), np.int32)
    _fill_heights(parent, height)
    return height


def sum_decayed_up(parent: Int32, w: Float64, delta: float) -> Float64:
    """M39k on a forest: float64[n], sum over all proper descendants of w delta^distance (Katz
    1953).

    Chain of three with w = 1, delta = 0.5: 0.75, 0.5, 0.
    """
    total = np.zeros(len(parent))
    _add_below(parent, to_floats(w, len(parent)), total, float(delta))
    return total


@kernel(steps=lambda parent, total, delta: len(parent))
def _add_up(parent: Int32, total: Float64, delta: float) -> None:
    """Add each subtree's sum to its parent's, children first."""
    for k in range(len(parent) - 1, -1, -1):
        if parent[k] >= 0:
            total[parent[k]] += delta * total[k]


@kernel(steps=lambda parent, total, weight: len(parent))
def _add_weighted_up(parent: Int32, total: Float64, weight: Float64) -> None:
    """Add each subtree's sum to its parent's, times the weight of the step, children first."""
    for k in range(len(parent) - 1, -1, -1):
        if parent[k] >= 0:
            total[parent[k]] += weight[k] * total[k]


@kernel(steps=lambda parent, w, total, delta: len(parent))
def _add_below(parent: Int32, w: Float64, total: Float64, delta: float) -> None:
    """As `_add_up` without a node's own w, so that a large own value costs the sum no digits."""
    for k in range(len(parent) - 1, -1, -1):
        if parent[k] >= 0:
            total[parent[k]] += delta * (w[k] + total[k])


@kernel(steps=lambda parent, total: len(parent))
def _add_down(parent: Int32, total: Float64) -> None:
    """Add to each node the sum of its parent, parents first."""
    for k in range(len(parent)):
        if parent[k] >= 0:
            total[k] += total[parent[k]]


@kernel(steps=lambda parent, height: len(parent))
def _fill_heights(parent: Int32, height: Int32) -> None:
    """Raise each parent above its children, children first."""
    for k in range(len(parent) - 1, -1, -1):
        p = parent[k]
        if p >= 0 and height[p] < height[k] + 1:
            height[p] = height[k] + 1


@kernel(steps=lambda parent, root: len(parent))
def _label_roots(parent: Int32, root: Int32) -> None:
    """A tree is one block in preorder, so the root is the last one seen."""
    last = 0
    for k in range(len(parent)):
        if parent[k] < 0:
            last = k
        root[k] = last

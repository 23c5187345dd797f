"""Forests as arrays: renumber once so that every subtree is one block, then answer each question in
one pass.

A forest comes as `parent`: node v was referred by parent[v], -1 for a root. In that form a question
about a subtree jumps all over memory. `to_preorder` therefore visits the trees once in *preorder*
(a node, then each child with all its descendants) and numbers the nodes in that order:

        Anna                 index   0     1     2      3     4     5
       /    |                node    Anna  Bo    Cleo   Dan   Eve   Fay
     Bo     Dan              parent  -1    0     1      0     -1    4
     |                       size    4     2     1      1     2     1
    Cleo      Eve - Fay      depth   0     1     2      1     0     1

Two facts follow, and all passes rest on them:

* the node at index k and its descendants are the indices k, k+1, ..., k + size[k] - 1: a slice;
* a parent precedes its children. A pass by increasing index carries anything *down* the trees
  (depth, root, sums over ancestors); a pass by decreasing index carries anything *up* (sizes, sums,
  heights, decayed reach). There is no recursion, no queue and no child list; a chain of ten million
  nodes costs what a star does.

`x[order]` turns an array by node into one by preorder index, and `scatter_to_nodes` turns it back.
Children come in increasing node index, and so do roots; floats are added in one order, whatever the
number of threads.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from refgraph.kernels.arrays import Int32, Int64, check_parents
from refgraph.kernels.compilation import kernel, subroutine


@dataclass(frozen=True)
class Preorder:
    """A forest in preorder; every array is int32[n] and indexed by preorder index."""

    order: Int32
    """The node at each index."""
    parent: Int32
    """The preorder index of the parent, smaller than the node's own; -1 for a root."""
    size: Int32
    """Nodes in the subtree, its root included."""
    depth: Int32
    """Number of ancestors."""


def to_preorder(parent: Int32) -> Preorder:
    """Renumber the forest `parent` (int32[n], by node, -1 = root) in preorder, in O(n).

    Raises ValueError for a cycle, or an index outside -1 .. n-1.
    """
    parent = check_parents(parent)
    n = len(parent)
    state = np.ones(n, np.int64)
    index, order, size = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    if not _lay_out(parent, state, index, order, size):
        raise ValueError("parent holds a cycle")
    preorder_parent, depth = state.view(np.int32).reshape(2, n)  # the memory of `state` again
    _fill_parents_and_depths(size, preorder_parent, depth)
    return Preorder(order, preorder_parent, size, depth)


def scatter_to_nodes(values: npt.NDArray[np.generic], order: Int32) -> npt.NDArray[np.generic]:
    """Values by preorder index as values by node, same dtype: the inverse of `values[order]`."""
    out = np.empty_like(values)
    out[order] = values
    return out


@kernel(steps=lambda parent, state, index, order, size: 7 * len(parent))
def _lay_out(parent: Int32, state: Int64, index: Int32, order: Int32, size: Int32) -> bool:
    """Fill `order` and `size`; False if `parent` holds a cycle. `state` holds ones before."""
    n = len(parent)
    if _peel_leaves(parent, state, order) < n:
        return False
    _compute_offsets(parent, state, index)
    for k in range(n - 1, -1, -1):
        v = int(order[k])
        if parent[v] >= 0:
            index[v] += index[parent[v]]
    for v in range(n):
        order[index[v]] = v
        size[index[v]] = int(state[v]) & 0xFFFFFFFF
    return True


@subroutine
def _peel_leaves(parent: Int32, state: Int64, queue: Int32) -> int:
    """Queue each node once all its children have been taken out. Returns how many were queued;
    fewer than n on a cycle.

    The lower half of `state` (1 before) becomes the size of the subtree; the upper half counts
    children to come. One queue keeps many memory loads in flight; a climb from each leaf would wait
    for them one by one.
    """
    one, n, end = 1 << 32, len(parent), 0
    for v in range(n):
        if parent[v] >= 0:
            state[parent[v]] += one
    for v in range(n):
        if state[v] < one:
            queue[end] = v
            end += 1
    k = 0
    while k < end:
        v = int(queue[k])
        k += 1
        p = int(parent[v])
        if p >= 0:
            remaining = int(state[p]) + int(state[v]) - one
            state[p] = remaining
            if remaining < one:
                queue[end] = p
                end += 1
    return end


@subroutine
def _compute_offsets(parent: Int32, state: Int64, index: Int32) -> None:
    """index[v] of a root is final; of another node it counts from its parent: 1 + the sizes of its
    elder siblings.
    """
    first = 0
    for v in range(len(parent)):
        p = int(parent[v])
        size = int(state[v]) & 0xFFFFFFFF
        if p < 0:
            index[v] = first
            first += size
        else:
            used = int(state[p])
            index[v] = 1 + (used >> 32)
            state[p] = used + (size << 32)


@kernel(steps=lambda size, parent, depth: 2 * len(size))
def _fill_parents_and_depths(size: Int32, parent: Int32, depth: Int32) -> None:
    """Parent and depth in preorder from the sizes alone: the parent is the last subtree that is
    still open.
    """
    p, level = -1, 0
    for k in range(len(size)):
        while p >= 0 and p + int(size[p]) <= k:
            p = int(parent[p])
            level -= 1
        parent[k] = p
        depth[k] = level
        p = k
        level += 1

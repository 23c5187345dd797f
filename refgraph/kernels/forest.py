"""Forests as arrays: renumber once so that every subtree is one block, then answer each question in one pass.

A forest comes as `parent`: node v was referred by parent[v], -1 for a root. In that form a question about a subtree
jumps all over memory. So `layout` visits the trees once in *preorder* (a node, then each child with all that lies
below it) and calls the k-th node visited "place k":

        Anna                 place   0     1     2      3     4     5
       /    |                node    Anna  Bo    Cleo   Dan   Eve   Fay
     Bo     Dan              parent  -1    0     1      0     -1    4
     |                       size    4     2     1      1     2     1
    Cleo      Eve - Fay      depth   0     1     2      1     0     1

Two things are then true, and everything else in this file is made of them:

* the node at place k and all below it are the places k, k+1, ..., k + size[k] - 1: a slice;
* a parent stands before its children. A pass over the places upwards in number carries anything *down* the trees
  (depth, root, sums over ancestors); a pass from the last place to the first carries anything *up* (sizes, sums,
  heights, decayed reach). No recursion, no queue, no child lists; a chain of ten million costs what a star does.

Arrays by place are gathered with `x[order]` and put back by node with `scatter(y, order)`. Deterministic: children
stand in increasing node index, and so do roots; floats are added in one order, whatever the number of threads.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from refgraph.kernels.arrays import Int32, Int64, parents
from refgraph.kernels.compile import Arguments, kernel


@dataclass(frozen=True)
class Layout:
    """A forest in preorder; every array is int32[n] and indexed by place."""

    order: Int32
    """The node at each place."""
    parent: Int32
    """The place of the parent, smaller than the place itself; -1 for a root."""
    size: Int32
    """Nodes in the subtree, itself included."""
    depth: Int32
    """Number of ancestors."""


def layout(parent: Int32) -> Layout:
    """Renumber the forest `parent` (int32[n], by node, -1 = root) in preorder, in O(n).

    Raises ValueError when `parent` holds a loop, or an index outside -1 .. n-1.
    """
    parent = parents(parent)
    n = len(parent)
    state = np.ones(n, np.int64)
    place, order, size = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    if not _lay_out(parent, state, place, order, size):
        raise ValueError("parent holds a loop")
    above, depth = state.view(np.int32).reshape(2, n)  # the memory of `state` serves twice
    _unfold(size, above, depth)
    return Layout(order, above, size, depth)


def scatter(values: npt.NDArray[np.generic], order: Int32) -> npt.NDArray[np.generic]:
    """By-place `values` [n] put back by node: the inverse of `values[order]`, same dtype."""
    out = np.empty_like(values)
    out[order] = values
    return out


def _tiny(count: int) -> Arguments:
    return tuple(np.full(1, -1, np.int32) for _ in range(count))


@kernel(steps=lambda parent, state, queue: 3 * len(parent), warm=lambda: (_tiny(1)[0], np.ones(1, np.int64), _tiny(1)[0]))
def _peel(parent: Int32, state: Int64, queue: Int32) -> int:
    """Leaves first: a node joins the queue when all its children have been taken out. Returns how many joined.

    The lower half of `state` (all 1 at first) becomes the size of the subtree; the upper counts children to come.
    One queue keeps many loads under way at once; climbing from each leaf would wait for them one by one.
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
        above = int(parent[v])
        if above >= 0:
            left = int(state[above]) + int(state[v]) - one
            state[above] = left
            if left < one:
                queue[end] = above
                end += 1
    return end


@kernel(steps=lambda parent, state, place: len(parent), warm=lambda: (_tiny(1)[0], np.ones(1, np.int64), _tiny(1)[0]))
def _offsets(parent: Int32, state: Int64, place: Int32) -> None:
    """The place of every root, else the distance from the parent's place: 1 + sizes of the siblings before it."""
    first = 0
    for v in range(len(parent)):
        above = int(parent[v])
        size = int(state[v]) & 0xFFFFFFFF
        if above < 0:
            place[v] = first
            first += size
        else:
            used = int(state[above])
            place[v] = 1 + (used >> 32)
            state[above] = used + (size << 32)


@kernel(
    steps=lambda parent, state, place, order, size: 7 * len(parent),
    warm=lambda: (_tiny(1)[0], np.ones(1, np.int64), *_tiny(3)),
)
def _lay_out(parent: Int32, state: Int64, place: Int32, order: Int32, size: Int32) -> bool:
    """Fill `order` and `size` (by place); False if `parent` holds a loop."""
    n = len(parent)
    if _peel(parent, state, order) < n:
        return False
    _offsets(parent, state, place)
    for k in range(n - 1, -1, -1):
        v = int(order[k])
        if parent[v] >= 0:
            place[v] += place[parent[v]]
    for v in range(n):
        order[place[v]] = v
        size[place[v]] = int(state[v]) & 0xFFFFFFFF
    return True


@kernel(steps=lambda size, parent, depth: 2 * len(size), warm=lambda: _tiny(3))
def _unfold(size: Int32, parent: Int32, depth: Int32) -> None:
    """Parent and depth by place, from the sizes by place alone: the parent is the last block that is still open."""
    above, level = -1, 0
    for k in range(len(size)):
        while above >= 0 and above + int(size[above]) <= k:
            above = int(parent[above])
            level -= 1
        parent[k] = above
        depth[k] = level
        above = k
        level += 1

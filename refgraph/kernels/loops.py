"""Loops of referrals: strong components, and the arcs that are cut so that the rest has no loop.

An arc u -> v is cut exactly when v is the member of least rank on some loop through it: v reaches u through nodes of
rank >= rank[v] only. So nodes are thought of as added from the greatest rank to the least, and an arc is cut when its
ends fall into one strong component the moment its later end is added. All those moments are found together by halving
the time span, one strong-components call a level: O(m log n), however large the loops are.
"""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Bool, Int32, Int64
from refgraph.kernels.compile import Arguments, kernel


def components(n: int, source: Int32, target: Int32) -> Int32:
    """int32[n]: the smallest member of the strong component of each node (itself where there is no loop)."""
    label = np.arange(n, dtype=np.int32)
    core = core_arcs(n, source, target)
    if not core.any():
        return label
    nodes, ends = np.unique(np.concatenate([source[core], target[core]]), return_inverse=True)
    found = _strong(len(nodes), *np.split(ends, 2))
    first = np.full(int(found.max()) + 1, n, np.int64)
    np.minimum.at(first, found, nodes)
    label[nodes] = first[found]
    return label


def cuts(n: int, source: Int32, target: Int32, rank: Int64) -> Bool:
    """bool[m]: the arcs to cut. source, target int32[m]; rank int64[n], a permutation, 0 = joined first.

    Within each strong component of two or more the arcs from inside into the member of least rank are cut, again until
    no such component is left.
    """
    cut = np.zeros(len(source), bool)
    core = np.flatnonzero(core_arcs(n, source, target))
    if len(core):
        u, v = source[core].astype(np.int64), target[core].astype(np.int64)
        least = np.minimum(rank[u], rank[v])
        time = n - 1 - least
        cut[core] = (_joined(u, v, time, n) == time) & (rank[v] == least)
    return cut


def core_arcs(n: int, source: Int32, target: Int32) -> Bool:
    """bool[m]: arcs left when nodes without incoming or without outgoing arcs are taken off, again and again."""
    by_target, by_source = np.argsort(target, kind="stable"), np.argsort(source, kind="stable")
    into, out = _pointers(target, n), _pointers(source, n)
    alive = np.ones(n, bool)
    stack = np.empty(2 * n, np.int64)
    left = _peel(into, source[by_target], out, target[by_source], np.diff(into), np.diff(out), alive, stack)
    return alive[source] & alive[target] if left else np.zeros(len(source), bool)


def _pointers(ends: Int32, n: int) -> Int64:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(ends, minlength=n), dtype=np.int64)])


def _tiny() -> Arguments:
    ptr, one, ends = np.array([0, 1, 2], np.int64), np.ones(2, np.int64), np.array([1, 0], np.int32)
    return ptr, ends, ptr, ends, one, one.copy(), np.ones(2, bool), np.empty(4, np.int64)


@kernel(steps=lambda into, sources, out, targets, indegree, outdegree, alive, stack: len(alive) + len(sources), warm=_tiny)
def _peel(into: Int64, sources: Int32, out: Int64, targets: Int32, indegree: Int64, outdegree: Int64, alive: Bool,
          stack: Int64) -> int:
    """Nodes left; `alive` is false for those taken off."""
    top, left = 0, len(alive)
    for v in range(len(alive)):
        if indegree[v] == 0 or outdegree[v] == 0:
            alive[v] = False
            stack[top] = v
            top += 1
    while top > 0:
        top -= 1
        left -= 1
        v = stack[top]
        for k in range(out[v], out[v + 1]):
            w = targets[k]
            indegree[w] -= 1
            if alive[w] and indegree[w] == 0:
                alive[w] = False
                stack[top] = w
                top += 1
        for k in range(into[v], into[v + 1]):
            w = sources[k]
            outdegree[w] -= 1
            if alive[w] and outdegree[w] == 0:
                alive[w] = False
                stack[top] = w
                top += 1
    return left


def _strong(n: int, source: Int64, target: Int64) -> Int64:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    arcs = csr_array((np.ones(len(source), np.int8), (source, target)), shape=(n, n))
    return np.asarray(connected_components(arcs, connection="strong")[1], np.int64)


def _joined(u: Int64, v: Int64, time: Int64, never: int) -> Int64:
    """int64[m]: the first moment at which the ends of each arc are in one strong component; `never` if they never are.

    Every arc keeps a span of moments that holds its answer. At each level the spans are halved: arcs whose ends the
    earlier arcs of the span already join go to the left half, the others to the right with those components contracted.
    """
    low, high = np.zeros(len(u), np.int64), np.full(len(u), never, np.int64)
    a, b = u.copy(), v.copy()
    span = np.zeros(len(u), np.int64)
    while (low < high).any():
        middle = (low + high) // 2
        width = max(int(a.max()), int(b.max())) + 1
        keys = np.unique(np.concatenate([span * width + a, span * width + b]), return_inverse=True)[1]
        left, right = np.split(keys, 2)
        early = (time <= middle) & (low < high)
        label = _strong(int(keys.max()) + 1, left[early], right[early])
        same = (label[left] == label[right]) & (low < high)
        open_ = low < high
        a, b = np.where(same | ~open_, a, label[left]), np.where(same | ~open_, b, label[right])
        high = np.where(same, middle, high)
        low = np.where(open_ & ~same, middle + 1, low)
        span = np.unique(2 * span + same, return_inverse=True)[1]
    return low

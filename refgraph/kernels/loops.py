"""Loops of referrals: which parties form them, and the arcs that are cut so that the rest has no loop.

An arc u -> v is cut exactly when v is the member of least rank on some loop through it: v reaches u through nodes of
rank >= rank[v] only. So nodes are thought of as added from the greatest rank to the least, and an arc is cut when its
ends fall into one strong component the moment its target is added, if that is the later of the two. All those moments
are found together by halving the time span, one strong-components call a level: O(m log n), however large the loops are.
"""

from __future__ import annotations

import numpy as np

from refgraph.kernels import climb
from refgraph.kernels.acyclic import behind_loops
from refgraph.kernels.arrays import Bool, Int32, Int64
from refgraph.kernels.strong import strong_components


def components(n: int, source: Int32, target: Int32) -> Int32:
    """int32[n]: the smallest member of the strong component of each node (itself where there is no loop)."""
    label = np.arange(n, dtype=np.int32)
    arcs = core(n, source, target)
    if len(arcs):
        nodes = _nodes(n, source[arcs], target[arcs])
        found = strong_components(len(nodes), _numbered(nodes, source[arcs]), _numbered(nodes, target[arcs]))
        label[nodes] = nodes[found]
    return label


def cuts(n: int, source: Int32, target: Int32, rank: Int64) -> Bool:
    """bool[m]: the arcs to cut. source, target int32[m], no arc from a node to itself; rank int64[n], all different.

    Within each strong component of two or more the arcs from inside into the member of least rank are cut, again until
    no such component is left.
    """
    cut = np.zeros(len(source), np.bool_)
    arcs = core(n, source, target)
    if len(arcs):
        nodes = _nodes(n, source[arcs], target[arcs])
        moment = np.empty(n, np.int32)
        moment[nodes[np.argsort(-rank[nodes])]] = np.arange(len(nodes), dtype=np.int32)
        u, v = moment[source[arcs]], moment[target[arcs]]
        cut[arcs] = _joined(u, v, len(nodes)) == v  # never before max(u, v)
    return cut


def core(n: int, source: Int32, target: Int32) -> Int64:
    """The arcs on a way from a loop to a loop; none, in one pass, where there is no loop."""
    if _is_forest(n, source, target):
        return np.empty(0, np.int64)
    left = behind_loops(n, source, target)
    if not left.any():
        return np.empty(0, np.int64)
    arcs = np.flatnonzero(left[source])
    back = behind_loops(n, target[arcs], source[arcs])
    return arcs[back[target[arcs]]]


def _is_forest(n: int, source: Int32, target: Int32) -> bool:
    """Whether nobody has two referrers and no way up is a loop; only told of arcs in order of their targets, False else."""
    if not (target[1:] > target[:-1]).all():
        return False
    parent = np.full(n, -1, np.int32)
    parent[target] = source
    return climb.ends(parent)


def _nodes(n: int, source: Int32, target: Int32) -> Int32:
    """The nodes of these arcs, in increasing order."""
    there = np.zeros(n, np.bool_)
    there[source] = there[target] = True
    return np.flatnonzero(there).astype(np.int32)


def _numbered(nodes: Int32, ends: Int32) -> Int32:
    return np.searchsorted(nodes, ends).astype(np.int32)


def _joined(u: Int32, v: Int32, never: int) -> Int64:
    """int64[m]: the first moment at which the ends of each arc are in one strong component; `never` if they never are.

    Node k is added at moment k. Every arc keeps a span of moments that holds its answer, and at each level the spans are
    halved: arcs whose ends are joined by the arcs there at the middle go to the earlier half, the others to the later
    one, where one node stands for each component. Two spans share one such node at most, and no way that leaves a span
    there comes back elsewhere, so spans do not disturb each other and one call serves all of a level.
    """
    low, high = np.zeros(len(u), np.int64), np.full(len(u), never, np.int64)
    time = np.maximum(u, v)
    arcs, a, b = np.arange(len(u)), u, v
    while len(arcs):
        middle = (low[arcs] + high[arcs]) // 2
        early = time[arcs] <= middle
        label = strong_components(never, a[early], b[early])
        same = label[a] == label[b]
        high[arcs[same]] = middle[same]
        low[arcs[~same]] = middle[~same] + 1
        a, b = np.where(same, a, label[a]), np.where(same, b, label[b])
        going = low[arcs] < high[arcs]
        arcs, a, b = arcs[going], a[going], b[going]
    return low

"""Referral cycles: the parties on them, and the arcs to cut so that none is left.

An arc u -> v is cut exactly when v is the member of smallest rank on some cycle through it: v
reaches u through nodes of rank >= rank[v] only. Think of nodes as added from the greatest rank to
the smallest: an arc is cut when its ends fall into one strong component at the very moment its
target is added, if that is the later of the two. All these moments are found together by bisecting
the time span, with one strong-components call per level: O(m log n), however large the cycles are.
"""

from __future__ import annotations

import numpy as np

from refgraph.kernels.acyclicity import is_acyclic
from refgraph.kernels.arrays import Bool, Int32, Int64
from refgraph.kernels.strong_components import label_strong_components
from refgraph.kernels.topological_order import mask_behind_cycles


def label_cyclic_components(n: int, source: Int32, target: Int32) -> Int32:
    """int32[n]: the smallest member of the strong component of each node; itself if it lies on no
    cycle.
    """
    label = np.arange(n, dtype=np.int32)
    arcs = find_cyclic_arcs(n, source, target)
    if len(arcs):
        nodes = _find_nodes(n, source[arcs], target[arcs])
        ends = _renumber(nodes, source[arcs]), _renumber(nodes, target[arcs])
        label[nodes] = nodes[label_strong_components(len(nodes), *ends)]
    return label


def find_cuts(n: int, source: Int32, target: Int32, rank: Int64) -> Bool:
    """bool[m]: the arcs to cut. source, target int32[m] without self-loops; rank int64[n], all
    different.

    Within each strong component of two or more nodes, the arcs from inside into the member of
    smallest rank are cut; this is repeated until no such component is left.
    """
    cut = np.zeros(len(source), np.bool_)
    arcs = find_cyclic_arcs(n, source, target)
    if len(arcs):
        nodes = _find_nodes(n, source[arcs], target[arcs])
        moment = np.empty(n, np.int32)
        moment[nodes[np.argsort(-rank[nodes])]] = np.arange(len(nodes), dtype=np.int32)
        u, v = moment[source[arcs]], moment[target[arcs]]
        cut[arcs] = _find_joining_moments(u, v, len(nodes)) == v  # never before max(u, v)
    return cut


def find_cyclic_arcs(n: int, source: Int32, target: Int32) -> Int64:
    """The arcs on a path from a cycle to a cycle; empty, after one pass, if there is no cycle."""
    if _is_sorted_forest(n, source, target):
        return np.empty(0, np.int64)
    behind = mask_behind_cycles(n, source, target)
    if not behind.any():
        return np.empty(0, np.int64)
    arcs = np.flatnonzero(behind[source])
    before = mask_behind_cycles(n, target[arcs], source[arcs])
    return arcs[before[target[arcs]]]


def _is_sorted_forest(n: int, source: Int32, target: Int32) -> bool:
    """Whether the arcs come in increasing order of different targets and hold no cycle."""
    if not (target[1:] > target[:-1]).all():
        return False
    parent = np.full(n, -1, np.int32)
    parent[target] = source
    return is_acyclic(parent)


def _find_nodes(n: int, source: Int32, target: Int32) -> Int32:
    """The ends of these arcs, each once, in increasing order."""
    is_end = np.zeros(n, np.bool_)
    is_end[source] = is_end[target] = True
    return np.flatnonzero(is_end).astype(np.int32)


def _renumber(nodes: Int32, ends: Int32) -> Int32:
    """The index of each end among `nodes`."""
    return np.searchsorted(nodes, ends).astype(np.int32)


def _find_joining_moments(u: Int32, v: Int32, never: int) -> Int64:
    """int64[m]: the first moment at which the ends of each arc lie in one strong component; `never`
    if they never do.

    Node k is added at moment k. Every arc has a span of moments that contains its answer, and each
    level halves the spans: arcs whose ends are joined by the arcs present at the middle go on in
    the earlier half, the others in the later one, where one node stands for each component. Two
    spans share at most one such node, and no path that leaves a span there returns elsewhere; so
    spans do not disturb one another and one call serves all spans of a level.
    """
    low, high = np.zeros(len(u), np.int64), np.full(len(u), never, np.int64)
    time = np.maximum(u, v)
    arcs, a, b = np.arange(len(u)), u, v
    while len(arcs):
        middle = (low[arcs] + high[arcs]) // 2
        early = time[arcs] <= middle
        label = label_strong_components(never, a[early], b[early])
        joined = label[a] == label[b]
        high[arcs[joined]] = middle[joined]
        low[arcs[~joined]] = middle[~joined] + 1
        a, b = np.where(joined, a, label[a]), np.where(joined, b, label[b])
        is_open = low[arcs] < high[arcs]
        arcs, a, b = arcs[is_open], a[is_open], b[is_open]
    return low

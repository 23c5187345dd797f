"""Reach: the distinct parties below each party of an acyclic graph in which some have several
referrers.
"""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Bool, Float64, Int32, Int64
from refgraph.kernels.compilation import kernel, subroutine
from refgraph.kernels.topological_order import sort_topologically

MAX_VISITS = 50_000_000


def compute_reach(
    in_ptr: Int64, out_ptr: Int64, out_dst: Int32, w: Float64, bound: int = MAX_VISITS
) -> tuple[Int64, Float64]:
    """M13: (count, sum of w) of the distinct nodes below each node, itself excluded: int64[n],
    float64[n].

    in_ptr, out_ptr int64[n+1], out_dst int32[m]: the arcs by referred and by referrer; w
    float64[n]. Paths from a node can meet only where two of its children lead to a node of several
    referrers. All other nodes take one upward pass; those take a search each, leaves first, as long
    as all searches together visit at most `bound` arcs. The node where that is exceeded, and all
    that depend on it, get -1 and nan. The order of every sum is given by the arrays. Raises
    ValueError on a cycle.
    """
    order = sort_topologically(in_ptr, out_ptr, out_dst)
    n = len(order)
    has_fork, needs_search, visits = mark_forks(order, in_ptr, out_ptr, out_dst)
    work = n + len(out_dst) + min(int(visits[needs_search].sum(dtype=np.float64)), bound)
    count, total = np.zeros(n, np.int64), np.zeros(n)
    stamp = np.full(n if needs_search.any() else 0, -1, np.int32)
    queue = np.empty(n, np.int32)
    graph = (order, out_ptr, out_dst, w)
    _measure(*graph, bound, has_fork, needs_search, stamp, queue, count, total, work)
    return count, total


def mark_forks(
    order: Int32, in_ptr: Int64, out_ptr: Int64, out_dst: Int32
) -> tuple[Bool, Bool, Int64]:
    """(has_fork bool[n], needs_search bool[n], visits int64[n]) of a graph in topological order.

    has_fork: a node of several referrers lies below; needs_search: it lies below at least two
    children, so paths may meet; visits: the most arcs that a search from the node visits.
    """
    n = len(order)
    has_fork, needs_search = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    visits = np.zeros(n, np.int64)
    _mark_forks(order, np.diff(in_ptr), out_ptr, out_dst, has_fork, needs_search, visits)
    return has_fork, needs_search, visits


@kernel(
    steps=lambda order, in_degree, out_ptr, out_dst, has_fork, needs_search, visits: (
        len(order) + len(out_dst)
    )
)
def _mark_forks(
    order: Int32,
    in_degree: Int64,
    out_ptr: Int64,
    out_dst: Int32,
    has_fork: Bool,
    needs_search: Bool,
    visits: Int64,
) -> None:
    """Fill the arrays of `mark_forks`, children before parents."""
    most = len(out_dst)
    for i in range(len(order) - 1, -1, -1):
        v = int(order[i])
        forks, total = 0, 0
        for k in range(out_ptr[v], out_ptr[v + 1]):
            c = int(out_dst[k])
            if has_fork[c] or in_degree[c] > 1:
                forks += 1
            total = min(total + 1 + int(visits[c]), most)
        has_fork[v] = forks > 0
        needs_search[v] = forks > 1
        visits[v] = total if forks > 0 else 0


@kernel(steps=lambda *arguments: arguments[-1])
def _measure(
    order: Int32,
    out_ptr: Int64,
    out_dst: Int32,
    w: Float64,
    bound: int,
    has_fork: Bool,
    needs_search: Bool,
    stamp: Int32,
    queue: Int32,
    count: Int64,
    total: Float64,
    work: int,
) -> None:
    """Fill `count` and `total`, children before parents. `work`, the most visits in all, only
    estimates the steps.
    """
    left = bound
    for i in range(len(order) - 1, -1, -1):
        v = int(order[i])
        if needs_search[v]:
            left = _search(v, out_ptr, out_dst, w, left, has_fork, stamp, queue, count, total)
            continue
        nodes, value = 0, 0.0
        for k in range(out_ptr[v], out_ptr[v + 1]):
            c = int(out_dst[k])
            value += w[c] + total[c]
            if nodes >= 0:
                nodes = nodes + 1 + int(count[c]) if count[c] >= 0 else -1
        count[v] = nodes
        total[v] = value


@subroutine
def _search(
    start: int,
    out_ptr: Int64,
    out_dst: Int32,
    w: Float64,
    left: int,
    has_fork: Bool,
    stamp: Int32,
    queue: Int32,
    count: Int64,
    total: Float64,
) -> int:
    """Fill in one node by a search that takes subtrees without forks as a whole; returns how many
    visits are left.
    """
    head, tail, nodes, value = 0, 1, 0, 0.0
    queue[0] = start
    while head < tail and left >= 0:
        v = int(queue[head])
        head += 1
        left -= int(out_ptr[v + 1]) - int(out_ptr[v])
        for k in range(out_ptr[v], out_ptr[v + 1]):
            c = int(out_dst[k])
            if stamp[c] == start:
                continue
            stamp[c] = start
            nodes += 1
            value += w[c]
            if has_fork[c]:
                queue[tail] = c
                tail += 1
            else:
                nodes += int(count[c])
                value += total[c]
    count[start] = nodes if left >= 0 else -1
    total[start] = value if left >= 0 else np.nan
    return left

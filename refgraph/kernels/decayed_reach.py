"""Decayed reach where some have several referrers: every party below counts once, at its shortest
distance (M39k).
"""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Bool, Float64, Int32, Int64, to_floats
from refgraph.kernels.compilation import kernel, subroutine
from refgraph.kernels.reach import MAX_VISITS, mark_forks
from refgraph.kernels.topological_order import sort_topologically


def compute_decayed_reach(
    in_ptr: Int64, out_ptr: Int64, out_dst: Int32, w: Float64, delta: float, bound: int = MAX_VISITS
) -> Float64:
    """float64[n]: sum of w_y delta^dist(v, y) over the distinct y below v, dist = fewest arcs; 0 <=
    delta <= 1.

    in_ptr, out_ptr int64[n+1], out_dst int32[m]: the arcs by referred and by referrer, acyclic; w
    float64[n]. Nodes below which no two paths meet take one upward pass; the others take a search
    each, all searches together visiting at most `bound` arcs: the node where that is exceeded, and
    all that depend on it, get nan. Raises ValueError on a cycle. A referred B and C, both referred
    D, all 1: 1/2 + 1/2 + 1/4 at delta 1/2. For forests see `passes.sum_decayed_up`.
    """
    order = sort_topologically(in_ptr, out_ptr, out_dst)
    n = len(order)
    has_fork, needs_search, visits = mark_forks(order, in_ptr, out_ptr, out_dst)
    work = n + len(out_dst) + min(int(visits[needs_search].sum(dtype=np.float64)), bound)
    longest = n if needs_search.any() else 1
    powers = np.cumprod(np.concatenate([np.ones(1), np.full(longest, float(delta))]))
    stamp, distance, queue = np.full(n, -1, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    total = np.zeros(n)
    graph = (order, out_ptr, out_dst, to_floats(w, n), powers)
    _measure(*graph, bound, has_fork, needs_search, stamp, distance, queue, total, work)
    return total


@kernel(steps=lambda *arguments: arguments[-1])
def _measure(
    order: Int32,
    out_ptr: Int64,
    out_dst: Int32,
    w: Float64,
    powers: Float64,
    bound: int,
    has_fork: Bool,
    needs_search: Bool,
    stamp: Int32,
    distance: Int32,
    queue: Int32,
    total: Float64,
    work: int,
) -> None:
    """Fill `total`, children before parents. `work`, the most visits in all, only estimates the
    steps.
    """
    left = bound
    for i in range(len(order) - 1, -1, -1):
        v = int(order[i])
        if needs_search[v]:
            left = _search(
                v, out_ptr, out_dst, w, powers, left, has_fork, stamp, distance, queue, total
            )
            continue
        value = 0.0
        for k in range(out_ptr[v], out_ptr[v + 1]):
            c = out_dst[k]
            value += w[c] + total[c]
        total[v] = value * powers[1]


@subroutine
def _search(
    start: int,
    out_ptr: Int64,
    out_dst: Int32,
    w: Float64,
    powers: Float64,
    left: int,
    has_fork: Bool,
    stamp: Int32,
    distance: Int32,
    queue: Int32,
    total: Float64,
) -> int:
    """Fill in one node, breadth first, with subtrees without forks as a whole; returns how many
    visits are left.
    """
    head, tail, value = 0, 1, 0.0
    queue[0] = start
    distance[start] = 0
    while head < tail and left >= 0:
        v = int(queue[head])
        head += 1
        left -= int(out_ptr[v + 1]) - int(out_ptr[v])
        one_further = int(distance[v]) + 1
        for k in range(out_ptr[v], out_ptr[v + 1]):
            c = int(out_dst[k])
            if stamp[c] == start:
                continue
            stamp[c] = start
            if has_fork[c]:
                value += powers[one_further] * w[c]
                distance[c] = one_further
                queue[tail] = c
                tail += 1
            else:
                value += powers[one_further] * (w[c] + total[c])
    total[start] = value if left >= 0 else np.nan
    return left

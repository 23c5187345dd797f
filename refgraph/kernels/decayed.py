"""Decayed reach where some have several referrers: every party below counts once, at its shortest distance (M39k)."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.acyclic import topological
from refgraph.kernels.arrays import Bool, Float64, Int32, Int64, floats
from refgraph.kernels.compile import Arguments, kernel
from refgraph.kernels.reach import BOUND, mark


def decayed(in_ptr: Int64, out_ptr: Int64, out_dst: Int32, w: Float64, delta: float, bound: int = BOUND) -> Float64:
    """float64[n]: x_v = sum of w_y delta^dist(v, y) over the distinct y below v, dist = fewest arcs; 0 <= delta <= 1.

    in_ptr, out_ptr int64[n+1], out_dst int32[m]: the arcs by referred and by referrer, without loops; w float64[n]. Where
    no two ways meet below a node, one upward pass answers; the others take a search each, all searches together visiting
    at most ``bound`` arcs: the node where that is passed, and all that depend on it, get nan. Raises ValueError on a loop.
    A brought B and C, both brought D, 1 each: 1/2 + 1/2 + 1/4 at delta 1/2. For forests see ``passes.decayed``.
    """
    order = topological(in_ptr, out_ptr, out_dst)
    n = len(order)
    fork, search, ways = mark(order, in_ptr, out_ptr, out_dst)
    work = n + len(out_dst) + min(int(ways[search].sum(dtype=np.float64)), bound)
    stamp, away = np.full(n, -1, np.int32), np.empty(n, np.int32)
    powers = np.cumprod(np.concatenate([np.ones(1), np.full(n if search.any() else 1, float(delta))]))
    total = np.zeros(n)
    _measure(order, out_ptr, out_dst, floats(w, n), powers, bound, fork, search, stamp, away, np.empty(n, np.int32), total, work)
    return total


def _tiny() -> Arguments:
    return np.array([0, 1, 1], np.int64), np.array([1], np.int32), np.ones(2), np.ones(3)


def _tiny_measure() -> Arguments:
    flags, numbers = np.zeros(2, np.bool_), [np.zeros(2, np.int32) for _ in range(3)]
    return np.arange(2, dtype=np.int32), *_tiny(), 1, flags, flags, *numbers, np.zeros(2), 1


@kernel(steps=lambda *given: given[-1], warm=_tiny_measure)
def _measure(order: Int32, out_ptr: Int64, out_dst: Int32, w: Float64, powers: Float64, left: int, fork: Bool, search: Bool,
             stamp: Int32, away: Int32, queue: Int32, total: Float64, work: int) -> None:
    """`work` is what the pass and all searches can visit together; it only decides whether to compile."""
    for i in range(len(order) - 1, -1, -1):
        v = int(order[i])
        if search[v]:
            left = _search(v, out_ptr, out_dst, w, powers, left, fork, stamp, away, queue, total)
            continue
        found = 0.0
        for k in range(out_ptr[v], out_ptr[v + 1]):
            c = out_dst[k]
            found += w[c] + total[c]
        total[v] = found * powers[1]


def _tiny_search() -> Arguments:
    numbers = [np.zeros(2, np.int32) for _ in range(3)]
    return 0, *_tiny(), 1, np.zeros(2, np.bool_), *numbers, np.zeros(2)


@kernel(steps=lambda start, out_ptr, out_dst, *rest: len(out_dst), warm=_tiny_search)
def _search(start: int, out_ptr: Int64, out_dst: Int32, w: Float64, powers: Float64, left: int, fork: Bool, stamp: Int32,
            away: Int32, queue: Int32, total: Float64) -> int:
    """Breadth first; a subtree without forks is taken as a whole. Returns how many arcs may still be visited."""
    head, tail, found = 0, 1, 0.0
    queue[0] = start
    away[start] = 0
    while head < tail and left >= 0:
        v = int(queue[head])
        head += 1
        left -= int(out_ptr[v + 1]) - int(out_ptr[v])
        further = int(away[v]) + 1
        for k in range(out_ptr[v], out_ptr[v + 1]):
            c = int(out_dst[k])
            if stamp[c] == start:
                continue
            stamp[c] = start
            if fork[c]:
                found += powers[further] * w[c]
                away[c] = further
                queue[tail] = c
                tail += 1
            else:
                found += powers[further] * (w[c] + total[c])
    total[start] = found if left >= 0 else np.nan
    return left

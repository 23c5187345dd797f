"""Brandes (2001): from each source, how much of its shortest paths to all other nodes passes each
node.
"""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Float64, Int32, Int64
from refgraph.kernels.compilation import kernel, subroutine
from refgraph.kernels.threads import WorkerPool, split_range

LANES = 8
"""Parts in which the sources are added up, whatever the number of threads."""
MAX_FLOAT_PATHS = 1e300
"""Number of shortest paths from which Python's unlimited integers count them."""


def sum_dependencies(ptr: Int64, dst: Int32, sources: Int32, work: int) -> tuple[Float64, Float64]:
    """(sum, sum of squares) over `sources` of the dependency on each node, float64[n] each.

    ptr int64[n+1], dst int32[m]: the arcs, each once; sources int32[k]: indices of nodes; work:
    arcs and nodes to visit. delta_s(v) = sum over w, one step after v on shortest paths from s, of
    sigma(v)/sigma(w) (1 + delta_s(w)), with sigma the number of shortest paths from s; 0 for s
    itself.
    """
    n = len(ptr) - 1
    total, squares = np.zeros(n), np.zeros(n)
    lanes = [sources[first:end] for first, end in split_range(len(sources), LANES) if first < end]
    with WorkerPool(len(lanes)) as pool:
        for lane_total, lane_squares in pool.map(
            lambda lane: _sum_lane(ptr, dst, lane, work), lanes
        ):
            total += lane_total
            squares += lane_squares
    return total, squares


def _sum_lane(ptr: Int64, dst: Int32, sources: Int32, work: int) -> tuple[Float64, Float64]:
    """The sums of `sum_dependencies` over one part of the sources."""
    n, k = len(ptr) - 1, 0
    total, squares = np.zeros(n), np.zeros(n)
    slot, order = np.full(n, -1, np.int32), np.empty(n, np.int32)
    next_ptr, next_slot = np.empty(n + 1, np.int64), np.empty(len(dst), np.int32)
    paths, ratio = np.empty(n), np.empty(n)
    search = (slot, order, next_ptr, next_slot, paths)
    while k < len(sources):
        k = _add_from_sources(ptr, dst, sources, k, *search, ratio, total, squares, work)
        if k < len(sources):
            _add_exactly(ptr, dst, int(sources[k]), total, squares)
            k += 1
    return total, squares


def _add_exactly(ptr: Int64, dst: Int32, source: int, total: Float64, squares: Float64) -> None:
    """Add one source with more shortest paths than float64 holds: counted as integers, whose ratios
    are rounded once.
    """
    distance, paths, order = {source: 0}, {source: 1}, [source]
    for v in order:
        for c in dst[ptr[v] : ptr[v + 1]].tolist():
            if c not in distance:
                distance[c], paths[c] = distance[v] + 1, 0
                order.append(c)
            if distance[c] == distance[v] + 1:
                paths[c] += paths[v]
    dependency = dict.fromkeys(order, 0.0)
    for v in reversed(order[1:]):
        for c in dst[ptr[v] : ptr[v + 1]].tolist():
            if distance[c] == distance[v] + 1:
                dependency[v] += paths[v] / paths[c] * (1.0 + dependency[c])
        total[v] += dependency[v]
        squares[v] += dependency[v] * dependency[v]


@subroutine
def _search(
    ptr: Int64,
    dst: Int32,
    source: int,
    slot: Int32,
    order: Int32,
    next_ptr: Int64,
    next_slot: Int32,
    paths: Float64,
) -> int:
    """Breadth-first search; returns the number of nodes reached. `order` lists them; slot[v], -1
    before, is v's index there.

    The other arrays are indexed by slot: paths[i] = number of shortest paths, and
    next_slot[next_ptr[i] : next_ptr[i + 1]] = the slots one step further.
    """
    head, tail, level, size = 0, 1, 1, 0
    order[0] = source
    slot[source] = 0
    paths[0] = 1.0
    while head < tail:
        if head == level:
            level = tail
        v, paths_here = int(order[head]), paths[head]
        next_ptr[head] = size
        head += 1
        for k in range(ptr[v], ptr[v + 1]):
            c = int(dst[k])
            i = int(slot[c])
            if i < 0:
                slot[c] = tail
                order[tail] = c
                paths[tail] = paths_here
                next_slot[size] = tail
                size += 1
                tail += 1
            elif i >= level:
                paths[i] += paths_here
                next_slot[size] = i
                size += 1
    next_ptr[tail] = size
    return tail


@subroutine
def _collect(
    order: Int32,
    tail: int,
    next_ptr: Int64,
    next_slot: Int32,
    paths: Float64,
    ratio: Float64,
    total: Float64,
    squares: Float64,
) -> None:
    """Backwards through the slots: ratio[i] = (1 + dependency) / paths, which each predecessor
    multiplies by its paths.
    """
    for i in range(tail - 1, 0, -1):
        dependency = 0.0
        for k in range(next_ptr[i], next_ptr[i + 1]):
            dependency += ratio[next_slot[k]]
        dependency *= paths[i]
        ratio[i] = (1.0 + dependency) / paths[i]
        total[order[i]] += dependency
        squares[order[i]] += dependency * dependency


@kernel(steps=lambda *arguments: arguments[-1])
def _add_from_sources(
    ptr: Int64,
    dst: Int32,
    sources: Int32,
    k: int,
    slot: Int32,
    order: Int32,
    next_ptr: Int64,
    next_slot: Int32,
    paths: Float64,
    ratio: Float64,
    total: Float64,
    squares: Float64,
    work: int,
) -> int:
    """Add the sources from sources[k] on; returns the index of the first with more than
    MAX_FLOAT_PATHS, else their number.
    """
    while k < len(sources):
        tail = _search(ptr, dst, int(sources[k]), slot, order, next_ptr, next_slot, paths)
        most = 0.0
        for i in range(tail):
            most = max(most, paths[i])
            slot[order[i]] = -1
        if most >= MAX_FLOAT_PATHS:
            break
        _collect(order, tail, next_ptr, next_slot, paths, ratio, total, squares)
        k += 1
    return k

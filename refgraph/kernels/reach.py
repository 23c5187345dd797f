"""Reach: how many distinct parties lie below each, where some have several referrers, and whom a set of them reaches."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.acyclic import topological
from refgraph.kernels.arrays import Bool, Float64, Int32, Int64
from refgraph.kernels.compile import Arguments, kernel

BOUND = 50_000_000


def distinct(in_ptr: Int64, out_ptr: Int64, out_dst: Int32, w: Float64, bound: int = BOUND) -> tuple[Int64, Float64]:
    """M13: (number, sum of w) of the distinct nodes below each node, itself left out: int64[n], float64[n].

    in_ptr, out_ptr int64[n+1], out_dst int32[m]: the arcs by referred and by referrer; w float64[n].
    What lies below two children can only meet where both lead to a node of several referrers; all other nodes take one
    upward pass. Those where it can meet take a search each, from the leaves up, as long as all searches together visit
    at most ``bound`` arcs; the node where that is passed, and all that depend on it, get -1 and nan.
    Every sum is added in one order, given by the arrays. Raises ValueError on a loop.
    """
    order = topological(in_ptr, out_ptr, out_dst)
    n = len(order)
    fork, search, ways = mark(order, in_ptr, out_ptr, out_dst)
    work = n + len(out_dst) + min(int(ways[search].sum(dtype=np.float64)), bound)
    number, worth = np.zeros(n, np.int64), np.zeros(n)
    stamp, queue = np.full(n if search.any() else 0, -1, np.int32), np.empty(n, np.int32)
    _measure(order, out_ptr, out_dst, w, bound, work, fork, search, stamp, queue, number, worth)
    return number, worth


def mark(order: Int32, in_ptr: Int64, out_ptr: Int64, out_dst: Int32) -> tuple[Bool, Bool, Int64]:
    """By node, of a graph in topological order: fork bool[n], search bool[n], ways int64[n].

    fork: a node of several referrers lies below; search: below two children or more, so what is below them may meet; ways:
    the arcs that a search from it visits at most.
    """
    n = len(order)
    fork, search, ways = np.zeros(n, np.bool_), np.zeros(n, np.bool_), np.zeros(n, np.int64)
    _mark(order, np.diff(in_ptr), out_ptr, out_dst, fork, search, ways)
    return fork, search, ways


def of_set(out_ptr: Int64, out_dst: Int32, sources: Int32) -> Bool:
    """bool[n]: the nodes reached from any of `sources` (int32, by index), these included; loops do no harm."""
    n = len(out_ptr) - 1
    reached, queue = np.zeros(n, np.bool_), np.empty(n, np.int32)
    start = np.unique(sources).astype(np.int32)
    if len(start) and (start[0] < 0 or start[-1] >= n):
        raise ValueError("a source is outside 0 .. n-1")
    reached[start] = True
    queue[: len(start)] = start
    _spread(out_ptr, out_dst, reached, queue, len(start))
    return reached


def _tiny() -> tuple[Int64, Int32]:
    return np.array([0, 1, 1], np.int64), np.array([1], np.int32)


def _tiny_mark() -> Arguments:
    flags = np.zeros(2, np.bool_)
    return np.arange(2, dtype=np.int32), np.arange(2), *_tiny(), flags, flags, np.zeros(2, np.int64)


@kernel(steps=lambda order, indegree, out_ptr, out_dst, fork, search, ways: len(order) + len(out_dst), warm=_tiny_mark)
def _mark(order: Int32, indegree: Int64, out_ptr: Int64, out_dst: Int32, fork: Bool, search: Bool, ways: Int64) -> None:
    """fork: a node of several referrers lies below; search: below two children or more; ways: arcs to visit at most."""
    most = len(out_dst)
    for i in range(len(order) - 1, -1, -1):
        v = int(order[i])
        shared, total = 0, 0
        for k in range(out_ptr[v], out_ptr[v + 1]):
            c = int(out_dst[k])
            if fork[c] or indegree[c] > 1:
                shared += 1
            total = min(total + 1 + int(ways[c]), most)
        fork[v] = shared > 0
        search[v] = shared > 1
        ways[v] = total if shared > 0 else 0


def _tiny_measure() -> Arguments:
    flags, numbers = np.zeros(2, np.bool_), np.zeros(2, np.int32)
    return (np.arange(2, dtype=np.int32), *_tiny(), np.ones(2), 1, 1, flags, flags, numbers, numbers,
            np.zeros(2, np.int64), np.zeros(2))  # fmt: skip


@kernel(steps=lambda order, out_ptr, out_dst, w, bound, work, *rest: work, warm=_tiny_measure)
def _measure(order: Int32, out_ptr: Int64, out_dst: Int32, w: Float64, bound: int, work: int, fork: Bool, search: Bool,
             stamp: Int32, queue: Int32, number: Int64, worth: Float64) -> None:
    """`work` is the greatest number of arcs that the pass and all searches can visit together."""
    left = bound
    for i in range(len(order) - 1, -1, -1):
        v = int(order[i])
        if search[v]:
            left = _search(v, out_ptr, out_dst, w, left, fork, stamp, queue, number, worth)
            continue
        count, total = 0, 0.0
        for k in range(out_ptr[v], out_ptr[v + 1]):
            c = int(out_dst[k])
            total += w[c] + worth[c]
            if count >= 0:
                count = count + 1 + int(number[c]) if number[c] >= 0 else -1
        number[v] = count
        worth[v] = total


def _tiny_search() -> Arguments:
    numbers = np.zeros(2, np.int32)
    return 0, *_tiny(), np.ones(2), 1, np.zeros(2, np.bool_), numbers, numbers, np.zeros(2, np.int64), np.zeros(2)


@kernel(steps=lambda start, out_ptr, out_dst, *rest: len(out_dst), warm=_tiny_search)
def _search(start: int, out_ptr: Int64, out_dst: Int32, w: Float64, left: int, fork: Bool, stamp: Int32, queue: Int32,
            number: Int64, worth: Float64) -> int:
    """Fill in one node; a subtree without forks is taken as a whole. Returns how many arcs may still be visited."""
    head, tail, count, total = 0, 1, 0, 0.0
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
            count += 1
            total += w[c]
            if fork[c]:
                queue[tail] = c
                tail += 1
            else:
                count += int(number[c])
                total += worth[c]
    number[start] = count if left >= 0 else -1
    worth[start] = total if left >= 0 else np.nan
    return left


def _tiny_spread() -> Arguments:
    return (*_tiny(), np.array([True, False]), np.zeros(2, np.int32), 1)


@kernel(steps=lambda out_ptr, out_dst, reached, queue, tail: len(reached) + len(out_dst), warm=_tiny_spread)
def _spread(out_ptr: Int64, out_dst: Int32, reached: Bool, queue: Int32, tail: int) -> None:
    head = 0
    while head < tail:
        v = int(queue[head])
        head += 1
        for k in range(out_ptr[v], out_ptr[v + 1]):
            c = int(out_dst[k])
            if not reached[c]:
                reached[c] = True
                queue[tail] = c
                tail += 1

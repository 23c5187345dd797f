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
    Nodes without a node of several referrers below take one upward pass; the others a search each, exact while all
    searches together visit at most ``bound`` arcs. The node at which that is passed, and those of greater index that
    need a search, get -1 and nan. Sums are added in the order of the search. Raises ValueError on a loop.
    """
    order = topological(in_ptr, out_ptr, out_dst)
    n = len(order)
    number, worth, fork = np.zeros(n, np.int64), np.zeros(n), np.zeros(n, np.bool_)
    _add_up(order, np.diff(in_ptr), out_ptr, out_dst, w, fork, number, worth)
    if fork.any():
        nodes = np.flatnonzero(fork)
        work = min(int(number[nodes].sum(dtype=np.float64)), bound)
        stamp, queue = np.full(n, -1, np.int64), np.empty(n, np.int32)
        _search(nodes, out_ptr, out_dst, w, bound, work, stamp, queue, number, worth)
    return number, worth


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


def _tiny_pass() -> Arguments:
    return (np.arange(2, dtype=np.int32), np.arange(2), *_tiny(), np.ones(2), np.zeros(2, np.bool_),
            np.zeros(2, np.int64), np.zeros(2))  # fmt: skip


@kernel(steps=lambda order, indegree, out_ptr, out_dst, w, fork, number, worth: len(order) + len(out_dst), warm=_tiny_pass)
def _add_up(order: Int32, indegree: Int64, out_ptr: Int64, out_dst: Int32, w: Float64, fork: Bool, number: Int64,
            worth: Float64) -> None:
    """Exact without a fork below; with one `number` is the most arcs a search can visit, and `worth` is left for it."""
    most = len(out_dst)
    for i in range(len(order) - 1, -1, -1):
        v = int(order[i])
        ways, total = 0, 0.0
        for k in range(out_ptr[v], out_ptr[v + 1]):
            c = int(out_dst[k])
            if fork[c] or indegree[c] > 1:
                fork[v] = True
            ways = min(ways + 1 + int(number[c]), most)
            total += w[c] + worth[c]
        number[v] = ways
        worth[v] = 0.0 if fork[v] else total


def _tiny_search() -> Arguments:
    return (np.zeros(1, np.int64), *_tiny(), np.ones(2), 1, 1, np.full(2, -1, np.int64), np.zeros(2, np.int32),
            np.zeros(2, np.int64), np.zeros(2))  # fmt: skip


@kernel(steps=lambda nodes, out_ptr, out_dst, w, bound, work, stamp, queue, number, worth: work, warm=_tiny_search)
def _search(nodes: Int64, out_ptr: Int64, out_dst: Int32, w: Float64, bound: int, work: int, stamp: Int64, queue: Int32,
            number: Int64, worth: Float64) -> None:
    """`work` is the greatest number of arcs that all searches can visit together."""
    visits = 0
    for i in range(len(nodes)):
        start = int(nodes[i])
        head, tail, total = 0, 1, 0.0
        queue[0] = start
        stamp[start] = start
        while head < tail and visits <= bound:
            v = int(queue[head])
            head += 1
            for k in range(out_ptr[v], out_ptr[v + 1]):
                visits += 1
                c = int(out_dst[k])
                if stamp[c] != start:
                    stamp[c] = start
                    queue[tail] = c
                    tail += 1
                    total += w[c]
        number[start] = tail - 1 if visits <= bound else -1
        worth[start] = total if visits <= bound else np.nan


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

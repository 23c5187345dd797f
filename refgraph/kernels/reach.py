"""Reach: how many distinct parties lie below each, where some have several referrers."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.acyclic import topological
from refgraph.kernels.arrays import Float64, Int32, Int64
from refgraph.kernels.compile import kernel

BOUND = 50_000_000


def distinct(in_ptr: Int64, out_ptr: Int64, out_dst: Int32, w: Float64, bound: int = BOUND) -> tuple[Int64, Float64]:
    """(number, sum of w) of the distinct nodes below each node, itself left out: int64[n], float64[n].

    Nodes without a node of several referrers below take one upward pass; the others a search each, exact while all searches
    together visit at most ``bound`` arcs; beyond it -1 and nan, from the node on at which the bound is met, in order of index.
    Raises ValueError on a loop.
    """
    order = topological(in_ptr, out_ptr, out_dst)
    n = len(order)
    number, worth = np.zeros(n, np.int64), np.zeros(n)
    fork = np.zeros(n, np.bool_)
    _add_up(order, np.diff(in_ptr), out_ptr, out_dst, w, fork, number, worth)
    if fork.any():
        stamp, queue = np.full(n, -1, np.int64), np.empty(n, np.int64)
        _search(np.flatnonzero(fork), out_ptr, out_dst, w, bound, stamp, queue, number, worth)
    return number, worth


@kernel(steps=lambda order, indegree, out_ptr, out_dst, w, fork, number, worth: len(order) + len(out_dst))
def _add_up(order: Int32, indegree: Int64, out_ptr: Int64, out_dst: Int32, w: Float64, fork: np.ndarray, number: Int64,
            worth: Float64) -> None:
    for i in range(len(order) - 1, -1, -1):
        v = order[i]
        for k in range(out_ptr[v], out_ptr[v + 1]):
            c = out_dst[k]
            if fork[c] or indegree[c] > 1:
                fork[v] = True
            number[v] += 1 + number[c]
            worth[v] += w[c] + worth[c]


@kernel(steps=lambda nodes, out_ptr, out_dst, w, bound, stamp, queue, number, worth: len(nodes) * 20 + len(out_dst))
def _search(nodes: Int64, out_ptr: Int64, out_dst: Int32, w: Float64, bound: int, stamp: Int64, queue: Int64,
            number: Int64, worth: Float64) -> None:
    visits = 0
    for i in range(len(nodes)):
        start = nodes[i]
        head, tail, total = 0, 1, 0.0
        queue[0] = start
        stamp[start] = start
        while head < tail and visits <= bound:
            v = queue[head]
            head += 1
            for k in range(out_ptr[v], out_ptr[v + 1]):
                visits += 1
                c = out_dst[k]
                if stamp[c] != start:
                    stamp[c] = start
                    queue[tail] = c
                    tail += 1
                    total += w[c]
        number[start] = tail - 1 if visits <= bound else -1
        worth[start] = total if visits <= bound else np.nan

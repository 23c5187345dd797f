"""Topological order of an acyclic graph, and the nodes that a cycle keeps out of it (Kahn 1962)."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.adjacency import build_csr
from refgraph.kernels.arrays import Bool, Int32, Int64
from refgraph.kernels.compilation import kernel


def sort_topologically(in_ptr: Int64, out_ptr: Int64, out_dst: Int32) -> Int32:
    """int32[n]: every node after all its referrers, roots in increasing index first.

    in_ptr, out_ptr int64[n+1], out_dst int32[m]: the arcs by referred and by referrer. Raises
    ValueError on a cycle.
    """
    order = np.empty(len(in_ptr) - 1, np.int32)
    if _fill_order(np.diff(in_ptr), out_ptr, out_dst, order) < len(order):
        raise ValueError("the graph holds a cycle")
    return order


def compute_longest_chains(in_ptr: Int64, out_ptr: Int64, out_dst: Int32) -> Int32:
    """int32[n]: arcs on the longest chain below each node; 0 for a leaf. Raises ValueError on a
    cycle.
    """
    order = sort_topologically(in_ptr, out_ptr, out_dst)
    longest = np.zeros(len(order), np.int32)
    _fill_longest(order, out_ptr, out_dst, longest)
    return longest


def mask_behind_cycles(n: int, source: Int32, target: Int32) -> Bool:
    """bool[n]: the nodes on a cycle or reachable from one. source, target int32[m]."""
    ptr, dst = build_csr(n, source, target)
    waiting = np.bincount(target, minlength=n).astype(np.int64, copy=False)
    _fill_order(waiting, ptr, dst, np.empty(n, np.int32))
    return waiting > 0


@kernel(steps=lambda waiting, out_ptr, out_dst, order: len(order) + len(out_dst))
def _fill_order(waiting: Int64, out_ptr: Int64, out_dst: Int32, order: Int32) -> int:
    """Fill `order` as far as possible and return how many nodes are in it.

    waiting[v]: referrers of v that are not in the order yet; it stays above 0 for nodes that never
    get in.
    """
    size = 0
    for v in range(len(order)):
        if waiting[v] == 0:
            order[size] = v
            size += 1
    head = 0
    while head < size:
        v = int(order[head])
        head += 1
        for k in range(out_ptr[v], out_ptr[v + 1]):
            c = int(out_dst[k])
            waiting[c] -= 1
            if waiting[c] == 0:
                order[size] = c
                size += 1
    return size


@kernel(steps=lambda order, out_ptr, out_dst, longest: len(order) + len(out_dst))
def _fill_longest(order: Int32, out_ptr: Int64, out_dst: Int32, longest: Int32) -> None:
    """Raise each node above those it points to, last in the order first."""
    for position in range(len(order) - 1, -1, -1):
        v = order[position]
        for k in range(out_ptr[v], out_ptr[v + 1]):
            below = longest[out_dst[k]]
            if longest[v] < below + 1:
                longest[v] = below + 1

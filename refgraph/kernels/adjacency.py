"""Arcs grouped by the node they leave (compressed sparse rows), and the counting sort behind it."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Int32, Int64, check_indices
from refgraph.kernels.compilation import kernel

COUNTING_SORT_ABOVE = 500_000
"""Rows from which a counting sort is faster than numpy's sort, compiler included."""


def build_csr(n: int, source: Int32, target: Int32) -> tuple[Int64, Int32]:
    """(ptr int64[n+1], dst int32[m]): the targets of v are dst[ptr[v]:ptr[v+1]], in the order of
    the arcs.

    source, target int32[m]: arcs between nodes 0 .. n-1. Swap the two to get the sources of each
    target. Raises ValueError for an arc outside 0 .. n-1.
    """
    source, target = check_arcs(n, source, target)
    ptr, dst = np.zeros(n + 1, np.int64), np.empty(len(source), np.int32)
    _counting_sort(source, target, ptr, dst)
    return ptr, dst


def group_arcs(n: int, key: Int32) -> tuple[Int64, Int32]:
    """(ptr int64[n+1], arcs int32[m]): arcs[ptr[v]:ptr[v+1]] are the arcs with key v, in increasing
    order.
    """
    ptr, arcs = np.zeros(n + 1, np.int64), np.empty(len(key), np.int32)
    _counting_sort(key, np.arange(len(key), dtype=np.int32), ptr, arcs)
    return ptr, arcs


def sort_by_pair(n: int, first: Int32, second: Int32) -> Int64 | None:
    """int64[m]: a stable order of the rows by (first, second), each 0 .. n-1; None if they are in
    order already.

    Many rows take two counting sorts; few are sorted by numpy, both numbers as one.
    """
    pair = first.astype(np.int64) << 32 | second
    if (pair[1:] >= pair[:-1]).all():
        return None
    if len(pair) < COUNTING_SORT_ABOVE:
        return np.argsort(pair, kind="stable")
    rows = group_arcs(n, second)[1]
    return rows[group_arcs(n, first[rows])[1]].astype(np.int64)


def sort_by_key(n: int, key: Int32) -> Int64:
    """int64[m]: a stable order of the rows by their key, 0 .. n-1. Chooses its method as
    `sort_by_pair` does.
    """
    if len(key) < COUNTING_SORT_ABOVE:
        return np.argsort(key, kind="stable")
    return group_arcs(n, key)[1].astype(np.int64)


def build_simple_csr(n: int, source: Int32, target: Int32) -> tuple[Int64, Int32]:
    """(ptr int64[n+1], dst int32[k]): as `build_csr` without repeated arcs and self-loops, targets
    in increasing order.

    The result does not depend on the order of the arcs. Raises ValueError for an arc outside 0 ..
    n-1.
    """
    source, target = check_arcs(n, source, target)
    ptr, origin = build_csr(n, target, source)
    ends = np.repeat(np.arange(n, dtype=np.int32), np.diff(ptr))
    ptr, dst = build_csr(n, origin, ends)
    _drop_repeats(ptr, dst)
    return ptr, dst[: ptr[n]]


def build_undirected_csr(n: int, source: Int32, target: Int32) -> tuple[Int64, Int32]:
    """(ptr, dst) of the undirected simple graph: the neighbors in either direction, as in
    `build_simple_csr`.
    """
    source, target = check_arcs(n, source, target)
    return build_simple_csr(n, np.concatenate([source, target]), np.concatenate([target, source]))


def check_arcs(n: int, source: Int32, target: Int32) -> tuple[Int32, Int32]:
    """Both ends of the arcs, contiguous int32[m]. Raises ValueError for an arc outside 0 .. n-1."""
    source, target = check_indices(source, "source"), check_indices(target, "target")
    if len(source) != len(target):
        raise ValueError(f"there are {len(source)} sources and {len(target)} targets")
    for end in (source, target):
        if len(end) and (end.min() < 0 or end.max() >= n):
            raise ValueError("an arc leaves 0 .. n-1")
    return source, target


@kernel(steps=lambda source, target, ptr, dst: 2 * len(source) + len(ptr))
def _counting_sort(source: Int32, target: Int32, ptr: Int64, dst: Int32) -> None:
    """Fill `ptr` (zeros before) and `dst`. While targets are placed, ptr[v] is the next free slot
    of v.
    """
    for k in range(len(source)):
        ptr[source[k]] += 1
    total = 0
    for v in range(len(ptr)):
        count = int(ptr[v])
        ptr[v] = total
        total += count
    for k in range(len(source)):
        v = int(source[k])
        dst[ptr[v]] = target[k]
        ptr[v] += 1
    for v in range(len(ptr) - 1, 0, -1):
        ptr[v] = ptr[v - 1]
    ptr[0] = 0


@kernel(steps=lambda ptr, dst: len(ptr) + len(dst))
def _drop_repeats(ptr: Int64, dst: Int32) -> None:
    """Remove self-loops and repeated targets from sorted lists, in place; ptr[n] becomes the number
    left.
    """
    size, first = 0, 0
    for v in range(len(ptr) - 1):
        last = -1
        end = int(ptr[v + 1])
        for k in range(first, end):
            c = int(dst[k])
            if c != v and c != last:
                dst[size] = c
                size += 1
                last = c
        first = end
        ptr[v + 1] = size

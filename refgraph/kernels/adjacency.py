"""Arcs grouped by the node they leave: one counting sort, in the order in which the arcs are given; or sorted, each once."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Int32, Int64, indices
from refgraph.kernels.compile import Arguments, kernel

COUNTING_ABOVE = 500_000
"""Rows from which a counting sort is worth its kernel."""


def compressed(n: int, source: Int32, target: Int32) -> tuple[Int64, Int32]:
    """(ptr int64[n+1], dst int32[m]): the targets of v are dst[ptr[v]:ptr[v+1]], in the order of the arcs.

    source, target int32[m]: arcs between nodes 0 .. n-1. For the sources of each target, pass the two the other way round.
    Raises ValueError when an arc leaves 0 .. n-1.
    """
    source, target = checked(n, source, target)
    ptr, dst = np.zeros(n + 1, np.int64), np.empty(len(source), np.int32)
    _group(source, target, ptr, dst)
    return ptr, dst


def grouped(n: int, key: Int32) -> tuple[Int64, Int32]:
    """(ptr int64[n+1], arcs int32[m]): the arcs with key v are arcs[ptr[v]:ptr[v+1]], in increasing order."""
    ptr, arcs = np.zeros(n + 1, np.int64), np.empty(len(key), np.int32)
    _group(key, np.arange(len(key), dtype=np.int32), ptr, arcs)
    return ptr, arcs


def by_pair(n: int, first: Int32, second: Int32) -> Int64 | None:
    """int64[m]: the rows in order of two numbers, each 0 .. n-1; None where they are in order as they stand. Stable.

    Two counting sorts; where they would wait for a compiler, numpy sorts both numbers as one.
    """
    pair = first.astype(np.int64) << 32 | second
    if (pair[1:] >= pair[:-1]).all():
        return None
    if len(pair) < COUNTING_ABOVE:
        return np.argsort(pair, kind="stable")
    rows = grouped(n, second)[1]
    return rows[grouped(n, first[rows])[1]].astype(np.int64)


def in_order(n: int, key: Int32) -> Int64:
    """int64[m]: the rows in order of the key, 0 .. n-1; stable. Chooses as `by_pair` does."""
    return grouped(n, key)[1].astype(np.int64) if len(key) >= COUNTING_ABOVE else np.argsort(key, kind="stable")


def simple(n: int, source: Int32, target: Int32) -> tuple[Int64, Int32]:
    """(ptr int64[n+1], dst int32[k]): as `compressed`, but each arc once, none to itself, targets in increasing order.

    So the answer does not depend on the order of the arcs. Raises ValueError when an arc leaves 0 .. n-1.
    """
    source, target = checked(n, source, target)
    ptr, origin = compressed(n, target, source)
    ends = np.repeat(np.arange(n, dtype=np.int32), np.diff(ptr))
    ptr, dst = compressed(n, origin, ends)
    _squeeze(ptr, dst)
    return ptr, dst[: ptr[n]]


def undirected(n: int, source: Int32, target: Int32) -> tuple[Int64, Int32]:
    """(ptr, dst) of the undirected simple graph: the neighbours of each node in either direction, as in `simple`."""
    source, target = checked(n, source, target)
    return simple(n, np.concatenate([source, target]), np.concatenate([target, source]))


def checked(n: int, source: Int32, target: Int32) -> tuple[Int32, Int32]:
    """The ends of the arcs, contiguous int32[m]; raises ValueError when an arc leaves 0 .. n-1."""
    source, target = indices(source, "source"), indices(target, "target")
    if len(source) != len(target):
        raise ValueError(f"there are {len(source)} sources and {len(target)} targets")
    if len(source) and (min(source.min(), target.min()) < 0 or max(source.max(), target.max()) >= n):
        raise ValueError("an arc leaves 0 .. n-1")
    return source, target


def _tiny() -> Arguments:
    return np.zeros(1, np.int32), np.zeros(1, np.int32), np.zeros(2, np.int64), np.zeros(1, np.int32)


@kernel(steps=lambda source, target, ptr, dst: 2 * len(source) + len(ptr), warm=_tiny)
def _group(source: Int32, target: Int32, ptr: Int64, dst: Int32) -> None:
    """Count, add up, deal out, and shift: `ptr` holds the ends of the lists when all are dealt out."""
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


@kernel(steps=lambda ptr, dst: len(ptr) + len(dst), warm=lambda: (np.array([0, 1], np.int64), np.zeros(1, np.int32)))
def _squeeze(ptr: Int64, dst: Int32) -> None:
    """Close the gaps that arcs to the node itself and arcs given before leave, in lists that are in order."""
    kept, first = 0, 0
    for v in range(len(ptr) - 1):
        last = -1
        end = int(ptr[v + 1])
        for k in range(first, end):
            c = int(dst[k])
            if c != v and c != last:
                dst[kept] = c
                kept += 1
                last = c
        first = end
        ptr[v + 1] = kept

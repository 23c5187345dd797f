"""Arcs grouped by the node they leave: one counting sort, in the order in which the arcs are given."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Int32, Int64
from refgraph.kernels.compile import Arguments, kernel


def compressed(n: int, source: Int32, target: Int32) -> tuple[Int64, Int32]:
    """(ptr int64[n+1], dst int32[m]): the targets of v are dst[ptr[v]:ptr[v+1]], in the order of the arcs.

    source, target int32[m]: arcs between nodes 0 .. n-1. For the sources of each target, pass the two the other way round.
    Raises ValueError when an arc leaves 0 .. n-1.
    """
    if len(source) and (min(source.min(), target.min()) < 0 or max(source.max(), target.max()) >= n):
        raise ValueError("an arc leaves 0 .. n-1")
    ptr, dst = np.zeros(n + 1, np.int64), np.empty(len(source), np.int32)
    _group(source, target, ptr, dst)
    return ptr, dst


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

"""Descendants of each node, counted by distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.kernels.arrays import Bool, Float64, Int32, Int64, to_floats
from refgraph.kernels.compilation import kernel, subroutine

MAX_VISITS = 50_000_000


@dataclass(frozen=True, eq=False)
class GenerationCounts:
    """Rows by node and distance: those of node k are ptr[k] .. ptr[k+1]-1, distance 1 first.

    ptr int64[n+1]. count int64[r]: nodes at that distance. marked int64[r]: those in the mask.
    total float64[r]: sum of their w. is_deeper bool[n]: whether further nodes lie below the last
    row of the node. A node beyond the bound of the work has no rows, and is_beyond bool[n] is set.
    """

    ptr: Int64
    count: Int64
    marked: Int64
    total: Float64
    is_deeper: Bool
    is_beyond: Bool


def count_generations(
    out_ptr: Int64,
    out_dst: Int32,
    height: Int32,
    w: Float64,
    mask: Bool,
    levels: int,
    bound: int = MAX_VISITS,
) -> GenerationCounts:
    """Descendants of each node by distance (fewest arcs) up to `levels`, each once per node.

    out_ptr int64[n+1], out_dst int32[m]: arcs without cycles. height int32[n]: arcs on the longest
    chain below each node. w float64[n], mask bool[n]. One search per node, in order, as long as all
    together visit at most `bound` arcs. O(bound + n).
    """
    n = len(out_ptr) - 1
    room = np.zeros(n + 1, np.int64)
    np.cumsum(np.minimum(height, levels), out=room[1:])
    rows = int(room[-1])
    used = np.zeros(n, np.int64)
    count, marked, total = np.zeros(rows, np.int64), np.zeros(rows, np.int64), np.zeros(rows)
    is_deeper, is_beyond = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    outputs = (used, count, marked, total, is_deeper, is_beyond)
    scratch = (np.full(n, -1, np.int32), np.empty(n, np.int32))
    limits, work = (room, levels, bound), n + len(out_dst) + rows
    _search(out_ptr, out_dst, to_floats(w, n), mask, *limits, *scratch, *outputs, work)
    most = np.diff(room)
    is_used = np.arange(rows) - np.repeat(room[:-1], most) < np.repeat(used, most)
    ptr = np.zeros(n + 1, np.int64)
    np.cumsum(used, out=ptr[1:])
    rows_used = (count[is_used], marked[is_used], total[is_used])
    return GenerationCounts(ptr, *rows_used, is_deeper, is_beyond)


@kernel(steps=lambda *arguments: arguments[-1])
def _search(
    out_ptr: Int64,
    out_dst: Int32,
    w: Float64,
    mask: Bool,
    room: Int64,
    levels: int,
    bound: int,
    stamp: Int32,
    queue: Int32,
    used: Int64,
    count: Int64,
    marked: Int64,
    total: Float64,
    is_deeper: Bool,
    is_beyond: Bool,
    work: int,
) -> None:
    """A breadth-first search from each node, level by level; `stamp` holds the last node that came
    by, so that it is never cleared. `work`, about the number of steps, only decides who runs it.
    """
    visits = 0
    for start in range(len(out_ptr) - 1):
        head, end, row, level = 0, 1, int(room[start]), 0
        queue[0] = start
        stamp[start] = start
        while head < end and level <= levels and not is_beyond[start]:
            if visits > bound:
                is_beyond[start] = True
                continue
            visits += _count_arcs(out_ptr, queue, head, end)
            tail = _queue_children(out_ptr, out_dst, start, head, end, stamp, queue)
            if level == levels:
                is_deeper[start] = tail > end
            elif tail > end:
                count[row] = tail - end
                _add_nodes(w, mask, queue, end, tail, row, marked, total)
                row += 1
            head, end = end, tail
            level += 1
        if not is_beyond[start]:
            used[start] = row - room[start]


@subroutine
def _count_arcs(out_ptr: Int64, queue: Int32, head: int, end: int) -> int:
    """The arcs that leave queue[head:end]."""
    arcs = 0
    for q in range(head, end):
        arcs += int(out_ptr[int(queue[q]) + 1]) - int(out_ptr[queue[q]])
    return arcs


@subroutine
def _add_nodes(
    w: Float64,
    mask: Bool,
    queue: Int32,
    end: int,
    tail: int,
    row: int,
    marked: Int64,
    total: Float64,
) -> None:
    """Add queue[end:tail] to a row."""
    for q in range(end, tail):
        marked[row] += mask[queue[q]]
        total[row] += w[queue[q]]


@subroutine
def _queue_children(
    out_ptr: Int64, out_dst: Int32, start: int, head: int, end: int, stamp: Int32, queue: Int32
) -> int:
    """Queue the children of queue[head:end] that the search has not met; the new end."""
    tail = end
    for q in range(head, end):
        v = int(queue[q])
        for k in range(out_ptr[v], out_ptr[v + 1]):
            c = int(out_dst[k])
            if stamp[c] != start:
                stamp[c] = start
                queue[tail] = c
                tail += 1
    return tail

"""One question on a forest that is asked nothing else: an answer by node, straight from `parent`, without a layout.

A layout (see `forest`) pays from the second question on. For a single one it is enough to climb (see `climb`) and, where
something is to be added up, to visit the deepest first: within one depth by index, so that memory is read forwards and
sums have one order.
"""

from __future__ import annotations

import numpy as np

from refgraph.kernels import climb
from refgraph.kernels.arrays import Float64, Int32, Int64, floats, parents
from refgraph.kernels.compile import Arguments, kernel
from refgraph.kernels.threads import Crew, count, spans

_DEEP = 4096
"""Generations above which nodes are dealt into them by one thread: counts of many spans would take too much memory."""


def depth_once(parent: Int32) -> tuple[Int32, Int32]:
    """Depth and root of every node, both int32[n] by node, from `parent` (int32[n] by node, -1 = root).

    Raises ValueError when `parent` holds a loop, or an index outside -1 .. n-1.
    """
    return climb.depths_and_roots(parents(parent))


def shapley_once(parent: Int32, w: Float64) -> Float64:
    """M14 as in `credit.shapley`, from `parent` (int32[n] by node, -1 = root) and w float64[n] by node; float64[n].

    Equal to it but for the order in which floats are added. Raises ValueError when `parent` holds a loop, or an index
    outside -1 .. n-1. Chain 10-10-10: 55/3, 25/3, 10/3.
    """
    parent = parents(parent)
    w, n = floats(w, len(parent)), len(parent)
    depth = climb.depths(parent)
    deepest = int(depth.max(initial=0))
    parts = spans(n, max(1, -(-n // climb.SPAN)) if deepest < _DEEP else 1)
    counts = np.zeros((len(parts), deepest + 1), np.int64)
    place, above, total = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n)
    with Crew(min(len(parts), count())) as crew:
        list(crew.run(lambda k: _count(depth, *parts[k], counts[k]), len(parts)))
        sizes = counts.T.ravel()  # by generation, then by span
        starts = np.ascontiguousarray((np.cumsum(sizes) - sizes).reshape(deepest + 1, len(parts)).T)
        list(crew.run(lambda k: _deal(depth, w, *parts[k], starts[k], place, total), len(parts)))
        list(crew.run(lambda k: _raise(parent, place, *parts[k], above), len(parts)))
        _gather_up(above, total, int(counts[:, 0].sum()))
        found = np.empty(n)
        list(crew.run(lambda k: _back(place, total, *parts[k], found), len(parts)))
    return found


def _tiny() -> Arguments:
    return np.zeros(1, np.int32), 0, 1, np.zeros(1, np.int64)


@kernel(steps=lambda depth, first, end, counts: end - first, warm=_tiny)
def _count(depth: Int32, first: int, end: int, counts: Int64) -> None:
    for v in range(first, end):
        counts[depth[v]] += 1


def _tiny_deal() -> Arguments:
    depth, first, end, starts = _tiny()
    return depth, np.ones(1), first, end, starts, np.zeros(1, np.int32), np.ones(1)


@kernel(steps=lambda depth, w, first, end, starts, place, total: 2 * (end - first), warm=_tiny_deal)
def _deal(depth: Int32, w: Float64, first: int, end: int, starts: Int64, place: Int32, total: Float64) -> None:
    """The place of every node when all stand by generation, roots first, and within one by index; and, by place, the part of
    its value that everybody on its line gets."""
    for v in range(first, end):
        d = depth[v]
        k = starts[d]
        starts[d] = k + 1
        place[v] = k
        total[k] = w[v] / (d + 1.0)


@kernel(steps=lambda parent, place, first, end, above: end - first,
        warm=lambda: (np.full(1, -1, np.int32), np.zeros(1, np.int32), 0, 1, np.zeros(1, np.int32)))  # fmt: skip
def _raise(parent: Int32, place: Int32, first: int, end: int, above: Int32) -> None:
    """The place of the parent, by place; of roots any."""
    for v in range(first, end):
        above[place[v]] = place[max(parent[v], 0)]


@kernel(steps=lambda above, total, roots: len(above), warm=lambda: (np.zeros(1, np.int32), np.ones(1), 1))
def _gather_up(above: Int32, total: Float64, roots: int) -> None:
    """Add everybody's sum to the one above, the deepest first."""
    for k in range(len(above) - 1, roots - 1, -1):
        total[above[k]] += total[k]


@kernel(steps=lambda place, total, first, end, found: end - first,
        warm=lambda: (np.zeros(1, np.int32), np.ones(1), 0, 1, np.ones(1)))  # fmt: skip
def _back(place: Int32, total: Float64, first: int, end: int, found: Float64) -> None:
    for v in range(first, end):
        found[v] = total[place[v]]

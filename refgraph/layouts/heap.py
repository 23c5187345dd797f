"""A walk from the root that always takes the best party in sight: the frontier is a binary heap of ranks."""

import numpy as np

from refgraph.kernels.arrays import Bool, Int32, Int64
from refgraph.kernels.compile import Arguments, kernel


def _example() -> Arguments:
    one = np.ones(1, np.int32)
    return one, np.zeros(1, np.int64), np.zeros(1, np.int64), np.ones(1, np.bool_), 1


@kernel(steps=lambda size, rank, place, among, keep: 10 * len(size), warm=_example)
def best_first(size: Int32, rank: Int64, place: Int64, among: Bool, keep: int) -> Bool:
    """The first `keep` parties of a walk from the root that goes on to the neighbour of smallest rank.

    size: int32[n], parties of each subtree, in preorder. rank: int64[n], a permutation of 0 .. n-1, and
    place, its inverse. among: bool[n], the parties that may be entered. Returns bool[n]; O(n log n).
    """
    n = len(size)
    kept = np.zeros(n, np.bool_)
    heap = np.empty(n, np.int64)
    held = 0
    if keep > 0 and n > 0 and among[0]:
        heap[0] = rank[0]
        held = 1
    while held > 0 and keep > 0:
        v = int(place[heap[0]])
        held -= 1
        _sink(heap, held, int(heap[held]))
        kept[v] = True
        keep -= 1
        child = v + 1
        while child < v + int(size[v]):
            if among[child]:
                _rise(heap, held, int(rank[child]))
                held += 1
            child += int(size[child])
    return kept


@kernel(steps=lambda heap, at, item: 1)
def _rise(heap: Int64, at: int, item: int) -> None:
    """Add `item` at the free place `at`, the end of the heap."""
    while at > 0 and heap[(at - 1) >> 1] > item:
        heap[at] = heap[(at - 1) >> 1]
        at = (at - 1) >> 1
    heap[at] = item


@kernel(steps=lambda heap, held, item: 1)
def _sink(heap: Int64, held: int, item: int) -> None:
    """Put `item` in place of the smallest of a heap that holds `held` when that is done."""
    at, child = 0, 1
    while child < held:
        if child + 1 < held and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= item:
            break
        heap[at] = heap[child]
        at, child = child, 2 * child + 1
    heap[at] = item

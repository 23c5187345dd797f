"""A walk from the root that always takes the best neighbor; the frontier is a heap of ranks."""

import numpy as np

from refgraph.kernels.arrays import Bool, Int32, Int64
from refgraph.kernels.compilation import kernel, subroutine


@kernel(steps=lambda size, rank, place, among, keep: 10 * len(size))
def select_best_first(size: Int32, rank: Int64, place: Int64, among: Bool, keep: int) -> Bool:
    """The first `keep` parties of a walk from the root to the neighbor of smallest rank: bool[n].

    size: int32[n], parties of each subtree, in preorder. rank: int64[n], a permutation of 0 .. n-1;
    place: its inverse. among: bool[n], the parties that may be entered. O(n log n).
    """
    n = len(size)
    is_selected = np.zeros(n, np.bool_)
    heap = np.empty(n, np.int64)
    length = 0
    if keep > 0 and n > 0 and among[0]:
        heap[0] = rank[0]
        length = 1
    while length > 0 and keep > 0:
        v = int(place[heap[0]])
        length -= 1
        _replace_smallest(heap, length, int(heap[length]))
        is_selected[v] = True
        keep -= 1
        child = v + 1
        while child < v + int(size[v]):
            if among[child]:
                _push_item(heap, length, int(rank[child]))
                length += 1
            child += int(size[child])
    return is_selected


@subroutine
def _push_item(heap: Int64, at: int, item: int) -> None:
    """Add `item` to a heap whose first free place is `at`."""
    while at > 0 and heap[(at - 1) >> 1] > item:
        heap[at] = heap[(at - 1) >> 1]
        at = (at - 1) >> 1
    heap[at] = item


@subroutine
def _replace_smallest(heap: Int64, length: int, item: int) -> None:
    """Replace the smallest item by `item`; afterwards the heap has `length` items."""
    at, child = 0, 1
    while child < length:
        if child + 1 < length and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= item:
            break
        heap[at] = heap[child]
        at, child = child, 2 * child + 1
    heap[at] = item

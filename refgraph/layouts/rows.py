"""One row a leaf: a tall page on which every family has a band of its own."""

import numpy as np
import numpy.typing as npt

from refgraph.kernels.arrays import Int32, Int64
from refgraph.kernels.compile import Arguments, kernel
from refgraph.layouts.columns import Column
from refgraph.layouts.positions import Positions
from refgraph.layouts.tidy import drawn


def rows(
    parent: Int32,
    box_width: npt.ArrayLike,
    box_height: npt.ArrayLike,
    *,
    gap_x: float,
    gap_y: float,
    edge_width: npt.ArrayLike = 0.0,
    column: Column = "depth",
) -> Positions:
    """Positions of a tree in which no two leaves share a row; arguments, promises and errors as `tidy`.

    Where the boxes are equally high the page is as high as leaves times box and gap. A box that is higher
    than all its children together widens the band of its family.
    """
    return drawn(parent, box_width, box_height, gap_x, gap_y, edge_width, column, _bands)


def _example() -> Arguments:
    one = np.ones(1, np.int64)
    return -one.astype(np.int32), one.astype(np.int32), one, one, 1


@kernel(steps=lambda parent, size, half, end, gap: 10 * len(parent), warm=_example)
def _bands(parent: Int32, size: Int32, half: Int64, end: Int64, gap: int) -> Int64:
    """Centre lines int64[n], the root's 0, of subtrees stacked as bands; arguments as `contour.stack`."""
    n = len(parent)
    above, below, offset = half.copy(), half.copy(), np.zeros(n, np.int64)
    for v in range(n - 1, -1, -1):
        after = v + int(size[v])
        last, child = v + 1, v + 1
        while child < after:
            if child > v + 1:
                offset[child] = offset[last] + below[last] + gap + above[child]
            last = child
            child += int(size[child])
        if after > v + 1:
            middle = int(offset[last]) >> 1
            above[v] = max(int(half[v]), middle + int(above[v + 1]))
            below[v] = max(int(half[v]), int(offset[last]) - middle + int(below[last]))
            child = v + 1
            while child < after:
                offset[child] -= middle
                child += int(size[child])
    for v in range(1, n):
        offset[v] += offset[parent[v]]
    return offset

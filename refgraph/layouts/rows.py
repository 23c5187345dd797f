"""One row per leaf: a tall page on which every family has a band of its own."""

import numpy as np
import numpy.typing as npt

from refgraph.kernels.arrays import Int32, Int64
from refgraph.kernels.compilation import kernel
from refgraph.layouts.columns import ColumnMode
from refgraph.layouts.positions import Positions
from refgraph.layouts.tidy import lay_out_tree


def lay_out_rows(
    parent: Int32,
    box_width: npt.ArrayLike,
    box_height: npt.ArrayLike,
    *,
    gap_x: float,
    gap_y: float,
    edge_width: npt.ArrayLike = 0.0,
    column: ColumnMode = "depth",
) -> Positions:
    """Positions of a tree in which no two leaves share a row.

    Arguments, guarantees and errors are those of `lay_out_tidy`. If all boxes have the same height,
    the height of the page is leaves x (box + gap). A box that is higher than all its children
    together widens the band of its family.
    """
    return lay_out_tree(
        parent, box_width, box_height, gap_x, gap_y, edge_width, column, _stack_bands
    )


@kernel(steps=lambda parent, size, half, end, gap: 10 * len(parent))
def _stack_bands(parent: Int32, size: Int32, half: Int64, end: Int64, gap: int) -> Int64:
    """Center lines of subtrees stacked as bands: int64[n], 0 for the root.

    The arguments are those of `contour.stack_subtrees`.
    """
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

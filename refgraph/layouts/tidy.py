"""The tidy tree, left to right: for up to about eighty names the picture that reads best."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from refgraph.kernels.arrays import Int32, Int64
from refgraph.kernels.forest import Layout
from refgraph.layouts.columns import Column, columns
from refgraph.layouts.contour import stack
from refgraph.layouts.positions import GRID, Positions, gap_units, positions, preorder, units

Stack = Callable[[Int32, Int32, Int64, Int64, int], Int64]


def tidy(
    parent: Int32,
    box_width: npt.ArrayLike,
    box_height: npt.ArrayLike,
    *,
    gap_x: float,
    gap_y: float,
    edge_width: npt.ArrayLike = 0.0,
    column: Column = "depth",
) -> Positions:
    """Positions of a left-to-right tree, as low as its subtrees can be pushed into each other; O(n).

    parent: int32[n] in preorder. box_width, box_height: float64[n] or one number, pixels, node and label
    together, with the space they want around them. gap_x, gap_y: pixels between a box and its children's, and
    between boxes above each other. edge_width: float64[n] or one number, room for the text on the edge that
    ends at each box, added to gap_x. column: "depth" lines up generations, "flow" puts each box right behind
    its parent's (`columns`).

    No two boxes overlap and no box of another family comes between a parent and its children, so that edges
    drawn by `edges.curves` neither cross nor run through a box. A parent's centre line is midway between its
    first and last child's, to 1/64 pixel; siblings keep their order; equal subtrees are drawn equally, and
    the mirrored tree as the mirror image (each y is the mean of a packing from above and one from below).

    Raises ValueError when `parent` is not a tree in preorder, or a length negative or not finite, or a gap 0.
    """
    return drawn(parent, box_width, box_height, gap_x, gap_y, edge_width, column, stack)


def drawn(
    parent: Int32,
    box_width: npt.ArrayLike,
    box_height: npt.ArrayLike,
    gap_x: float,
    gap_y: float,
    edge_width: npt.ArrayLike,
    column: Column,
    stack: Stack,
) -> Positions:
    """The tree with its columns, packed by `stack` from above and from below; the rest as in `tidy`."""
    tree = preorder(parent)
    n = len(tree.parent)
    width = units(box_width, n, "box_width")
    half = units(box_height, n, "box_height", GRID // 2)
    gap = gap_units(gap_y, n, "gap_y")
    x, end = columns(tree, width, units(edge_width, n, "edge_width"), gap_units(gap_x, n, "gap_x"), column)
    return positions(x, end, _both_ways(tree, half, end, gap, stack), width, half)


def _both_ways(tree: Layout, half: Int64, end: Int64, gap: int, stack: Stack) -> Int64:
    """Centre lines in half units: the sum of the packing from above and of that from below.

    All that a packing keeps to (distances at least so large, parents midway) holds for the mean of two, too.
    """
    place = np.arange(len(half), dtype=np.int32)
    mirror = np.int32(len(half)) + tree.depth - place - tree.size
    back = np.empty_like(mirror)
    back[mirror] = place
    above = tree.parent[back]
    parent = np.where(above < 0, np.int32(-1), mirror[above])
    below = stack(parent, tree.size[back], half[back], end[back], gap)
    both: Int64 = stack(tree.parent, tree.size, half, end, gap) - below[mirror]
    return both

"""The tidy tree, left to right: the most readable picture for up to about eighty names."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from refgraph.kernels.arrays import Int32, Int64
from refgraph.kernels.forest import Preorder
from refgraph.layouts.columns import ColumnMode, compute_columns
from refgraph.layouts.contour import stack_subtrees
from refgraph.layouts.positions import (
    UNITS_PER_PIXEL,
    Positions,
    check_preorder,
    to_gap_units,
    to_positions,
    to_units,
)

StackFunction = Callable[[Int32, Int32, Int64, Int64, int], Int64]


def lay_out_tidy(
    parent: Int32,
    box_width: npt.ArrayLike,
    box_height: npt.ArrayLike,
    *,
    gap_x: float,
    gap_y: float,
    edge_width: npt.ArrayLike = 0.0,
    column: ColumnMode = "depth",
) -> Positions:
    """Positions of a left-to-right tree, as low as its subtrees can be packed; O(n).

    parent: int32[n] in preorder. box_width, box_height: float64[n] or one number, pixels, node and
    label together, with the space around them. gap_x, gap_y: pixels between a box and its
    children's, and between boxes above each other. edge_width: float64[n] or one number, room for
    the text on the edge that ends at each box, added to gap_x. column: "depth" lines up
    generations, "flow" puts each box right after its parent's (`compute_columns`).

    No two boxes overlap and no box of another family comes between a parent and its children, so
    that edges drawn by `edges.compute_curves` neither cross nor run through a box. A parent's
    center line is midway between its first and last child's, to 1/64 pixel; siblings keep their
    order; equal subtrees are drawn equally, and the mirrored tree as the mirror image (each y is
    the mean of a packing from above and one from below).

    Raises ValueError when `parent` is not a tree in preorder, or a length negative or not finite,
    or a gap 0.
    """
    return lay_out_tree(
        parent, box_width, box_height, gap_x, gap_y, edge_width, column, stack_subtrees
    )


def lay_out_tree(
    parent: Int32,
    box_width: npt.ArrayLike,
    box_height: npt.ArrayLike,
    gap_x: float,
    gap_y: float,
    edge_width: npt.ArrayLike,
    column: ColumnMode,
    stack: StackFunction,
) -> Positions:
    """The tree with its columns, packed by `stack` from above and from below.

    The other arguments and the errors are those of `lay_out_tidy`.
    """
    tree = check_preorder(parent)
    n = len(tree.parent)
    width = to_units(box_width, n, "box_width")
    half = to_units(box_height, n, "box_height", UNITS_PER_PIXEL // 2)
    gap = to_gap_units(gap_y, n, "gap_y")
    edge = to_units(edge_width, n, "edge_width")
    x, end = compute_columns(tree, width, edge, to_gap_units(gap_x, n, "gap_x"), column)
    y2 = _stack_both_ways(tree, half, end, gap, stack)
    return to_positions(x, end, y2, width, half)


def _stack_both_ways(
    tree: Preorder, half: Int64, end: Int64, gap: int, stack: StackFunction
) -> Int64:
    """Center lines in half units: the packing from above plus the packing from below.

    What holds for each packing (minimum distances, parents midway) also holds for their mean.
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

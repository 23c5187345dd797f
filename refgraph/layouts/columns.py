"""The x of a left-to-right tree: one column per generation, or each box right after its parent."""

from typing import Literal

import numpy as np

from refgraph.kernels.arrays import Int32, Int64
from refgraph.kernels.compilation import kernel
from refgraph.kernels.forest import Preorder

ColumnMode = Literal["depth", "flow"]
COLUMN_MODES = ("depth", "flow")


def compute_columns(
    tree: Preorder, width: Int64, edge: Int64, gap: int, column: ColumnMode
) -> tuple[Int64, Int64]:
    """Left end of each box and right end of its column, both int64[n] in units.

    depth: all boxes of a generation share both; a column is as wide as its widest box, and the
    space before it is `gap` and the widest `edge` text of the generation. flow: a box begins `gap`
    and its own `edge` text after its parent's box and is a column of its own; narrower, but
    generations do not line up.

    Raises ValueError for another `column`.
    """
    if column == "flow":
        step = np.where(tree.parent < 0, 0, gap + edge) + width
        end = np.empty(len(width), np.int64)
        _sum_down(tree.parent, step, end)
        return end - width, end
    if column == "depth":
        return _align_generations(tree.depth, width, edge, gap)
    raise ValueError(f"column is {column!r}, not one of {', '.join(COLUMN_MODES)}")


def _align_generations(depth: Int32, width: Int64, edge: Int64, gap: int) -> tuple[Int64, Int64]:
    deepest = int(depth.max(initial=-1)) + 1
    widest, space = np.zeros(deepest, np.int64), np.zeros(deepest, np.int64)
    np.maximum.at(widest, depth, width)
    np.maximum.at(space, depth, edge)
    space[1:] += gap
    space[:1] = 0
    end = np.cumsum(space + widest)
    return (end - widest)[depth], end[depth]


@kernel(steps=lambda parent, step, out: len(parent))
def _sum_down(parent: Int32, step: Int64, out: Int64) -> None:
    """Sums of `step` from the root to each place."""
    for v in range(len(parent)):
        above = int(parent[v])
        out[v] = int(step[v]) if above < 0 else int(out[above]) + int(step[v])

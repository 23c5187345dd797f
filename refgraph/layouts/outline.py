"""A tree as an outline in columns: one row per party, as many columns as fit a page best.

A child is indented below its parent, an only child is not, so that a chain runs straight down. The
rows are cut into columns like the text of a newspaper. Stars, chains and bushes all fit any page.
"""

from dataclasses import dataclass

import numpy as np

from refgraph.kernels.arrays import Bool, Float64, Int32, Int64
from refgraph.kernels.compilation import kernel
from refgraph.layouts.positions import check_preorder

MAX_COLUMNS = 24


@dataclass(frozen=True, eq=False, kw_only=True)
class Outline:
    """Positions of the rows of an outline, in pixels.

    x, y: float64[n], left end and center line of each row. column: int64[n]. rail: float64[n], left
    end of where the parent of each row would stand in the row's own column. before: float64[n], the
    same in the column of the row's elder sibling, or of its parent if it is the eldest. previous:
    int64[n], that sibling or parent. width, height: of all columns.
    """

    x: Float64
    y: Float64
    column: Int64
    rail: Float64
    before: Float64
    previous: Int64
    width: float
    height: float


def compute_levels(parent: Int32, is_indented: Bool) -> Int32:
    """How far each row is indented: int32[n]; an only child is as far as its parent.

    is_indented: bool[n], rows that are indented in any case.
    Raises ValueError when `parent` is not a tree in preorder.
    """
    check_preorder(parent)
    level = np.zeros(len(parent), np.int32)
    children = np.bincount(parent + 1, minlength=len(parent) + 1)[1:]
    _sum_indents(parent, (children[parent] != 1) | is_indented, level)
    return level


@kernel(steps=lambda parent, indents, level: len(parent))
def _sum_indents(parent: Int32, indents: Bool, level: Int32) -> None:
    for v in range(1, len(parent)):
        level[v] = int(level[parent[v]]) + int(indents[v])


def lay_out_outline(
    parent: Int32,
    width: Float64,
    is_indented: Bool,
    *,
    row_height: float,
    indent: float,
    gap: float,
    page: tuple[float, float],
) -> Outline:
    """The outline in as many columns as let it be enlarged most on a page.

    width: float64[n], of what stands in each row. is_indented: as in `compute_levels`. gap: pixels
    between columns, more than `indent`. page: width and height; only their ratio counts. A column
    after the first has a free row on top, for the name of the party that its first row belongs to.
    Indents begin anew in each column.
    No row, and no line of `connect_outline`, touches another row.

    Raises ValueError when `parent` is not a tree in preorder or lengths differ.
    """
    level = compute_levels(parent, is_indented)
    if width.shape != level.shape or not len(level):
        raise ValueError("parent and width differ in length, or are empty")
    best, best_scale = None, -1.0
    for columns in range(1, min(MAX_COLUMNS, len(parent)) + 1):
        rows = -(-(len(parent) + columns - 1) // columns)
        cut = _cut_rows(len(parent), rows)
        extent = _place_columns(level, width, cut[0], indent, gap)[2]
        scale = min(page[0] / extent, page[1] / (row_height * min(rows, len(parent))))
        if scale > best_scale:
            best, best_scale = cut, scale
    assert best is not None
    return _build_outline(parent, level, width, best, row_height, indent, gap)


def _cut_rows(n: int, rows: int) -> tuple[Int64, Int64]:
    """The column of each place and its row there."""
    place: Int64 = np.arange(n)
    if rows < 2:
        return place, np.zeros(n, np.int64)
    column = np.where(place < rows, 0, 1 + (place - rows) // (rows - 1))
    row = np.where(place < rows, place, 1 + (place - rows) % (rows - 1))
    return column, row


def _place_columns(
    level: Int32, width: Float64, column: Int64, indent: float, gap: float
) -> tuple[Float64, Int32, float]:
    """The left end and the least level of each column, and the width of all."""
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    least = np.minimum.reduceat(level, starts)
    widths = np.maximum.reduceat(indent * (level - least[column]) + width, starts)
    left = np.concatenate(([0.0], np.cumsum(widths + gap)))
    return left[:-1], least, float(left[-1] - gap)


def _build_outline(
    parent: Int32,
    level: Int32,
    width: Float64,
    cut: tuple[Int64, Int64],
    row_height: float,
    indent: float,
    gap: float,
) -> Outline:
    column, row = cut
    left, least, extent = _place_columns(level, width, column, indent, gap)
    above = np.maximum(parent, 0)
    previous = _find_previous(parent)

    def place_in(columns: Int64) -> Float64:
        x: Float64 = left[columns] + indent * (level[above] - least[columns])
        return x

    return Outline(
        x=left[column] + indent * (level - least[column]),
        y=np.asarray(row_height * (row + 0.5), np.float64),
        column=column,
        rail=place_in(column),
        before=place_in(column[previous]),
        previous=previous,
        width=extent,
        height=row_height * (int(row.max()) + 1),
    )


def _find_previous(parent: Int32) -> Int64:
    """int64[n]: the elder sibling of each row, its parent if it is the eldest; 0 for the root."""
    previous: Int64 = np.maximum(parent, 0).astype(np.int64)
    order = np.lexsort((np.arange(len(parent)), parent))
    same = parent[order[1:]] == parent[order[:-1]]
    previous[order[1:][same]] = order[:-1][same]
    return previous


def connect_outline(outline: Outline, mark: float) -> tuple[Float64, Float64]:
    """Twigs and rails: float64[n-1, 2, 2] and float64[m, 2, 2], straight lines.

    mark: from the left end of a row to the center of its mark. The twig of a row runs from the rail
    to its mark; the rail runs down from the elder sibling or the parent. Across a break, it runs to
    the end of that column and from the top of the row's own.
    """
    y, previous = outline.y, outline.previous
    crosses = (outline.column[previous] != outline.column)[1:]
    top = np.where(crosses, 0.0, y[previous][1:])
    rails = _make_lines(outline.rail[1:] + mark, top, outline.rail[1:] + mark, y[1:])
    x = outline.before[1:][crosses] + mark
    ends = np.full(len(x), outline.height)
    rests = _make_lines(x, y[previous][1:][crosses], x, ends)
    twigs = _make_lines(outline.rail[1:] + mark, y[1:], outline.x[1:] + mark, y[1:])
    return twigs, np.concatenate((rails, rests))


def _make_lines(x1: Float64, y1: Float64, x2: Float64, y2: Float64) -> Float64:
    starts, ends = np.stack((x1, y1), axis=1), np.stack((x2, y2), axis=1)
    return np.stack((starts, ends), axis=1)

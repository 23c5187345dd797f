"""How much room each party of a tree takes, and where the layouts put it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from refgraph.layouts import style_choice
from refgraph.layouts.edges import compute_curves
from refgraph.layouts.positions import Positions
from refgraph.layouts.rows import lay_out_rows
from refgraph.layouts.tidy import lay_out_tidy
from refgraph.renderers.fonts import Font
from refgraph.renderers.labels import DETAIL_SIZE, EDGE_SIZE, NAME_SIZE, Labels
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.tree_selection import TreeSelection

MIN_RADIUS, MAX_RADIUS, EQUAL_RADIUS = 4.0, 15.0, 6.0
"""Radius of a mark: at least, of the largest amount, and where all are equal."""
NAME_GAP, TRAILING_GAP = 6.0, 8.0
"""Pixels between mark and name, and behind a name."""
BEND_WIDTH, GAP_Y, LONE_STUB_GAP, ARROW_LENGTH = 40.0, 7.0, 22.0, 14.0
"""Pixels of a bend, between boxes, before a stub on the row of its party, and of an arrow."""
TWO_LINE_HEIGHT, ONE_LINE_HEIGHT, STUB_HEIGHT = 31.0, 18.0, 15.0
EDGE_TEXT_GAP, EDGE_TEXT_RISE = 6, 14.0
"""Pixels around a text on an edge, and from the center line to its top."""
STAR = "★"
STAR_GAP = 4.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Boxes:
    """float64[n], one row per party or stub.

    width, height: of the box. edge: room for the text on its edge. radius: of its mark (a stub: 0).
    inset: from the left end of a box to the center of its mark. largest_amount, largest_radius: of
    the largest mark.
    """

    width: np.ndarray
    height: np.ndarray
    edge: np.ndarray
    radius: np.ndarray
    inset: float
    largest_amount: float
    largest_radius: float = MAX_RADIUS


def measure_boxes(
    selection: TreeSelection,
    labels: Labels,
    stub_texts: Sequence[str],
    style: PictureStyle,
    font: Font,
    has_arrow: np.ndarray,
    max_radius: float = MAX_RADIUS,
) -> Boxes:
    """Room for everything, measured with the font that draws. has_arrow: bool[n], by row."""
    names, stubs = selection.names, selection.stubs
    radius, largest_amount = _compute_radii(selection.nodes[names], style, max_radius)
    inset = float(radius.max(initial=MIN_RADIUS))
    width, height, edge, all_radii = np.zeros((4, len(selection.tree.place)))
    text_width = _measure_names(selection, labels, font)
    width[names] = 2 * inset + NAME_GAP + text_width + TRAILING_GAP
    has_detail = np.array(list(map(bool, labels.details)), bool)
    text_height = np.where(has_detail, TWO_LINE_HEIGHT, ONE_LINE_HEIGHT)
    height[names] = np.maximum(text_height, 2 * radius + 3)
    edge_text = font.widths(labels.edges, EDGE_SIZE)
    edge_room = edge_text + EDGE_TEXT_GAP + ARROW_LENGTH * has_arrow[names] + inset - radius
    edge[names] = np.where(edge_text > 0, edge_room, 0.0)
    all_radii[names] = radius
    width[stubs] = font.widths(stub_texts, DETAIL_SIZE) + TRAILING_GAP
    height[stubs] = STUB_HEIGHT
    return Boxes(
        width=width,
        height=height,
        edge=edge,
        radius=all_radii,
        inset=inset,
        largest_amount=largest_amount,
        largest_radius=max_radius,
    )


def _measure_names(selection: TreeSelection, labels: Labels, font: Font) -> np.ndarray:
    """float64, one per name: the wider of name (with the star of a key account) and second line."""
    star = STAR_GAP + font.widths([STAR], NAME_SIZE)[0]
    names = font.widths(labels.names, NAME_SIZE)
    names = names + np.where(mask_key_accounts(selection), star, 0.0)
    width: np.ndarray = np.maximum(names, font.widths(labels.details, DETAIL_SIZE))
    return width


def mask_key_accounts(selection: TreeSelection) -> np.ndarray:
    """bool, one per name: key accounts."""
    mask: np.ndarray = selection.nodes["key"].gather(selection.names).fill_null(False).to_numpy()
    return mask


def _compute_radii(
    named: pl.DataFrame, style: PictureStyle, max_radius: float
) -> tuple[np.ndarray, float]:
    """Radius of each party's mark, its area in proportion to the amount, and the largest amount."""
    if style.size_by == "equal":
        return np.full(named.height, EQUAL_RADIUS), 0.0
    amounts = named[style.size_by.replace("-", "_")].to_numpy().astype(np.float64)
    amounts = np.maximum(amounts, 0.0)
    largest = float(amounts.max(initial=0.0))
    share = amounts / largest if largest > 0 else amounts
    return np.maximum(MIN_RADIUS, max_radius * np.sqrt(share)), largest


def place_boxes(
    selection: TreeSelection,
    boxes: Boxes,
    style: PictureStyle,
    corridor: float,
    more_x: float = 0.0,
    more_y: float = 0.0,
) -> tuple[Positions, np.ndarray]:
    """Where the boxes are, and the edges as `edges.CURVE` into all rows but the first.

    corridor: pixels between generations for further arcs; if any, no stub may stand there. more_x,
    more_y: pixels added to the gaps.
    """
    layout = _choose_layout(selection, boxes, style)
    positions = _lay_out(layout, selection, boxes, corridor + more_x, more_y)
    parent = selection.tree.parent
    starts = boxes.width - TRAILING_GAP / 2
    points = compute_curves(parent, positions, starts, bend=BEND_WIDTH)
    lone = _find_lone_stubs(selection) if not corridor else selection.stubs[:0]
    x = positions.x.copy()
    x[lone] = positions.x[parent[lone]] + boxes.width[parent[lone]] + LONE_STUB_GAP
    children = np.arange(1, len(parent))
    ends = x[children] + np.where(selection.tree.is_stub[children], -4.0, boxes.inset)
    points[:, -1, 0] = ends
    points[lone - 1, :, 0] = np.linspace(points[lone - 1, 0, 0], ends[lone - 1], 6).T
    return replace(positions, x=x, width=float((x + boxes.width).max())), points


def _find_lone_stubs(selection: TreeSelection) -> np.ndarray:
    """Rows of stubs that are an only child: they are right behind their party, on its own row."""
    parent = selection.tree.parent
    children = np.bincount(parent + 1, minlength=len(parent) + 1)[1:]
    lone: np.ndarray = selection.stubs[children[parent[selection.stubs]] == 1]
    return lone


def _lay_out(
    layout: Callable[..., Positions],
    selection: TreeSelection,
    boxes: Boxes,
    more_x: float = 0.0,
    more_y: float = 0.0,
) -> Positions:
    return layout(
        selection.tree.parent,
        boxes.width,
        boxes.height,
        gap_x=BEND_WIDTH + more_x,
        gap_y=GAP_Y + more_y,
        edge_width=boxes.edge,
    )


def _choose_layout(
    selection: TreeSelection, boxes: Boxes, style: PictureStyle
) -> Callable[..., Positions]:
    """The layout of a named style; for auto the one that suits the number of names and height."""
    if style.style != "auto" or selection.is_trunk:
        return lay_out_rows if style.style == "rows" else lay_out_tidy
    names = len(selection.names)
    heights: list[float | None] = [None, None]
    if style_choice.MAX_TIDY_NAMES < names <= style_choice.MAX_WHOLE_NAMES:
        layouts = (lay_out_tidy, lay_out_rows)
        heights = [_lay_out(layout, selection, boxes).height for layout in layouts]
    chosen = style_choice.choose_style(names, tidy_height=heights[0], rows_height=heights[1])
    return lay_out_tidy if chosen == "tidy" else lay_out_rows

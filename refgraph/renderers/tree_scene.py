"""PICTURE + STYLE -> groups of a scene: a left-to-right tree with room for every word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.layouts.arcs import CIRCLE, compute_corridor_width
from refgraph.layouts.edges import CURVE
from refgraph.layouts.positions import Positions
from refgraph.model.picture import CLOSED_STATES, Picture
from refgraph.renderers import palette
from refgraph.renderers.fonts import Font
from refgraph.renderers.grouping import Grouping, build_grouping
from refgraph.renderers.label_text import Phrases, format_distinct
from refgraph.renderers.labels import Labels, build_labels
from refgraph.renderers.scene import Floats, Group, Lines, Marks, measure_groups, translate_group
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.tree_arcs import draw_extra_arcs, find_extra_arcs
from refgraph.renderers.tree_boxes import Boxes, measure_boxes, place_boxes
from refgraph.renderers.tree_selection import TreeSelection
from refgraph.renderers.tree_texts import draw_texts
from refgraph.texts.numbers import format_count

EDGE_WIDTHS = (1.4, 2.2, 3.4, 5.0)
"""Widths of edges in a trunk, by how many parties come through them."""
CLOSED_WIDENING = 0.8
"""Added to the width of an edge into a closed party, which shows in grey print."""
STUB_EDGE_WIDTH = 1.0
ROOT_RING_WIDTH, ROOT_RING_GAP = 1.6, 3.0
RING = "M" + "CCC" * 4
"""A circle of four curves."""
STATES_IN_DRAWING_ORDER = (
    *(state for state in palette.STATE_INKS if state not in CLOSED_STATES),
    *reversed(CLOSED_STATES),
)
"""Closed ones last, so that nothing covers them."""


@dataclass(frozen=True, eq=False, kw_only=True)
class DrawnTree:
    """A tree in ink.

    groups: on a page that begins at 0, 0. width, height: of the drawing. labels, grouping,
    largest_amount: what a legend and a caption need.
    """

    groups: tuple[Group, ...]
    width: float
    height: float
    labels: Labels
    grouping: Grouping
    largest_amount: float


def draw_tree(
    picture: Picture, selection: TreeSelection, style: PictureStyle, lang: str, font: Font
) -> DrawnTree:
    """The tree of the selected parties, with their words."""
    named = selection.nodes[selection.names]
    labels = build_labels(
        picture,
        named,
        selection.counted_by_stub,
        lang,
        font,
        with_edges=not selection.is_trunk,
    )
    stub_texts = _format_stub_texts(selection, lang)
    arcs = find_extra_arcs(picture, selection)
    has_arrow = np.isin(np.arange(len(selection.tree.place)), arcs["target"].to_numpy())
    boxes = measure_boxes(selection, labels, stub_texts, style, font, has_arrow)
    positions, edges = place_boxes(selection, boxes, style, compute_corridor_width(arcs.height))
    grouping = build_grouping(named, style.color_by, lang)
    groups: tuple[Group, ...] = (
        *_draw_edges(selection, edges),
        *draw_extra_arcs(arcs, selection, positions, boxes),
        *_draw_marks(selection, positions, boxes, grouping, labels),
        *_draw_root_ring(positions, boxes),
        *draw_texts(selection, positions, boxes, labels, stub_texts, font, has_arrow),
    )
    left, top, right, bottom = measure_groups(groups, positions.width, positions.height)
    return DrawnTree(
        groups=tuple(translate_group(group, -left, -top) for group in groups),
        width=right - left,
        height=bottom - top,
        labels=labels,
        grouping=grouping,
        largest_amount=boxes.largest_amount,
    )


def _format_stub_texts(selection: TreeSelection, lang: str) -> list[str]:
    """What each stub says: parties behind it, and how many of them closed."""
    tree, stubs = selection.tree, selection.stubs
    if not len(stubs):
        return []
    frame = pl.DataFrame(
        {
            "hidden": format_distinct(pl.Series(tree.hidden[stubs]), format_count),
            "closed": format_distinct(pl.Series(tree.hidden_closed[stubs]), format_count),
        }
    )
    phrase = Phrases(lang).fill("stub", hidden="hidden", closed="closed")
    return frame.select(phrase).to_series().to_list()


def _draw_edges(selection: TreeSelection, points: Floats) -> Iterator[Lines]:
    """Edges to stubs, then to open parties, then the red ones, each kind by width."""
    children = slice(1, None)
    is_closed = selection.nodes["state"].is_in(CLOSED_STATES).to_numpy()[children]
    is_stub = selection.tree.is_stub[children]
    level = _compute_edge_levels(selection)[children]
    yield Lines(
        name="edge-stub",
        points=points[is_stub],
        code=CURVE,
        color=palette.STUB_EDGE,
        width=STUB_EDGE_WIDTH,
        dash=palette.STUB_DASH,
    )
    for name, mask, color, more in (
        ("edge", ~is_closed, palette.EDGE, 0.0),
        ("edge closed", is_closed, palette.CLOSED_EDGE, CLOSED_WIDENING),
    ):
        for index, width in enumerate(EDGE_WIDTHS):
            selected = points[mask & ~is_stub & (level == index)]
            yield Lines(name=name, points=selected, code=CURVE, color=color, width=width + more)


def _compute_edge_levels(selection: TreeSelection) -> np.ndarray:
    """int, one per row: the index in `EDGE_WIDTHS` of the edge into it; 0 unless it is a trunk."""
    downstream = selection.nodes["downstream"].to_numpy()
    if not selection.is_trunk:
        return np.zeros(len(downstream), int)
    share = np.sqrt(downstream / max(int(downstream.max()), 1))
    level: np.ndarray = np.minimum((share * len(EDGE_WIDTHS)).astype(int), len(EDGE_WIDTHS) - 1)
    return level


def _draw_marks(
    selection: TreeSelection,
    positions: Positions,
    boxes: Boxes,
    grouping: Grouping,
    labels: Labels,
) -> Iterator[Marks]:
    """One group per state and fill."""
    names = selection.names
    x, y, r = positions.x[names] + boxes.inset, positions.y[names], boxes.radius[names]
    states = selection.nodes["state"].gather(names).to_numpy()
    for state in STATES_IN_DRAWING_ORDER:
        for fill, mask in grouping.iter_fills(state, states == state):
            rows = np.flatnonzero(mask)
            if len(rows):
                ink = grouping.choose_ink(state, fill)
                titles = [labels.titles[row] for row in rows]
                yield Marks.from_ink(f"mark {state}", x[rows], y[rows], r[rows], ink, titles)


def _draw_root_ring(positions: Positions, boxes: Boxes) -> Iterator[Lines]:
    """A ring around the mark of the root, which may be the smallest of all."""
    if len(positions.x) < 2:
        return
    center = np.array([positions.x[0] + boxes.inset, positions.y[0]])
    angle = np.linspace(0, 2 * np.pi, 5)
    on = np.stack((np.cos(angle), np.sin(angle)), axis=1)
    along = np.stack((-on[:, 1], on[:, 0]), axis=1) * CIRCLE
    curves = np.stack((on[:-1] + along[:-1], on[1:] - along[1:], on[1:]), axis=1).reshape(-1, 2)
    radius = boxes.radius[0] + ROOT_RING_GAP
    yield Lines(
        name="root",
        points=(center + radius * np.vstack((on[:1], curves)))[None],
        code=RING,
        color=palette.TEXT,
        width=ROOT_RING_WIDTH,
    )

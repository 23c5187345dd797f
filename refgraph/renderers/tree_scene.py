"""PICTURE + STYLE -> groups of a scene: a left-to-right tree with room for every word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.layouts.arcs import compute_corridor_width
from refgraph.layouts.edges import CURVE
from refgraph.model.picture import CLOSED_STATES, Picture
from refgraph.renderers import palette
from refgraph.renderers.fonts import Font
from refgraph.renderers.grouping import Grouping, build_grouping
from refgraph.renderers.label_text import Phrases, format_distinct
from refgraph.renderers.labels import Labels, build_labels
from refgraph.renderers.scene import Floats, Group, Lines, measure_groups, translate_group
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.tree_arcs import draw_extra_arcs, find_extra_arcs
from refgraph.renderers.tree_boxes import Boxes, measure_boxes, place_boxes
from refgraph.renderers.tree_marks import draw_marks, draw_root_ring
from refgraph.renderers.tree_selection import TreeSelection
from refgraph.renderers.tree_texts import draw_texts
from refgraph.texts.numbers import format_count

EDGE_WIDTHS = (1.4, 2.2, 3.4, 5.0)
"""Widths of edges in a trunk, by how many parties come through them."""
CLOSED_WIDENING = 0.8
"""Added to the width of an edge into a closed party, which shows in gray print."""
STUB_EDGE_WIDTH = 1.0


@dataclass(frozen=True, eq=False, kw_only=True)
class DrawnTree:
    """A tree in ink.

    groups: on a page that begins at 0, 0. width, height: of the drawing. labels, grouping,
    largest_amount, largest_radius: what a legend and a caption need.
    """

    groups: tuple[Group, ...]
    width: float
    height: float
    labels: Labels
    grouping: Grouping
    largest_amount: float
    largest_radius: float


@dataclass(frozen=True, eq=False, kw_only=True)
class TreeDraft:
    """Everything about a tree but where it stands. arcs: further referrals, by row."""

    picture: Picture
    selection: TreeSelection
    style: PictureStyle
    font: Font
    labels: Labels
    stub_texts: list[str]
    grouping: Grouping
    arcs: pl.DataFrame


@dataclass(frozen=True, kw_only=True)
class TreePlan:
    """with_edges: whether edges have texts. more_x, more_y: pixels added to the gaps."""

    with_edges: bool = True
    more_x: float = 0.0
    more_y: float = 0.0


def draft_tree(
    picture: Picture, selection: TreeSelection, style: PictureStyle, lang: str, font: Font
) -> TreeDraft:
    """The words of the selected parties, before anything has a place."""
    named = selection.nodes[selection.names]
    labels = build_labels(
        picture,
        named,
        selection.counted_by_stub,
        lang,
        font,
        with_edges=not selection.is_trunk,
    )
    return TreeDraft(
        picture=picture,
        selection=selection,
        style=style,
        font=font,
        labels=labels,
        stub_texts=_format_stub_texts(selection, lang),
        grouping=build_grouping(named, style.color_by, lang),
        arcs=find_extra_arcs(picture, selection),
    )


def draw_tree(draft: TreeDraft, plan: TreePlan = TreePlan()) -> DrawnTree:
    """The tree from left to right, one column per generation."""
    selection, arcs, style, font = draft.selection, draft.arcs, draft.style, draft.font
    labels = draft.labels if plan.with_edges else draft.labels.without_edges()
    has_arrow = np.isin(np.arange(len(selection.tree.place)), arcs["target"].to_numpy())
    boxes = measure_boxes(selection, labels, draft.stub_texts, style, font, has_arrow)
    corridor = compute_corridor_width(arcs.height)
    positions, edges = place_boxes(selection, boxes, style, corridor, plan.more_x, plan.more_y)
    groups: tuple[Group, ...] = (
        *_draw_edges(selection, edges),
        *draw_extra_arcs(arcs, selection, positions, boxes),
        *draw_marks(selection, positions, boxes, draft.grouping, labels),
        *draw_root_ring(positions, boxes),
        *draw_texts(selection, positions, boxes, labels, draft.stub_texts, font, has_arrow),
    )
    return finish_tree(draft, groups, positions.width, positions.height, labels, boxes)


def finish_tree(
    draft: TreeDraft,
    groups: Sequence[Group],
    width: float,
    height: float,
    labels: Labels,
    boxes: Boxes,
) -> DrawnTree:
    """The tree on a page that begins at 0, 0, whatever arcs lie around it."""
    left, top, right, bottom = measure_groups(groups, width, height)
    return DrawnTree(
        groups=tuple(translate_group(group, -left, -top) for group in groups),
        width=right - left,
        height=bottom - top,
        labels=labels,
        grouping=draft.grouping,
        largest_amount=boxes.largest_amount,
        largest_radius=boxes.largest_radius,
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

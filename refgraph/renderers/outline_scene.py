"""A tree as an outline in columns: for stars, chains and bushes on a page of a given shape."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from refgraph.layouts.outline import Outline, connect_outline, lay_out_outline
from refgraph.layouts.positions import Positions
from refgraph.model.picture import CLOSED_STATES
from refgraph.renderers import palette
from refgraph.renderers.label_text import Phrases, shorten_name
from refgraph.renderers.labels import DETAIL_SIZE
from refgraph.renderers.scene import Group, Lines, Texts
from refgraph.renderers.tree_boxes import MAX_RADIUS, NAME_GAP, Boxes, measure_boxes
from refgraph.renderers.tree_marks import draw_marks, draw_root_ring
from refgraph.renderers.tree_scene import (
    CLOSED_WIDENING,
    EDGE_WIDTHS,
    STUB_EDGE_WIDTH,
    DrawnTree,
    TreeDraft,
    finish_tree,
)
from refgraph.renderers.tree_texts import draw_texts

ROW_HEIGHT, LINE_HEIGHT, SMALL_RADIUS = 36.0, 20.0, 8.0
"""Pixels of a row with two lines, of one with a name alone, and of the largest mark in it."""
INDENT, COLUMN_GAP = 26.0, 44.0
TOP_TEXT_DROP = 4.0


def draw_outline(
    draft: TreeDraft, page: tuple[float, float], lang: str, with_details: bool = True
) -> DrawnTree:
    """The outline that can be enlarged most on a page. with_details: second lines below names."""
    selection, font = draft.selection, draft.font
    labels = draft.labels.without_edges() if with_details else draft.labels.without_details()
    nobody = np.zeros(len(selection.tree.place), np.bool_)
    boxes = measure_boxes(
        selection,
        labels,
        draft.stub_texts,
        draft.style,
        font,
        nobody,
        MAX_RADIUS if with_details else SMALL_RADIUS,
    )
    outline = lay_out_outline(
        selection.tree.parent,
        boxes.width + np.where(selection.tree.is_stub, boxes.inset, 0.0),
        selection.tree.is_stub,
        row_height=ROW_HEIGHT if with_details else LINE_HEIGHT,
        indent=INDENT,
        gap=COLUMN_GAP,
        page=page,
    )
    x = outline.x + np.where(selection.tree.is_stub, boxes.inset, 0.0)
    positions = Positions(x, outline.y, x, outline.width, outline.height)
    groups: tuple[Group, ...] = (
        *_draw_lines(draft, outline, boxes),
        *draw_marks(selection, positions, boxes, draft.grouping, labels),
        *draw_root_ring(positions, boxes),
        *draw_texts(selection, positions, boxes, labels, draft.stub_texts, font, nobody),
        _draw_top_texts(draft, outline, 2 * boxes.inset + NAME_GAP, lang),
    )
    return finish_tree(draft, groups, outline.width, outline.height, labels, boxes)


def _draw_lines(draft: TreeDraft, outline: Outline, boxes: Boxes) -> Iterator[Lines]:
    """Rails in gray, then a twig into each row, red and wider into a closed party."""
    selection = draft.selection
    twigs, rails = connect_outline(outline, boxes.inset)
    is_stub = selection.tree.is_stub[1:]
    is_closed = selection.nodes["state"].is_in(CLOSED_STATES).to_numpy()[1:]
    twigs[is_stub, 1, 0] -= 3.0
    thin = EDGE_WIDTHS[0]
    yield Lines(name="rail", points=rails, code="ML", color=palette.EDGE, width=thin)
    yield Lines(
        name="edge-stub",
        points=twigs[is_stub],
        code="ML",
        color=palette.STUB_EDGE,
        width=STUB_EDGE_WIDTH,
        dash=palette.STUB_DASH,
    )
    for name, mask, color, width in (
        ("edge", ~is_closed, palette.EDGE, thin),
        ("edge closed", is_closed, palette.CLOSED_EDGE, thin + CLOSED_WIDENING),
    ):
        points = twigs[mask & ~is_stub]
        yield Lines(name=name, points=points, code="ML", color=color, width=width)


def _draw_top_texts(draft: TreeDraft, outline: Outline, inset: float, lang: str) -> Texts:
    """Above each column after the first: the party that its first row belongs to.

    inset: from the left end of a row to its text.
    """
    first = np.flatnonzero(np.diff(outline.column)) + 1
    row_of_name = np.cumsum(~draft.selection.tree.is_stub) - 1
    phrase = Phrases(lang).text("continued")
    texts = []
    for row, room in zip(first, _measure_columns(outline)[1:], strict=True):
        above = int(row_of_name[draft.selection.tree.parent[row]])
        text = phrase.format(name=draft.labels.names[above])
        room -= inset
        is_wide = draft.font.widths([text], DETAIL_SIZE)[0] > room
        texts.append(shorten_name(text, draft.font, DETAIL_SIZE, room) if is_wide else text)
    row_height = outline.y[0] * 2
    return Texts(
        name="continued",
        x=outline.x[first] + inset,
        y=outline.y[first] - row_height + TOP_TEXT_DROP,
        texts=texts,
        size=DETAIL_SIZE,
        color=palette.FAINT_TEXT,
    )


def _measure_columns(outline: Outline) -> list[float]:
    """Pixels from the first row of each column to the next column."""
    first = np.concatenate(([0], np.flatnonzero(np.diff(outline.column)) + 1))
    left = outline.x[first]
    column_left = np.minimum.reduceat(outline.x, first)
    ends = np.concatenate((column_left[1:] - COLUMN_GAP, [outline.width]))
    return [float(value) for value in ends - left]

"""A tree around its root: names on one line along their spokes, further generations further out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from refgraph.layouts.positions import Positions
from refgraph.layouts.radial import ARC_POINTS, RadialPlaces, connect_radial, lay_out_radial
from refgraph.model.picture import CLOSED_STATES
from refgraph.renderers import palette
from refgraph.renderers.labels import DETAIL_SIZE, NAME_SIZE, Labels
from refgraph.renderers.outline_scene import LINE_HEIGHT, ROW_HEIGHT, SMALL_RADIUS
from refgraph.renderers.scene import Floats, Group, Lines, Texts, translate_group
from refgraph.renderers.tree_boxes import (
    NAME_GAP,
    STAR,
    STAR_GAP,
    TRAILING_GAP,
    mask_key_accounts,
    measure_boxes,
)
from refgraph.renderers.tree_marks import RING, build_circle, draw_marks, draw_root_ring
from refgraph.renderers.tree_scene import (
    CLOSED_WIDENING,
    EDGE_WIDTHS,
    STUB_EDGE_WIDTH,
    DrawnTree,
    TreeDraft,
    finish_tree,
)

RING_GAP, HOLE_MARGIN, MIN_HOLE = 36.0, 10.0, 46.0
ROOT_MARK_RISE, ROOT_NAME_DROP, ROOT_DETAIL_DROP = 14.0, 17.0, 32.0
DETAIL_GAP, BASE_DROP = 8.0, 0.36
"""Pixels between a name and what follows it; from the middle of a line to its base, in sizes."""
NAME_RISE, DETAIL_DROP = -7.5, 8.5
"""From the middle of a row to the middles of its two lines, in pixels."""
ARC = "M" + "L" * ARC_POINTS
Words = tuple[str, Floats, list[str], float, str]
"""Name of a group, offsets from the spokes' near ends in pixels, texts, size, color."""


@dataclass(frozen=True, eq=False, kw_only=True)
class _Spokes:
    """The places of all rows. width, height: float64[n], of each along and across its spoke.

    hole: pixels of the root's circle.
    """

    places: RadialPlaces
    width: Floats
    height: Floats
    hole: float

    def locate(self, rows: np.ndarray, offset: Floats | float) -> Floats:
        """float64[m, 2]: the points so far behind the near ends of some rows."""
        radius, angle = self.places.distance[rows] + offset, self.places.angle[rows]
        return np.stack((radius * np.cos(angle), radius * np.sin(angle)), axis=1)


def draw_radial(draft: TreeDraft) -> DrawnTree:
    """The tree around its root, with second lines behind the names."""
    selection, font, labels = draft.selection, draft.font, draft.labels.without_edges()
    nobody = np.zeros(len(selection.tree.place), np.bool_)
    boxes = measure_boxes(
        selection, labels, draft.stub_texts, draft.style, font, nobody, SMALL_RADIUS
    )
    inset = 2 * boxes.inset + NAME_GAP
    parent = selection.tree.parent
    has_children = np.isin(np.arange(len(parent)), parent)
    offsets, width = _measure_lines(draft, labels, inset, has_children[selection.names])
    height = np.where(has_children, ROW_HEIGHT, LINE_HEIGHT)
    hole = _measure_hole(draft, labels)
    places = lay_out_radial(parent, width, height, hole=hole, gap=RING_GAP)
    spokes = _Spokes(places=places, width=width, height=height, hole=hole)
    at = spokes.locate(np.arange(len(width)), boxes.inset)
    at[0] = (0.0, -ROOT_MARK_RISE)
    marks_at = Positions(at[:, 0] - boxes.inset, at[:, 1], at[:, 0], 0.0, 0.0)
    groups: tuple[Group, ...] = (
        *_draw_edges(draft, spokes),
        *draw_marks(selection, marks_at, boxes, draft.grouping, labels),
        *draw_root_ring(marks_at, boxes),
        *_draw_root_texts(draft, labels),
        *_draw_spoke_texts(draft, labels, spokes, offsets, inset),
    )
    left, top, right, bottom = _measure_corners(spokes)
    moved = [translate_group(group, -left, -top) for group in groups]
    return finish_tree(draft, moved, right - left, bottom - top, labels, boxes)


def _measure_lines(
    draft: TreeDraft, labels: Labels, inset: float, has_two_lines: np.ndarray
) -> tuple[Floats, Floats]:
    """Where star and second text begin, float64[2, names], and the width of each row.

    has_two_lines: whether the second text of each name stands below it.
    """
    selection, font = draft.selection, draft.font
    star_at = inset + font.widths(labels.names, NAME_SIZE) + STAR_GAP
    star = np.where(mask_key_accounts(selection), font.widths([STAR], NAME_SIZE)[0], -STAR_GAP)
    detail_at = np.where(has_two_lines, inset, star_at + star + DETAIL_GAP)
    detail = font.widths(labels.details, DETAIL_SIZE)
    end = np.where(detail > 0, detail_at + detail, 0.0)
    width = np.zeros(len(selection.tree.place))
    width[selection.names] = np.maximum(end, star_at + star) + TRAILING_GAP
    stub_width = font.widths(draft.stub_texts, DETAIL_SIZE) + TRAILING_GAP
    width[selection.stubs] = stub_width
    return np.stack((star_at, detail_at)), width


def _measure_hole(draft: TreeDraft, labels: Labels) -> float:
    """The radius of a circle around the mark and the texts of the root."""
    name = draft.font.widths(labels.names[:1], NAME_SIZE)[0] / 2 + STAR_GAP + NAME_SIZE
    detail = draft.font.widths(labels.details[:1], DETAIL_SIZE)[0] / 2
    reach = max(np.hypot(name, ROOT_NAME_DROP), np.hypot(detail, ROOT_DETAIL_DROP + 4))
    return float(max(MIN_HOLE, reach + HOLE_MARGIN))


def _measure_corners(spokes: _Spokes) -> tuple[float, float, float, float]:
    """left, top, right, bottom of all lines of text and of the circle of the root."""
    rows = np.arange(1, len(spokes.width))
    angle = spokes.places.angle[rows]
    across = np.stack((-np.sin(angle), np.cos(angle)), axis=1) * spokes.height[rows, None] / 2
    ends = [spokes.locate(rows, 0.0), spokes.locate(rows, spokes.width[rows])]
    hole = [[-spokes.hole - 1] * 2, [spokes.hole + 1] * 2]
    corners = np.concatenate([end + sign * across for end in ends for sign in (-1, 1)] + [hole])
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _draw_edges(draft: TreeDraft, spokes: _Spokes) -> Iterator[Lines]:
    """The circle of the root, edges to stubs, to open parties, and red ones to closed parties."""
    tree = draft.selection.tree
    if len(tree.place) > 1:
        ring = build_circle((0.0, 0.0), spokes.hole)
        yield Lines(name="rail", points=ring, code=RING, color=palette.EDGE, width=EDGE_WIDTHS[0])
    points = connect_radial(tree.parent, spokes.places, spokes.width, spokes.hole)
    is_stub = tree.is_stub[1:]
    is_closed = draft.selection.nodes["state"].is_in(CLOSED_STATES).to_numpy()[1:]
    yield Lines(
        name="edge-stub",
        points=points[is_stub],
        code=ARC,
        color=palette.STUB_EDGE,
        width=STUB_EDGE_WIDTH,
        dash=palette.STUB_DASH,
    )
    for name, mask, color, more in (
        ("edge", ~is_closed, palette.EDGE, 0.0),
        ("edge closed", is_closed, palette.CLOSED_EDGE, CLOSED_WIDENING),
    ):
        selected = points[mask & ~is_stub]
        yield Lines(name=name, points=selected, code=ARC, color=color, width=EDGE_WIDTHS[0] + more)


def _draw_root_texts(draft: TreeDraft, labels: Labels) -> Iterator[Texts]:
    """The words of the root, centered below its mark."""
    is_closed = draft.selection.nodes["state"][0] in CLOSED_STATES
    name, color = ("name closed", palette.CLOSED_TEXT) if is_closed else ("name", palette.TEXT)
    zero = np.zeros(1)
    for group, text, drop, size, ink in (
        (name, labels.names[0], ROOT_NAME_DROP, NAME_SIZE, color),
        ("detail", labels.details[0], ROOT_DETAIL_DROP, DETAIL_SIZE, palette.MUTED_TEXT),
    ):
        if text:
            titles = labels.titles[:1] if size == NAME_SIZE else None
            yield Texts(
                name=group,
                x=zero,
                y=zero + drop,
                texts=[text],
                size=size,
                color=ink,
                anchor="middle",
                titles=titles,
            )
    if mask_key_accounts(draft.selection)[0]:
        x = draft.font.widths(labels.names[:1], NAME_SIZE) / 2 + STAR_GAP
        yield Texts(
            name="key",
            x=x,
            y=zero + ROOT_NAME_DROP,
            texts=[STAR],
            size=NAME_SIZE,
            color=palette.TEXT,
        )


def _draw_spoke_texts(
    draft: TreeDraft, labels: Labels, spokes: _Spokes, offsets: Floats, inset: float
) -> Iterator[Texts]:
    """Second texts, stubs, stars and names of all rows but the root, from their near ends."""
    selection = draft.selection
    is_closed = selection.nodes["state"].gather(selection.names).is_in(CLOSED_STATES).to_numpy()
    has_detail = np.array(list(map(bool, labels.details)), bool)
    is_other = np.arange(len(selection.names)) > 0
    starts = np.full(len(selection.names), inset)
    stars, stub_at = [STAR] * len(starts), np.zeros(len(selection.stubs))
    stubs = ("stub", stub_at, draft.stub_texts, DETAIL_SIZE, palette.MUTED_TEXT)
    yield from _write_along(spokes, selection.stubs, stubs, stub_at)
    has_two_lines = has_detail & (spokes.height[selection.names] > LINE_HEIGHT)
    rise, drop = np.where(has_two_lines, NAME_RISE, 0.0), np.where(has_two_lines, DETAIL_DROP, 0.0)
    for words, mask in (
        (("detail", offsets[1], labels.details, DETAIL_SIZE, palette.MUTED_TEXT), has_detail),
        (("key", offsets[0], stars, NAME_SIZE, palette.TEXT), mask_key_accounts(selection)),
        (("name", starts, labels.names, NAME_SIZE, palette.TEXT), ~is_closed),
        (("name closed", starts, labels.names, NAME_SIZE, palette.CLOSED_TEXT), is_closed),
    ):
        rows = np.flatnonzero(mask & is_other)
        chosen = (words[0], words[1][rows], [words[2][row] for row in rows], *words[3:])
        titles = [labels.titles[row] for row in rows] if words[0].startswith("name") else None
        lower = drop[rows] if words[0] == "detail" else rise[rows]
        yield from _write_along(spokes, selection.names[rows], chosen, lower, titles)


def _write_along(
    spokes: _Spokes,
    rows: np.ndarray,
    words: Words,
    lower: Floats,
    titles: Sequence[str] | None = None,
) -> Iterator[Texts]:
    """Texts along their spokes, upright on either side of the root. lower: pixels below them."""
    name, offset, texts, size, color = words
    angle = spokes.places.angle[rows]
    is_left = np.cos(angle) < 0
    sign = np.where(is_left, -1.0, 1.0)
    down = np.stack((-np.sin(angle), np.cos(angle)), axis=1)
    points = spokes.locate(rows, offset) + down * (sign * (BASE_DROP * size + lower))[:, None]
    degrees = np.degrees(angle) + np.where(is_left, 180.0, 0.0)
    for anchor, mask in (("start", ~is_left), ("end", is_left)):
        selected = np.flatnonzero(mask)
        if len(selected):
            yield Texts(
                name=name,
                x=points[selected, 0],
                y=points[selected, 1],
                texts=[texts[k] for k in selected.tolist()],
                size=size,
                color=color,
                anchor=anchor,
                titles=[titles[k] for k in selected.tolist()] if titles is not None else None,
                angles=degrees[selected],
            )

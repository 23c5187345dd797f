"""PICTURE + STYLE -> groups of a scene: a left-to-right tree with room for every word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from refgraph.layouts.edges import ARC, CURVE, compute_arcs
from refgraph.layouts.positions import Positions
from refgraph.model.picture import CLOSED_STATES, Picture
from refgraph.renderers import palette
from refgraph.renderers.fonts import Font
from refgraph.renderers.grouping import Grouping, build_grouping
from refgraph.renderers.label_text import Phrases, format_distinct
from refgraph.renderers.labels import Labels, build_labels
from refgraph.renderers.scene import Floats, Group, Lines, Marks, Texts
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.tree_boxes import Boxes, measure_boxes, place_boxes
from refgraph.renderers.tree_selection import TreeSelection
from refgraph.renderers.tree_texts import draw_texts
from refgraph.texts.numbers import format_count

EDGE_WIDTHS = (1.4, 2.2, 3.4, 5.0)
"""Widths of edges in a trunk, by how many parties come through them."""
STUB_EDGE_WIDTH, EXTRA_ARC_WIDTH, ARROW_HEAD_WIDTH = 1.0, 1.3, 0.8
ARROW_HEAD_LENGTH, ARROW_HEAD_HALF_WIDTH = 7, 3
CYCLE_FLAG, CYCLE_FLAG_SIZE = "↺", 15.0
EXTRA_ARCS = (
    ("second", False, palette.SECOND_REFERRER_EDGE),
    ("loop", True, palette.CYCLE_EDGE),
)
"""Name of a group of further arcs, whether they are cut, and their color."""
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
    arcs = _find_extra_arcs(picture, selection)
    has_arrow = np.isin(np.arange(len(selection.tree.place)), arcs["target"].to_numpy())
    boxes = measure_boxes(selection, labels, stub_texts, style, font, has_arrow)
    positions, edges = place_boxes(selection, boxes, style)
    grouping = build_grouping(named, style.color_by, lang)
    groups = (
        *_draw_edges(selection, edges),
        *_draw_extra_arcs(arcs, positions, boxes),
        *_draw_marks(selection, positions, boxes, grouping, labels),
        *draw_texts(selection, positions, boxes, labels, stub_texts, font, has_arrow),
    )
    return DrawnTree(
        groups=groups,
        width=positions.width,
        height=positions.height,
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


def _find_extra_arcs(picture: Picture, selection: TreeSelection) -> pl.DataFrame:
    """The further arcs both of whose ends are drawn: source, target (rows of the tree), cut."""
    row = np.full(len(picture), -1, np.int32)
    row[selection.tree.place[selection.names]] = selection.names
    arcs = picture.extras.select(
        source=pl.Series(row[picture.extras["source"].to_numpy()]),
        target=pl.Series(row[picture.extras["target"].to_numpy()]),
        cut="cut",
    )
    return arcs.filter((pl.col("source") >= 0) & (pl.col("target") >= 0))


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
    for name, mask, color in (
        ("edge", ~is_closed, palette.EDGE),
        ("edge closed", is_closed, palette.CLOSED_EDGE),
    ):
        for index, width in enumerate(EDGE_WIDTHS):
            selected = points[mask & ~is_stub & (level == index)]
            yield Lines(name=name, points=selected, code=CURVE, color=color, width=width)


def _compute_edge_levels(selection: TreeSelection) -> np.ndarray:
    """int, one per row: the index in `EDGE_WIDTHS` of the edge into it; 0 unless it is a trunk."""
    downstream = selection.nodes["downstream"].to_numpy()
    if not selection.is_trunk:
        return np.zeros(len(downstream), int)
    share = np.sqrt(downstream / max(int(downstream.max()), 1))
    level: np.ndarray = np.minimum((share * len(EDGE_WIDTHS)).astype(int), len(EDGE_WIDTHS) - 1)
    return level


def _draw_extra_arcs(arcs: pl.DataFrame, positions: Positions, boxes: Boxes) -> Iterator[Group]:
    """Further referrers dashed, cycles flagged, each with an arrow head at the referred party."""
    centers = replace(positions, x=positions.x + boxes.inset)
    for name, is_cut, color in EXTRA_ARCS:
        selected = arcs.filter(pl.col("cut") == is_cut)
        if not selected.height:
            continue
        source, target = selected["source"].to_numpy(), selected["target"].to_numpy()
        points = compute_arcs(source, target, centers, boxes.width - boxes.inset)
        points[:, 3, 0] -= boxes.radius[target]
        yield Lines(
            name=name,
            points=points,
            code=ARC,
            color=color,
            width=EXTRA_ARC_WIDTH,
            dash=palette.EXTRA_ARC_DASH,
        )
        yield Lines(
            name=f"{name}-head",
            points=_compute_arrow_heads(points),
            code="MLLL",
            color=color,
            width=ARROW_HEAD_WIDTH,
            fill=color,
        )
        if is_cut:
            yield _draw_cycle_flags(points, color)


def _draw_cycle_flags(points: np.ndarray, color: str) -> Texts:
    """A flag in the middle of each arc."""
    middle = (points[:, 0] + 3 * points[:, 1] + 3 * points[:, 2] + points[:, 3]) / 8
    return Texts(
        name="loop-flag",
        x=middle[:, 0],
        y=middle[:, 1] + 5,
        texts=[CYCLE_FLAG] * len(middle),
        size=CYCLE_FLAG_SIZE,
        color=color,
        anchor="middle",
    )


def _compute_arrow_heads(points: np.ndarray) -> np.ndarray:
    """Triangles float64[m, 4, 2] at the ends of arcs, along their last stretch."""
    tip = points[:, 3]
    back = points[:, 2] - tip
    back = back / np.maximum(np.hypot(back[:, 0], back[:, 1]), 1e-9)[:, None]
    side = np.stack((-back[:, 1], back[:, 0]), axis=1)
    base, half = tip + ARROW_HEAD_LENGTH * back, ARROW_HEAD_HALF_WIDTH * side
    return np.stack((tip, base + half, base - half, tip), axis=1)


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
                ink = palette.STATE_INKS[state]._replace(fill=fill)
                titles = [labels.titles[row] for row in rows]
                yield Marks.from_ink(f"mark {state}", x[rows], y[rows], r[rows], ink, titles)

"""Further referrers and cycles of a tree: dashed arcs around all words, arrow heads and flags."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from refgraph.kernels.forest import to_preorder
from refgraph.layouts.arcs import ROUTE, ArcRoom, route_arcs
from refgraph.layouts.positions import Positions
from refgraph.model.picture import Picture
from refgraph.renderers import palette
from refgraph.renderers.scene import Floats, Group, Lines, Marks, Texts
from refgraph.renderers.tree_boxes import BEND_WIDTH, EDGE_TEXT_RISE, TRAILING_GAP, Boxes
from refgraph.renderers.tree_selection import TreeSelection

EXTRA_ARC_WIDTH, ARROW_HEAD_WIDTH = 1.3, 0.8
ARROW_HEAD_LENGTH, ARROW_HEAD_HALF_WIDTH = 7, 3
CYCLE_FLAG, CYCLE_FLAG_SIZE, BADGE_RADIUS = "↺", 13.0, 8.0
FLAG_STEP = 6.0
"""Pixels between the places that are tried for a flag."""
MAX_NEAR = 2_000
"""Boxes and points of other arcs that a flag is compared with."""
EXTRA_ARCS = (
    ("second", False, palette.SECOND_REFERRER_EDGE),
    ("loop", True, palette.CYCLE_EDGE),
)
"""Name of a group of further arcs, whether they are cut, and their color."""


def find_extra_arcs(picture: Picture, selection: TreeSelection) -> pl.DataFrame:
    """The further arcs both of whose ends are drawn: source, target (rows of the tree), cut."""
    row = np.full(len(picture), -1, np.int32)
    row[selection.tree.place[selection.names]] = selection.names
    arcs = picture.extras.select(
        source=pl.Series(row[picture.extras["source"].to_numpy()], dtype=pl.Int32),
        target=pl.Series(row[picture.extras["target"].to_numpy()], dtype=pl.Int32),
        cut="cut",
    )
    return arcs.filter((pl.col("source") >= 0) & (pl.col("target") >= 0))


def draw_extra_arcs(
    arcs: pl.DataFrame, selection: TreeSelection, positions: Positions, boxes: Boxes
) -> Iterator[Group]:
    """Further referrers dashed, cycles flagged, each with an arrow head at the referred party."""
    if not arcs.height:
        return
    room = _measure_room(selection, positions, boxes)
    points = route_arcs(arcs["source"].to_numpy(), arcs["target"].to_numpy(), room)
    for name, is_cut, color in EXTRA_ARCS:
        selected = points[(arcs["cut"] == is_cut).to_numpy()]
        if not len(selected):
            continue
        yield Lines(
            name=name,
            points=selected,
            code=ROUTE,
            color=color,
            width=EXTRA_ARC_WIDTH,
            dash=palette.EXTRA_ARC_DASH,
        )
        yield Lines(
            name=f"{name}-head",
            points=_compute_arrow_heads(selected),
            code="MLLL",
            color=color,
            width=ARROW_HEAD_WIDTH,
            fill=color,
        )
        if is_cut:
            yield from _draw_cycle_flags(selected, points, room, boxes, color)


def _measure_room(selection: TreeSelection, positions: Positions, boxes: Boxes) -> ArcRoom:
    """What the arcs have to keep clear of."""
    half, y = boxes.height / 2, positions.y
    rise = np.where(boxes.edge > 0, np.maximum(half, EDGE_TEXT_RISE), half)
    return ArcRoom(
        positions=positions,
        depth=to_preorder(selection.tree.parent).depth,
        top=y - rise,
        bottom=y + half,
        half=half,
        mark_x=positions.x + boxes.inset,
        radius=boxes.radius,
        exit_x=positions.x + boxes.width - TRAILING_GAP / 2,
        track_start=BEND_WIDTH,
    )


def _compute_arrow_heads(points: Floats) -> Floats:
    """Triangles float64[m, 4, 2] at the ends of arcs, along their last stretch."""
    tip = points[:, -1]
    back = points[:, -2] - tip
    back = back / np.maximum(np.hypot(back[:, 0], back[:, 1]), 1e-9)[:, None]
    side = np.stack((-back[:, 1], back[:, 0]), axis=1)
    base, half = tip + ARROW_HEAD_LENGTH * back, ARROW_HEAD_HALF_WIDTH * side
    return np.stack((tip, base + half, base - half, tip), axis=1)


def _draw_cycle_flags(
    points: Floats, all_points: Floats, room: ArcRoom, boxes: Boxes, color: str
) -> Iterator[Group]:
    """A badge on each arc, clear of texts, and of other arcs and badges where there is room."""
    x = room.positions.x
    words = np.stack((x - boxes.edge, room.top, x + boxes.width, room.bottom), axis=1)
    others = _sample(all_points)
    flags = np.empty((0, 2))
    for path in points:
        spots = _sample(path[None])
        flags = np.vstack((flags, _choose_spot(spots, words, others, flags)))
    yield Marks(
        name="loop-badge",
        x=flags[:, 0],
        y=flags[:, 1],
        r=np.full(len(flags), BADGE_RADIUS),
        fill=palette.BACKGROUND,
        color=color,
        width=1.0,
    )
    yield Texts(
        name="loop-flag",
        x=flags[:, 0],
        y=flags[:, 1] + 4.5,
        texts=[CYCLE_FLAG] * len(flags),
        size=CYCLE_FLAG_SIZE,
        color=color,
        anchor="middle",
    )


def _sample(paths: Floats) -> Floats:
    """float64[k, 2]: points along the straight pieces of arcs, some `FLAG_STEP` apart."""
    starts, ends = paths[:, [1, 5, 9, 13, 17]], paths[:, [2, 6, 10, 14, 18]]
    starts, ends = starts.reshape(-1, 2), ends.reshape(-1, 2)
    count = 2 + (np.hypot(*(ends - starts).T) / FLAG_STEP).astype(int)
    piece = np.repeat(np.arange(len(count)), count)
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    share = (step / np.repeat(count - 1, count))[:, None]
    points: Floats = starts[piece] * (1 - share) + ends[piece] * share
    return points


def _choose_spot(spots: Floats, words: Floats, others: Floats, flags: Floats) -> Floats:
    """The spot of an arc that touches the least, the nearest to its middle: float64[2]."""
    low, high = spots.min(axis=0) - 3 * BADGE_RADIUS, spots.max(axis=0) + 3 * BADGE_RADIUS
    is_near = ((words[:, :2] < high) & (words[:, 2:] > low)).all(axis=1)
    near_words = words[is_near][:MAX_NEAR]
    near_others = others[((others > low) & (others < high)).all(axis=1)][:MAX_NEAR]
    gap = BADGE_RADIUS + 1
    x, y = spots[:, :1], spots[:, 1:]
    covers_word = (near_words[:, 0] < x + gap) & (near_words[:, 2] > x - gap)
    covers_word &= (near_words[:, 1] < y + gap) & (near_words[:, 3] > y - gap)
    cost = 1e6 * covers_word.any(axis=1)
    cost = cost + 1e4 * (np.hypot(flags[:, 0] - x, flags[:, 1] - y) < 2 * gap).sum(axis=1)
    cost = cost + 10 * (np.hypot(near_others[:, 0] - x, near_others[:, 1] - y) < gap).sum(axis=1)
    cost = cost + np.abs(np.arange(len(spots)) - len(spots) / 2) / len(spots)
    return np.asarray(spots[int(np.argmin(cost))], np.float64)

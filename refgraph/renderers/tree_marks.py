"""The marks of a tree: one per party, and a ring around that of the root."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from refgraph.layouts.arcs import CIRCLE
from refgraph.layouts.positions import Positions
from refgraph.model.picture import CLOSED_STATES
from refgraph.renderers import palette
from refgraph.renderers.grouping import Grouping
from refgraph.renderers.labels import Labels
from refgraph.renderers.scene import Floats, Lines, Marks
from refgraph.renderers.tree_boxes import Boxes
from refgraph.renderers.tree_selection import TreeSelection

ROOT_RING_WIDTH, ROOT_RING_GAP = 1.6, 3.0
RING = "M" + "CCC" * 4
"""A circle of four curves."""
STATES_IN_DRAWING_ORDER = (
    *(state for state in palette.STATE_INKS if state not in CLOSED_STATES),
    *reversed(CLOSED_STATES),
)
"""Closed ones last, so that nothing covers them."""


def draw_marks(
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


def draw_root_ring(positions: Positions, boxes: Boxes) -> Iterator[Lines]:
    """A ring around the mark of the root, which may be the smallest of all."""
    if len(positions.x) < 2:
        return
    radius = boxes.radius[0] + ROOT_RING_GAP
    yield Lines(
        name="root",
        points=build_circle((positions.x[0] + boxes.inset, positions.y[0]), radius),
        code=RING,
        color=palette.TEXT,
        width=ROOT_RING_WIDTH,
    )


def build_circle(center: tuple[float, float], radius: float) -> Floats:
    """A circle as `RING`: float64[1, 13, 2]."""
    angle = np.linspace(0, 2 * np.pi, 5)
    on = np.stack((np.cos(angle), np.sin(angle)), axis=1)
    along = np.stack((-on[:, 1], on[:, 0]), axis=1) * CIRCLE
    curves = np.stack((on[:-1] + along[:-1], on[1:] - along[1:], on[1:]), axis=1).reshape(-1, 2)
    points: Floats = (np.array(center) + radius * np.vstack((on[:1], curves)))[None]
    return points

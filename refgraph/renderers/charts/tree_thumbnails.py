"""The largest trees side by side: every party a dot, closed ones red, all to one scale each."""

from __future__ import annotations

import math

import numpy as np

from refgraph.layouts.edges import CURVE, compute_curves
from refgraph.layouts.positions import Positions
from refgraph.layouts.tidy import lay_out_tidy
from refgraph.model.message import message
from refgraph.renderers import palette
from refgraph.renderers.charts.parts import ChartData, DrawnChart, draw_words
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.scene import Group, Lines, Marks

MAX_TREES = 12
BOX, GAP_X, GAP_Y = 4.0, 14.0, 2.0
"""Sizes of a drawing before it is fitted into its cell."""
MAX_RADIUS, MIN_RADIUS = 0.42, 0.04
"""Radius of a dot, in sizes of a text."""
CELL_WIDTH, CELL_HEIGHT, WORDS = 12.0, 9.0, 3.2
"""Least size of a cell, and the height of the words below a tree, in sizes of a text."""


def draw(data: ChartData) -> DrawnChart:
    """Trees by the number of their parties, as many as the room takes."""
    frame = data.frame.with_row_index("row").sort("parties", descending=True, maintain_order=True)
    columns = max(1, min(4, int(data.room[0] / (CELL_WIDTH * data.size))))
    lines = max(1, min(3, int(data.room[1] / (CELL_HEIGHT * data.size))))
    most = min(frame.height, MAX_TREES, columns * lines)
    lines = max(1, math.ceil(most / columns))
    width, height = data.room[0] / columns, data.room[1] / lines
    groups: list[Group] = []
    shown = 0
    for k in range(most):
        row = int(frame["row"][k])
        parent, is_closed = read_shape(str(data.frame["shape"][row]))
        shown += len(parent) < int(data.frame["parties"][row])
        left, top = k % columns * width, k // columns * height
        room = (width - 1.5 * data.size, height - WORDS * data.size - 0.5 * data.size)
        groups += _draw_tree(data, parent, is_closed, (left, top), room)
        groups += _write_words(data, row, left, top + height - WORDS * data.size, width)
    notes = [message("chart.trees-cut", trees=shown)] if shown else []
    rest = data.frame.height + data.result.more - most
    notes += [message("chart.trees-left-out", trees=rest)] if rest else []
    return DrawnChart(groups=tuple(groups), legend=_build_legend(data), notes=notes)


def read_shape(shape: str) -> tuple[np.ndarray, np.ndarray]:
    """int32[n]: parents in preorder, and bool[n]: closed, from children by generation.

    >>> parent, is_closed = read_shape("2* 1 0* 0")
    >>> parent.tolist(), is_closed.tolist()
    ([-1, 0, 1, 0], [True, False, False, True])
    """
    words = shape.split(" ")
    is_closed = np.array([word.endswith("*") for word in words])
    children = np.array([int(word.rstrip("*")) for word in words], np.int64)
    parent = np.full(len(words), -1, np.int64)
    below = np.repeat(np.arange(len(words)), children)[: len(words) - 1]
    parent[1 : 1 + len(below)] = below
    order = _order_depth_first(parent)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    above = parent[order]
    return np.where(above < 0, -1, place[above]).astype(np.int32), is_closed[order]


def _order_depth_first(parent: np.ndarray) -> np.ndarray:
    """Places with each subtree together, from parents that come before their children."""
    size = np.ones(len(parent), np.int64)
    for k in range(len(parent) - 1, 0, -1):
        size[parent[k]] += size[k]
    start = np.zeros(len(parent), np.int64)
    used = start + 1
    for k in range(1, len(parent)):
        start[k] = start[parent[k]] + used[parent[k]]
        used[parent[k]] += size[k]
    return np.argsort(start, kind="stable")


def _draw_tree(
    data: ChartData,
    parent: np.ndarray,
    is_closed: np.ndarray,
    corner: tuple[float, float],
    room: tuple[float, float],
) -> list[Group]:
    """Edges, then dots, in a cell that they fill in one direction."""
    at = lay_out_tidy(parent, BOX, BOX, gap_x=GAP_X, gap_y=GAP_Y)
    factor_x = min(room[0] / at.width, 3.0 * data.size / BOX)
    factor_y = min(room[1] / at.height, 1.6 * data.size / BOX)
    x0 = corner[0]
    y0 = corner[1] + (room[1] - at.height * factor_y) / 2
    x, y = x0 + (at.x + BOX / 2) * factor_x, y0 + at.y * factor_y
    radius = np.clip(0.5 * BOX * factor_y, MIN_RADIUS * data.size, MAX_RADIUS * data.size)
    groups = _draw_edges(data, parent, at, is_closed, (x0, y0), (factor_x, factor_y))
    for name, ink in (
        ("other", palette.PROSPECT_INKS["new"]),
        ("closed", palette.CUSTOMER_INKS["closed"]),
    ):
        rows = is_closed if name == "closed" else ~is_closed
        size = np.full(int(rows.sum()), float(radius))
        groups.append(
            Marks.from_ink(
                name, x[rows], y[rows], size, ink._replace(width=min(1.2, float(radius) / 3))
            )
        )
    return groups


def _draw_edges(
    data: ChartData,
    parent: np.ndarray,
    at: Positions,
    is_closed: np.ndarray,
    corner: tuple[float, float],
    factor: tuple[float, float],
) -> list[Group]:
    points = compute_curves(parent, at, BOX, bend=GAP_X)
    # from the middle of a dot to the middle of the next
    points[:, 0, 0] -= BOX / 2
    points[:, -1, 0] += BOX / 2
    points = points * np.array(factor) + np.array(corner)
    width = min(0.09 * data.size, 0.3 * factor[1] * BOX)
    groups: list[Group] = []
    for name, color in (("edge", palette.EDGE), ("edge closed", palette.CLOSED_EDGE)):
        rows = is_closed[1:] if name != "edge" else ~is_closed[1:]
        groups.append(Lines(name=name, points=points[rows], code=CURVE, color=color, width=width))
    return groups


def _write_words(data: ChartData, row: int, left: float, top: float, width: float) -> list[Group]:
    """Name of the root, then the figures of the tree."""
    name = data.fit([data.frame["name"][row] or ""], width - 1.5 * data.size)
    phrase = data.say("tree").format(
        parties=data.cells["parties"][row],
        closed=data.cells["closed"][row],
        generations=data.cells["generations"][row],
    )
    lines = data.fit([phrase], width - 1.5 * data.size)
    return [
        draw_words("name", [left], [top + data.size], name, data.size),
        draw_words(
            "value", [left], [top + 2.4 * data.size], lines, data.size, "start", palette.MUTED_TEXT
        ),
    ]


def _build_legend(data: ChartData) -> tuple[LegendEntry, ...]:
    return (
        LegendEntry(text=data.say("tree-closed"), ink=palette.CUSTOMER_INKS["closed"]),
        LegendEntry(text=data.say("tree-other"), ink=palette.PROSPECT_INKS["new"]),
    )

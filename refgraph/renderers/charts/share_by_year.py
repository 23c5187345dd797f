"""The share of new customers who came by referral, year by year, with its interval."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from refgraph.model.message import message
from refgraph.renderers import palette
from refgraph.renderers.charts.parts import (
    ChartData,
    DrawnChart,
    draw_segments,
    draw_share_axis,
    draw_words,
)
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.scene import Group, Marks

YEAR_WIDTH = 4.2
"""Width of a year, in sizes of its label."""
RADIUS, INTERVAL_WIDTH = 0.42, 0.2
"""Of a point and of the line of its interval, in sizes of a label."""


def draw(data: ChartData) -> DrawnChart:
    """A point per year, the line of its interval, and how many customers it counts."""
    left = data.width(["100 %"]) + 0.5 * data.size
    most = max(1, int((data.room[0] - left) / (YEAR_WIDTH * data.size)))
    frame = data.frame.head(most).reverse()
    cells = {name: list(reversed(words[:most])) for name, words in data.cells.items()}
    top, bottom = 0.8 * data.size, data.room[1] - 3.2 * data.size
    x = left + (np.arange(frame.height) + 0.5) * (data.room[0] - left) / max(frame.height, 1)
    share, low, high = (
        bottom - frame[name].to_numpy().astype(np.float64) * (bottom - top)
        for name in ("new_share", "new_share_low", "new_share_high")
    )
    known = np.isfinite(share)
    rows, below = np.flatnonzero(known), np.full(len(x), bottom)
    counts = [f"n = {n}" for n in cells["new_customers"]]
    groups: list[Group] = [
        *draw_share_axis(data, left, top, bottom),
        draw_segments(
            "interval",
            np.stack((x, low), axis=1)[known],
            np.stack((x, high), axis=1)[known],
            palette.EDGE,
            INTERVAL_WIDTH * data.size,
        ),
        *_draw_points(data, x[known], share[known], [cells["new_share"][k] for k in rows]),
        draw_words("year", x, below + 1.5 * data.size, cells["year"], data.size, "middle"),
        draw_words("count", x, below + 2.8 * data.size, counts, data.size, "middle"),
    ]
    left_out = data.frame.height - frame.height
    notes = [message("chart.years-left-out", years=left_out)] if left_out else []
    return DrawnChart(groups=tuple(groups), legend=_build_legend(data), notes=notes)


def _draw_points(
    data: ChartData, x: np.ndarray, y: np.ndarray, words: list[str]
) -> Iterator[Group]:
    """The shares, each with its number beside it."""
    ink = palette.CUSTOMER_INKS["closed"]
    yield Marks.from_ink("point", x, y, np.full(len(x), RADIUS * data.size), ink, words)
    yield draw_words("value", x + 0.5 * data.size, y - 0.35 * data.size, words, data.size)


def _build_legend(data: ChartData) -> tuple[LegendEntry, ...]:
    return (
        LegendEntry(text=data.say("share"), ink=palette.CUSTOMER_INKS["closed"]),
        LegendEntry(text=data.say("interval"), line=palette.EDGE, width=3.0),
        LegendEntry(text=data.say("n-new")),
    )

"""How much of the value the best customers and recommenders bring: cumulated, with the top 20 %."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from refgraph import texts
from refgraph.renderers import palette
from refgraph.renderers.charts.parts import (
    ChartData,
    DrawnChart,
    draw_segments,
    draw_share_axis,
    draw_words,
)
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.scene import Group, Lines, Marks
from refgraph.texts.numbers import format_share

CURVES = {
    "own-value": palette.CUSTOMER_INKS["closed"].fill,
    "direct-value": palette.GROUP_COLORS[0],
    "referred-parties": palette.GROUP_COLORS[2],
}
"""Measure -> color of its curve."""
POINT = 0.2
"""The share of parties whose part is marked on the curve and written in the legend."""
LINE_WIDTH, RADIUS = 0.16, 0.38


def draw(data: ChartData) -> DrawnChart:
    """One curve per measure; parts above 100 %, where losses follow, are cut off at the top."""
    left = data.width(["100 %"]) + 0.5 * data.size
    top, bottom = 0.8 * data.size, data.room[1] - 3.2 * data.size
    right = data.room[0] - 0.5 * data.width(["100 %"])
    groups: list[Group] = draw_share_axis(data, left, top, bottom)
    groups += _draw_party_axis(data, left, right, bottom)
    equal = draw_segments("equal", [(left, bottom)], [(right, top)], palette.EDGE, 1.5, (6.0, 4.0))
    groups.append(equal)
    legend = []
    for measure, color in CURVES.items():
        rows = data.frame.filter((pl.col("measure") == measure) & pl.col("part").is_not_null())
        if rows.height:
            x = left + rows["top"].to_numpy() * (right - left)
            y = bottom - np.clip(rows["part"].to_numpy(), 0.0, 1.0) * (bottom - top)
            groups += _draw_curve(data, x, y, np.isclose(rows["top"].to_numpy(), POINT), color)
            legend.append(_explain_curve(data, measure, color))
    legend.append(LegendEntry(text=data.say("equal"), line=palette.EDGE, dash=(6.0, 4.0)))
    return DrawnChart(groups=tuple(groups), legend=legend)


def _draw_party_axis(data: ChartData, left: float, right: float, bottom: float) -> list[Group]:
    """0 to 100 % of the parties, the best first."""
    shares = np.linspace(0, 1, 6)
    x, y = left + shares * (right - left), np.full(6, bottom + 1.5 * data.size)
    words = [format_share(share, data.lang, 0) for share in shares]
    title = data.say("share-of-parties")
    return [
        draw_words("axis", x, y, words, data.size, "middle", palette.MUTED_TEXT),
        draw_words("axis-title", [left], [bottom + 2.9 * data.size], [title], data.size),
    ]


def _draw_curve(
    data: ChartData, x: np.ndarray, y: np.ndarray, is_marked: np.ndarray, color: str
) -> Iterator[Group]:
    """The curve, and a mark on it."""
    points, code = np.stack((x, y), axis=1)[None], "M" + "L" * (len(x) - 1)
    width = LINE_WIDTH * data.size
    yield Lines(name="curve", points=points, code=code, color=color, width=width)
    radius = np.full(int(is_marked.sum()), RADIUS * data.size)
    yield Marks(name="point", x=x[is_marked], y=y[is_marked], r=radius, fill=color, color=color)


def _explain_curve(data: ChartData, measure: str, color: str) -> LegendEntry:
    """The measure, its parties, and what the top 20 % bring, as the table says it."""
    first = data.frame["measure"].to_list().index(measure)
    text = data.say("curve").format(
        measure=texts.get_label(measure, data.lang),
        parties=data.cells["parties"][first],
        part=data.cells["top_20"][first],
    )
    return LegendEntry(text=text, line=color, width=3.0)

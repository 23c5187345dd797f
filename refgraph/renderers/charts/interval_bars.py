"""Groups as bars of a share, each with its confidence interval and its numbers."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.measures.groups import NOT_RECORDED
from refgraph.model.message import Label, Message, message
from refgraph.renderers import palette
from refgraph.renderers.charts.axes import draw_share_scale, list_round_numbers
from refgraph.renderers.charts.parts import (
    ChartData,
    DrawnChart,
    draw_boxes,
    draw_segments,
    draw_words,
)
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.scene import Floats, Group

MAX_ROWS, ROW_HEIGHT = 15, 1.9
MAX_NAME_WIDTH, BAR_SHARE = 15.0, 0.62
"""Width of the longest name, in sizes of a text; height of a bar, as a share of its row."""
INTERVAL_WIDTH = 0.14


def draw(data: ChartData) -> DrawnChart:
    """One bar per group, in the order of the table."""
    axis = 2.0 * data.size
    height = data.room[1] - axis
    most = min(MAX_ROWS, max(1, int(height / (ROW_HEIGHT * data.size))), data.frame.height)
    label = data.result.columns[0].name
    names = data.fit(data.cells[label][:most], MAX_NAME_WIDTH * data.size)
    words = _write_numbers(data, most)
    left = data.width(names) + data.size
    right = max(left + 1.0, data.room[0] - data.width(words) - data.size)
    parts = np.stack([data.read(name)[:most] for name in ("share", "share_low", "share_high")])
    scale = list_round_numbers(float(np.nanmax(parts, initial=0.0)))
    row = min(height / max(most, 1), 2 * ROW_HEIGHT * data.size)
    middle = (np.arange(most, dtype=np.float64) + 0.5) * row
    half = min(0.5 * BAR_SHARE * row, 0.9 * data.size)
    base = middle + 0.36 * data.size
    groups = (
        *draw_share_scale(data, scale, left, right, most * row),
        *_draw_bars(data, left, left + parts / scale[-1] * (right - left), middle, half),
        draw_words("name", np.full(most, left - 0.6 * data.size), base, names, data.size, "end"),
        draw_words("value", np.full(most, right + data.size), base, words, data.size),
    )
    rest = data.frame.height + data.result.more - most
    notes = [message("chart.more-groups", groups=rest)] if rest else []
    headline = _build_headline(data) if "referred" in data.cells else None
    return DrawnChart(groups=groups, legend=_build_legend(data), notes=notes, headline=headline)


def _build_headline(data: ChartData) -> Message | None:
    """How many were referred, in all groups and in the one with most customers; None if hidden."""
    frame = data.frame
    if data.result.more or frame[["customers", "referred"]].null_count().sum_horizontal().item():
        return None
    recorded = frame.filter(pl.col("segment") != NOT_RECORDED)
    group = (recorded if recorded.height else frame).sort(
        "customers", "segment", descending=[True, False]
    )
    largest = group.row(0, named=True)
    customers, referred = int(frame["customers"].sum()), int(frame["referred"].sum())
    return message(
        "chart.groups-headline",
        customers=customers,
        referred=referred,
        share=referred / customers,
        segment=Label(largest["segment"]),
        most=largest["customers"],
        part=largest["referred"],
        rate=largest["share"],
        low=largest["share_low"],
        high=largest["share_high"],
        standing=data.result.headline.values["standing"],
    )


def _draw_bars(
    data: ChartData, left: float, ends: Floats, middle: Floats, half: float
) -> list[Group]:
    """Bars and the lines of their intervals. ends: float64[3, n], share, low, high in pixels."""
    known = np.isfinite(ends[0])
    share, low, high = ends[:, known]
    y = middle[known]
    start, fill = np.full(len(y), left), palette.CUSTOMER_INKS["closed"].fill
    first, last = np.stack((low, y), axis=1), np.stack((high, y), axis=1)
    return [
        draw_boxes("bar", start, y - half, share, y + half, fill),
        draw_segments("interval", first, last, palette.TEXT, INTERVAL_WIDTH * data.size),
    ]


def _write_numbers(data: ChartData, most: int) -> list[str]:
    """What stands behind each bar, as the table says it."""
    is_channel = "referred" not in data.cells
    phrase = data.say("bar-of-all" if is_channel else "bar-of-group")
    unknown = data.say("unknown")
    rows = zip(
        data.frame["share"].is_null()[:most],
        data.cells["share"][:most],
        data.cells["customers"][:most],
        data.cells["customers" if is_channel else "referred"][:most],
        strict=True,
    )
    return [
        phrase.format(share=unknown if is_null else share, customers=customers, referred=referred)
        for is_null, share, customers, referred in rows
    ]


def _build_legend(data: ChartData) -> tuple[LegendEntry, ...]:
    key = "share-of-customers" if "referred" not in data.cells else "share-referred"
    fill = palette.CUSTOMER_INKS["closed"].fill
    return (
        LegendEntry(text=data.say(key), line=fill, width=9.0),
        LegendEntry(text=data.say("interval"), line=palette.TEXT, width=2.0),
    )

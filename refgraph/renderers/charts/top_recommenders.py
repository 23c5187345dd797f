"""The first recommenders as bars: the value of those they referred, and how many closed."""

from __future__ import annotations

import numpy as np

from refgraph.model.message import message
from refgraph.renderers import palette
from refgraph.renderers.charts.parts import ChartData, DrawnChart, draw_boxes, draw_words
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.scene import Group

MAX_ROWS, ROW_HEIGHT = 15, 1.9
"""Bars at most, and the height of a row in sizes of its text."""
MAX_NAME_WIDTH, BAR_SHARE = 17.0, 0.62
"""Width of the longest name, in sizes of a text; height of a bar, as a share of its row."""


def draw(data: ChartData) -> DrawnChart:
    """One bar per recommender, in the order of the table."""
    most = min(MAX_ROWS, max(1, int(data.room[1] / (ROW_HEIGHT * data.size))), data.frame.height)
    names = data.names("name", MAX_NAME_WIDTH * data.size)[:most]
    values = data.frame["direct_value"].head(most).fill_null(0.0).to_numpy().astype(np.float64)
    by_value = bool((values > 0).any())
    if not by_value:
        values = data.frame["direct"].head(most).to_numpy().astype(np.float64)
    words = _write_bars(data, most, by_value)
    left = data.width(names) + data.size
    longest = max(1.0, data.room[0] - left - data.width(words) - data.size)
    row = min(data.room[1] / max(most, 1), 2 * ROW_HEIGHT * data.size)
    middle = (np.arange(most, dtype=np.float64) + 0.5) * row
    ends = left + longest * np.maximum(values, 0.0) / max(float(values.max(initial=0.0)), 1.0)
    half = min(0.5 * BAR_SHARE * row, 0.9 * data.size)
    base = middle + 0.36 * data.size
    groups: tuple[Group, ...] = (
        draw_boxes(
            "bar",
            np.full(most, left),
            middle - half,
            ends,
            middle + half,
            palette.CUSTOMER_INKS["closed"].fill,
        ),
        draw_words("name", np.full(most, left - 0.6 * data.size), base, names, data.size, "end"),
        draw_words(
            "value", ends + 0.6 * data.size, base, words, data.size, "start", palette.MUTED_TEXT
        ),
    )
    title = data.column_title("direct_value" if by_value else "direct")
    rest = data.frame.height + data.result.more - most
    notes = [message("chart.more-recommenders", parties=rest)] if rest else []
    legend = (LegendEntry(text=data.say("bar-legend").format(title=title)),)
    return DrawnChart(groups=groups, legend=legend, notes=notes)


def _write_bars(data: ChartData, most: int, by_value: bool) -> list[str]:
    """What stands behind each bar, as the table says it."""
    phrase = data.say("bar" if by_value else "bar-counts")
    columns = ("direct_value", "direct", "closed")
    rows = zip(*(data.cells[name][:most] for name in columns), strict=True)
    return [
        phrase.format(value=value, direct=direct, closed=closed) for value, direct, closed in rows
    ]

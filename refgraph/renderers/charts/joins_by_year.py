"""Joins by source and referrals, year by year, one above the other."""

from __future__ import annotations

import numpy as np

from refgraph.model.message import message
from refgraph.renderers import palette
from refgraph.renderers.charts.axes import draw_count_axis, list_round_numbers
from refgraph.renderers.charts.parts import ChartData, DrawnChart, draw_boxes, draw_words
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.scene import Floats, Group
from refgraph.texts.numbers import format_count

YEAR_WIDTH = 2.9
"""Width of a year, in sizes of its label."""
SOURCES = {
    "by_referral": palette.CUSTOMER_INKS["closed"].fill,
    "other_ways": palette.GROUP_COLORS[0],
    "no_source": palette.OTHER_GROUPS_COLOR,
}
"""Column -> fill, from the bottom of a bar to its top."""
REFERRALS = palette.GROUP_COLORS[4]
BAR_SHARE, JOINS_SHARE = 0.72, 0.58
"""Width of a bar as a share of its year; height of the upper part, as a share of both."""


def draw(data: ChartData) -> DrawnChart:
    """Stacked bars of new customers above, bars of referrals below, years at the bottom."""
    sources = {name: _read(data, name) for name in SOURCES}
    totals, referrals = _read(data, "new_customers"), _read(data, "referrals")
    largest = max(float(totals.max(initial=0)), float(referrals.max(initial=0)))
    left = data.width([format_count(list_round_numbers(largest, is_whole=True)[-1])]) + data.size
    most = max(1, int((data.room[0] - left) / (YEAR_WIDTH * data.size)))
    years = list(reversed(data.cells["year"][:most]))
    x = left + (np.arange(len(years)) + 0.5) * (data.room[0] - left) / max(len(years), 1)
    half = 0.5 * BAR_SHARE * (data.room[0] - left) / max(len(years), 1)
    height = data.room[1] - 5.2 * data.size
    middle = 1.5 * data.size + JOINS_SHARE * height
    bottom = data.room[1] - 2.0 * data.size
    above, below = (1.5 * data.size, middle), (middle + 1.7 * data.size, bottom)
    groups: list[Group] = []
    parts = {name: values[:most][::-1] for name, values in sources.items()}
    colors = list(SOURCES.values())
    groups += _draw_bars(data, x, half, left, above, list(parts.values()), colors)
    groups += _draw_bars(data, x, half, left, below, [referrals[:most][::-1]], [REFERRALS])
    base = np.full(len(x), bottom + 1.5 * data.size)
    groups.append(draw_words("year", x, base, years, data.size, "middle"))
    rest = data.frame.height - len(years)
    notes = [message("chart.years-left-out", years=rest)] if rest else []
    return DrawnChart(groups=tuple(groups), legend=_build_legend(data), notes=notes)


def _read(data: ChartData, column: str) -> Floats:
    return data.frame[column].fill_null(0).to_numpy().astype(np.float64)


def _draw_bars(
    data: ChartData,
    x: Floats,
    half: float,
    left: float,
    span: tuple[float, float],
    parts: list[Floats],
    colors: list[str],
) -> list[Group]:
    """Stacked bars on a grid of their own, with their sums above them."""
    top, bottom = span
    totals = np.sum(parts, axis=0)
    numbers = list_round_numbers(float(totals.max(initial=0)), is_whole=True)
    pixel = (bottom - top) / numbers[-1]
    groups = draw_count_axis(data, numbers, left, data.room[0], top, bottom)
    start = np.zeros(len(x))
    for values, color in zip(parts, colors, strict=True):
        end = start + values
        some = values > 0
        groups.append(
            draw_boxes(
                "bar",
                (x - half)[some],
                (bottom - end * pixel)[some],
                (x + half)[some],
                (bottom - start * pixel)[some],
                color,
            )
        )
        start = end
    words = [format_count(total) for total in totals]
    groups.append(
        draw_words(
            "value", x, bottom - totals * pixel - 0.4 * data.size, words, data.size, "middle"
        )
    )
    return groups


def _build_legend(data: ChartData) -> list[LegendEntry]:
    lead = data.say("joins-above")
    entries = [LegendEntry(text=lead)]
    for name, color in SOURCES.items():
        entries.append(LegendEntry(text=data.column_title(name), line=color, width=9.0))
    entries.append(LegendEntry(text=data.say("referrals-below"), line=REFERRALS, width=9.0))
    return entries

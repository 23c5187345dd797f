"""What each recommender referred, rank by rank, against what chance would give to the rank."""

from __future__ import annotations

import numpy as np

from refgraph.renderers import palette
from refgraph.renderers.charts.axes import draw_count_axis, list_round_numbers
from refgraph.renderers.charts.parts import ChartData, DrawnChart, draw_words
from refgraph.renderers.charts.point_labels import place_names
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.scene import Group, Lines, Marks
from refgraph.texts.numbers import format_count

BAND, CHANCE = "#dfe4ea", palette.GROUP_COLORS[0]
RADIUS, MAX_NAME_WIDTH, MAX_NAMES = 0.36, 16.0, 5
RANK_WIDTH = 1.2


def draw(data: ChartData) -> DrawnChart:
    """Points for the occasions of each rank over the band that chance gives to it."""
    most = max(1, int(data.room[0] / (RANK_WIDTH * data.size)))
    compared = data.frame["rank_by_chance_high"].is_not_null()
    frame = data.frame.filter(compared).head(most)
    occasions, mean, low, high = (
        frame[name].to_numpy().astype(np.float64)
        for name in ("occasions", "rank_by_chance", "rank_by_chance_low", "rank_by_chance_high")
    )
    numbers = list_round_numbers(float(max(occasions.max(initial=1), high.max(initial=1))), True)
    left = data.width([format_count(numbers[-1])]) + data.size
    top, bottom = 0.8 * data.size, data.room[1] - 3.2 * data.size
    x = left + (np.arange(len(occasions)) + 0.5) * (data.room[0] - left) / max(len(occasions), 1)
    y, middle, lower, upper = (
        bottom - values / numbers[-1] * (bottom - top) for values in (occasions, mean, low, high)
    )
    groups = draw_count_axis(data, numbers, left, data.room[0], top, bottom)
    groups += _draw_band(x, middle, lower, upper)
    is_above = frame["above_chance"].fill_null(False).to_numpy().astype(bool)
    for name, rows in (("point", ~is_above), ("point-above", is_above)):
        ink = palette.CUSTOMER_INKS["closed" if name == "point-above" else "former"]
        radius = np.full(int(rows.sum()), RADIUS * data.size)
        groups.append(Marks.from_ink(name, x[rows], y[rows], radius, ink))
    groups += _draw_names(data, x, y, is_above)
    groups += _draw_ranks(data, x, left, bottom)
    return DrawnChart(groups=tuple(groups), legend=_build_legend(data))


def _draw_band(
    x: np.ndarray, middle: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> list[Group]:
    """The interval of each rank as one area, and its mean as a line."""
    if len(x) < 2:
        return []
    outline = np.concatenate((np.stack((x, upper), axis=1), np.stack((x, lower), axis=1)[::-1]))[
        None
    ]
    line = np.stack((x, middle), axis=1)[None]
    code = "M" + "L" * (2 * len(x) - 1)
    return [
        Lines(name="band", points=outline, code=code, color=BAND, width=0.0, fill=BAND),
        Lines(name="chance", points=line, code=code[: len(x)], color=CHANCE, width=2.0),
    ]


def _draw_names(data: ChartData, x: np.ndarray, y: np.ndarray, is_above: np.ndarray) -> list[Group]:
    """Names of those above chance, otherwise of the first alone."""
    order = np.flatnonzero(is_above) if is_above.any() else np.arange(len(x))[:1]
    rest = np.setdiff1d(np.arange(len(x)), order)
    names = data.names("name", MAX_NAME_WIDTH * data.size)
    sorted_rows = np.concatenate((order, rest))
    chosen, left, base = place_names(
        data,
        [names[int(k)] for k in order],
        x[sorted_rows],
        y[sorted_rows],
        RADIUS * data.size,
        np.empty((0, 4)),
        MAX_NAMES,
    )
    words = [names[int(order[k])] for k in chosen]
    return [draw_words("name", left, base, words, data.size)]


def _draw_ranks(data: ChartData, x: np.ndarray, left: float, bottom: float) -> list[Group]:
    """A few ranks, and what the axis means."""
    step = int(list_round_numbers(max(len(x) / 2, 1), True)[1])
    shown = [k for k in range(len(x)) if k == 0 or (k + 1) % step == 0]
    words = [str(k + 1) for k in shown]
    base = np.full(len(shown), bottom + 1.5 * data.size)
    return [
        draw_words("axis", x[shown], base, words, data.size, "middle", palette.MUTED_TEXT),
        draw_words(
            "axis-title", [left], [bottom + 2.9 * data.size], [data.say("rank-axis")], data.size
        ),
    ]


def _build_legend(data: ChartData) -> tuple[LegendEntry, ...]:
    return (
        LegendEntry(text=data.say("above-chance"), ink=palette.CUSTOMER_INKS["closed"]),
        LegendEntry(text=data.say("within-chance"), ink=palette.CUSTOMER_INKS["former"]),
        LegendEntry(text=data.say("chance-mean"), line=CHANCE, width=2.0),
        LegendEntry(text=data.say("chance-band"), line=BAND, width=10.0),
    )

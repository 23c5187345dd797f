"""Kaplan–Meier curves with their intervals and the numbers at risk below them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.renderers import palette
from refgraph.renderers.charts.axes import list_round_numbers
from refgraph.renderers.charts.parts import (
    ChartData,
    DrawnChart,
    draw_nothing,
    draw_share_axis,
    draw_words,
)
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.scene import Floats, Group, Lines
from refgraph.texts.numbers import format_count

COLORS = (
    palette.CUSTOMER_INKS["closed"].fill,
    palette.GROUP_COLORS[0],
    palette.GROUP_COLORS[2],
    palette.GROUP_COLORS[4],
)
BANDS = (palette.CLOSED_BAND, "#e2eaf3", "#dfeee1", "#ebe5f2")
"""Colors of curves, and of their intervals."""
SHARES = ("referred", "staying")
LINE_WIDTH = 0.16
ROW_HEIGHT = 1.5


@dataclass(frozen=True, eq=False)
class _Curve:
    """A curve by the years since joining; values nan where unknown. word: what it stands for."""

    word: str
    years: Floats
    at_risk: Floats
    share: Floats
    low: Floats
    high: Floats


def draw(data: ChartData) -> DrawnChart:
    """Steps with bands; curves that are unknown throughout are listed in the legend."""
    name = next(name for name in SHARES if name in data.cells)
    curves = _read_curves(data, name)
    known = [curve for curve in curves if np.isfinite(curve.share).any()][: len(COLORS)]
    if not known:
        return draw_nothing(data, "curves-unknown")
    words = [curve.word for curve in known]
    head = data.say("at-risk")
    first = data.width([format_count(curve.at_risk[0]) for curve in known]) / 2
    left = max(data.width(["100 %"]), data.width([*words, head]) + first) + data.size
    top = 0.8 * data.size
    bottom = data.room[1] - (3.8 + ROW_HEIGHT * len(known)) * data.size
    longest = max((float(c.years[np.isfinite(c.share)].max()) for c in known), default=1.0)
    ticks = list_round_numbers(max(longest, 1.0), is_whole=True)
    right = data.room[0] - data.size
    scale = (right - left) / max(longest, 1.0)
    groups: list[Group] = draw_share_axis(data, left, top, bottom)
    is_alone = len(known) == 1
    for curve, color, band in zip(known, COLORS, BANDS, strict=False):
        fill = band if is_alone else None
        groups += _draw_band(curve, left, scale, top, bottom, fill or color, fill)
    for curve, color in zip(known, COLORS, strict=False):
        groups += _draw_steps(data, curve, left, scale, top, bottom, color)
    ticks = ticks[ticks <= longest + 1e-9]
    groups += _draw_risk_table(data, known, ticks, left, scale, bottom)
    groups.append(draw_words("axis-title", [0.0], [bottom + 3.0 * data.size], [head], data.size))
    legend = _build_legend(data, name, known, [c for c in curves if c not in known])
    return DrawnChart(groups=tuple(groups), legend=legend)


def _read_curves(data: ChartData, name: str) -> list[_Curve]:
    """One curve, or one per state in the order of the table."""
    if "state" not in data.cells:
        return [_read_curve(data.frame, data.column_title(name), name)] if len(data.frame) else []
    words = dict(zip(data.frame["state"], data.cells["state"], strict=True))
    curves = []
    for state, word in words.items():
        rows = data.frame.filter(pl.col("state") == state)
        rows = rows.filter(pl.col("against") == rows["against"][0])
        curves.append(_read_curve(rows, word, name))
    return curves


def _read_curve(rows: pl.DataFrame, word: str, name: str) -> _Curve:
    columns = ("years", "at_risk", name, f"{name}_low", f"{name}_high")
    arrays = (rows[column].cast(pl.Float64).fill_null(np.nan).to_numpy() for column in columns)
    return _Curve(word, *arrays)


def _draw_steps(
    data: ChartData,
    curve: _Curve,
    left: float,
    scale: float,
    top: float,
    bottom: float,
    color: str,
) -> list[Group]:
    rows = np.isfinite(curve.share)
    x, y = left + curve.years[rows] * scale, bottom - curve.share[rows] * (bottom - top)
    points = np.stack((np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]), axis=1)[None]
    code = "M" + "L" * (points.shape[1] - 1)
    width = LINE_WIDTH * data.size
    return [Lines(name="curve", points=points, code=code, color=color, width=width)]


def _draw_band(
    curve: _Curve,
    left: float,
    scale: float,
    top: float,
    bottom: float,
    color: str,
    fill: str | None,
) -> list[Group]:
    """Both ends of the interval in steps: an area, or dashed lines that hide no other curve."""
    rows = np.isfinite(curve.low) & np.isfinite(curve.high)
    if rows.sum() < 2:
        return []
    x = np.repeat(left + curve.years[rows] * scale, 2)[1:]
    low, high = (
        np.repeat(bottom - line[rows] * (bottom - top), 2)[:-1] for line in (curve.low, curve.high)
    )
    ends = (np.stack((x, high), axis=1), np.stack((x, low), axis=1))
    if fill is None:
        points, dash = np.stack(ends), (4.0, 4.0)
        code = "M" + "L" * (len(x) - 1)
        return [Lines(name="limit", points=points, code=code, color=color, width=1.0, dash=dash)]
    outline = np.concatenate((ends[0], ends[1][::-1]))[None]
    code = "M" + "L" * (outline.shape[1] - 1)
    return [Lines(name="band", points=outline, code=code, color=fill, width=0.0, fill=fill)]


def _draw_risk_table(
    data: ChartData, curves: list[_Curve], ticks: Floats, left: float, scale: float, bottom: float
) -> list[Group]:
    """Years below the axis, and per curve how many were at risk then."""
    x = left + ticks * scale
    muted = palette.MUTED_TEXT
    years = [format_count(tick) for tick in ticks]
    base = np.full(len(x), bottom + 1.5 * data.size)
    groups: list[Group] = [draw_words("axis", x, base, years, data.size, "middle", muted)]
    end = [data.room[0]]
    title = data.column_title("years")
    groups.append(
        draw_words("axis-title", end, [bottom + 3.0 * data.size], [title], data.size, "end")
    )
    for k, curve in enumerate(curves):
        y = bottom + (3.0 + ROW_HEIGHT * (k + 1)) * data.size
        place = np.clip(np.searchsorted(curve.years, ticks - 1e-9), 0, len(curve.years) - 1)
        words = [format_count(number) for number in curve.at_risk[place]]
        is_there = np.isclose(curve.years[place], ticks) & np.isfinite(curve.at_risk[place])
        shown = [word if there else "" for word, there in zip(words, is_there, strict=True)]
        groups.append(draw_words("at-risk", x, np.full(len(x), y), shown, data.size, "middle"))
        groups.append(draw_words("name", [0.0], [y], [curve.word], data.size, "start", COLORS[k]))
    return groups


def _build_legend(
    data: ChartData, name: str, known: list[_Curve], unknown: list[_Curve]
) -> list[LegendEntry]:
    entries = []
    for curve, color in zip(known, COLORS, strict=False):
        entries.append(LegendEntry(text=curve.word, line=color, width=3.0))
    interval = data.say("interval")
    if len(known) == 1:
        entries.append(LegendEntry(text=interval, line=BANDS[0], width=10.0))
    elif known:
        color = palette.FAINT_TEXT
        entries.append(LegendEntry(text=interval, line=color, dash=(4.0, 4.0), width=1.0))
    phrase = data.say("curve-unknown")
    entries += [LegendEntry(text=phrase.format(word=curve.word)) for curve in unknown]
    return entries

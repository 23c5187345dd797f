"""Referrals from each group of referrers into each group, as a heat map."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.model.message import message
from refgraph.renderers import palette
from refgraph.renderers.charts.parts import ChartData, DrawnChart, draw_boxes, draw_words
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.scene import Floats, Group

MAX_GROUPS, MAX_NAME_WIDTH, MIN_CELL, ROW_HEIGHT, GAP = 12, 11.0, 5.5, 2.2, 2.0
"""Width of a name and of a cell, and height of a row, in sizes of a text."""
ABOVE, BELOW = "more", "less"


def draw(data: ChartData) -> DrawnChart:
    """Groups with most referrals first; the number of each pair, and what chance would give."""
    ranked = _rank_groups(data.frame)
    names = dict(zip(data.frame["referrer_group"], data.cells["referrer_group"], strict=True))
    names |= dict(zip(data.frame["referred_group"], data.cells["referred_group"], strict=True))
    heading = 3.2 * data.size
    labels = data.fit([names[group] for group in ranked], MAX_NAME_WIDTH * data.size)
    left = data.width(labels) + data.size
    most = min(
        MAX_GROUPS,
        len(ranked),
        max(1, int((data.room[0] - left) / (MIN_CELL * data.size))),
        max(1, int((data.room[1] - heading) / (ROW_HEIGHT * data.size))),
    )
    shown = ranked[:most]
    width = (data.room[0] - left) / max(most, 1)
    row = min((data.room[1] - heading) / max(most, 1), 2 * ROW_HEIGHT * data.size)
    top = heading + np.arange(most, dtype=np.float64) * row
    x = left + (np.arange(most, dtype=np.float64) + 0.5) * width
    groups = (
        *_draw_cells(data, shown, x, top, width, row),
        *_draw_heads(data, [names[group] for group in shown], x, left, width),
        draw_words(
            "name",
            np.full(most, left - 0.6 * data.size),
            top + row / 2 + 0.36 * data.size,
            labels[:most],
            data.size,
            "end",
        ),
    )
    rest = len(ranked) - most
    notes = [message("chart.flow-groups-left-out", groups=rest)] if rest else []
    return DrawnChart(groups=groups, legend=_build_legend(data), notes=notes)


def _draw_heads(
    data: ChartData, names: list[str], x: Floats, left: float, width: float
) -> list[Group]:
    """Names above the columns, and which way referrals go."""
    heads = data.fit(names, width - 0.6 * data.size)
    muted, end, y = palette.MUTED_TEXT, left - 0.6 * data.size, 2.4 * data.size
    to_word, from_word = [data.say("flow-to")], [data.say("flow-from")]
    return [
        draw_words("heading", x, np.full(len(x), y), heads, data.size, "middle"),
        draw_words("axis-title", [left], [data.size], to_word, data.size, "start", muted),
        draw_words("axis-title", [end], [y], from_word, data.size, "end", muted),
    ]


def _rank_groups(frame: pl.DataFrame) -> list[str]:
    """All groups, those that take part in most referrals first."""
    sides = [
        frame.select(group=name, n="referrals") for name in ("referrer_group", "referred_group")
    ]
    totals = pl.concat(sides).group_by("group").agg(pl.col("n").sum())
    return totals.sort(["n", "group"], descending=[True, False])["group"].to_list()


def _draw_cells(
    data: ChartData, shown: list[str], x: Floats, top: Floats, width: float, row: float
) -> list[Group]:
    place = {group: k for k, group in enumerate(shown)}
    is_shown = pl.col("referrer_group").is_in(shown) & pl.col("referred_group").is_in(shown)
    frame = data.frame.with_row_index("row").filter(is_shown)
    line = frame["referrer_group"].replace_strict(place, return_dtype=pl.Int64).to_numpy()
    column = frame["referred_group"].replace_strict(place, return_dtype=pl.Int64).to_numpy()
    referrals = frame["referrals"].to_numpy().astype(np.float64)
    color = palette.find_share_colors(referrals / max(float(referrals.max(initial=1)), 1.0))
    groups = _draw_empty_cells(
        data, set(zip(line.tolist(), column.tolist(), strict=True)), x, top, width, row
    )
    for k, fill in enumerate(palette.SHARE_COLORS):
        rows = np.flatnonzero(color == k)
        left = x[column[rows]] - width / 2
        y = top[line[rows]]
        groups.append(draw_boxes("cell", left, y, left + width - GAP, y + row - GAP, fill))
        words = [_write_cell(data, frame, int(r), width) for r in rows]
        base = y + row / 2 + 0.36 * data.size
        ink = palette.SHARE_TEXT_COLORS[k]
        groups.append(draw_words("value", x[column[rows]], base, words, data.size, "middle", ink))
    return groups


def _draw_empty_cells(
    data: ChartData, listed: set[tuple[int, int]], x: Floats, top: Floats, width: float, row: float
) -> list[Group]:
    """Pairs that the answer does not list: no referral, and none by chance."""
    cells = [(i, j) for i in range(len(top)) for j in range(len(x)) if (i, j) not in listed]
    line, column = (np.array([cell[k] for cell in cells], np.int64) for k in (0, 1))
    left, y = x[column] - width / 2, top[line]
    base = y + row / 2 + 0.36 * data.size
    fill, words = palette.SHARE_COLORS[0], ["0"] * len(cells)
    return [
        draw_boxes("cell", left, y, left + width - GAP, y + row - GAP, fill),
        draw_words("value", x[column], base, words, data.size, "middle"),
    ]


def _write_cell(data: ChartData, frame: pl.DataFrame, row: int, width: float) -> str:
    """The number of referrals, a sign where it is beyond chance, and the number by chance."""
    place = int(frame["row"][row])
    number = data.cells["referrals"][place]
    number += {ABOVE: " ▲", BELOW: " ▼"}.get(str(frame["against_chance"][row]), "")
    expected = frame["expected"][row]
    if expected is None:
        return number
    full = data.say("flow-cell").format(number=number, expected=f"{expected:.1f}")
    return full if data.width([full]) <= width - 0.4 * data.size else number


def _build_legend(data: ChartData) -> list[LegendEntry]:
    keys = ["flow-color", "flow-expected"]
    if data.frame["against_chance"].is_in([ABOVE, BELOW]).any():
        keys.append("flow-signs")
    return [LegendEntry(text=data.say(key)) for key in keys]

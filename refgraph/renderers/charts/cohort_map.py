"""Cohorts as a heat map: who is still a customer, and referrals within the first years."""

from __future__ import annotations

import numpy as np

from refgraph.model.message import message
from refgraph.renderers import palette
from refgraph.renderers.charts.parts import ChartData, DrawnChart, draw_boxes, draw_words
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.scene import Group

COUNTS = ("cohort", "customers")
SHARES = ("retained", "within_1", "within_2", "within_3")
"""Columns of numbers alone, and columns with a color."""
ROW_HEIGHT, GAP = 1.5, 2.0
UNKNOWN = "#ffffff"


def draw(data: ChartData) -> DrawnChart:
    """One row per cohort, newest first; cells as in the table, empty ones unknown."""
    heading = 1.8 * data.size
    most = min(data.frame.height, max(1, int((data.room[1] - heading) / (ROW_HEIGHT * data.size))))
    columns = (*COUNTS, *SHARES)
    titles = [data.column_title(name) for name in columns]
    width = data.room[0] / len(columns)
    row = min((data.room[1] - heading) / max(most, 1), 2 * ROW_HEIGHT * data.size)
    top = heading + np.arange(most, dtype=np.float64) * row
    groups: list[Group] = []
    x = (np.arange(len(columns), dtype=np.float64) + 0.5) * width
    y = np.full(len(columns), data.size)
    for k, name in enumerate(columns):
        words = data.cells[name][:most]
        base = top + row / 2 + 0.36 * data.size
        ink = np.full(most, palette.TEXT)
        if name in SHARES:
            index = _find_colors(data, name, most)
            groups += _draw_cells(index, k * width, width - GAP, top, row - GAP)
            ink = np.array((*palette.SHARE_TEXT_COLORS, palette.MUTED_TEXT))[index]
        for color in sorted(set(ink.tolist())):
            rows = np.flatnonzero(ink == color)
            center = np.full(len(rows), x[k])
            chosen = [words[int(r)] for r in rows]
            groups.append(
                draw_words("value", center, base[rows], chosen, data.size, "middle", color)
            )
    groups.append(draw_words("heading", x, y, titles, data.size, "middle", palette.MUTED_TEXT))
    rest = data.frame.height - most
    notes = [message("chart.cohorts-left-out", cohorts=rest)] if rest else []
    legend = [
        LegendEntry(text=data.say("cohort-color")),
        LegendEntry(text=data.say("cohort-unknown")),
    ]
    return DrawnChart(groups=tuple(groups), legend=legend, notes=notes)


def _find_colors(data: ChartData, name: str, most: int) -> np.ndarray:
    """int64[n]: index of the color, after the last one for what is unknown.

    A share counts from 0 to 1, a rate of referrals from 0 to the highest rate of all columns.
    """
    values = data.frame[name].head(most).to_numpy().astype(np.float64)
    if name != "retained":
        rates = data.frame.select("within_1", "within_2", "within_3").to_numpy().astype(np.float64)
        highest = np.nanmax(rates) if np.isfinite(rates).any() else 0.0
        values = values / highest if highest > 0 else values
    known = np.isfinite(values)
    index = palette.find_share_colors(np.where(known, np.clip(values, 0.0, 1.0), 0.0))
    return np.where(known, index, len(palette.SHARE_COLORS))


def _draw_cells(
    index: np.ndarray, left: float, width: float, top: np.ndarray, height: float
) -> list[Group]:
    groups: list[Group] = []
    for color, fill in enumerate((*palette.SHARE_COLORS, UNKNOWN)):
        rows = top[index == color]
        if len(rows):
            lefts = np.full(len(rows), left)
            groups.append(draw_boxes("cell", lefts, rows, lefts + width, rows + height, fill))
    return groups

"""Own value against the value of those referred, with the names that matter."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from refgraph import texts
from refgraph.model.message import Amount
from refgraph.renderers import palette
from refgraph.renderers.charts.parts import (
    GRID_COLOR,
    GRID_WIDTH,
    ChartData,
    DrawnChart,
    draw_segments,
    draw_words,
)
from refgraph.renderers.charts.point_labels import place_names
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.palette import Ink
from refgraph.renderers.scene import Floats, Group, Marks
from refgraph.texts.numbers import format_amount

HIDDEN = "hidden"
INKS = {
    HIDDEN: palette.CUSTOMER_INKS["closed"],
    "champion": Ink(palette.GROUP_COLORS[0], "#234f7d"),
    "advocate": Ink(palette.GROUP_COLORS[5], "#9a6210"),
    "affluent": Ink(palette.GROUP_COLORS[3], "#2a7d98"),
    "miser": Ink("#dfe4ea", "#8b97a5"),
}
"""Group -> ink, what matters most first."""
RADIUS, MAX_NAME_WIDTH, MAX_NAMES = 0.34, 15.0, 25
ZERO_WIDTH, MAX_TICKS = 5.0, 7
MAX_POINTS, SAME_PLACE = 2000, 2.0
"""From this many points of a kind on, those in one place become one; pixels of a place."""


class LogScale:
    """Positive numbers by their logarithm; a strip before them for zero and less."""

    def __init__(self, values: Floats, start: float, end: float, strip: float) -> None:
        positive = values[np.isfinite(values) & (values > 0)]
        self.low = float(np.floor(np.log10(positive.min()))) if len(positive) else 0.0
        self.high = float(np.log10(positive.max())) if len(positive) else 1.0
        self.high = max(self.high + 0.08, self.low + 1.0)
        self.start, self.end, self.strip = start, end, strip

    def place(self, values: Floats) -> Floats:
        """Pixels of each number."""
        logs = np.log10(np.where(values > 0, values, 10.0**self.low))
        first = self.start + np.sign(self.end - self.start) * self.strip
        places = first + (logs - self.low) / (self.high - self.low) * (self.end - first)
        return np.asarray(np.where(values > 0, places, (self.start + first) / 2), np.float64)

    def list_ticks(self) -> Floats:
        """Powers of ten, not too many."""
        powers = np.arange(self.low, self.high + 1e-9)
        step = int(np.ceil(len(powers) / MAX_TICKS))
        return np.asarray(10.0 ** powers[::step], np.float64)


def draw(data: ChartData) -> DrawnChart:
    """A point per customer on logarithmic scales; lines where high begins."""
    own, direct = (
        data.frame[name].fill_null(0.0).to_numpy().astype(np.float64)
        for name in ("own_value", "direct_value")
    )
    strip = ZERO_WIDTH * data.size
    vertical = LogScale(direct, data.room[1] - 3.4 * data.size, 1.9 * data.size, 0.6 * strip)
    words = _format_ticks(data, "direct_value", vertical.list_ticks())
    left = data.width([*words, "0"]) + data.size
    horizontal = LogScale(own, left, data.room[0], strip)
    groups = [*_draw_axes(data, horizontal, vertical, words)]
    groups += _draw_cuts(data, horizontal, vertical)
    x, y = horizontal.place(own), vertical.place(direct)
    kinds = np.where(
        data.frame["hidden"].fill_null(False).to_numpy().astype(bool),
        HIDDEN,
        data.frame["quadrant"].to_numpy(),
    )
    radius = RADIUS * data.size
    for kind, ink in reversed(INKS.items()):
        rows = _choose_points(x, y, np.flatnonzero(kinds == kind))
        size = np.full(len(rows), radius * (1.5 if kind == HIDDEN else 1.0))
        groups.append(Marks.from_ink(kind, x[rows], y[rows], size, ink))
    cuts = [
        (a[0], b[1], max(b[0], a[0] + 1.0), a[1] + 1.0)
        for a, b in _find_cuts(data, horizontal, vertical)
    ]
    groups += _draw_names(data, x, y, kinds, vertical.start, cuts)
    return DrawnChart(groups=tuple(groups), legend=_build_legend(data, kinds))


def _choose_points(x: Floats, y: Floats, rows: np.ndarray) -> np.ndarray:
    """All points; of very many at one place, one."""
    if len(rows) <= MAX_POINTS:
        return rows
    places = np.stack((x[rows], y[rows]), axis=1) // SAME_PLACE
    return rows[np.unique(places, axis=0, return_index=True)[1]]


def _format_ticks(data: ChartData, column: str, ticks: Floats) -> list[str]:
    symbol = next(c for c in data.result.columns if c.name == column).symbol
    is_money = symbol not in ("t", "customers")
    return [format_amount(Amount(float(tick), "", is_money), data.lang) for tick in ticks]


def _draw_axes(
    data: ChartData, horizontal: LogScale, vertical: LogScale, words: list[str]
) -> Iterator[Group]:
    """Grids with labels; 0 has a strip of its own."""
    muted = palette.MUTED_TEXT
    bottom, top = vertical.start, vertical.end
    x, y = (scale.place(np.array([0.0, *scale.list_ticks()])) for scale in (horizontal, vertical))
    labels = ["0", *_format_ticks(data, "own_value", horizontal.list_ticks())]
    flat = np.stack((np.full(len(y), horizontal.start), y), axis=1)
    yield draw_segments(
        "grid",
        flat,
        np.stack((np.full(len(y), data.room[0]), y), axis=1),
        GRID_COLOR,
        GRID_WIDTH,
    )
    yield draw_segments(
        "grid",
        np.stack((x, np.full(len(x), bottom)), axis=1),
        np.stack((x, np.full(len(x), top)), axis=1),
        GRID_COLOR,
        GRID_WIDTH,
    )
    side = np.full(len(y), horizontal.start - 0.5 * data.size)
    yield draw_words("axis", side, y + 0.35 * data.size, ["0", *words], data.size, "end", muted)
    widths = data.font.widths(labels, data.size)
    center = np.minimum(x, data.room[0] - widths / 2)
    below = np.full(len(x), bottom + 1.5 * data.size)
    yield draw_words("axis", center, below, labels, data.size, "middle", muted)
    titles = [data.column_title(name) for name in ("direct_value", "own_value")]
    yield draw_words("axis-title", [0.0], [data.size], [f"↑ {titles[0]}"], data.size)
    yield draw_words(
        "axis-title",
        [data.room[0]],
        [bottom + 2.9 * data.size],
        [f"{titles[1]} →"],
        data.size,
        "end",
    )


def _draw_cuts(data: ChartData, horizontal: LogScale, vertical: LogScale) -> list[Group]:
    """Dashed lines at the medians."""
    lines = _find_cuts(data, horizontal, vertical)
    starts, ends = [a for a, _ in lines], [b for _, b in lines]
    return [draw_segments("cut", starts, ends, palette.FAINT_TEXT, 1.5, (6.0, 4.0))]


def _find_cuts(
    data: ChartData, horizontal: LogScale, vertical: LogScale
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Ends of the lines at the medians, which the note of the answer names."""
    note = next((note for note in data.result.notes if note.id == "note.quadrants-cuts"), None)
    lines: list[tuple[tuple[float, float], tuple[float, float]]] = []
    if note is not None:
        own, direct = note.values["own"], note.values["direct"]
        if isinstance(own, Amount):
            x = float(horizontal.place(np.array([own.number]))[0])
            lines.append(((x, vertical.start), (x, vertical.end)))
        if isinstance(direct, Amount):
            y = float(vertical.place(np.array([direct.number]))[0])
            lines.append(((horizontal.start, y), (data.room[0], y)))
    return lines


def _draw_names(
    data: ChartData,
    x: Floats,
    y: Floats,
    kinds: np.ndarray,
    bottom: float,
    cuts: list[tuple[float, float, float, float]],
) -> list[Group]:
    """Hidden key accounts, then the others who bring or buy most, as long as there is room."""
    order = np.concatenate([np.flatnonzero(kinds == kind) for kind in INKS])
    named = order[: 4 * MAX_NAMES]
    names = data.fit(data.frame["name"].gather(named).to_list(), MAX_NAME_WIDTH * data.size)
    title = data.width([f"↑ {data.column_title('direct_value')}"])
    below = (0.0, bottom, data.room[0], data.room[1])
    taken = np.array([(0.0, 0.0, title, 1.4 * data.size), below, *cuts])
    chosen, left, base = place_names(
        data,
        names,
        x[order],
        y[order],
        RADIUS * data.size,
        taken,
        MAX_NAMES,
    )
    words = [names[k] for k in chosen]
    return [draw_words("name", left, base, words, data.size)]


def _build_legend(data: ChartData, kinds: np.ndarray) -> list[LegendEntry]:
    phrase = data.say("legend-count")
    entries = []
    for kind, ink in INKS.items():
        count = int((kinds == kind).sum())
        word = data.say("hidden") if kind == HIDDEN else texts.get_label(kind, data.lang)
        if count:
            entries.append(LegendEntry(text=phrase.format(word=word, n=count), ink=ink))
    dash = (6.0, 4.0)
    entries.append(LegendEntry(text=data.say("cuts"), line=palette.FAINT_TEXT, dash=dash))
    return entries

"""Parts of charts: scales, grids, bars, and the cells of the answer as its table shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from refgraph import texts
from refgraph.model.message import Message
from refgraph.model.result import Result
from refgraph.renderers import palette
from refgraph.renderers.fonts import Font
from refgraph.renderers.label_text import clean_texts, replace_undrawable, shorten_names
from refgraph.renderers.page_frame import LegendEntry
from refgraph.renderers.scene import Floats, Group, Lines, Texts
from refgraph.renderers.view import View
from refgraph.texts.numbers import format_share

GRID_COLOR, GRID_WIDTH = "#dfe4ea", 1.0


@dataclass(frozen=True, eq=False, kw_only=True)
class ChartData:
    """What a chart is made of. room: pixels to fill. size: pixels of its texts."""

    result: Result
    lang: str
    font: Font
    room: tuple[float, float]
    size: float

    @property
    def frame(self) -> pl.DataFrame:
        """The rows of the answer."""
        return self.result.frame

    @cached_property
    def cells(self) -> dict[str, list[str]]:
        """Column -> its cells as the table of the answer shows them."""
        columns = View(format="svg", lang=self.lang).format_columns(self.result)
        names = [column.name for column in self.result.columns]
        return dict(zip(names, columns, strict=True))

    def read(self, column: str) -> Floats:
        """float64[n]: the numbers of a column, nan where unknown."""
        return self.frame[column].cast(pl.Float64).fill_null(np.nan).to_numpy()

    def say(self, key: str) -> str:
        """The text of the table ``chart``."""
        return texts.look_up("chart", key, self.lang)

    def column_title(self, name: str) -> str:
        """The heading of a column."""
        column = next(column for column in self.result.columns if column.name == name)
        return View(format="svg", lang=self.lang).heading(column)

    def names(self, column: str, max_width: float) -> list[str]:
        """Names that can be drawn and fit."""
        return self.fit(self.frame[column].fill_null("").to_list(), max_width)

    def fit(self, words: Sequence[str], max_width: float) -> list[str]:
        """Words that can be drawn and are no wider than the given pixels."""
        series = clean_texts(pl.Series(words, dtype=pl.String))
        values, _ = replace_undrawable(series, self.font)
        return shorten_names(values, self.font, self.size, max_width)[0].to_list()

    def width(self, words: Sequence[str]) -> float:
        """Pixels of the widest text."""
        return float(self.font.widths(list(words), self.size).max(initial=0.0))


@dataclass(frozen=True, eq=False, kw_only=True)
class DrawnChart:
    """A chart in ink that fills its room. headline: what it shows, if not what its table says."""

    groups: tuple[Group, ...]
    legend: Sequence[LegendEntry] = ()
    notes: Sequence[Message] = ()
    headline: Message | None = None


def draw_nothing(data: ChartData, key: str = "nothing") -> DrawnChart:
    """A sentence in place of a chart."""
    text = data.fit([data.say(key)], data.room[0])
    middle = 0.5 * data.room[0], 0.5 * data.room[1]
    words = draw_words("value", middle[:1], middle[1:], text, data.size, "middle")
    return DrawnChart(groups=(words,))


def draw_words(
    name: str,
    x: Sequence[float] | Floats,
    y: Sequence[float] | Floats,
    words: Sequence[str],
    size: float,
    anchor: str = "start",
    color: str = palette.TEXT,
) -> Texts:
    """Texts at base lines."""
    return Texts(
        name=name,
        x=np.asarray(x, np.float64),
        y=np.asarray(y, np.float64),
        texts=list(words),
        size=size,
        color=color,
        anchor=anchor,
    )


def draw_segments(
    name: str,
    starts: Sequence[tuple[float, float]] | Floats,
    ends: Sequence[tuple[float, float]] | Floats,
    color: str,
    width: float,
    dash: tuple[float, float] | None = None,
) -> Lines:
    """Straight lines from starts to ends."""
    first = np.asarray(starts, np.float64).reshape(-1, 2)
    last = np.asarray(ends, np.float64).reshape(-1, 2)
    points = np.stack((first, last), axis=1)
    return Lines(name=name, points=points, code="ML", color=color, width=width, dash=dash)


def draw_boxes(
    name: str, left: Floats, top: Floats, right: Floats, bottom: Floats, fill: str
) -> Lines:
    """Filled rectangles."""
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    points = np.stack([np.stack(np.broadcast_arrays(*c), axis=1) for c in corners], axis=1)
    shape = np.asarray(points, np.float64)
    return Lines(name=name, points=shape, code="MLLL", color=fill, width=0.0, fill=fill)


def draw_share_axis(data: ChartData, left: float, top: float, bottom: float) -> list[Group]:
    """Horizontal grid lines for 0 to 100 % with their labels left of them."""
    shares = np.linspace(0, 1, 6)
    y = bottom - shares * (bottom - top)
    right = np.full(len(y), data.room[0])
    starts = np.stack((np.full(len(y), left), y), axis=1)
    words = [format_share(share, data.lang, 0) for share in shares]
    return [
        draw_segments("grid", starts, np.stack((right, y), axis=1), GRID_COLOR, GRID_WIDTH),
        draw_words(
            "axis",
            np.full(len(y), left - 0.5 * data.size),
            y + 0.35 * data.size,
            words,
            data.size,
            "end",
            palette.MUTED_TEXT,
        ),
    ]

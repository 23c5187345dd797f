"""Widths of the columns of a terminal table, columns without room, and the resulting lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from refgraph.model.units import Unit
from refgraph.renderers import cells

COLUMN_GAP = "  "
"""Between two columns."""
_READABLE_WIDTHS = {Unit.ID: 24, Unit.TEXT: 16, Unit.LABEL: 16, Unit.REASON: 16}
_TOKEN = re.compile(r"\s*(?:[(（][^\s()（）]*[)）]|[!-~]+|\S)")
_UNBROKEN = re.compile(r"[^\s!-~（）]+")
_MIN_RUN_WIDTH = 8


@dataclass(frozen=True)
class MeasuredColumn:
    """Heading and formatted cells of a column, its preferred width and its least readable one.

    Numbers and dates are never cut: their least width is that of their widest cell. Ids are cut
    above 24 columns only, other text above 16. A heading folds before its unit, between its words,
    and between Chinese characters, with at least four on a line.
    """

    heading: str
    unit: Unit
    cells: Sequence[str]
    preferred_width: int = field(init=False)
    min_width: int = field(init=False)

    def __post_init__(self) -> None:
        widest = max(map(cells.measure_width, self.cells), default=0)
        title = cells.measure_width(self.heading)
        readable = min(widest, _READABLE_WIDTHS.get(self.unit, widest))
        object.__setattr__(self, "preferred_width", max(widest, title, 1))
        object.__setattr__(self, "min_width", max(readable, _measure_folded(self.heading), 1))

    def format_cell(self, text: str, width: int) -> str:
        """One cell, padded: numbers to the right, text cut where necessary."""
        if self.unit in cells.NUMERIC_UNITS:
            return " " * (width - cells.measure_width(text)) + text
        text = cells.truncate(text, width)
        return text + " " * (width - cells.measure_width(text))


def _measure_folded(heading: str) -> int:
    """The least width to which a heading can be folded."""
    tokens = [cells.measure_width(token.strip()) for token in _TOKEN.findall(heading)]
    runs = [min(cells.measure_width(run), _MIN_RUN_WIDTH) for run in _UNBROKEN.findall(heading)]
    return max(tokens + runs, default=0)


def select_columns(
    columns: Sequence[MeasuredColumn], is_detail: Sequence[bool], width: int | None
) -> list[int]:
    """Indices of the columns to show, in order.

    Where there is no room for all, details are dropped, the last one first.
    """
    selected = list(range(len(columns)))
    details = [i for i in selected if is_detail[i]]
    while width is not None and details:
        if compute_table_width([columns[i].min_width for i in selected]) <= width:
            break
        selected.remove(details.pop())
    return selected


def fit_columns(columns: Sequence[MeasuredColumn], width: int | None) -> list[int]:
    """Widths of the leading columns that fit into ``width`` with gaps; at least one column.

    None = every column as wide as it prefers. Spare room goes, one terminal column at a time, to
    the column that is furthest from its preferred width, the first among equals.
    """
    if width is None:
        return [column.preferred_width for column in columns]
    widths = [column.min_width for column in columns]
    while len(widths) > 1 and compute_table_width(widths) > width:
        widths.pop()
    for _ in range(width - compute_table_width(widths)):
        short = [i for i in range(len(widths)) if widths[i] < columns[i].preferred_width]
        if not short:
            break
        widths[min(short, key=lambda i: widths[i] / columns[i].preferred_width)] += 1
    return widths


def compute_table_width(widths: Sequence[int]) -> int:
    """The width of the whole table."""
    return sum(widths) + len(COLUMN_GAP) * (len(widths) - 1)


def format_heading_lines(columns: Sequence[MeasuredColumn], widths: Sequence[int]) -> Iterator[str]:
    """The lines of the headings; shorter headings are on the last lines."""
    folded = [
        fold_heading(column.heading, width)[::-1]
        for column, width in zip(columns, widths, strict=True)
    ]
    upwards = [_format_line(columns, widths, words) for words in zip_longest(*folded, fillvalue="")]
    return reversed(upwards)


def format_body_lines(columns: Sequence[MeasuredColumn], widths: Sequence[int]) -> Iterator[str]:
    """One line per row."""
    rows = zip(*(column.cells for column in columns), strict=True)
    return (_format_line(columns, widths, row) for row in rows)


def fold_heading(heading: str, width: int) -> list[str]:
    """A heading on as few lines as hold it."""
    lines = [""]
    for token in _TOKEN.findall(heading):
        if lines[-1] and cells.measure_width(lines[-1] + token) > width:
            lines.append(token.strip())
        else:
            lines[-1] += token if lines[-1] else token.strip()
    return lines


def _format_line(
    columns: Sequence[MeasuredColumn], widths: Sequence[int], words: Sequence[str]
) -> str:
    texts = (
        column.format_cell(word, width)
        for column, width, word in zip(columns, widths, words, strict=True)
    )
    return COLUMN_GAP.join(texts).rstrip()

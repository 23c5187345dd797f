"""How wide each column of a terminal table is, which columns have no room, and the lines that come of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from refgraph.model.units import Unit
from refgraph.renderers import cells

GAP = "  "
"""Stands between two columns."""
_ENOUGH = {Unit.ID: 24, Unit.TEXT: 16, Unit.LABEL: 16, Unit.REASON: 16}
_TOKEN = re.compile(r"\s*(?:[(（][^\s()（）]*[)）]|[!-~]+|\S)")
_UNBROKEN = re.compile(r"[^\s!-~（）]+")
_LEAST = 8


@dataclass(frozen=True)
class Measured:
    """A column ready to be set: heading, spoken cells, the width it wants and the least it can be read at.

    Numbers and dates are never cut: their least is their widest cell. Ids are cut above 24 only, other text
    above 16. A heading folds before its unit, between its words, and between Chinese characters, four on a
    line at least.
    """

    heading: str
    unit: Unit
    cells: Sequence[str]
    wanted: int = field(init=False)
    least: int = field(init=False)

    def __post_init__(self) -> None:
        widest = max(map(cells.width, self.cells), default=0)
        title = cells.width(self.heading)
        tokens = [cells.width(token.strip()) for token in _TOKEN.findall(self.heading)]
        runs = [min(cells.width(run), _LEAST) for run in _UNBROKEN.findall(self.heading)]
        object.__setattr__(self, "wanted", max(widest, title, 1))
        object.__setattr__(self, "least", max(min(widest, _ENOUGH.get(self.unit, widest)), *tokens, *runs, 1))

    def set(self, text: str, width: int) -> str:
        """One cell, padded: numbers to the right, text cut where it must be."""
        if self.unit in cells.NUMBERS:
            return " " * (width - cells.width(text)) + text
        text = cells.cut(text, width)
        return text + " " * (width - cells.width(text))


def chosen(columns: Sequence[Measured], details: Sequence[bool], width: int | None) -> list[int]:
    """Which columns to show, in order: where there is no room for all, details go first, the last of them before the others."""
    kept = list(range(len(columns)))
    while width is not None and total([columns[i].least for i in kept]) > width:
        spare = [i for i in kept if details[i]]
        if not spare:
            break
        kept.remove(spare[-1])
    return kept


def fit(columns: Sequence[Measured], width: int | None) -> list[int]:
    """The widths of the leading columns that fit into ``width`` with a gap between two; at least one.

    None = all columns as wide as they want. Room that is left goes, a place at a time, to the column that is
    furthest from what it wants (of equals the first).
    """
    if width is None:
        return [column.wanted for column in columns]
    kept = len(columns)
    while kept > 1 and total([column.least for column in columns[:kept]]) > width:
        kept -= 1
    widths = [column.least for column in columns[:kept]]
    for _ in range(width - total(widths)):
        hungry = [i for i, wide in enumerate(widths) if wide < columns[i].wanted]
        if not hungry:
            break
        widths[min(hungry, key=lambda i: widths[i] / columns[i].wanted)] += 1
    return widths


def total(widths: Sequence[int]) -> int:
    """The width of the whole table."""
    return sum(widths) + len(GAP) * (len(widths) - 1)


def head(columns: Sequence[Measured], widths: Sequence[int]) -> Iterator[str]:
    """The lines of the headings; shorter headings stand on the last lines."""
    folded = [fold(column.heading, width)[::-1] for column, width in zip(columns, widths, strict=True)]
    upwards = [_line(columns, widths, words) for words in zip_longest(*folded, fillvalue="")]
    return reversed(upwards)


def body(columns: Sequence[Measured], widths: Sequence[int]) -> Iterator[str]:
    """One line a row."""
    pairs = zip(columns, widths, strict=True)
    texts = ([column.set(text, width) for text in column.cells] for column, width in pairs)
    return (GAP.join(row).rstrip() for row in zip(*texts, strict=True))


def fold(heading: str, width: int) -> list[str]:
    """A heading on as few lines as hold it."""
    lines = [""]
    for token in _TOKEN.findall(heading):
        if lines[-1] and cells.width(lines[-1] + token) > width:
            lines.append(token.strip())
        else:
            lines[-1] += token if lines[-1] else token.strip()
    return lines


def _line(columns: Sequence[Measured], widths: Sequence[int], words: Sequence[str]) -> str:
    texts = (column.set(word, width) for column, width, word in zip(columns, widths, words, strict=True))
    return GAP.join(texts).rstrip()

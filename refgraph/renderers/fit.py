"""How wide each column of a terminal table is, and which columns have no room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from refgraph.model.units import Unit
from refgraph.renderers import cells

GAP = 2
"""Columns of the terminal between two columns of the table."""
_TEXT, _ID, _WIDE_WORD = 16, 12, 8


@dataclass(frozen=True)
class Measured:
    """A column ready to be set: heading, spoken cells, the width it wants and the least it can be read at.

    Numbers and dates are never cut: their least is their widest cell. Ids fold below 12, other text is cut below 16.
    A heading folds between words, and between Chinese characters down to four of them.
    """

    heading: str
    unit: Unit
    cells: Sequence[str]
    wanted: int = field(init=False)
    least: int = field(init=False)

    def __post_init__(self) -> None:
        widest = max(map(cells.width, self.cells), default=0)
        words = max(map(_word, self.heading.split()), default=0)
        enough = {Unit.ID: _ID, Unit.TEXT: _TEXT, Unit.LABEL: _TEXT}.get(self.unit, widest)
        object.__setattr__(self, "wanted", max(widest, cells.width(self.heading), 1))
        object.__setattr__(self, "least", max(min(widest, enough), words, 1))


def _word(word: str) -> int:
    return len(word) if word.isascii() else min(cells.width(word), _WIDE_WORD)


def fit(columns: Sequence[Measured], width: int | None) -> list[int]:
    """The widths of the leading columns that fit into ``width`` with a gap between two; at least of the first one.

    None = all columns as wide as they want. Room that is left goes, a place at a time, to the column that is furthest
    from what it wants (of equals the first).
    """
    if width is None:
        return [column.wanted for column in columns]
    kept = len(columns)
    while kept > 1 and _total([column.least for column in columns[:kept]]) > width:
        kept -= 1
    widths = [column.least for column in columns[:kept]]
    for _ in range(width - _total(widths)):
        hungry = [i for i, wide in enumerate(widths) if wide < columns[i].wanted]
        if not hungry:
            break
        widths[min(hungry, key=lambda i: widths[i] / columns[i].wanted)] += 1
    return widths


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)

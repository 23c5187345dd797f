"""What opens the figures of an answer, and a figure with its rows as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import polars as pl

from refgraph.model.arrays import Floats, Longs
from refgraph.model.message import Message

if TYPE_CHECKING:
    from refgraph.model.result import Column, Result


class FigureRows(NamedTuple):
    """The rows behind one figure, by role, table and row; arrays of one length.

    table, role int64: codes of words, see `measures.figure_rows`. row int64: of the table. weight,
    amount float64: how the row enters the figure; amount nan if it only counts.
    """

    table: Longs
    row: Longs
    role: Longs
    weight: Floats
    amount: Floats

    def take(self, places: Longs | slice) -> FigureRows:
        """Some of the rows."""
        return FigureRows._make(column[places] for column in self)


class ListedFigure(NamedTuple):
    """A figure in one sentence, with its rows. is_date: amounts are days since 1970-01-01."""

    headline: Message
    rows: FigureRows
    is_date: bool


class FigureOpener(Protocol):
    """Finds the rows behind the figures of an answer."""

    def open(self, key: str | tuple[str, ...], column: str, left_out: bool = False) -> Result:
        """The rows behind one figure; see `Result.rows`."""
        ...

    def open_cell(self, row: int, column: Column, left_out: bool = False) -> Result:
        """As `open`, for a row by its number."""
        ...

    def list_cell(self, row: int, column: Column) -> ListedFigure:
        """As `open_cell`, as numbers."""
        ...

    def describe_rows(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows (``table``, ``row``) with ``file``, ``line``, ``party``, ``name`` ..."""
        ...

"""A figure of an answer, opened: the rows of the data that make it, or those left out and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from refgraph.errors import UsageError
from refgraph.measures.figure_rows import build_frame, list_left_out, list_rows
from refgraph.measures.row_tables import describe_rows
from refgraph.model.figure_opener import ListedFigure
from refgraph.model.graph import Graph
from refgraph.model.message import Label
from refgraph.model.parameter_values import describe_value, suggest_nearest
from refgraph.model.representation import describe_object
from refgraph.model.result import Answer, Column, Result
from refgraph.model.tally import Tally
from refgraph.model.units import Unit
from refgraph.pipeline.opened_headline import OpenedFigure, build_headline, build_notes
from refgraph.pipeline.row_lookup import find_row
from refgraph.registry import Analysis

FIGURE_UNITS = frozenset(Unit) - {Unit.ID, Unit.TEXT, Unit.LABEL, Unit.REASON}
"""Units of cells that are figures."""
WHERE = (
    Column("table", Unit.LABEL, key="rows_table"),
    Column("file", Unit.TEXT, key="rows_file"),
    Column("line", Unit.COUNT, key="rows_line"),
    Column("party", Unit.ID, key="rows_party"),
    Column("name", Unit.TEXT),
    Column("referrer", Unit.TEXT, key="rows_referrer", detail=True),
    Column("date", Unit.DATE, key="rows_date"),
)
LISTED = (
    *WHERE,
    Column("role", Unit.LABEL, key="rows_role"),
    Column("weight", Unit.RATIO, key="rows_weight"),
)
LEFT_OUT: tuple[Column, ...] = (*WHERE, Column("why", Unit.LABEL, key="rows_why"))


@dataclass(frozen=True, eq=False)
class Opener:
    """Opens the figures of one answer.

    compute: finds the graph and the answer; a stored answer is computed when the first is asked
    for. result: the answer as printed; what is blank there
    although it was computed stays closed.
    """

    analysis: Analysis
    result: Result
    compute: Callable[[], tuple[Graph, Answer]]

    def __repr__(self) -> str:
        return describe_object(self, self.analysis.name)

    @cached_property
    def graph_and_answer(self) -> tuple[Graph, Answer]:
        """The graph, and the answer with its tallies."""
        return self.compute()

    def open(self, key: str | tuple[str, ...], column: str, left_out: bool = False) -> Result:
        """The rows behind the figure in a row and a column; left_out: those that do not count.

        key: what identifies the row: id, word or name; several if it takes several. Raises
        UsageError ``unknown-row``, ``several-rows``, ``unknown-figure``, ``not-a-figure``,
        ``figure-closed``, ``small-cell``.
        """
        chosen = self._find_column(column)
        keys = (key,) if isinstance(key, str) else tuple(key)
        return self.open_cell(
            find_row(self.analysis, self.graph_and_answer[1].frame, keys), chosen, left_out
        )

    def open_cell(self, row: int, column: Column, left_out: bool = False) -> Result:
        """As `open`, for a row by its number."""
        graph, answer = self.graph_and_answer
        opened = self.look_up(row, column)
        listed = opened.absent.to_frame() if left_out else build_frame(opened.listed)
        rows = describe_rows(graph, listed)
        columns = LEFT_OUT if left_out else (*LISTED, _choose_amount_column(column))
        if left_out:
            rows = rows.with_columns(why=pl.lit("out-") + pl.col("why"))
        if opened.tally.is_date and not left_out:
            days = pl.col("amount").cast(pl.Int32).cast(pl.Date)
            rows = rows.with_columns(date=days, amount=pl.lit(None, pl.Float64))
        keys = [str(answer.frame[name][row]) for name in self.analysis.keys]
        asked = {"row": keys, "column": column.name, "method": opened.tally.method}
        return replace(
            self.result,
            parameters={**self.result.parameters, **asked},
            frame=rows.select(c.name for c in columns),
            columns=columns,
            grain="figure-row",
            headline=build_headline(opened),
            notes=build_notes(opened, left_out),
            more=0,
            opener=None,
        )

    def list_cell(self, row: int, column: Column) -> ListedFigure:
        """As `open_cell`, as numbers."""
        opened = self.look_up(row, column)
        return ListedFigure(build_headline(opened), opened.listed, opened.tally.is_date)

    def describe_rows(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows (``table``, ``row``) with their file, line, party and date."""
        return describe_rows(self.graph_and_answer[0], rows)

    def look_up(self, row: int, column: Column) -> OpenedFigure:
        """The rows behind a figure as numbers. Raises UsageError as `open_cell`."""
        graph, answer = self.graph_and_answer
        tally, group = answer.tallies.find(column.name, row)
        if tally is None or not tally.terms:
            why = Label(f"closed-{column.closed or 'cell'}")
            raise UsageError("figure-closed", column=column.name, why=why)
        self._check_is_shown(row, column, tally, group)
        return OpenedFigure(
            column,
            tally,
            group,
            list_rows(graph, tally, group),
            list_left_out(graph, tally, group),
            self._find_formula(column),
        )

    def _find_formula(self, column: Column) -> str:
        """The formula of a column; if it needs one and has none, that of the analysis."""
        formulas = self.analysis.formulas if column.inputs else ()
        return column.formula or next(iter(formulas), "")

    def _find_column(self, name: str) -> Column:
        by_name = {column.name: column for column in self.result.columns}
        keys = self.analysis.keys
        figures = [
            c.name for c in self.result.columns if c.unit in FIGURE_UNITS and c.name not in keys
        ]
        if name in figures:
            return by_name[name]
        error = "not-a-figure" if name in by_name else "unknown-figure"
        raise UsageError(
            error,
            name=describe_value(name),
            analysis=self.analysis.name,
            known=figures,
            near=suggest_nearest(name, figures),
        )

    def _check_is_shown(self, row: int, column: Column, tally: Tally, group: int) -> None:
        """Raises UsageError ``small-cell`` for a figure that the printed answer left out."""
        printed = self.result.frame
        is_blank = row < printed.height and printed[column.name][row] is None
        if is_blank and tally.get_number(group) is not None:
            raise UsageError("small-cell", column=column.name)


def _choose_amount_column(column: Column) -> Column:
    """The column of amounts, in the unit of the figure if that is one of amounts."""
    is_amount = column.unit in (Unit.MONEY, Unit.QUANTITY, Unit.DAYS)
    unit = column.unit if is_amount else Unit.QUANTITY
    return Column("amount", unit, symbol=column.symbol, key="rows_amount")

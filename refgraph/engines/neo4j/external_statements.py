"""Statements that a user wrote -> raw tables: they may only read, and return plain values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import NoneType
from typing import Any

import polars as pl

from refgraph.engines.neo4j.connection import Database, Plan, Row
from refgraph.engines.neo4j.external_names import list_names, sort_nearest_first
from refgraph.engines.queries import Cypher, adopt_statement
from refgraph.errors import DataError, ServerError, UsageError
from refgraph.intake.mapping import map_headers
from refgraph.model.message import Label
from refgraph.model.plain_rows import to_plain_table
from refgraph.model.raw import RawTable
from refgraph.model.settings import Settings

PAGE_ROWS = 10_000
"""Rows that the server sends, and that are converted, at a time."""
READS = "r"
"""How the server names a statement that only reads."""
COMMANDS = {"TerminateTransactions"}
"""Steps that the server takes for reading, and that change something all the same."""
UNKNOWN_PARAMETER = "01N60"
UNKNOWN_NAMES = {
    "01N50": ("label", "inspect/labels"),
    "01N51": ("type", "inspect/types"),
    "01N52": ("property", "inspect/property_names"),
}
"""Status of a name that the database lacks -> what it names, and the statement that lists those."""
_QUOTED = re.compile(r"`([^`]+)`")


def read_statement(database: Database, table: str, text: str, settings: Settings) -> RawTable:
    """The rows that a statement returns; a row is cited by its number in their order.

    It is looked at before it runs. Raises UsageError ``cypher-invalid``, ``cypher-writes``;
    DataError ``cypher-unknown-name``, ``missing-column``, ``cypher-value``; DatabaseError.
    """
    statement = _adopt(text)
    rows = _RowConverter(table, check_statement(database, table, text, settings))
    try:
        frames = database.begin_stream(statement, rows.take, PAGE_ROWS)()
    except ServerError as error:
        raise UsageError("cypher-invalid", table=table, why=error.values["why"]) from error
    return to_plain_table(pl.concat([*frames, rows.convert()]), _cite(table))


def check_statement(
    database: Database, table: str, text: str, settings: Settings
) -> tuple[str, ...]:
    """The columns of a statement, which is not run. Raises as `read_statement`."""
    try:
        plan = database.explain(_adopt(text))
    except ServerError as error:
        raise UsageError("cypher-invalid", table=table, why=error.values["why"]) from error
    _check_plan(database, table, plan, settings)
    return plan.columns


def _adopt(text: str) -> Cypher:
    return adopt_statement(text.strip().rstrip(";"))


def _cite(table: str) -> str:
    """How rows of a statement are cited, like a file."""
    return f"[neo4j] {table}"


def _check_plan(database: Database, table: str, plan: Plan, settings: Settings) -> None:
    """Raises as `read_statement` for a statement that must not, or cannot usefully, be run."""
    if plan.kind != READS or COMMANDS.intersection(plan.operators):
        raise UsageError("cypher-writes", table=table)
    for status, description in plan.notes:
        if status == UNKNOWN_PARAMETER:
            raise UsageError("cypher-invalid", table=table, why=description)
        if status in UNKNOWN_NAMES:
            kind, statement = UNKNOWN_NAMES[status]
            quoted = _QUOTED.search(description)
            name = quoted[1] if quoted else description
            known = sort_nearest_first(name, list_names(database, statement))
            values: dict[str, Any] = {"table": table, "kind": Label(f"graph-{kind}"), "name": name}
            raise DataError("cypher-unknown-name", known=known, **values)
    if not plan.columns:
        raise UsageError("cypher-returns-nothing", table=table)
    map_headers(table, _cite(table), plan.columns, settings)


class _RowConverter:
    """Rows of Python values -> frames of text, some thousands of rows at a time."""

    def __init__(self, table: str, columns: Sequence[str]) -> None:
        self._table, self._columns = table, columns
        self._rows: list[Row] = []
        self._row_number = 0

    def take(self, row: Row) -> pl.DataFrame | None:
        """A frame whenever there are enough rows for one."""
        self._rows.append(row)
        return self.convert() if len(self._rows) == PAGE_ROWS else None

    def convert(self) -> pl.DataFrame:
        """The rows taken since the last frame. Raises DataError ``cypher-value``."""
        rows, self._rows = self._rows, []
        lists = zip(*rows, strict=True) if rows else ([] for _ in self._columns)
        frame = pl.DataFrame(
            [self._convert_column(*item) for item in zip(self._columns, lists, strict=True)]
        )
        self._row_number += len(rows)
        return frame

    def _convert_column(self, name: str, cells: Sequence[Any]) -> pl.Series:
        kinds = {*map(type, cells)} - {NoneType}
        if kinds <= {str}:
            return pl.Series(name, cells, dtype=pl.String)
        if kinds == {int}:
            return pl.Series(name, cells, dtype=pl.Int64).cast(pl.String)
        texts = [self._convert_cell(name, *item) for item in enumerate(cells)]
        return pl.Series(name, texts, dtype=pl.String)

    def _convert_cell(self, name: str, position: int, cell: Any) -> str | None:
        if cell is None or isinstance(cell, str):
            return cell
        if isinstance(cell, bool):
            return str(cell).lower()
        if isinstance(cell, (int, float)):
            return repr(cell)
        if hasattr(cell, "iso_format"):
            return str(cell.iso_format())
        row, kind = self._row_number + position + 1, type(cell).__name__
        raise DataError("cypher-value", table=self._table, column=name, row=row, kind=kind)

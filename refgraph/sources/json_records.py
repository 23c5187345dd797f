"""Objects of JSON -> columns of text. Numbers keep their digits: they are never floats.

Objects within objects become columns ``outer.inner``, lists stay JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import polars as pl

from refgraph.errors import DataError
from refgraph.model.raw import REJECTS_SCHEMA, RawTable, make_empty_rejects, shorten_raw_text
from refgraph.sources.damage import describe_damage
from refgraph.sources.frames import to_raw_table
from refgraph.sources.layout import clean_header
from refgraph.sources.typed_columns import check_width, dump_list

MAX_NESTING = 8
"""Objects within objects that become columns; a deeper one stays JSON."""

MAX_SPARSE_CELLS = 8 << 20
MIN_FILLED = 50
"""Of more than `MAX_SPARSE_CELLS` cells at least one in `MIN_FILLED` must be filled."""

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_CHECKED_ROWS = 1 << 8

Record = dict[str, Any]


class JsonError(Exception):
    """Text that is no JSON; the text of the error says why."""


def parse_json(text: bytes) -> Any:
    """A value in which numbers are text, as written except for an ending ``.0``. Raises JsonError.

    >>> parse_json(b'{"id": 12345678901234567890, "n": 1.0}')
    {'id': '12345678901234567890', 'n': '1'}
    """
    try:
        value = json.loads(text, parse_int=str, parse_float=_trim_zero, parse_constant=str)
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
        return value
    except RecursionError:
        raise JsonError("it is nested too deep") from None
    except UnicodeEncodeError:
        raise JsonError("it holds half a surrogate pair") from None
    except ValueError as error:
        raise JsonError(str(error)) from error


def check_sparsity(file: str, rows: int, columns: int, filled: int) -> None:
    """Raise DataError ``too-sparse`` for a table whose empty cells would fill the memory."""
    cells = rows * columns
    if cells > MAX_SPARSE_CELLS and filled * MIN_FILLED < cells:
        raise DataError("too-sparse", file=file, rows=rows, columns=columns, filled=filled)


def _trim_zero(number: str) -> str:
    return number.removesuffix(".0")


class RecordTable:
    """Collects records as columns, then makes a raw table of them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.columns: dict[str, list[str | None]] = {}
        self.lines: list[int] = []
        self.rejects: list[tuple[object, ...]] = []
        self.filled = 0

    @property
    def headers(self) -> list[str]:
        """The headers so far."""
        return [clean_header(name) for name in self.columns]

    def add(self, record: Record, line: int) -> None:
        """Add one row. Raises DataError ``too-many-columns``, ``too-sparse``."""
        row = len(self.lines)
        self.lines.append(line)
        for name, cell in _flatten(record, "", MAX_NESTING):
            column = self.columns.get(name)
            if column is None:
                column = self.columns[name] = []
                check_width(len(self.columns), self.file)
            if len(column) <= row:  # a name that stands twice keeps its first value
                column.extend([None] * (row - len(column)))
                column.append(cell)
                self.filled += cell is not None
        if row % _CHECKED_ROWS == 0:
            check_sparsity(self.file, row, len(self.columns), self.filled)

    def reject(self, text: str, line: int) -> None:
        """Add a row that is no record."""
        self.rejects.append((self.file, line, "bad-json", None, None, text, "row", None))

    def to_raw_table(self) -> RawTable:
        """All rows. Raises as `frames.to_raw_table`."""
        rows = len(self.lines)
        check_sparsity(self.file, rows, len(self.columns), self.filled)
        columns = [
            pl.Series(name, cells + [None] * (rows - len(cells)), dtype=pl.String)
            for name, cells in self.columns.items()
        ]
        lines = pl.Series("line", self.lines, dtype=pl.Int64)
        if not columns and self.rejects:
            raise DataError(
                "damaged-file",
                file=self.file,
                format="JSON",
                why=describe_damage("no line is a record"),
            )
        table = to_raw_table(self.headers, columns, self.file, lines)
        rejects = self._build_rejects()
        return RawTable(
            file=self.file,
            frame=table.frame,
            line=table.line,
            rows_read=table.rows_read + rejects.height,
            rejects=pl.concat([table.rejects, rejects]),
        )

    def _build_rejects(self) -> pl.DataFrame:
        if not self.rejects:
            return make_empty_rejects()
        rejects = pl.DataFrame(self.rejects, schema=REJECTS_SCHEMA, orient="row")
        return rejects.with_columns(raw=shorten_raw_text(pl.col("raw")))


def _flatten(record: Record, prefix: str, depth: int) -> Iterator[tuple[str, str | None]]:
    for name, value in record.items():
        key = prefix + name
        if isinstance(value, str):
            yield key, value or None
        elif value is None:
            yield key, None
        elif isinstance(value, bool):
            yield key, "true" if value else "false"
        elif isinstance(value, dict) and depth:
            yield from _flatten(value, f"{key}.", depth - 1)
        else:
            yield key, dump_list(value)

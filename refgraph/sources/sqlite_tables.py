"""SQLite databases -> parts: one per table or view, read only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

import polars as pl

from refgraph.errors import DataError
from refgraph.model.raw import RawTable
from refgraph.sources.content import read_bytes
from refgraph.sources.damage import describe_damage
from refgraph.sources.frames import to_raw_table
from refgraph.sources.options import Dialect
from refgraph.sources.parts import Part
from refgraph.sources.typed_columns import trim_whole_number

_TABLES = """
select name from sqlite_master
where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' order by name
"""


def open_parts(path: Path, file: str) -> list[Part]:
    """The tables and views of a database; a row is cited by its number, from 1.

    Raises FileError; DataError ``damaged-file``, ``cells-are-bytes``.
    """
    read_bytes(path, 0)  # raises what hinders reading
    with _connect(path, file) as connection:
        names = [name for (name,) in connection.execute(_TABLES)]
    return [
        Part(name, partial(_read_headers, path, file, name), partial(_read, path, name))
        for name in names
    ]


def _read_headers(path: Path, file: str, name: str, dialect: Dialect) -> list[str]:
    with _connect(path, file) as connection:
        return [column[0] for column in _select(connection, name, 0).description]


def _read(path: Path, name: str, file: str, dialect: Dialect) -> RawTable:
    with _connect(path, file) as connection:
        cursor = _select(connection, name, -1)
        headers = [column[0] for column in cursor.description]
        cells: list[list[str | None]] = [[] for _ in headers]
        for row in cursor:
            for column, cell in zip(cells, row, strict=True):
                column.append(_to_text(cell, file, name))
    columns = [pl.Series(h, c, dtype=pl.String) for h, c in zip(headers, cells, strict=True)]
    return to_raw_table(headers, columns, file)


def _select(connection: sqlite3.Connection, name: str, limit: int) -> sqlite3.Cursor:
    quoted = name.replace('"', '""')
    return connection.execute(f'select * from "{quoted}" limit ?', (limit,))


def _to_text(cell: object, file: str, name: str) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, bytes):
        raise DataError("cells-are-bytes", file=file, column=name)
    return trim_whole_number(cell) if isinstance(cell, float) else str(cell)


@contextmanager
def _connect(path: Path, file: str) -> Iterator[sqlite3.Connection]:
    """A connection that cannot write. Raises DataError ``damaged-file``."""
    try:
        uri = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            yield connection
    except (sqlite3.Error, UnicodeError, ValueError) as error:
        why = describe_damage(error)
        raise DataError("damaged-file", file=file, format="SQLite", why=why) from error

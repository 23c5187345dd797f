"""A SQLite database: a table per result, and two that describe them.

``refgraph_results`` holds headline, notes, options and origin of every table, ``refgraph_columns``
the title, meaning and unit of every column. Names as in csv, with ``_`` for ``-``; dates are ISO
text, truth is 0 or 1, lists are joined by ``; ``, null is NULL.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import chain, count

import polars as pl

from refgraph.model.result import Report, Result
from refgraph.renderers import json
from refgraph.renderers.delimited import flatten_members
from refgraph.renderers.values import to_raw_frame
from refgraph.renderers.view import View

APPLICATION_ID = 0x72656667
"""``refg``: what marks a database as written by refgraph; the header of the file holds it."""
HEADER_SIZE = 100
"""Bytes at the start of a database that say which program wrote it."""
_HEADER_START = b"SQLite format 3\x00"
_APPLICATION_ID_AT = slice(68, 72)
RESULTS, COLUMNS = "refgraph_results", "refgraph_columns"
RESULT_COLUMNS = (
    *("name", "title", "analysis", "headline", "notes"),
    *("parameters", "scope", "origin", "refgraph"),
)
COLUMN_COLUMNS = ("name", "number", "column", "unit", "title", "meaning", "formula")


def render(subject: Result | Report, view: View) -> bytes:
    """The database file; notes are one per line, parameters, scope and origin are JSON."""
    sections = _list_sections(subject, view)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for name, _, result in sections:
            _write_frame(connection, name, _to_storable(result.head(view.top)))
        results = [_describe(*section, view) for section in sections]
        _write_rows(connection, RESULTS, RESULT_COLUMNS, results)
        _write_rows(connection, COLUMNS, COLUMN_COLUMNS, _describe_columns(sections, view))
        connection.commit()
        return connection.serialize()


def is_own_database(head: bytes) -> bool:
    """Whether a file that begins with these `HEADER_SIZE` bytes may be replaced by a database.

    So it is unless it is a database of another program.
    """
    is_database = head.startswith(_HEADER_START)
    return not is_database or head[_APPLICATION_ID_AT] == APPLICATION_ID.to_bytes(4, "big")


def _list_sections(subject: Result | Report, view: View) -> list[tuple[str, str, Result]]:
    """(name of the table, title, result); a name that is taken gets a number."""
    if isinstance(subject, Result):
        return [(_make_name(subject.analysis, ()), view.title(subject), subject)]
    listed: list[tuple[str, str, Result]] = []
    for section in subject.sections:
        name = _make_name(section.result.analysis, [name for name, *_ in listed])
        listed.append((name, view.caption(section) or view.title(section.result), section.result))
    return listed


def _make_name(analysis: str, taken: Sequence[str]) -> str:
    name = analysis.replace("-", "_").replace(" ", "_")
    numbered = (f"{name}_{number}" for number in count(2))
    return next(new for new in chain([name], numbered) if new not in taken)


def _to_storable(result: Result) -> pl.DataFrame:
    """Text, integers and floats only."""
    frame = flatten_members(to_raw_frame(result))
    return frame.with_columns(
        pl.col(pl.Date).dt.to_string("%Y-%m-%d"), pl.col(pl.Boolean).cast(pl.Int64)
    )


def _write_frame(connection: sqlite3.Connection, name: str, frame: pl.DataFrame) -> None:
    types = [_get_type(dtype) for dtype in frame.dtypes]
    columns = ", ".join(f"{_quote(c)} {kind}" for c, kind in zip(frame.columns, types, strict=True))
    connection.execute(f"CREATE TABLE {_quote(name)} ({columns})")
    _insert(connection, name, frame.width, frame.iter_rows())


def _write_rows(
    connection: sqlite3.Connection,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> None:
    connection.execute(f"CREATE TABLE {name} ({', '.join(map(_quote, columns))})")
    _insert(connection, name, len(columns), rows)


def _insert(
    connection: sqlite3.Connection, name: str, width: int, rows: Iterable[Sequence[object]]
) -> None:
    marks = ", ".join("?" * width)
    connection.executemany(f"INSERT INTO {_quote(name)} VALUES ({marks})", rows)


def _get_type(dtype: pl.DataType) -> str:
    if dtype.is_integer():
        return "INTEGER"
    return "REAL" if dtype.is_float() else "TEXT"


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _describe(name: str, title: str, result: Result, view: View) -> tuple[object, ...]:
    """A row of `RESULTS`."""
    about = json.describe_result(result, view)
    notes = "\n".join(view.say(note) for note in result.notes)
    details = (json.encode(about[key]).decode() for key in ("parameters", "scope", "origin"))
    version = about["refgraph"]
    return (name, title, result.analysis, about["headline"], notes, *details, version)


def _describe_columns(
    sections: Sequence[tuple[str, str, Result]], view: View
) -> Iterable[tuple[object, ...]]:
    """The rows of `COLUMNS`."""
    for name, _, result in sections:
        for number, column in enumerate(result.columns, 1):
            about = json.describe_column(column, view)
            title, unit = view.heading(column), str(about["unit"])
            yield name, number, column.name, unit, title, about["meaning"], column.formula

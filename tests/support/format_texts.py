"""What a reader finds in a page or file that refgraph wrote, as text: the cells of all tables."""

from __future__ import annotations

import io
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import fastexcel
import polars as pl

Cells = list[list[object]]
FONT = re.compile(rb"base64,[^)]*")


def read_text(page: bytes, format: str) -> str:
    """The text of a page without its font, or the cells of a file, a row per line."""
    if format == "xlsx":
        tables: Iterator[Cells] = (read_sheet(page, name) for name in list_sheets(page))
    elif format == "parquet":
        frame = pl.read_parquet(io.BytesIO(page))
        tables = iter([[[*frame.columns], *map(list, frame.rows())]])
    elif format == "sqlite":
        tables = (read_table(page, name) for name in list_tables(page))
    else:
        return FONT.sub(b"", page).decode("utf-8")
    return "".join("\t".join(map(str, row)) + "\n" for table in tables for row in table)


def list_sheets(page: bytes) -> list[str]:
    """The names of the sheets of a workbook."""
    return list(fastexcel.read_excel(page).sheet_names)


def read_sheet(page: bytes, sheet: str) -> Cells:
    """The cells of a sheet by another library, each column as text; an empty cell is ""."""
    read = fastexcel.read_excel(page).load_sheet(sheet, header_row=None, dtypes="string")
    return [[cell or "" for cell in row] for row in read.to_polars().rows()]


def list_tables(page: bytes) -> list[str]:
    """The tables of a SQLite database, in the order in which they were made."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(page)
        return [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]


def read_table(page: bytes, table: str) -> Cells:
    """The headers and rows of a table of a SQLite database."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(page)
        cursor = connection.execute(f'SELECT * FROM "{table}"')
        return [[column[0] for column in cursor.description], *map(list, cursor)]

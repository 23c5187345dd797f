"""Tables as they were read: every cell is text, every row knows the line it began on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from refgraph.model.representation import describe_fields, describe_object

PATCH = "patch"
"""Name of the table of files that fill in empty cells of customers."""

MATCHES = "matches"
"""Name of the table of files in which a person confirmed which customers unknown names mean."""

MAX_CELL_CHARS = 1_000_000
"""Characters of the longest cell that is read."""

MAX_ROW_BYTES = 64 << 20
"""Bytes of the longest row that is read; a longer one is no row but a quote that never closes."""

MAX_RAW_CHARS = 2_000
"""Characters of a rejected row that are kept."""

REJECTS_SCHEMA = {
    "file": pl.String,
    "line": pl.Int64,
    "code": pl.String,
    "column": pl.String,
    "value": pl.String,
    "raw": pl.String,
    "loss": pl.String,
    "at": pl.String,
}
"""Columns of every table of rejects: where, which fault, which column and value, the row's text.

loss: what the fault costs, "row" or "cell". at: ISO date of a rejected referral or order, null if
it has none or none that was read.
"""


class FileLayout(NamedTuple):
    """What a reader found out about a file by looking at it; 0 or "" = as declared or usual.

    header_line: line of the header, if rows stand above it. encoding: Python's name of the
    character set. delimiter: the character between cells, if not that of the suffix. preset: name
    of the preset by which it is read.
    """

    header_line: int = 0
    encoding: str = ""
    delimiter: str = ""
    preset: str = ""


USUAL_LAYOUT = FileLayout()


@dataclass(frozen=True, eq=False, kw_only=True)
class RawTable:
    """One file or data frame before its columns mean anything.

    file: the name to cite, as the user gave it; for a file of a folder, its name within the folder.
    frame: all columns are pl.String under the headers as written; an empty cell is null.
    line: pl.Int64, the line of the file (from 1) on which each row of `frame` begins.
    rows_read: rows found in the file, the header not counted;
        rows_read = frame.height + rejects.height + rows_skipped.
    rejects: rows that are not well formed (ragged, unclosed quote, NUL ...), see `REJECTS_SCHEMA`.
    warnings: (code, count) of repairs that the user should know of, and of rows skipped.
    rows_skipped: rows that the reader left out on purpose: titles, blank rows, footers.
    cell_rejects: cells that could not be read and are null in `frame`, see `REJECTS_SCHEMA`.
    layout: how the file was read where nothing declared it.
    """

    file: str
    frame: pl.DataFrame
    line: pl.Series
    rows_read: int
    rejects: pl.DataFrame
    warnings: tuple[tuple[str, int], ...] = ()
    rows_skipped: int = 0
    cell_rejects: pl.DataFrame = field(default_factory=lambda: make_empty_rejects())
    layout: FileLayout = USUAL_LAYOUT

    def __repr__(self) -> str:
        return describe_fields(self)


@dataclass(frozen=True, eq=False)
class Tables:
    """What a reader found in a SOURCE.

    by_name: name of a table (`TABLE_NAMES`, `PATCH`, `MATCHES`) -> its files, in order.
    ignored: names of data files that hold no known table and were not read.
    """

    by_name: Mapping[str, Sequence[RawTable]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return describe_object(
            self, *(f"{len(files)} {name}" for name, files in self.by_name.items())
        )


def make_empty_rejects() -> pl.DataFrame:
    """A table of rejects without rows."""
    return pl.DataFrame(schema=REJECTS_SCHEMA)


def shorten_raw_text(text: pl.Expr) -> pl.Expr:
    """Text of at most `MAX_RAW_CHARS` characters, then an ellipsis if it is longer."""
    is_long = text.str.len_chars() > MAX_RAW_CHARS
    return pl.when(is_long).then(text.str.head(MAX_RAW_CHARS) + "\u2026").otherwise(text)

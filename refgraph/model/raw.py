"""A table as it was read: every cell text, every row with the line it began on."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

REJECTS = {"file": pl.String, "line": pl.Int64, "code": pl.String, "column": pl.String, "value": pl.String,
           "raw": pl.String}
"""Columns of every table of rejects: where, which fault, which column and value, and the raw text of the row."""


def no_rejects() -> pl.DataFrame:
    """An empty table of rejects."""
    return pl.DataFrame(schema=REJECTS)


@dataclass(frozen=True, eq=False)
class RawTable:
    """One file (or frame) before it means anything.

    file: the name to cite, as the user gave it (a folder's files: name within the folder).
    frame: all columns pl.String, headers as written; an empty cell is null.
    line: pl.Int64, 1-based line of the file on which each row of ``frame`` begins; as long as ``frame``.
    read: rows found in the file, header not counted; read = frame.height + rejects.height.
    rejects: rows that could not be read as a row (ragged, unclosed quote, NUL ...), columns REJECTS.
    warnings: (code, count) of things repaired that a person should know of.
    """

    file: str
    frame: pl.DataFrame
    line: pl.Series
    read: int
    rejects: pl.DataFrame
    warnings: tuple[tuple[str, int], ...] = ()

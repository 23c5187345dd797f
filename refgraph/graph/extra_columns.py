"""Columns that refgraph does not know, kept apart from the names that it uses itself.

Data may have a column ``place`` or ``value``. In the tables of a Graph all unknown columns stand in
one column of structs, which follows the rows through every sort and filter and meets no other name.
"""

from __future__ import annotations

import polars as pl

from refgraph.model.dataset import get_schema

EXTRA_COLUMN = "\x00extra"
"""Name of the column of structs; no header can have it."""


def pack_extra_columns(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """The frame with all columns unknown to a table in `EXTRA_COLUMN`, if there are any."""
    known = get_schema(table)
    extra = [name for name in frame.columns if name not in known]
    if not extra:
        return frame
    return frame.select(pl.exclude(extra), pl.struct(extra).alias(EXTRA_COLUMN))


def read_extra_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """The unknown columns of a table of a Graph, under their own names; no columns without any."""
    if EXTRA_COLUMN not in frame.columns:
        return pl.DataFrame()
    return frame[EXTRA_COLUMN].struct.unnest()


def read_column(frame: pl.DataFrame, name: str) -> pl.Series:
    """A column of a table of a Graph: an unknown one of this name, else its own."""
    extra = read_extra_columns(frame)
    return extra[name] if name in extra.columns else frame[name]

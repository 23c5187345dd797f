"""Frames with the declared columns of an analysis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from refgraph.model.result import Column

DataType = pl.DataType | type[pl.DataType]


def build_frame(rows: Iterable[object], columns: Sequence[Column]) -> pl.DataFrame:
    """Rows (dicts or tuples) as a frame with these columns and their types; nan becomes null."""
    schema = {column.name: column.dtype for column in columns}
    frame = pl.DataFrame(list(rows), schema=schema, orient="row")
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))


def make_empty_frame(
    columns: Sequence[Column], **dtypes: pl.DataType | type[pl.DataType]
) -> pl.DataFrame:
    """No rows, with these columns and their types; ``dtypes`` replaces some of the types."""
    schema: dict[str, DataType] = {c.name: c.dtype for c in columns}
    return pl.DataFrame(schema=schema | dtypes)


def select_columns(frame: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """The declared columns of a frame, in their order."""
    return frame.select(column.name for column in columns)

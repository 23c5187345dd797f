"""Columns of typed files (Parquet, Arrow, SQLite) -> text as a file of text would hold it.

Nothing is known yet of what a column means, so its type alone decides: whole floats lose their
``.0``, moments at midnight are dates, structs become columns ``struct.field``, lists JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from refgraph.errors import DataError, UsageError
from refgraph.model.raw import RawTable
from refgraph.sources.assembly import MAX_COLUMNS
from refgraph.sources.frames import to_raw_table
from refgraph.sources.layout import clean_header
from refgraph.sources.values import column_to_text

MAX_EXACT = 2**53
"""Whole floats below are exact."""


def frame_to_raw_table(frame: pl.DataFrame, file: str) -> RawTable:
    """A typed frame as a table of text; a row is cited by its number, from 1.

    Raises DataError ``too-many-columns``, ``damaged-file``, and as `frames.to_raw_table`.
    """
    columns = [text for column in frame.get_columns() for text in _to_text(column, file)]
    check_width(len(columns), file)
    return to_raw_table([clean_header(column.name) for column in columns], columns, file)


def list_flat_headers(schema: pl.Schema) -> list[str]:
    """The headers of the columns that `frame_to_raw_table` makes."""
    return [clean_header(name) for item in schema.items() for name in _flatten_name(*item)]


def check_width(columns: int, file: str) -> None:
    """Raise DataError ``too-many-columns``."""
    if columns > MAX_COLUMNS:
        raise DataError("too-many-columns", file=file, found=columns, most=MAX_COLUMNS)


def dump_list(value: object) -> str:
    """A list as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _flatten_name(name: str, dtype: pl.DataType) -> Iterator[str]:
    if isinstance(dtype, pl.Struct):
        for field in dtype.fields:
            yield from _flatten_name(f"{name}.{field.name}", field.dtype)  # type: ignore[arg-type]
    else:
        yield name


def _to_text(column: pl.Series, file: str) -> Iterator[pl.Series]:
    """The column as text; a struct as one column for each of its fields."""
    dtype: Any = column.dtype
    if isinstance(dtype, pl.Struct):
        for field in dtype.fields:
            part = column.struct.field(field.name).alias(f"{column.name}.{field.name}")
            yield from _to_text(part, file)
        return
    if dtype.is_float():
        text = _floats_to_text(column)
    elif isinstance(dtype, (pl.List, pl.Array)):
        cells = [None if cell is None else dump_list(cell) for cell in column.to_list()]
        text = pl.Series(column.name, cells, dtype=pl.String)
    elif dtype == pl.Binary:
        text = _bytes_to_text(column, file)
    elif dtype == pl.Datetime and _is_midnight(column):
        text = column.dt.date().cast(pl.String)
    else:
        try:
            text = column_to_text(column, None, file)
        except UsageError as error:
            values: dict[str, Any] = error.values
            raise DataError(error.id, **values) from error
    yield text.set(text == "", None)


def _floats_to_text(column: pl.Series) -> pl.Series:
    """Whole numbers without a point, others as short as they can be read back."""
    is_whole = (column == column.round(0)) & (column.abs() < MAX_EXACT)
    frame = pl.DataFrame({"value": column, "whole": is_whole})
    whole = pl.col("value").cast(pl.Int64, strict=False).cast(pl.String)
    text = pl.when("whole").then(whole).otherwise(pl.col("value").cast(pl.String))
    return frame.select(text.alias(column.name)).to_series()


def _bytes_to_text(column: pl.Series, file: str) -> pl.Series:
    """Text that its writer did not mark as such. Raises DataError ``cells-are-bytes``."""
    try:
        return column.cast(pl.String)
    except pl.exceptions.PolarsError as error:
        raise DataError("cells-are-bytes", file=file, column=column.name) from error


def _is_midnight(column: pl.Series) -> bool:
    return bool((column.dt.truncate("1d") == column).all())


def trim_whole_number(number: float) -> str:
    """A float as `frame_to_raw_table` writes it: whole ones without a point.

    >>> trim_whole_number(1.0), trim_whole_number(0.1)
    ('1', '0.1')
    """
    is_whole = number.is_integer() and abs(number) < MAX_EXACT
    return str(int(number)) if is_whole else repr(number)

"""Python values and columns of types -> text that says exactly the same, as a file would hold it."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import polars as pl

from refgraph.errors import UsageError
from refgraph.model.fields import Type

_MISSING = ("NAType", "NaTType")
_PLAIN = (pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Null)


def column(values: pl.Series, kind: Type | None, file: str) -> pl.Series:
    """A typed column as text: whole numbers digit by digit, floats as short as they can be read back, days as ISO text.

    kind: what the column is read as afterwards, None = kept as it is. Of a moment, a date column keeps the day on the
    clock of its own zone. An empty text is null, as in a file; a float that is no number stays ``NaN``.
    Raises UsageError ``float-ids`` where ids are floats, ``cell-not-text`` for lists, structs and bytes.
    """
    dtype = values.dtype
    if dtype in _PLAIN or dtype.is_integer():
        text = values.cast(pl.String)
    elif dtype.is_float() or dtype.is_decimal():
        if kind is Type.ID and not _whole(dtype) and values.null_count() < len(values):
            raise UsageError("float-ids", file=file, column=values.name, kind=str(dtype))
        text = values.cast(pl.String)
    elif dtype == pl.Datetime:
        text = values.dt.date().cast(pl.String) if kind is Type.DATE else values.dt.to_string("iso")
    elif dtype in (pl.Time, pl.Duration):
        text = values.dt.to_string("iso")
    elif dtype == pl.Object:
        return cells(values.to_list(), values.name, kind, file)
    else:
        raise UsageError("cell-not-text", file=file, column=values.name, kind=str(dtype))
    return text.set(text == "", None) if text.dtype == pl.String else text


def cells(values: Sequence[object], name: str, kind: Type | None, file: str) -> pl.Series:
    """Python values, of mixed types if need be, as text; None, NaN, NaT and NA are null. Raises as `column`."""
    try:
        return column(pl.Series(name, values, dtype=pl.String, strict=True), kind, file)
    except (TypeError, ValueError, pl.exceptions.PolarsError):
        return pl.Series(name, [_cell(value, name, kind, file) for value in values], dtype=pl.String)


def _whole(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.Decimal) and dtype.scale == 0


def _cell(value: object, name: str, kind: Type | None, file: str) -> str | None:
    if value is None or type(value).__name__ in _MISSING:
        return None
    if isinstance(value, str):
        return _decodable(value, name, file) or None
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if isinstance(value, numbers.Integral):
        return str(int(value))
    if isinstance(value, (float, np.floating, Decimal)):
        return _fraction(value, name, kind, file)
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else _cell(value.astype("datetime64[us]").item(), name, kind, file)
    if isinstance(value, datetime):
        return value.date().isoformat() if kind is Type.DATE else value.isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    raise UsageError("cell-not-text", file=file, column=name, kind=type(value).__name__)


def _fraction(value: float | np.floating | Decimal, name: str, kind: Type | None, file: str) -> str | None:
    if value != value:
        return None
    whole = isinstance(value, Decimal) and value.is_finite() and value.as_tuple().exponent == 0
    if kind is Type.ID and not whole:
        raise UsageError("float-ids", file=file, column=name, kind=type(value).__name__)
    return str(value)


def _decodable(text: str, name: str, file: str) -> str:
    """Raises UsageError for half a surrogate pair: it is no character and cannot be stored."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UsageError("table-unreadable", file=file, why=f"{name}: {error.reason}") from error
    return text

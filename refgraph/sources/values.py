"""Python values and typed columns -> text that means exactly the same, as a file would hold it."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import polars as pl

from refgraph.errors import UsageError
from refgraph.model.field_types import FieldType
from refgraph.model.message import message

_MISSING_TYPES = ("NAType", "NaTType")
_TEXT_CASTABLE_TYPES = (pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Null)


def column_to_text(values: pl.Series, field_type: FieldType | None, file: str) -> pl.Series:
    """A typed column as text.

    Whole numbers keep every digit, floats are as short as they can be read back, dates are ISO
    text. An empty text becomes null, as in a file; a float that is not a number stays ``NaN``.
    field_type: what the column is read as later, None = it is kept as it is. A date column keeps
    the day of a moment, on the clock of its own time zone.
    Raises UsageError ``float-ids`` for ids that are floats, ``cell-not-text`` for lists, structs
    and bytes.
    """
    dtype = values.dtype
    if dtype == pl.Object:
        return cells_to_text(values.to_list(), values.name, field_type, file)
    if dtype in _TEXT_CASTABLE_TYPES or dtype.is_integer():
        text = values.cast(pl.String)
    elif dtype.is_float() or dtype.is_decimal():
        has_values = values.null_count() < len(values)
        if field_type is FieldType.ID and has_values and not _is_integer_decimal(dtype):
            raise UsageError("float-ids", file=file, column=values.name, kind=str(dtype))
        text = values.cast(pl.String)
    elif dtype == pl.Datetime and field_type is FieldType.DATE:
        text = values.dt.date().cast(pl.String)
    elif dtype in (pl.Datetime, pl.Time, pl.Duration):
        text = values.dt.to_string("iso")
    else:
        raise UsageError("cell-not-text", file=file, column=values.name, kind=str(dtype))
    return text.set(text == "", None)


def cells_to_text(
    values: Sequence[object], name: str, field_type: FieldType | None, file: str
) -> pl.Series:
    """Python values, of mixed types if need be, as text; None, NaN, NaT and NA are null.

    Raises as `column_to_text`.
    """
    try:
        return column_to_text(
            pl.Series(name, values, dtype=pl.String, strict=True), field_type, file
        )
    except (TypeError, ValueError, pl.exceptions.PolarsError):
        cells = [_cell_to_text(value, name, field_type, file) for value in values]
        return pl.Series(name, cells, dtype=pl.String)


def _is_integer_decimal(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.Decimal) and dtype.scale == 0


def _cell_to_text(cell: object, name: str, field_type: FieldType | None, file: str) -> str | None:
    if cell is None or type(cell).__name__ in _MISSING_TYPES:
        return None
    if isinstance(cell, str):
        return _check_encodable(cell, name, file) or None
    if isinstance(cell, (bool, np.bool_)):
        return str(bool(cell)).lower()
    if isinstance(cell, numbers.Integral):
        return str(int(cell))
    if isinstance(cell, (float, np.floating, Decimal)):
        return _fraction_to_text(cell, name, field_type, file)
    moment = _moment_to_text(cell, field_type is FieldType.DATE)
    if moment is None:
        raise UsageError("cell-not-text", file=file, column=name, kind=type(cell).__name__)
    return moment or None


def _moment_to_text(cell: object, is_date: bool) -> str | None:
    """A date, time or duration as text, "" for a missing one; None for any other object."""
    if isinstance(cell, np.datetime64):
        if np.isnat(cell):
            return ""
        cell = cell.astype("datetime64[us]").item()
    if isinstance(cell, datetime):
        return cell.date().isoformat() if is_date else cell.isoformat(" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else None


def _fraction_to_text(
    cell: float | np.floating | Decimal, name: str, field_type: FieldType | None, file: str
) -> str | None:
    if cell != cell:  # NaN
        return None
    is_integer = isinstance(cell, Decimal) and cell.is_finite() and cell.as_tuple().exponent == 0
    if field_type is FieldType.ID and not is_integer:
        raise UsageError("float-ids", file=file, column=name, kind=type(cell).__name__)
    return str(cell)


def _check_encodable(text: str, name: str, file: str) -> str:
    """The text. Raises UsageError for half a surrogate pair: it is not a character."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        why = message("phrase.table-column", column=name, why=message("phrase.damage-surrogate"))
        raise UsageError("table-unreadable", file=file, why=why) from error
    return text

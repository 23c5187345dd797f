"""Values for machines: columns and settings of an answer as data formats write them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from datetime import date
from enum import Enum
from typing import Any

import polars as pl

from refgraph.model.result import Result


def to_raw_frame(result: Result) -> pl.DataFrame:
    """The declared columns in order: words as text, null for NaN and infinity, no negative zero."""
    frame = result.frame.select(column.name for column in result.columns)
    float_lists = [
        name
        for name, dtype in frame.schema.items()
        if isinstance(dtype, pl.List) and dtype.inner.is_float()
    ]
    words = pl.col(pl.Categorical, pl.Enum).cast(pl.String)
    numbers = _replace_nonfinite(pl.col(pl.Float64, pl.Float32))
    lists = [pl.col(name).list.eval(_replace_nonfinite(pl.element())) for name in float_lists]
    return frame.with_columns(words, numbers, *lists)


def _replace_nonfinite(numbers: pl.Expr) -> pl.Expr:
    is_nonzero = numbers.is_finite() & (numbers != 0)
    return pl.when(is_nonzero).then(numbers).when(numbers == 0).then(0.0)


def to_json_value(value: Any) -> Any:
    """A value for JSON: dates as ISO text, sets sorted, numpy scalars plain, NaN null."""
    if isinstance(value, Mapping):
        return {str(key): to_json_value(member) for key, member in value.items()}
    if isinstance(value, Set):
        return sorted(map(to_json_value, value))
    if isinstance(value, (list, tuple)):
        return [to_json_value(member) for member in value]
    return _to_json_scalar(value.value if isinstance(value, Enum) else value)


def _to_json_scalar(value: Any) -> Any:
    if isinstance(value, float):
        return (float(value) or 0.0) if math.isfinite(value) else None
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return to_json_value(value.item()) if hasattr(value, "item") else str(value)

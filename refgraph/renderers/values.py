"""Values for machines: an answer's columns and the settings beside them, as data formats write them."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from enum import Enum
from typing import Any

import polars as pl

from refgraph.model.result import Result


def raw(result: Result) -> pl.DataFrame:
    """The declared columns in order: words as text, null for NaN and infinity, no negative zero."""
    frame = result.frame.select(c.name for c in result.columns)
    lists = [c for c, kind in frame.schema.items() if isinstance(kind, pl.List) and kind.inner.is_float()]
    return frame.with_columns(
        pl.col(pl.Categorical, pl.Enum).cast(pl.String),
        _finite(pl.col(pl.Float64, pl.Float32)),
        *(pl.col(name).list.eval(_finite(pl.element())) for name in lists),
    )


def _finite(numbers: pl.Expr) -> pl.Expr:
    return pl.when(numbers.is_finite() & (numbers != 0)).then(numbers).when(numbers == 0).then(0.0)


def plain(value: Any) -> Any:
    """A value as JSON knows it: dates ISO text, sets sorted, numpy numbers plain, NaN and infinity null."""
    if isinstance(value, Mapping):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, Set):
        return sorted(map(plain, value))
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    return _single(value.value if isinstance(value, Enum) else value)


def _single(value: Any) -> Any:
    if isinstance(value, float):
        return (float(value) or 0.0) if abs(value) < float("inf") else None
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return plain(value.item()) if hasattr(value, "item") else str(value)

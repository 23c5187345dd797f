"""Reorder or filter wide frames without copying columns that are constant."""

from __future__ import annotations

import numpy as np
import polars as pl


def reorder_rows(frame: pl.DataFrame, order: np.ndarray) -> pl.DataFrame:
    """The rows in a new order, a permutation of 0..n-1.

    Columns of nulls are left alone: most canonical columns are empty, and gathering an empty text
    column would allocate 16 bytes per row. So is ``file`` if all rows come from one file.
    """
    varying = _list_varying_columns(frame)
    if not varying:
        return frame
    rows = pl.Series(order, dtype=pl.get_index_type())
    return frame.with_columns(frame.select(varying)[rows])


def filter_rows(frame: pl.DataFrame, mask: pl.Series) -> pl.DataFrame:
    """The rows where the mask (without nulls) is true; the frame itself if that is all of them."""
    if mask.all():
        return frame
    varying = _list_varying_columns(frame)
    first_rows = frame.head(int(mask.sum()))
    return first_rows.with_columns(frame.select(varying).filter(mask)) if varying else first_rows


def read_column(frame: pl.DataFrame, name: str) -> pl.Series:
    """One column. Unlike ``frame[name]`` it never makes a constant column of the frame write its
    value into every row, where it would stay as long as the frame.
    """
    return frame.select(name).to_series()


def _list_varying_columns(frame: pl.DataFrame) -> list[str]:
    nulls = frame.null_count().row(0)
    return [
        name
        for name, blank in zip(frame.columns, nulls, strict=True)
        if blank < frame.height and not (name == "file" and _is_constant(frame, name, blank))
    ]


def _is_constant(frame: pl.DataFrame, name: str, blank: int) -> bool:
    if blank:
        return False
    return bool(frame.select((pl.col(name) == pl.col(name).first()).all()).item())

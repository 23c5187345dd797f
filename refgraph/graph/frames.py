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


def _list_varying_columns(frame: pl.DataFrame) -> list[str]:
    return [name for name in frame.columns if not _is_constant(frame[name])]


def _is_constant(column: pl.Series) -> bool:
    if column.null_count() == len(column):
        return True
    return column.name == "file" and not column.null_count() and bool((column == column[0]).all())

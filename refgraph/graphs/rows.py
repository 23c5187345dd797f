"""Rows of a wide frame in another order, or some of them, without a copy of the columns that say the same in every row."""

from __future__ import annotations

import numpy as np
import polars as pl


def reordered(frame: pl.DataFrame, order: np.ndarray) -> pl.DataFrame:
    """The rows in this order; order: a permutation of 0..n-1.

    A column of nulls stays as it is: most canonical columns are empty, and to gather one of text would fill 16 bytes a row.
    So does the name of the file where there is one file.
    """
    moved = [name for name in frame.columns if not _constant(frame[name])]
    return frame.with_columns(frame.select(moved)[pl.Series(order, dtype=pl.get_index_type())]) if moved else frame


def where(frame: pl.DataFrame, mask: pl.Series) -> pl.DataFrame:
    """The rows where the mask, without nulls, holds; the frame itself where it holds everywhere."""
    if mask.all():
        return frame
    moved = [name for name in frame.columns if not _constant(frame[name])]
    kept, number = frame.select(moved).filter(mask), int(mask.sum())
    return frame.head(number).with_columns(kept) if moved else frame.head(number)


def _constant(column: pl.Series) -> bool:
    if column.null_count() == len(column):
        return True
    return column.name == "file" and not column.null_count() and bool((column == column[0]).all())

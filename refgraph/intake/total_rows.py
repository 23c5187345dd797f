"""Rows that add up other rows (合计, Total): they are no customers and no orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from refgraph.model.raw import RawTable
from refgraph.model.vocabulary import TOTAL_PATTERN

SEARCHED_COLUMNS = 3
"""A word for a total stands in one of the first columns."""


def skip_total_rows(
    raws: Mapping[str, Sequence[RawTable]],
) -> dict[str, list[RawTable]]:
    """The tables without rows whose first filled cell is a word for a total; those count as
    skipped.
    """
    return {table: [_skip_in_file(raw) for raw in group] for table, group in raws.items()}


def _skip_in_file(raw: RawTable) -> RawTable:
    columns = raw.frame.columns[:SEARCHED_COLUMNS]
    if not columns or not raw.frame.height:
        return raw
    cells = [pl.col(c).str.strip_chars() for c in columns]
    first_cell = pl.coalesce(pl.when(cell.str.len_bytes() > 0).then(cell) for cell in cells)
    is_total = raw.frame.select(first_cell.str.contains(TOTAL_PATTERN).fill_null(False)).to_series()
    skipped = int(is_total.sum())
    if not skipped:
        return raw
    return replace(
        raw,
        frame=raw.frame.filter(~is_total),
        line=raw.line.filter(~is_total),
        rows_skipped=raw.rows_skipped + skipped,
        warnings=(*raw.warnings, ("total-row", skipped)),
    )

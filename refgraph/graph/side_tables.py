"""Tables of a Graph beside parties, referrals and orders."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from refgraph.graph.extra_columns import pack_extra_columns
from refgraph.model.dataset import Dataset

DAYS = {"contacts": "since", "events": "at"}
"""Table -> its column of days."""


def select_side_tables(
    dataset: Dataset, ids: pl.Series | None, as_of: date | None
) -> dict[str, Any]:
    """Affiliations, and contacts and events of parties with these ids, up to a day or undated.

    ids: None = all parties. as_of: None = any day.
    """
    sides = {table: _select(_pack(dataset, table), day, ids, as_of) for table, day in DAYS.items()}
    return {**sides, "affiliations": _pack(dataset, "affiliations")}


def _pack(dataset: Dataset, table: str) -> pl.DataFrame | None:
    rows = getattr(dataset, table)
    return None if rows is None else pack_extra_columns(rows, table)


def _select(
    rows: pl.DataFrame | None, day: str, ids: pl.Series | None, as_of: date | None
) -> pl.DataFrame | None:
    if rows is not None and as_of is not None:
        is_later = (pl.col(day) > as_of).fill_null(False)
        rows = rows.filter(~is_later)
    if rows is None or ids is None:
        return rows
    return rows.filter(pl.col("party").is_in(ids.implode()))

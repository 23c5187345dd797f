"""Customers that are one firm become one row; nothing that they hold is lost."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

ROW = "\x00row"
"""Column of merged rows: the row, Int32, of the customer that each became part of."""
_FIGURES = ("revenue", "profit", "volume")
_FIRST_DATES = ("joined",)
_STAGES = ("closed", "negotiating", "contacted", "prospect", "lost", "void")
"""Status of a firm: the best that one of its rows has."""


class MergedCustomers(NamedTuple):
    """customers: one row per firm. merged: rows that became part of another one, with `ROW`."""

    customers: pl.DataFrame
    merged: pl.DataFrame


def merge_customers(customers: pl.DataFrame, firms: pl.DataFrame) -> MergedCustomers:
    """Merge each customer ``written`` into ``candidate``, both ids.

    Revenue, profit and volume are added up. ``joined`` is the earliest date; ``left`` is the
    latest, and empty while one of the rows has not left. ``status`` is the furthest stage. Every
    other cell is that of the candidate, or if it is empty the first one by id that is filled.
    """
    firm = pl.coalesce("candidate", "id")
    rows = customers.join(
        firms, left_on="id", right_on="written", how="left", maintain_order="left"
    )
    is_merged = rows["candidate"].is_not_null()
    rows = rows.with_columns(firm=firm).drop("candidate")
    is_concerned = rows["firm"].is_in(firms["candidate"].implode())
    ordered = rows.filter(is_concerned).sort("firm", pl.col("id") != pl.col("firm"), "id")
    columns = [c for c in customers.columns if c != "id"]
    joined = ordered.group_by("firm", maintain_order=True).agg(_merge_column(c) for c in columns)
    joined = joined.rename({"firm": "id"}).select(customers.columns)
    final = pl.concat([customers.filter(~is_concerned), joined])
    place = final.select(firm="id", **{ROW: pl.int_range(pl.len(), dtype=pl.Int32)})
    merged = rows.filter(is_merged).join(place, on="firm", maintain_order="left")
    return MergedCustomers(final.rechunk(), merged.drop("firm"))


def _merge_column(name: str) -> pl.Expr:
    """The cell of a firm from those of its rows, that of the candidate first."""
    cells = pl.col(name)
    if name in _FIGURES:
        return pl.when(cells.count() > 0).then(cells.sum())
    if name in _FIRST_DATES:
        return cells.min()
    if name == "returned":
        return cells.max()
    if name == "left":
        return pl.when(cells.null_count() == 0).then(cells.max())
    first = cells.drop_nulls().first()
    if name == "status":
        stage = pl.Enum(_STAGES)
        furthest = cells.cast(stage, strict=False).to_physical().min().cast(stage).cast(pl.String)
        return pl.coalesce(furthest, first)
    return first

"""Orders with one row per line item: the values of the order count once.

An export repeats the values of an order on each of its lines, or gives them on the first only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from refgraph.intake import duplicates, party_checks
from refgraph.intake.fault_codes import find_filled
from refgraph.intake.mapping import find_headers
from refgraph.intake.partition import Partition, accept_all
from refgraph.model.dataset import get_schema
from refgraph.model.raw import RawTable
from refgraph.model.settings import Settings

_LOCATION = ("file", "line")
_OF_LINES = ("volume", "product")
_VALUES = tuple(c for c in get_schema("orders") if c not in (*_LOCATION, *_OF_LINES, "order_id"))
"""Columns that hold one value per order; a volume may be that of a line, a product is."""


Headers = Sequence[Mapping[str, str]]
"""By file, name of a field -> its header."""


def fill_lines(
    tables: Mapping[str, list[RawTable]], settings: Settings
) -> dict[str, list[RawTable]]:
    """All tables, with orders whose lines have customer and day where only other lines name them.

    A blank is filled if all lines of the order number that have a value have the same, in any file.
    """
    raws = tables.get("orders", [])
    headers = [find_headers("orders", raw.frame.columns, settings) for raw in raws]
    frames = [raw.frame for raw in raws]
    if not any("order_id" in found for found in headers):
        return dict(tables)
    ids = _join_files(frames, headers, "order_id")
    if not duplicates.has_duplicates(ids):
        return dict(tables)
    for name in ("customer", "at"):
        cells = _join_files(frames, headers, name)
        if not find_filled(cells).all():
            frames = _split_files(frames, headers, name, _fill_blanks(cells, ids))
    filled = [replace(raw, frame=frame) for raw, frame in zip(raws, frames, strict=True)]
    return {**tables, "orders": filled}


def _join_files(frames: Sequence[pl.DataFrame], headers: Headers, name: str) -> pl.Series:
    """The cells of a field in all files, null where a file lacks it."""
    cells = [
        frame[found[name]] if name in found else pl.repeat(None, frame.height, eager=True)
        for frame, found in zip(frames, headers, strict=True)
    ]
    return pl.concat([cell.cast(pl.String).alias("cell") for cell in cells])


def _split_files(
    frames: Sequence[pl.DataFrame], headers: Headers, name: str, cells: pl.Series
) -> list[pl.DataFrame]:
    """The files with these cells of a field."""
    parts, start = [], 0
    for frame, found in zip(frames, headers, strict=True):
        part = cells.slice(start, frame.height)
        start += frame.height
        parts.append(frame.with_columns(part.alias(found[name])) if name in found else frame)
    return parts


def _fill_blanks(cells: pl.Series, ids: pl.Series) -> pl.Series:
    """A column whose blank cells have the one value of their order, if it has one."""
    frame = pl.DataFrame({"cell": cells, "id": ids})
    value = pl.when(pl.col("cell").str.strip_chars() != "").then("cell")
    known = frame.select("id", value=value).drop_nulls().unique()
    single = known.filter(~pl.col("id").is_duplicated())
    both = frame.join(single, on="id", how="left", maintain_order="left")
    return both.select(pl.coalesce(value, "value", "cell").alias("cell")).to_series()


class MergedLines(NamedTuple):
    """partition: further lines of an order are duplicates. lines: how many differ in some cell."""

    partition: Partition
    lines: int


def merge_lines(frame: pl.DataFrame) -> MergedLines:
    """One row per order whose lines all have the same values, or no values.

    If the volume differs between the lines of any order, it is that of a line, and added up; rows
    that are equal in every column count once before. The products of an order are listed. Orders
    without a number stay as they are.
    """
    number = frame["order_id"]
    if not duplicates.has_duplicates(number):
        return MergedLines(accept_all(frame), 0)
    repeated = frame.filter(number.is_duplicated() & number.is_not_null())
    content = [c for c in frame.columns if c not in _LOCATION]
    distinct = repeated.unique(content, keep="first", maintain_order=True)
    by_order = distinct.group_by("order_id", maintain_order=True)
    columns = (pl.col(c).drop_nulls().n_unique() for c in (*_VALUES, "volume"))
    counts = by_order.agg(pl.len(), *columns)
    is_one = pl.all_horizontal(pl.col(c) < 2 for c in _VALUES)
    orders = counts.filter(is_one & (pl.col("len") > 1))
    if not orders.height:
        return MergedLines(accept_all(frame), 0)
    is_merged = number.is_in(orders["order_id"].implode()).fill_null(False)
    lines = distinct.filter(pl.col("order_id").is_in(orders["order_id"].implode()))
    filled = (pl.col(c).drop_nulls().first().over("order_id") for c in (*_VALUES, "volume"))
    filled_lines = lines.with_columns(filled)
    first = filled_lines.unique("order_id", keep="first", maintain_order=True)
    further = frame.filter(is_merged).join(first.select(_LOCATION), on=_LOCATION, how="anti")
    if (orders["volume"] > 1).any():
        sums = lines.group_by("order_id").agg(pl.col("volume").sum())
        first = first.drop("volume").join(sums, on="order_id").select(frame.columns)
    products = pl.col("product").drop_nulls().unique().sort().str.join("; ").replace("", None)
    listed = lines.group_by("order_id").agg(products)
    first = first.drop("product").join(listed, on="order_id").select(frame.columns)
    accepted = pl.concat([frame.filter(~is_merged), first])
    partition = accept_all(accepted)._replace(duplicates=further)
    return MergedLines(partition, lines.height - first.height)


def partition_equal_orders(frame: pl.DataFrame) -> Partition:
    """One row of each set of orders without a number that are equal in every column."""
    has_id = frame["order_id"].is_not_null()
    content = [c for c in frame.columns if c not in _LOCATION]
    is_first = frame.select(pl.struct(content).is_first_distinct()).to_series()
    is_kept = has_id | is_first
    return accept_all(frame.filter(is_kept))._replace(duplicates=frame.filter(~is_kept))


def partition_orders(rows: pl.DataFrame, same_order_once: bool) -> tuple[Partition, int]:
    """Orders, each counted once, without those that a status excludes; and the merged lines."""
    distinct, lines = merge_lines(rows)
    distinct = distinct.then(duplicates.partition_orders(distinct.accepted))
    if same_order_once:
        distinct = distinct.then(partition_equal_orders(distinct.accepted))
    return distinct.then(party_checks.skip_orders_by_status(distinct.accepted)), lines

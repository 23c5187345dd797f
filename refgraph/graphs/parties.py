"""Who counts as what: parties in order of their ids, with the stage each is in on the as-of day."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from refgraph.graphs.prepared import prepared
from refgraph.graphs.rows import where
from refgraph.model.dataset import Dataset


def orders_until(orders: pl.DataFrame | None, as_of: date | None) -> pl.DataFrame | None:
    """Orders up to the as-of day."""
    if orders is None or as_of is None:
        return orders
    return where(orders, (orders["at"] <= as_of).fill_null(False))


def first_day(orders: pl.DataFrame | None) -> date | None:
    """Day of the first order; None without orders."""
    day = None if orders is None else orders["at"].min()
    assert day is None or isinstance(day, date)
    return day


def staged(dataset: Dataset, orders: pl.DataFrame | None, as_of: date | None) -> pl.DataFrame:
    """All parties sorted by id (code points), with ``place``, ``role``, ``since``, ``first_order``, ``orders``, ``stage``.

    orders: those up to the as-of day, by positions, sorted by customer and date.
    stage: ``existing`` or ``former`` (role customer and closed), ``prospect``, ``later`` (closes after the as-of day),
    ``void``, ``other`` (staff, partners, authorities, outside parties).
    """
    people = prepared(dataset).people
    if orders is None:
        people = people.with_columns(first_order=pl.lit(None, pl.Date), orders=pl.lit(0, pl.UInt32))
    else:
        count = np.bincount(orders["customer"].to_numpy(), minlength=people.height)
        first = pl.Series(np.cumsum(count) - count).set(pl.Series(count == 0), None)
        people = people.with_columns(first_order=orders["at"].gather(first), orders=pl.Series(count, dtype=pl.UInt32))
    people = people.with_columns(since=pl.coalesce("joined", "first_order"))
    return people.with_columns(stage=_stage(dataset.has("customers.status"), as_of))


def _stage(has_status: bool, as_of: date | None) -> pl.Expr:
    status = pl.col("status")
    closed = status == "closed"
    if has_status:  # a blank status beside a contract or an order is a customer; without either, a prospect
        closed = pl.coalesce(closed, pl.col("since").is_not_null())
    else:
        closed = pl.coalesce(closed, pl.lit(True))
    day = pl.lit(as_of, pl.Date)
    later = (pl.col("since") > day).fill_null(False)
    gone = (pl.col("left") <= day).fill_null(False)
    return (
        pl.when(pl.col("role") != "customer").then(pl.lit("other"))
        .when((status == "void").fill_null(False)).then(pl.lit("void"))
        .when(~closed).then(pl.lit("prospect"))
        .when(later).then(pl.lit("later"))
        .when(gone).then(pl.lit("former"))
        .otherwise(pl.lit("existing"))
    )  # fmt: skip


def awaited(people: pl.DataFrame, referrals: pl.DataFrame) -> pl.DataFrame:
    """Who closes after the as-of day but is referred already is a prospect on that day."""
    if not (people["stage"] == "later").any():
        return people
    referred = referrals.filter("valid")["referred"].unique()
    waiting = (pl.col("stage") == "later") & pl.col("place").is_in(referred.implode())
    return people.with_columns(stage=pl.when(waiting).then(pl.lit("prospect")).otherwise("stage"))

"""Who counts as what: parties in order of their ids, with the stage each is in on the as-of day."""

from __future__ import annotations

from datetime import date

import polars as pl

from refgraph.graphs.rows import reordered
from refgraph.kernels.encoder import order
from refgraph.model.dataset import Dataset


def orders_until(dataset: Dataset, as_of: date | None) -> pl.DataFrame | None:
    """Orders up to the as-of day."""
    if dataset.orders is None or as_of is None:
        return dataset.orders
    return dataset.orders.filter(pl.col("at") <= as_of)


def staged(dataset: Dataset, orders: pl.DataFrame | None, as_of: date | None) -> pl.DataFrame:
    """All parties sorted by id (code points), with ``place``, ``role``, ``since``, ``first_order``, ``orders``, ``stage``.

    stage: ``existing`` or ``former`` (role customer and closed), ``prospect``, ``later`` (closes after the as-of day),
    ``void``, ``other`` (staff, partners, authorities, outside parties).
    """
    people = reordered(dataset.customers, order(dataset.customers["id"]))
    people = people.select(pl.int_range(pl.len(), dtype=pl.Int32).alias("place"), pl.all())
    people = people.with_columns(pl.col("role").alias("role_given"), pl.col("role").fill_null("customer"))
    if orders is None:
        people = people.with_columns(first_order=pl.lit(None, pl.Date), orders=pl.lit(0, pl.UInt32))
    else:
        each = orders.group_by("customer").agg(pl.col("at").min().alias("first_order"), pl.len().alias("orders"))
        people = people.join(each, left_on="id", right_on="customer", how="left", maintain_order="left")
        people = people.with_columns(pl.col("orders").fill_null(0))
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


def placed_orders(orders: pl.DataFrame | None, people: pl.DataFrame) -> pl.DataFrame | None:
    """Orders with positions for ids, sorted by customer, date, and then by all they say."""
    if orders is None:
        return None
    placed = orders.join(people.select(pl.col("id").alias("customer"), "place"), on="customer", how="inner")
    keys = ["customer", "at", "order_id", "revenue", "profit", "volume"]
    return placed.drop("customer").rename({"place": "customer"}).sort(keys, nulls_last=True)

"""Parties in order of their ids, with the stage of each on the as-of date."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from refgraph.graph.frames import filter_rows
from refgraph.graph.prepared import prepare_dataset
from refgraph.model.dataset import Dataset
from refgraph.model.message import Message, message
from refgraph.model.vocabulary import UNKNOWN_WORD

LAST_INVOICE_DAYS = 90
"""An order up to this many days after leaving is a last invoice, not a return."""
NOT_CLOSED = ("prospect", "void", "unknown")
"""Stages of parties that have no value: prospects and lost deals, void and undetermined ones."""


def select_dated_orders(orders: pl.DataFrame | None, as_of: date | None) -> pl.DataFrame | None:
    """Orders of a Dataset cut at the as-of date; undated ones are left out."""
    if orders is None or as_of is None:
        return orders
    return filter_rows(orders, orders["at"].is_not_null())


def select_customer_orders(
    people: pl.DataFrame, orders: pl.DataFrame | None
) -> pl.DataFrame | None:
    """The orders without those of parties that have not closed: these have no value.

    people: with their stage.
    """
    if orders is None:
        return None
    has_closed = ~people["stage"].is_in(NOT_CLOSED)
    return filter_rows(orders, has_closed.gather(orders["customer"]))


def note_orders_not_closed(people: pl.DataFrame) -> list[Message]:
    """How many orders `select_customer_orders` leaves out, and of how many parties."""
    orders = people["orders"].filter(people["stage"].is_in(NOT_CLOSED) & (people["orders"] > 0))
    if orders.is_empty():
        return []
    return [message("note.orders-not-closed", orders=int(orders.sum()), parties=len(orders))]


def find_first_order_date(orders: pl.DataFrame | None) -> date | None:
    """Date of the first order; None without orders."""
    day = None if orders is None else orders["at"].min()
    assert day is None or isinstance(day, date)
    return day


def assign_stages(
    dataset: Dataset, orders: pl.DataFrame | None, as_of: date | None
) -> pl.DataFrame:
    """All parties sorted by id (code points), with their orders and stage.

    Adds ``place`` (the index), ``role``, ``first_order``, ``orders`` (number), ``since`` (first
    contract, else first order), ``back``, ``left_before`` (see `_mark_returned`) and ``stage``:
    ``existing`` or ``former`` (role customer and closed), ``prospect``, ``void``, ``unknown`` (its
    role or status is a word that is not known), ``other`` (staff, partners, authorities, outside
    parties).
    dataset: cut at the as-of date. orders: with indexes for ids, sorted by customer and date.
    """
    people = prepare_dataset(dataset).people
    if orders is None:
        people = people.with_columns(first_order=pl.lit(None, pl.Date), orders=pl.lit(0, pl.UInt32))
    else:
        count = np.bincount(orders["customer"].to_numpy(), minlength=people.height)
        first_row = pl.Series(np.cumsum(count) - count).set(pl.Series(count == 0), None)
        people = people.with_columns(
            first_order=orders["at"].gather(first_row), orders=pl.Series(count, dtype=pl.UInt32)
        )
    people = people.with_columns(since=pl.coalesce("joined", "first_order"))
    people = _mark_returned(people, orders)
    return people.with_columns(stage=_build_stage_expr(dataset.has("customers.status"), as_of))


def _mark_returned(people: pl.DataFrame, orders: pl.DataFrame | None) -> pl.DataFrame:
    """``back``: the day on which a customer that had left came back, else null.

    Its date of returning, else its first order more than `LAST_INVOICE_DAYS` after it left; then
    ``left_before`` holds the day it left, and ``left`` is null.
    """
    back = pl.when(pl.col("returned") >= pl.col("left")).then("returned")
    people = people.with_columns(back=back, left_before=pl.lit(None, pl.Date))
    if people["left"].null_count() == people.height:
        return people
    if orders is not None:
        until = people["left"].dt.offset_by(f"{LAST_INVOICE_DAYS}d")
        later = orders.select("customer", "at", until=until.gather(orders["customer"]))
        later = (
            later.filter(pl.col("at") > pl.col("until"))
            .group_by("customer")
            .agg(first_back=pl.col("at").min())
        )
        people = people.join(
            later, left_on="place", right_on="customer", how="left", maintain_order="left"
        )
        people = people.with_columns(back=pl.coalesce("back", "first_back")).drop("first_back")
    is_back = pl.col("back").is_not_null()
    return people.with_columns(
        left_before=pl.when(is_back).then("left"), left=pl.when(~is_back).then("left")
    )


def _build_stage_expr(has_status: bool, as_of: date | None) -> pl.Expr:
    status = pl.col("status")
    # A blank status next to a contract or an order means a customer, without either a prospect.
    if_blank = pl.col("since").is_not_null() if has_status else pl.lit(True)
    is_closed = pl.coalesce(status == "closed", if_blank)
    return (
        pl.when(is_undetermined())
        .then(pl.lit("unknown"))
        .when(pl.col("role") != "customer")
        .then(pl.lit("other"))
        .when((status == "void").fill_null(False))
        .then(pl.lit("void"))
        .when(~is_closed)
        .then(pl.lit("prospect"))
        .when(pl.col("left").is_not_null() & (as_of is not None))
        .then(pl.lit("former"))
        .otherwise(pl.lit("existing"))
    )


def is_customer() -> pl.Expr:
    """Parties that have closed: customers, existing or former."""
    return pl.col("stage").is_in(["existing", "former"])


def is_undetermined() -> pl.Expr:
    """Parties whose role, or whose status as a customer, is a word that is not known."""
    role, status = pl.col("role"), pl.col("status")
    is_unknown = role.eq_missing(UNKNOWN_WORD)
    return is_unknown | ((role == "customer") & status.eq_missing(UNKNOWN_WORD))

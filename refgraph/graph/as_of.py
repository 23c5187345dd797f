"""A Dataset as it stood on a day: nothing that happened later is in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from refgraph.graph.as_of_findings import cut_findings
from refgraph.graph.prepared import find_customer_rows
from refgraph.model.dataset import CustomerRows, Dataset
from refgraph.model.graph import Bools, Longs

OPEN_STAGES = ("contacted", "negotiating")
"""Stages of a deal that no column dates: on an earlier day they are unknown."""
_EPOCH = date(1970, 1, 1)
_ALWAYS, _NEVER = -(2**31), 2**31 - 1
"""Days before and after every date: of a party that an undated referral names; of one without."""


@dataclass(frozen=True, eq=False, kw_only=True)
class DatasetAsOf:
    """A Dataset cut at a day, and what that day leaves unknown.

    undated_lost: parties that are lost on an unknown day, if the day lies before the last date in
    the data; 0 otherwise. undated_open: likewise parties contacted or negotiating.
    """

    dataset: Dataset
    undated_lost: int = 0
    undated_open: int = 0


def find_latest_date(dataset: Dataset) -> date | None:
    """The latest of all joining, referral, order and loss dates; None if there are none."""
    customers = dataset.customers
    columns = [customers["joined"], customers["lost_at"], dataset.referrals["at"]]
    if dataset.orders is not None:
        columns.append(dataset.orders["at"])
    latest = [column.max() for column in columns]
    return max((day for day in latest if isinstance(day, date)), default=None)


def cut_dataset(dataset: Dataset, day: date | None) -> DatasetAsOf:
    """The Dataset without everything after a day; None = all of it, by the latest date.

    Referrals and orders after the day are gone, and so are ``joined``, ``left``, ``left_to``,
    ``returned`` and ``lost_at`` after it. A party whose first date of any kind (contract, order,
    referral by or of it, loss) is later is gone too; one that closes later is a prospect. Undated
    parties and referrals stay. A party that has not closed is lost from ``lost_at`` on. If the day
    lies before the last date in the data, an undated stage (lost, contacted, negotiating) becomes
    blank.
    """
    if day is None:
        return DatasetAsOf(dataset=dataset)
    latest = find_latest_date(dataset)
    is_past = latest is not None and day < latest
    rows = find_customer_rows(dataset)
    customers = _cut_customers(dataset, rows, day, is_past)
    is_on_record = np.ones(customers.height, bool)
    if is_past:
        is_on_record = _find_first_days(dataset, rows) <= _to_number(day)
    cut = dataset
    if is_past or customers is not dataset.customers:
        cut = _select_rows(dataset, rows, customers, is_on_record, day)
    undated = _count_undated_stages(dataset.customers) if is_past else (0, 0)
    return DatasetAsOf(dataset=cut, undated_lost=undated[0], undated_open=undated[1])


def _to_number(day: date) -> int:
    return (day - _EPOCH).days


def _to_numbers(days: pl.Series, missing: int) -> Longs:
    return days.to_physical().cast(pl.Int64).fill_null(missing).to_numpy()


def _count_undated_stages(customers: pl.DataFrame) -> tuple[int, int]:
    """How many parties of role customer are lost without a date, and contacted or negotiating."""
    parties = customers.filter(pl.col("role").fill_null("customer") == "customer")
    is_undated_loss = (pl.col("status") == "lost") & pl.col("lost_at").is_null()
    is_open = pl.col("status").is_in(OPEN_STAGES) & pl.col("lost_at").is_null()
    counts = parties.select(lost=is_undated_loss.sum(), open=is_open.sum()).row(0)
    return int(counts[0]), int(counts[1])


def _find_first_orders(dataset: Dataset, rows: CustomerRows) -> Longs:
    """int64[n], by customer row: the day of its first order; `_NEVER` without one."""
    first = np.full(dataset.customers.height, _NEVER, np.int64)
    if dataset.orders is not None and rows.customer is not None:
        is_known = rows.customer.is_not_null()
        days = _to_numbers(dataset.orders["at"].filter(is_known), _NEVER)
        np.minimum.at(first, rows.customer.filter(is_known).to_numpy(), days)
    return first


def _find_first_days(dataset: Dataset, rows: CustomerRows) -> Longs:
    """int64[n], by customer row: its first date of any kind; `_ALWAYS` if it has none."""
    customers = dataset.customers
    first = _find_first_orders(dataset, rows)
    for column in ("joined", "lost_at"):
        first = np.minimum(first, _to_numbers(customers[column], _NEVER))
    days = dataset.referrals["at"]
    for end in (rows.referrer, rows.referred):
        is_known = end.is_not_null()
        numbers = _to_numbers(days.filter(is_known), _ALWAYS)
        np.minimum.at(first, end.filter(is_known).to_numpy(), numbers)
    return np.where(first == _NEVER, _ALWAYS, first)


def _cut_customers(dataset: Dataset, rows: CustomerRows, day: date, is_past: bool) -> pl.DataFrame:
    """All customers as they stood on the day; the frame itself if nothing has to change."""
    customers = dataset.customers
    last_left = customers["left"].max()
    leaves_later = isinstance(last_left, date) and last_left > day
    has_losses = customers["lost_at"].null_count() < customers.height
    last_return = customers["returned"].max()
    leaves_later |= isinstance(last_return, date) and last_return > day
    if not (is_past or leaves_later or has_losses):
        return customers
    first_order = pl.Series(_find_first_orders(dataset, rows)).replace(_NEVER, None)
    since = pl.coalesce("joined", first_order.cast(pl.Int32).cast(pl.Date))
    customers = customers.with_columns(status=_build_status_expr(since, day, is_past))
    has_left_later = (pl.col("left") > day).fill_null(False)
    dates = [
        pl.when(pl.col(name) <= day).then(name).alias(name)
        for name in ("joined", "left", "lost_at", "returned")
    ]
    return customers.with_columns(pl.when(~has_left_later).then("left_to").alias("left_to"), *dates)


def _build_status_expr(since: pl.Expr, day: date, is_past: bool) -> pl.Expr:
    """The status on the day; since: first contract, else first order.

    A blank next to a contract means a customer, so a later loss leaves the status of a party with
    a contract blank, and makes a prospect of any other.
    """
    status, lost_at = pl.col("status"), pl.col("lost_at")
    is_customer = pl.col("role").fill_null("customer") == "customer"
    is_since = (since <= day).fill_null(False)
    closes_later = (since > day).fill_null(False)
    is_closed = (status == "closed").fill_null(is_since) & ~closes_later
    is_lost = (lost_at <= day).fill_null(False) & ~is_closed
    is_lost_later = (lost_at > day).fill_null(False) & (status == "lost").fill_null(True)
    is_undated = pl.lit(is_past) & status.is_in(["lost", *OPEN_STAGES]).fill_null(False)
    return (
        pl.when(~is_customer | (status == "void").fill_null(False))
        .then(status)
        .when(is_lost)
        .then(pl.lit("lost"))
        .when(closes_later | (is_lost_later & ~is_since))
        .then(pl.lit("prospect"))
        .when(is_undated | is_lost_later)
        .then(None)
        .otherwise(status)
        .alias("status")
    )


def _select_rows(
    dataset: Dataset, rows: CustomerRows, customers: pl.DataFrame, is_kept: Bools, day: date
) -> Dataset:
    """The Dataset with these customers, without those not kept and without later events."""
    new_row = np.cumsum(is_kept, dtype=np.int32) - 1
    customers = customers.filter(pl.Series(is_kept))
    is_made = (dataset.referrals["at"] <= day).fill_null(True)
    referrals = dataset.referrals.filter(is_made)
    referrer, referred = (
        _renumber(end.filter(is_made), new_row) for end in (rows.referrer, rows.referred)
    )
    orders, customer = dataset.orders, rows.customer
    if orders is not None and customer is not None:
        is_placed = (orders["at"] <= day).fill_null(True)
        orders, customer = orders.filter(is_placed), _renumber(customer.filter(is_placed), new_row)
    if "stub" in customers.columns:
        customers = _assign_roles_of_stubs(customers, referrer)
    affiliations = dataset.affiliations
    if affiliations is not None and not is_kept.all():
        affiliations = affiliations.filter(pl.col("customer").is_in(customers["id"].implode()))
    cut = replace(
        dataset,
        customers=customers,
        referrals=referrals,
        orders=orders,
        affiliations=affiliations,
        customer_rows=CustomerRows(
            customers=customers,
            referrals=referrals,
            orders=orders,
            referrer=referrer,
            referred=referred,
            customer=customer,
        ),
    )
    return replace(cut, findings=cut_findings(dataset.findings, cut))


def _renumber(rows: pl.Series, new_row: np.ndarray) -> pl.Series:
    """Rows of the old table as rows of the new one; null stays null."""
    return pl.Series(rows.name, new_row, dtype=pl.Int32).gather(rows)


def _assign_roles_of_stubs(customers: pl.DataFrame, referrer: pl.Series) -> pl.DataFrame:
    """A party that only referrals name is outside once it refers, and a prospect before."""
    refers = np.zeros(customers.height, bool)
    refers[referrer.drop_nulls().to_numpy()] = True
    is_stub = pl.col("stub").fill_null(False)
    role = pl.when(pl.Series(refers)).then(pl.lit("outside")).otherwise(pl.lit("customer"))
    status = pl.when(~pl.Series(refers)).then(pl.lit("prospect"))
    return customers.with_columns(
        role=pl.when(is_stub).then(role).otherwise("role"),
        status=pl.when(is_stub).then(status).otherwise("status"),
    )

"""Dates of a Graph as numbers: memberships, referrals as events, sales by year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from refgraph.graph.value import to_exact_integers
from refgraph.model.graph import Floats, Graph, Longs

YEAR, YEAR_DAYS = 365.25, 365
"""Days per year on average, to turn days into years; days of a window of one year."""
EPOCH = date(1970, 1, 1)
MIN_DAY, MAX_DAY = -(2**31), 2**31 - 1
"""Day numbers before and after every date: "always" and "never"."""
GRACE_DAYS = 31
"""Orders may start or end this many days inside a covered year: nobody orders every day."""


def to_day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def to_day_numbers(days: pl.Series, missing: int) -> Longs:
    """int64: days since 1970-01-01, ``missing`` for unknown dates."""
    return days.to_physical().cast(pl.Int64).fill_null(missing).to_numpy()


def to_calendar_years(days: Longs) -> Longs:
    """int64: calendar years of days since 1970-01-01; `MIN_DAY` and `MAX_DAY` stay as they are."""
    is_date = (days > MIN_DAY) & (days < MAX_DAY)
    dates = np.where(is_date, days, 0).astype("datetime64[D]")
    years = dates.astype("datetime64[Y]").astype(np.int64) + EPOCH.year
    return np.where(is_date, years, days)


@dataclass(frozen=True, eq=False)
class Membership:
    """When each party was a customer, int64[n] in days since 1970-01-01.

    joined: first contract, else first order; `MIN_DAY` if unknown. left: `MAX_DAY` for those that
    had not left by the as-of date.
    """

    joined: Longs
    left: Longs


def compute_membership(graph: Graph) -> Membership:
    """Joining and leaving days of all parties; meaningful for customers only."""
    return _build_membership(graph, graph.parties["left"])


def compute_first_membership(graph: Graph) -> Membership:
    """As `compute_membership`, up to the first leaving: also of those that came back later."""
    parties = graph.parties
    return _build_membership(graph, parties.select(pl.coalesce("left", "left_before")).to_series())


def _build_membership(graph: Graph, left_on: pl.Series) -> Membership:
    joined = to_day_numbers(graph.parties["since"], MIN_DAY)
    left = to_day_numbers(left_on, MAX_DAY)
    as_of = to_day_number(graph.as_of) if graph.as_of else MAX_DAY
    return Membership(joined, np.where(left <= as_of, np.maximum(left, joined), MAX_DAY))


def list_period_starts(first: int, last: int, months: int) -> list[int]:
    """First days of the periods of so many months, from 1 January of the year of a day to the one
    after the year of another day, both in days since 1970-01-01; also beyond the year 9999.

    >>> list_period_starts(0, 0, 6)
    [0, 181, 365, 546]
    """
    years = to_calendar_years(np.array([first, last], np.int64)) - EPOCH.year
    starts = np.arange(12 * years[0], 12 * (years[1] + 2), months).astype("datetime64[M]")
    days: list[int] = starts.astype("datetime64[D]").astype(np.int64).tolist()
    return days


def list_years(graph: Graph) -> Longs:
    """int64: calendar years in the window, from the first event to the as-of date; may be empty.

    The first event is the earliest joining, counted referral or order.
    """
    if graph.as_of is None:
        return np.empty(0, np.int64)
    is_customer = pl.Series(graph.customers, dtype=pl.Boolean)
    columns = [graph.parties["since"].filter(is_customer), graph.arcs.filter("counted")["at"]]
    if graph.orders is not None:
        columns.append(graph.orders["at"])
    earliest = [column.min() for column in columns]
    first_day = min((day for day in earliest if isinstance(day, date)), default=graph.as_of)
    first, last = first_day.year, graph.as_of.year
    if graph.scope.since:
        first = max(first, graph.scope.since.year)
    if graph.scope.until:
        last = min(last, graph.scope.until.year)
    return np.arange(first, last + 1, dtype=np.int64)


def is_in_window(graph: Graph, days: pl.Expr) -> pl.Expr:
    """Dated and within ``--since`` and ``--until``, both days included."""
    condition = days.is_not_null()
    if graph.scope.since:
        condition &= days >= graph.scope.since
    if graph.scope.until:
        condition &= days <= graph.scope.until
    return condition


def list_referral_events(graph: Graph) -> pl.DataFrame:
    """Counted referrals dated in the window, by date.

    ``referrer``, ``referred``, ``at`` (days since 1970-01-01), ``arc`` (row of the graph).
    """
    arcs = graph.arcs.with_row_index("arc")
    events = arcs.filter(pl.col("counted") & is_in_window(graph, pl.col("at")))
    day, arc = pl.col("at").to_physical().cast(pl.Int64), pl.col("arc").cast(pl.Int64)
    return events.select("referrer", "referred", day, arc).sort("at", "referrer", "referred")


@dataclass(frozen=True, eq=False)
class Sales:
    """Orders of customers summed by year and customer, sorted by both.

    scaled: whole numbers if the decimals allow; divided by ``scale`` they are the value.
    """

    year: Longs
    customer: Longs
    scaled: Floats
    scale: int

    def select_year(self, year: int) -> tuple[Longs, Floats]:
        """The customers that ordered in a year, and their scaled sums."""
        start, end = np.searchsorted(self.year, [year, year + 1])
        return self.customer[start:end], self.scaled[start:end]


def has_dated_value(graph: Graph) -> bool:
    """Whether the value comes from orders; only these date it."""
    basis, orders = graph.value.basis, graph.orders
    if orders is None or not orders.height:
        return False
    return basis != "customers" and graph.has(f"orders.{basis}")


def compute_sales(graph: Graph) -> Sales | None:
    """Sales to customers in the window, by value basis; None if it does not come from orders."""
    basis = graph.value.basis
    if not has_dated_value(graph):
        return None
    orders = select_sales(graph)
    amount, scale = to_exact_integers(orders[basis].fill_null(0.0).to_numpy())
    year = pl.col("at").dt.year().cast(pl.Int64)
    sales = orders.select("customer", year=year, amount=pl.Series(amount))
    sales = sales.group_by("year", "customer").agg(pl.col("amount").sum()).sort("year", "customer")
    return Sales(
        year=sales["year"].to_numpy(),
        customer=sales["customer"].cast(pl.Int64).to_numpy(),
        scaled=sales["amount"].to_numpy(),
        scale=scale,
    )


def select_sales(graph: Graph) -> pl.DataFrame:
    """The orders of customers in the window, with their ``row`` in the graph."""
    assert graph.orders is not None
    is_customer = pl.Series(graph.customers, dtype=pl.Boolean).gather(graph.orders["customer"])
    orders = graph.orders.with_row_index("row")
    return orders.filter(is_in_window(graph, pl.col("at")) & is_customer)


def is_year_covered(graph: Graph, year: int) -> bool:
    """Whether the orders cover all twelve months of a year.

    They may begin and end up to `GRACE_DAYS` days inside it. A date given by ``--as-of``,
    ``--since`` or ``--until`` gets no such grace.
    """
    orders, scope = graph.orders, graph.scope
    if orders is None or not orders.height or graph.as_of is None:
        return False
    if not date.min.year <= year <= date.max.year:
        return False
    first_order = orders["at"].min()
    assert isinstance(first_order, date)
    new_year, new_years_eve = date(year, 1, 1), date(year, 12, 31)
    grace = timedelta(days=GRACE_DAYS)
    has_start = first_order - new_year <= grace
    if scope.since is not None and scope.since > new_year:
        has_start = False
    has_end = new_years_eve - graph.as_of <= (timedelta(0) if scope.as_of else grace)
    if scope.until is not None and scope.until < new_years_eve:
        has_end = False
    return has_start and has_end


def count_present(start: Longs, end: Longs, at: Longs) -> Longs:
    """int64: for each moment, how many have start <= moment < end.

    Those whose end is not after their start are never present.
    """
    is_real = start < end
    started = np.searchsorted(np.sort(start[is_real]), at, side="right")
    ended = np.searchsorted(np.sort(end[is_real]), at, side="right")
    return started - ended

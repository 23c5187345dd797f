"""Days and years of a Graph as numbers: who was a customer when, what was referred when, what was ordered in which year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from refgraph.graphs.amounts import whole
from refgraph.model.graph import Floats, Graph, Longs

YEAR = 365.25
EPOCH = date(1970, 1, 1)
ALWAYS, NEVER = -(2**31), 2**31 - 1
GRACE = 31
"""Days at either end of the records within which a year still counts as covered: nobody orders every day."""


def number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def numbers(days: pl.Series, missing: int) -> Longs:
    """int64: days since 1970-01-01, ``missing`` where the day is not known."""
    return days.to_physical().cast(pl.Int64).fill_null(missing).to_numpy()


def year_numbers(days: Longs) -> Longs:
    """int64: calendar years of days since 1970-01-01; ALWAYS and NEVER stay."""
    real = (days > ALWAYS) & (days < NEVER)
    years = np.where(real, days, 0).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return np.where(real, years, days)


@dataclass(frozen=True, eq=False)
class Membership:
    """Who was a customer when, by position, in days since 1970-01-01.

    joined: first contract, else first order; ALWAYS where not known. left: NEVER for those who stay on the as-of day.
    """

    joined: Longs
    left: Longs


def membership(graph: Graph) -> Membership:
    """The days of all parties; only those of customers mean anything."""
    joined = numbers(graph.parties["since"], ALWAYS)
    left = numbers(graph.parties["left"], NEVER)
    end = number(graph.as_of) if graph.as_of else NEVER
    return Membership(joined, np.where(left <= end, np.maximum(left, joined), NEVER))


def years(graph: Graph) -> Longs:
    """Calendar years from the first joining, referral or order to the as-of day, those that the window touches; may be none."""
    if graph.as_of is None:
        return np.empty(0, np.int64)
    columns = [graph.parties.filter(pl.Series(graph.customers, dtype=pl.Boolean))["since"], graph.arcs.filter("counted")["at"]]
    columns += [graph.orders["at"]] if graph.orders is not None else []
    days = [d for d in (c.min() for c in columns) if isinstance(d, date)]
    first = min(days, default=graph.as_of).year
    low = max(first, graph.scope.since.year) if graph.scope.since else first
    high = min(graph.as_of.year, graph.scope.until.year) if graph.scope.until else graph.as_of.year
    return np.arange(low, high + 1, dtype=np.int64)


def in_window(graph: Graph, days: pl.Expr) -> pl.Expr:
    """Dated and within ``--since``/``--until``, both days included."""
    scope, known = graph.scope, days.is_not_null()
    known = known & (days >= scope.since) if scope.since else known
    return known & (days <= scope.until) if scope.until else known


def made(graph: Graph) -> pl.DataFrame:
    """Counted referrals as events in the window: ``referrer``, ``referred``, ``at`` (days since 1970-01-01), by date."""
    events = graph.arcs.filter(pl.col("counted") & in_window(graph, pl.col("at")))
    return events.select("referrer", "referred", pl.col("at").to_physical().cast(pl.Int64)).sort("at", "referrer", "referred")


@dataclass(frozen=True, eq=False)
class Sales:
    """Orders of customers summed by year and customer, sorted by both; ``whole`` divided by ``scale`` is the value."""

    year: Longs
    customer: Longs
    whole: Floats
    scale: int

    def of(self, year: int) -> tuple[Longs, Floats]:
        """Who ordered in a year and for how much."""
        low, high = np.searchsorted(self.year, [year, year + 1])
        return self.customer[low:high], self.whole[low:high]


def dated_value(graph: Graph) -> bool:
    """Whether the value comes from orders, which alone tell it by date."""
    basis, orders = graph.value.basis, graph.orders
    return orders is not None and orders.height > 0 and basis != "customers" and graph.has(f"orders.{basis}")


def sales(graph: Graph) -> Sales | None:
    """Sales in the window by the value basis; None where the value does not come from orders."""
    basis, orders = graph.value.basis, graph.orders
    if orders is None or not dated_value(graph):
        return None
    kept = orders.filter(in_window(graph, pl.col("at")) & pl.Series(graph.customers, dtype=pl.Boolean).gather(orders["customer"]))
    amount, scale = whole(kept[basis].fill_null(0.0).to_numpy())
    each = kept.select("customer", pl.col("at").dt.year().cast(pl.Int64).alias("year"), amount=pl.Series(amount))
    each = each.group_by("year", "customer").agg(pl.col("amount").sum()).sort("year", "customer")
    return Sales(each["year"].to_numpy(), each["customer"].cast(pl.Int64).to_numpy(), each["amount"].to_numpy(), scale)


def covered(graph: Graph, year: int) -> bool:
    """Whether orders cover all twelve months: they begin and end within `GRACE` days of the year or lie beyond it.

    A day given by ``--as-of``, ``--since`` or ``--until`` is taken at its word.
    """
    orders, scope = graph.orders, graph.scope
    if orders is None or not orders.height or graph.as_of is None:
        return False
    first, last = orders["at"].min(), graph.as_of
    assert isinstance(first, date)
    grace = timedelta(days=GRACE)
    begins = first <= date(year, 1, 1) + grace and (scope.since is None or scope.since <= date(year, 1, 1))
    slack = timedelta(0) if scope.as_of else grace
    return begins and last + slack >= date(year, 12, 31) and (scope.until is None or scope.until >= date(year, 12, 31))


def present_at(start: Longs, end: Longs, at: Longs) -> Longs:
    """int64: how many have start <= moment < end, for each moment; those whose end is not after their start never."""
    real = start < end
    return (np.searchsorted(np.sort(start[real]), at, side="right")
            - np.searchsorted(np.sort(end[real]), at, side="right"))

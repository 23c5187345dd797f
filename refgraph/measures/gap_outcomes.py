"""What the referred may have more of: value, value of the first year, profit, margin, orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

from refgraph.measures.calendar import YEAR_DAYS, is_in_window, to_day_number, to_day_numbers
from refgraph.model.graph import Bools, Floats, Graph, Longs

OutcomeName = Literal["total", "first-year", "margin", "profit", "orders"]
NEVER = 2**31 - 1


@dataclass(frozen=True, eq=False, kw_only=True)
class Outcome:
    """An outcome of each party, n parties.

    y: float64[n], in the unit of the data. is_usable: bool[n], whether it could be observed.
    is_linear: whether it is compared as a difference, because it can be negative. weight:
    float64[n], None = 1. reason: why there is no outcome at all, else empty.
    """

    y: Floats
    is_usable: Bools
    is_linear: bool = False
    weight: Floats | None = None
    reason: str = ""


def compute_outcome(graph: Graph, name: OutcomeName) -> Outcome:
    """The outcome of that name for each party; amounts below 0 make it one of differences."""
    compute = {
        "total": _compute_total,
        "first-year": _compute_first_year,
        "margin": _compute_margin,
        "profit": _compute_profit,
        "orders": _count_orders,
    }[name]
    return compute(graph)


def find_order_window(graph: Graph) -> tuple[int, int] | None:
    """First and last day that the orders cover, in days since 1970-01-01; None without orders."""
    if graph.orders is None or not graph.orders.height:
        return None
    first, last = graph.orders["at"].min(), graph.as_of
    if graph.scope.since:
        first = graph.scope.since
    if graph.scope.until:
        last = min(graph.scope.until, last) if last else graph.scope.until
    if not isinstance(first, date) or last is None:
        return None
    return to_day_number(first), to_day_number(last)


def _refuse(graph: Graph, reason: str) -> Outcome:
    nobody = np.zeros(len(graph), np.bool_)
    return Outcome(y=np.zeros(len(graph)), is_usable=nobody, reason=reason)


def _build(y: Floats, is_usable: Bools) -> Outcome:
    return Outcome(y=y, is_usable=is_usable, is_linear=bool((y[is_usable] < 0.0).any()))


def _compute_total(graph: Graph) -> Outcome:
    if graph.value.basis == "customers":
        return _refuse(graph, "no-value")
    return _build(graph.value.numbers, graph.customers)


def _compute_first_year(graph: Graph) -> Outcome:
    """Value within 365 days of joining, for those who joined while orders were recorded."""
    window, basis = find_order_window(graph), graph.value.basis
    if window is None or graph.orders is None or not graph.has(f"orders.{basis}"):
        return _refuse(graph, "no-orders")
    since = to_day_numbers(graph.parties["since"], NEVER)
    is_usable = graph.customers & (since >= window[0]) & (since + YEAR_DAYS <= window[1] + 1)
    customer = graph.orders["customer"].to_numpy()
    days = to_day_numbers(graph.orders["at"], NEVER) - since[customer]
    is_first = (days >= 0) & (days < YEAR_DAYS)
    amounts = graph.orders[basis].fill_null(0.0).to_numpy()[is_first]
    y = np.bincount(customer[is_first], weights=amounts, minlength=len(graph))
    return _build(y.astype(np.float64), is_usable)


def _count_orders(graph: Graph) -> Outcome:
    if graph.orders is None or not graph.orders.height:
        return _refuse(graph, "no-orders")
    customer = _select_orders(graph)["customer"].to_numpy()
    return _build(np.bincount(customer, minlength=len(graph)).astype(np.float64), graph.customers)


def _compute_profit(graph: Graph) -> Outcome:
    profit = _sum_amounts(graph, "profit")
    if profit is None:
        return _refuse(graph, "no-profit")
    return Outcome(y=profit, is_usable=graph.customers, is_linear=True)


def _compute_margin(graph: Graph) -> Outcome:
    """Profit per revenue, weighted by revenue, so that a mean is Σ profit / Σ revenue."""
    profit, revenue = _sum_amounts(graph, "profit"), _sum_amounts(graph, "revenue")
    if profit is None or revenue is None:
        return _refuse(graph, "no-profit")
    has_revenue = revenue > 0.0
    y = np.where(has_revenue, profit / np.where(has_revenue, revenue, 1.0), 0.0)
    mean = float(revenue[has_revenue].mean()) if has_revenue.any() else 1.0
    usable = graph.customers & has_revenue
    return Outcome(y=y, is_usable=usable, is_linear=True, weight=revenue / mean)


def _sum_amounts(graph: Graph, basis: str) -> Floats | None:
    """Amounts by party, from the orders in the window, else from the customers' column."""
    if graph.orders is not None and graph.has(f"orders.{basis}"):
        orders = _select_orders(graph)
        amounts = orders[basis].fill_null(0.0).to_numpy()
        customer: Longs = orders["customer"].to_numpy()
        sums = np.bincount(customer, weights=amounts, minlength=len(graph))
        return sums.astype(np.float64)
    if not graph.has(f"customers.{basis}"):
        return None
    return graph.parties[basis].fill_null(0.0).to_numpy()


def _select_orders(graph: Graph) -> pl.DataFrame:
    assert graph.orders is not None
    return graph.orders.filter(is_in_window(graph, pl.col("at")))

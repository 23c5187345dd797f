"""The figures of accounts with the orders behind them."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graph import key_accounts
from refgraph.graph.parties import find_first_order_date
from refgraph.measures.account_figures import DAYS_OF_INTEREST_YEAR, MIN_GAPS, load_rules
from refgraph.measures.conversion import tally_referrals
from refgraph.measures.members import Members, number_parties
from refgraph.measures.own_cells import measure_cells
from refgraph.measures.tallies import compute_ratio, make_unknown, measure_value, spread_total
from refgraph.model.graph import Graph
from refgraph.model.tally import Tally, Term

DEDUCTIONS = ("rebate", "returns", "service_cost")


def tally_account_figures(graph: Graph, labels: pl.DataFrame) -> dict[str, Tally]:
    """Figures of each party by all its orders; labels: the figures as `account_labels` finds them.

    The accounts are labeled by the numbers of `account_figures`; what they are made of is here.
    """
    orders = _group_orders(graph)
    is_key = graph.parties["key"].fill_null(False).to_numpy()
    has_referrals = graph.has_referral_data
    keys = tally_referrals(graph, is_key).keep_known(graph.is_key_account_known and has_referrals)
    tallies = {
        "value": number_parties(len(graph)).add_up(measure_value(graph)),
        "recommended": tally_referrals(graph).keep_known(has_referrals),
        "keys_brought": keys,
        "frequency": _divide_by_years(graph, orders.count()),
        "volume_year": _divide_by_years(graph, _sum_orders(graph, orders, "volume")),
        **_tally_profit(graph, orders),
        **_tally_intervals(graph, orders),
    }
    return {
        name: _take_numbers(tally, labels[name]) if name in labels.columns else tally
        for name, tally in tallies.items()
    }


def _take_numbers(tally: Tally, numbers: pl.Series) -> Tally:
    """The tally with the numbers that the accounts are labeled by."""
    if tally.method == "count":
        return tally
    found = numbers.cast(pl.Float64).fill_null(np.nan).to_numpy()
    return Tally(method=tally.method, numbers=found, terms=tally.terms)


def _group_orders(graph: Graph) -> Members:
    assert graph.orders is not None
    return Members("orders", graph.orders["customer"].to_numpy(), len(graph))


def _sum_orders(graph: Graph, orders: Members, name: str) -> Tally:
    if not graph.has(f"orders.{name}"):
        return make_unknown(len(graph))
    assert graph.orders is not None
    return orders.add_up(*measure_cells(graph.orders[name]))


def _divide_by_years(graph: Graph, tally: Tally) -> Tally:
    """Per year as a customer."""
    assert graph.as_of is not None
    first = find_first_order_date(graph.orders)
    assert first is not None
    years = np.asarray(key_accounts.count_customer_years(graph.parties, graph.as_of, first))
    own = number_parties(len(graph))
    return compute_ratio(tally, own.add_up_weights(years)) if tally.terms else tally


def _tally_profit(graph: Graph, orders: Members) -> dict[str, Tally]:
    """Margin, share of the profit of all existing customers, and what remains of the profit."""
    profit, revenue = (_sum_orders(graph, orders, name) for name in ("profit", "revenue"))
    if not profit.terms:
        return {name: profit for name in ("margin", "effect", "net")}
    assert graph.orders is not None
    existing = Members("orders", np.where(graph.existing, np.arange(len(graph)), -1), len(graph))
    group = existing.group[graph.orders["customer"].to_numpy()]
    of_existing = Members("orders", group, len(graph))
    total = spread_total(_sum_orders(graph, of_existing, "profit"))
    costs = [_sum_orders(graph, orders, name) for name in DEDUCTIONS]
    rate = float(load_rules(graph)["yearly_rate"]) / DAYS_OF_INTEREST_YEAR
    money_days, is_known = measure_cells(graph.orders["revenue"] * graph.orders["credit_days"])
    credit = orders.add_up(money_days, is_known, np.full(graph.orders.height, rate))
    terms = [*profit.terms, *(_subtract(t) for cost in (*costs, credit) for t in cost.terms)]
    return {
        "margin": compute_ratio(profit, revenue) if revenue.terms else revenue,
        "effect": compute_ratio(profit, total),
        "net": Tally(method="sum", numbers=profit.numbers, terms=tuple(terms)),
    }


def _subtract(term: Term) -> Term:
    """The term with the opposite sign."""
    weight = -1.0 if term.weight is None else -term.weight  # type: ignore[operator]
    assert isinstance(term.members, Members)
    weights = np.broadcast_to(np.asarray(weight, np.float64), term.members.group.shape)
    return Term(members=term.members, mask=term.mask, weight=weights, quantity=term.quantity)


def _tally_intervals(graph: Graph, orders: Members) -> dict[str, Tally]:
    """Days since the last order, and the median days between the days with orders."""
    assert graph.orders is not None and graph.as_of is not None
    rows = graph.orders.with_row_index("row").select("row", "customer", "at")
    days = rows.unique(["customer", "at"], keep="first", maintain_order=True)
    days = days.sort("customer", "at").with_columns(
        gap=pl.col("at").diff().dt.total_days().over("customer"), n=pl.len().over("customer")
    )
    used = days.filter(pl.col("gap").is_not_null() & (pl.col("n") > MIN_GAPS))
    gaps = pl.repeat(None, rows.height, dtype=pl.Int64, eager=True)
    gaps = gaps.scatter(used["row"], used["gap"])
    since_order = (pl.lit(graph.as_of, pl.Date) - pl.col("at")).dt.total_days()
    silence = graph.orders.select(since_order.alias("days"))["days"]
    return {
        "silence": orders.find_extreme("least", *measure_cells(silence)),
        "rhythm": orders.find_median(*measure_cells(gaps)),
    }

"""Figures for the account rules: how often, how much and how profitably each customer buys."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl

from refgraph.errors import DataError
from refgraph.graph import key_accounts
from refgraph.graph.parties import find_first_order_date
from refgraph.graph.value import to_exact_integers
from refgraph.model.graph import Floats, Graph

AMOUNTS = ("revenue", "profit", "volume", "rebate", "returns", "service_cost")
MIN_GAPS = 2
"""A usual order interval needs at least this many gaps between order dates."""
DAYS_OF_INTEREST_YEAR = 365.0


@cache
def load_default_rules() -> dict[str, Any]:
    """The defaults of ``[accounts]``."""
    text = files("refgraph.data").joinpath("accounts.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def load_rules(graph: Graph) -> dict[str, Any]:
    """The defaults, overridden by ``[accounts]`` of refgraph.toml.

    Raises DataError ``config-unknown``, ``config-type``, ``accounts-tiers``.
    """
    settings = graph.settings.accounts
    for name, value in settings.items():
        _check_setting(name, value)
    rules = load_default_rules() | settings
    tiers = rules["tiers"]
    if len(tiers) != len(rules["tier_names"]) or sorted(tiers) != tiers:
        raise DataError("accounts-tiers", file="refgraph.toml")
    return rules


def _check_setting(name: str, value: object) -> None:
    """Raises DataError for an unknown name or a value of another type than the default."""
    defaults, full_name = load_default_rules(), f"[accounts] {name}"
    if name not in defaults:
        raise DataError(
            "config-unknown", file="refgraph.toml", name=full_name, known=sorted(defaults)
        )
    default = defaults[name]
    types = (int, float) if isinstance(default, (int, float)) else type(default)
    if not isinstance(value, types) or isinstance(value, bool):
        kind = type(default).__name__
        raise DataError("config-type", file="refgraph.toml", name=full_name, value=value, kind=kind)


def compute_account_figures(graph: Graph, rule: Mapping[str, Any]) -> pl.DataFrame | None:
    """One row per party, float64, null for parties without orders; None if there are no orders.

    ``years`` as a customer; orders, volume and revenue per year: ``frequency``, ``volume_year``,
    ``revenue_year``; ``margin`` = profit / revenue; ``effect``, the share of the profit of all
    existing customers; ``net``, profit less rebates, returns, service and credit; ``largest`` order
    / all orders; ``days`` with orders (0 without), ``rhythm``, the median days between them, and
    ``silence``, the days since the last. Sums are exact if decimals allow.
    """
    first = find_first_order_date(graph.orders)
    if graph.orders is None or first is None or graph.as_of is None:
        return None
    years = key_accounts.count_customer_years(graph.parties, graph.as_of, first)
    credit_cost = _sum_credit_days(graph) * float(rule["yearly_rate"]) / DAYS_OF_INTEREST_YEAR
    customer = graph.orders["customer"].to_numpy()
    sums = pl.DataFrame({name: _sum_by_party(graph, name) for name in AMOUNTS}).with_columns(
        orders=pl.Series(np.bincount(customer, minlength=len(graph)).astype(np.float64)),
        years=pl.Series(years),
        credit=pl.Series(credit_cost),
        largest=pl.Series(_compute_largest_share(graph)),
    )
    figures = _derive_figures(sums, pl.Series(graph.existing))
    has_orders = sums["orders"] > 0
    figures = figures.with_columns(pl.when(has_orders).then(pl.all()))
    return pl.concat([figures, _compute_order_intervals(graph)], how="horizontal")


def _derive_figures(sums: pl.DataFrame, is_existing: pl.Series) -> pl.DataFrame:
    """Yearly means, ratios and net profit from the sums of each party."""
    total_profit = sums["profit"].filter(is_existing).sum()
    years, profit, revenue = pl.col("years"), pl.col("profit"), pl.col("revenue")
    net = profit
    for deduction in ("rebate", "returns", "service_cost"):
        net = net - pl.col(deduction).fill_null(0)
    return sums.select(
        "years",
        frequency=pl.col("orders") / years,
        volume_year=pl.col("volume") / years,
        revenue_year=revenue / years,
        margin=pl.when(revenue > 0).then(profit / revenue),
        effect=pl.when(total_profit > 0).then(profit / total_profit),
        net=net - pl.col("credit"),
        largest="largest",
    )


def _sum_by_party(graph: Graph, name: str) -> pl.Series:
    """Sum of a column of the orders by party; nulls if the data lacks the column."""
    if not graph.has(f"orders.{name}"):
        return pl.Series(name, [None] * len(graph), dtype=pl.Float64)
    assert graph.orders is not None
    amounts, scale = to_exact_integers(graph.orders[name].fill_null(0.0).to_numpy())
    customer = graph.orders["customer"].to_numpy()
    sums = np.bincount(customer, weights=amounts, minlength=len(graph))
    return pl.Series(name, sums / scale)


def _sum_credit_days(graph: Graph) -> Floats:
    """float64[n]: money times days of credit, by party."""
    assert graph.orders is not None
    money_days = (graph.orders["revenue"] * graph.orders["credit_days"]).fill_null(0.0)
    customer = graph.orders["customer"].to_numpy()
    sums = np.bincount(customer, weights=money_days.to_numpy(), minlength=len(graph))
    return sums.astype(np.float64)


def _compute_largest_share(graph: Graph) -> Floats:
    """float64[n]: the largest order as a share of all of the party; nan without orders.

    By volume if it is recorded, else by revenue.
    """
    assert graph.orders is not None
    name = "volume" if graph.has("orders.volume") else "revenue"
    customer = graph.orders["customer"].to_numpy()
    amounts = graph.orders[name].fill_null(0.0).to_numpy()
    largest = np.zeros(len(graph))
    np.maximum.at(largest, customer, amounts)
    total = np.bincount(customer, weights=amounts, minlength=len(graph))
    share = np.full(len(graph), np.nan)
    np.divide(largest, total, out=share, where=total > 0)
    return share


def _compute_order_intervals(graph: Graph) -> pl.DataFrame:
    """``days``, ``rhythm``, ``silence`` of each party (see `compute_account_figures`)."""
    assert graph.orders is not None
    order_dates = graph.orders.select("customer", "at").unique().sort("customer", "at")
    gaps = pl.col("at").diff().dt.total_days()
    as_of = pl.lit(graph.as_of, pl.Date)
    intervals = order_dates.group_by("customer", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("days"),
        pl.when(pl.len() > MIN_GAPS).then(gaps.median()).alias("rhythm"),
        (as_of - pl.col("at").max()).dt.total_days().alias("silence"),
    )
    parties = graph.parties.select(customer="place")
    intervals = parties.join(intervals, on="customer", how="left", maintain_order="left")
    return intervals.select(pl.col("days").fill_null(0), "rhythm", "silence")

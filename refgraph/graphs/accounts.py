"""What the rules for accounts look at: how often, how much and how profitably each customer buys, and its silence."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl

from refgraph.errors import DataError
from refgraph.graphs import keys
from refgraph.graphs.amounts import whole
from refgraph.graphs.parties import first_day
from refgraph.model.graph import Graph

AMOUNTS = ("revenue", "profit", "volume", "rebate", "returns", "service_cost")
GAPS = 2
"""Gaps between orders from which a customer has a rhythm."""


@cache
def shipped() -> dict[str, Any]:
    """The defaults of ``[accounts]``."""
    return tomllib.loads(files("refgraph.data").joinpath("accounts.toml").read_text(encoding="utf-8"))


def rules(graph: Graph) -> dict[str, Any]:
    """``[accounts]`` of refgraph.toml on top of the defaults. Raises DataError for an unknown key or a wrong type."""
    own = graph.settings.other.get("accounts", {})
    assert isinstance(own, Mapping)
    for name, value in own.items():
        usual = shipped().get(name)
        if usual is None:
            raise DataError("config-unknown", file="refgraph.toml", name=f"[accounts] {name}", known=sorted(shipped()))
        kinds = (int, float) if isinstance(usual, (int, float)) else type(usual)
        if not isinstance(value, kinds) or isinstance(value, bool):
            kind = type(usual).__name__
            raise DataError("config-type", file="refgraph.toml", name=f"[accounts] {name}", value=value, kind=kind)
    found = shipped() | dict(own)
    if len(found["tiers"]) != len(found["tier_names"]) or sorted(found["tiers"]) != found["tiers"]:
        raise DataError("accounts-tiers", file="refgraph.toml")
    return found


def measured(graph: Graph, rule: Mapping[str, Any]) -> pl.DataFrame | None:
    """By position, float64, null without orders: ``years``; ``frequency``, ``volume_year``, ``revenue_year``; ``margin``,
    ``effect`` (share of the profit of all existing customers), ``net`` (profit less rebates, returns, service and credit),
    ``largest`` (largest order / all), ``days`` with orders, ``rhythm`` (median days between them), ``silence`` (days since).

    None when there are no orders. Sums are exact where decimals allow.
    """
    first = first_day(graph.orders)
    if graph.orders is None or first is None or graph.as_of is None:
        return None
    who, n = graph.orders["customer"].to_numpy(), len(graph)
    frame = pl.DataFrame({name: _total(graph, name, who, n) for name in AMOUNTS})
    frame = frame.with_columns(
        orders=pl.Series(np.bincount(who, minlength=n).astype(np.float64)),
        years=pl.Series(keys.years(graph.parties, graph.as_of, first)),
        credit=pl.Series(_credit(graph, who, n) * float(rule["yearly_rate"]) / 365.0), largest=pl.Series(_largest(graph, who, n)),
        existing=pl.Series(graph.existing))
    profit = frame.filter("existing")["profit"].sum()
    bought = pl.col("orders") > 0
    told = frame.select(
        "years", frequency=pl.col("orders") / pl.col("years"), volume_year=pl.col("volume") / pl.col("years"),
        revenue_year=pl.col("revenue") / pl.col("years"),
        margin=pl.when(pl.col("revenue") > 0).then(pl.col("profit") / pl.col("revenue")),
        effect=pl.when(profit > 0).then(pl.col("profit") / profit),
        net=pl.col("profit") - pl.col("rebate").fill_null(0) - pl.col("returns").fill_null(0)
        - pl.col("service_cost").fill_null(0) - pl.col("credit"), largest="largest")  # fmt: skip
    told = told.with_columns(pl.when(frame.select(bought).to_series()).then(pl.all()))
    return pl.concat([told, _rhythms(graph)], how="horizontal")


def _total(graph: Graph, name: str, who: np.ndarray, n: int) -> pl.Series:
    """Sum of a column of the orders by position; nulls where the data lacks the column."""
    if not graph.has(f"orders.{name}"):
        return pl.Series(name, [None] * n, dtype=pl.Float64)
    assert graph.orders is not None
    numbers, scale = whole(graph.orders[name].fill_null(0.0).to_numpy())
    return pl.Series(name, np.bincount(who, weights=numbers, minlength=n) / scale)


def _credit(graph: Graph, who: np.ndarray, n: int) -> np.ndarray:
    """Money times days of credit, by position."""
    assert graph.orders is not None
    tied = (graph.orders["revenue"] * graph.orders["credit_days"]).fill_null(0.0).to_numpy()
    return np.bincount(who, weights=tied, minlength=n)


def _largest(graph: Graph, who: np.ndarray, n: int) -> np.ndarray:
    """The largest order as a share of all, by volume where it is recorded, else by revenue; nan without orders."""
    assert graph.orders is not None
    name = "volume" if graph.has("orders.volume") else "revenue"
    numbers = graph.orders[name].fill_null(0.0).to_numpy()
    most = np.zeros(n)
    np.maximum.at(most, who, numbers)
    total = np.bincount(who, weights=numbers, minlength=n)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, most / total, np.nan)


def _rhythms(graph: Graph) -> pl.DataFrame:
    assert graph.orders is not None
    days = graph.orders.select("customer", "at").unique().sort("customer", "at")
    gap = pl.col("at").diff().dt.total_days()
    each = days.group_by("customer", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("days"), pl.when(pl.len() > GAPS).then(gap.median()).alias("rhythm"),
        (pl.lit(graph.as_of, pl.Date) - pl.col("at").max()).dt.total_days().alias("silence"))
    place = graph.parties.select(pl.col("place").alias("customer"))
    return place.join(each, on="customer", how="left", maintain_order="left").select(
        pl.col("days").fill_null(0), "rhythm", "silence")

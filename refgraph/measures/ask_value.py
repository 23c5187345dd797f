"""What one more referral is worth: how often one closes, and what the new customer then buys."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.measures.calendar import has_dated_value
from refgraph.model.graph import Graph


def estimate_referral_value(graph: Graph) -> float | None:
    """Share of referred parties that closed × mean value of these (M57); None if nobody closed.

    The value is that of the first 12 months after the first contract where orders date it, of
    customers with 12 months of orders after it; else the whole value.
    """
    referred = np.unique(graph.counted_arcs["referred"].to_numpy())
    closed = referred[graph.customers[referred]]
    if not len(closed):
        return None
    values = _sum_first_year(graph, closed)
    if values is None or not len(values):
        values = graph.value.numbers[closed]
    return float(len(closed) / len(referred) * np.maximum(values, 0.0).mean())


def _sum_first_year(graph: Graph, closed: np.ndarray) -> np.ndarray | None:
    """Value of the first 12 months of each customer observed for so long; None without orders."""
    orders = graph.orders
    if orders is None or graph.as_of is None or not has_dated_value(graph):
        return None
    since = graph.parties.select(customer=pl.col("place").cast(pl.Int64), start="since")
    first_order = orders["at"].min()
    year_ago = pl.lit(graph.as_of).dt.offset_by("-12mo")
    watched = since[closed].filter((pl.col("start") >= first_order) & (pl.col("start") <= year_ago))
    bought = orders.select(pl.col("customer").cast(pl.Int64), "at", amount=graph.value.basis)
    joined = watched.join(bought, on="customer", how="left")
    is_first_year = (pl.col("at") >= pl.col("start")) & (
        pl.col("at") < pl.col("start").dt.offset_by("12mo")
    )
    amount = pl.when(is_first_year).then("amount").otherwise(0.0).fill_null(0.0)
    sums = joined.group_by("customer").agg(amount.sum().alias("amount")).sort("customer")
    return sums["amount"].to_numpy()

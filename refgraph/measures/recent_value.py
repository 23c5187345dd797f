"""What each existing customer bought in the last twelve months."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graph.value import to_exact_integers
from refgraph.measures.calendar import has_dated_value
from refgraph.model.graph import Graph
from refgraph.model.tally import Quantity


def measure_recent_orders(graph: Graph) -> Quantity | None:
    """Orders of each party in the last twelve months; None without dated value."""
    orders = graph.orders
    if orders is None or not has_dated_value(graph) or graph.as_of is None:
        return None
    start = pl.lit(graph.as_of).dt.offset_by("-1y")  # before the first day of the calendar, too
    is_late = (pl.col("at") > start) & (pl.col("at") <= graph.as_of)
    is_recent = orders.select(is_late.fill_null(False).alias("is_recent"))["is_recent"]
    recent = orders.filter(is_recent)
    amounts, scale = to_exact_integers(recent[graph.value.basis].fill_null(0.0).to_numpy())
    total = np.bincount(recent["customer"].to_numpy(), weights=amounts, minlength=len(graph))
    return Quantity(
        scaled=total.astype(np.float64),
        scale=scale,
        order_column=graph.value.basis,
        order_mask=is_recent.to_numpy(),
    )

"""What each existing customer bought in the last twelve months."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from refgraph.graph.value import to_exact_integers
from refgraph.measures.calendar import has_dated_value
from refgraph.model.graph import Floats, Graph


class ScaledValue(NamedTuple):
    """A value per party, float64[n], in units of 1/scale so that sums are exact."""

    scaled: Floats
    scale: int


def sum_recent_orders(graph: Graph) -> ScaledValue | None:
    """Orders of existing customers in the last twelve months; None without dated value."""
    orders = graph.orders
    if orders is None or not has_dated_value(graph) or graph.as_of is None:
        return None
    start = pl.lit(graph.as_of).dt.offset_by("-1y")  # before the first day of the calendar, too
    recent = orders.filter((pl.col("at") > start) & (pl.col("at") <= graph.as_of))
    amounts = recent[graph.value.basis].fill_null(0.0).to_numpy()
    scaled, scale = to_exact_integers(amounts)
    customer = recent["customer"].to_numpy()
    total = np.bincount(customer, weights=scaled, minlength=len(graph))
    return ScaledValue(np.where(graph.existing, total, 0.0), scale)

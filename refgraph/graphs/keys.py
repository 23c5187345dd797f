"""Key accounts in the sense of ``[key_account]``: the one rule that effect, recommenders and flows share."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from refgraph.graphs.amounts import whole
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Floats, Value

TOP = 0.2


def of(dataset: Dataset, people: pl.DataFrame, orders: pl.DataFrame | None, value: Value, as_of: date | None) -> pl.Series:
    """Series ``key``: bool for customers, null where it cannot be told, false for all who are not customers.

    With a rule: measure strictly above the threshold. Without: yearly mean value in the top 20 % of the existing
    customers (at most 20 % of them have as much; who ties at the border is out) and above 0. Without a value: null.
    """
    rule = dataset.settings.key_account
    measure = rule.measure if rule else value.basis
    customers = people["stage"].is_in(["existing", "former"]).to_numpy()
    numbers = None if measure == "customers" else _measured(dataset, people, orders, measure, not rule or
                                                            rule.period == "yearly_mean", as_of)
    if numbers is None:
        return pl.Series("key", [None if c else False for c in customers], dtype=pl.Boolean)
    if rule:
        return pl.Series("key", customers & (numbers > rule.over))
    existing = (people["stage"] == "existing").to_numpy()
    most = int(TOP * existing.sum())
    bar = np.partition(-numbers[existing], most)[most] if existing.any() else 0.0  # the first that is one too many
    return pl.Series("key", customers & (-numbers < bar) & (numbers > 0))


def years(people: pl.DataFrame, orders: pl.DataFrame, as_of: date) -> Floats:
    """float64[n]: calendar years from the later of joining and the first year of orders, to the as-of year; at least 1."""
    first = int(orders["at"].dt.year().to_numpy().min())
    since = people["since"].dt.year().fill_null(first).to_numpy()
    return np.asarray(np.maximum(as_of.year - np.maximum(since, first) + 1, 1), np.float64)


def _measured(dataset: Dataset, people: pl.DataFrame, orders: pl.DataFrame | None, measure: str, yearly: bool,
              as_of: date | None) -> Floats | None:
    """The measure of each party over all orders up to the as-of day, else as the customers' column says it."""
    if orders is not None and orders.height and dataset.has(f"orders.{measure}") and as_of is not None:
        numbers, scale = whole(orders[measure].fill_null(0.0).to_numpy())
        total = np.bincount(orders["customer"].to_numpy(), weights=numbers, minlength=people.height)
        return total / (scale * years(people, orders, as_of)) if yearly else total / scale
    if dataset.has(f"customers.{measure}"):
        return people[measure].fill_null(0.0).to_numpy()
    return None

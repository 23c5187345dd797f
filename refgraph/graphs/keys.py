"""Key accounts in the sense of ``[key_account]``: the one rule that effect, recommenders and flows share."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from refgraph.graphs.amounts import whole
from refgraph.graphs.parties import first_day
from refgraph.model.census import Census
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Floats, Value

TOP = 0.2


def of(dataset: Dataset, people: pl.DataFrame, orders: pl.DataFrame | None, value: Value, as_of: date | None,
       census: Census | None = None) -> pl.Series:
    """Series ``key``: bool for customers, null where it cannot be told, false for all who are not customers.

    With a rule: measure strictly above the threshold. Without: yearly mean value in the top 20 % of the existing
    customers (at most 20 % of them have as much; who ties at the border is out) and above 0. Without a value: null.
    census: as in `build.build`.
    """
    rule = dataset.settings.key_account
    customers = people["stage"].is_in(["existing", "former"]).to_numpy()
    numbers = _measured(dataset, people, orders, value, as_of, census)
    if numbers is None:
        return pl.Series("key", [None if c else False for c in customers], dtype=pl.Boolean)
    if rule:
        return pl.Series("key", customers & (numbers > rule.over))
    least = census.bar if census and census.bar is not None else _bar(people, numbers)
    return pl.Series("key", customers & (-numbers < least) & (numbers > 0))


def bar(dataset: Dataset, people: pl.DataFrame, orders: pl.DataFrame | None, value: Value, as_of: date | None) -> float | None:
    """Minus the yearly mean that must be passed where there is no rule; None where it cannot be told."""
    numbers = None if dataset.settings.key_account else _measured(dataset, people, orders, value, as_of)
    return None if numbers is None else _bar(people, numbers)


def scale(dataset: Dataset, orders: pl.DataFrame | None, value: Value) -> int | None:
    """By what the measure of orders is multiplied before it is added up (see `amounts.whole`); None where they have none."""
    measure = _measure(dataset, value)
    if orders is None or not dataset.has(f"orders.{measure}"):
        return None
    return whole(orders[measure].fill_null(0.0).to_numpy())[1]


def years(people: pl.DataFrame, as_of: date, first: date) -> Floats:
    """float64[n]: calendar years from the later of joining and the year of the first order, to the as-of year; at least 1."""
    since = people["since"].dt.year().fill_null(first.year).to_numpy()
    return np.asarray(np.maximum(as_of.year - np.maximum(since, first.year) + 1, 1), np.float64)


def _bar(people: pl.DataFrame, numbers: Floats) -> float:
    existing = (people["stage"] == "existing").to_numpy()
    most = int(TOP * existing.sum())
    return float(np.partition(-numbers[existing], most)[most]) if existing.any() else 0.0  # the first that is one too many


def _measure(dataset: Dataset, value: Value) -> str:
    rule = dataset.settings.key_account
    return rule.measure if rule else value.basis


def _measured(dataset: Dataset, people: pl.DataFrame, orders: pl.DataFrame | None, value: Value, as_of: date | None,
              census: Census | None = None) -> Floats | None:
    """The measure of each party over all orders up to the as-of day, else as the customers' column says it; None for neither."""
    rule, measure = dataset.settings.key_account, _measure(dataset, value)
    first = census.first if census else first_day(orders)
    if orders is not None and first and dataset.has(f"orders.{measure}") and as_of is not None:
        numbers, times = whole(orders[measure].fill_null(0.0).to_numpy(), census.key_scale if census else None)
        total = np.bincount(orders["customer"].to_numpy(), weights=numbers, minlength=people.height)
        yearly = not rule or rule.period == "yearly_mean"
        return total / (times * years(people, as_of, first)) if yearly else total / times
    if measure != "customers" and dataset.has(f"customers.{measure}"):
        return people[measure].fill_null(0.0).to_numpy()
    return None

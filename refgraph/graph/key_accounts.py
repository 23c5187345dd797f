"""Key accounts by the rule ``[key_account]``, shared by all analyses except `accounts`."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl

from refgraph.graph.parties import find_first_order_date, is_customer
from refgraph.graph.value import to_exact_integers
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Floats
from refgraph.model.graph_summary import WholeGraphSummary
from refgraph.model.settings import KeyAccountRule


def flag_key_accounts(
    dataset: Dataset,
    people: pl.DataFrame,
    orders: pl.DataFrame | None,
    as_of: date | None,
    summary: WholeGraphSummary | None = None,
) -> pl.Series:
    """Series ``key``: true or false for customers, null if unknown; false for all other parties.

    By a measure: strictly above its limit; null where no value is recorded. By a list: the level is
    one of its words; a blank level is not listed. Null for everybody without a rule, without the
    column that it needs, or if this is blank throughout. summary: as in `build.build_graph`.
    """
    rule = dataset.settings.key_account
    marks = pl.Series("key", [None] * people.height, dtype=pl.Boolean)
    if rule and rule.listed:
        marks = _find_listed(dataset, people, rule, summary)
    elif rule:
        measure = measure_accounts(dataset.has, people, orders, as_of, rule, summary)
        if measure is not None:
            marks = (measure > rule.over).alias("key")
    of_customers = marks.filter(people.select(is_customer()).to_series())
    has_marks = marks.null_count() < len(marks)
    is_blank = len(of_customers) > 0 and of_customers.null_count() == len(of_customers)
    is_known = summary.is_key_account_known if summary else has_marks and not is_blank
    if not is_known:
        return pl.Series("key", [None] * people.height, dtype=pl.Boolean)
    return people.select(
        pl.when(is_customer()).then(marks).otherwise(False).alias("key")
    ).to_series()


def find_scale(dataset: Dataset, orders: pl.DataFrame | None) -> int | None:
    """The scale by which orders are summed (see `value.to_exact_integers`); None without them."""
    rule = dataset.settings.key_account
    if rule is None or orders is None or not dataset.has(f"orders.{rule.measure}"):
        return None
    return to_exact_integers(orders[rule.measure].fill_null(0.0).to_numpy())[1]


def count_customer_years(people: pl.DataFrame, as_of: date, first: date) -> Floats:
    """float64[n]: calendar years as a customer up to the as-of year; at least 1.

    Counted from the later of the joining year and the year of the first order of the data.
    """
    joining_year = people["since"].dt.year().fill_null(first.year).to_numpy()
    years = as_of.year - np.maximum(joining_year, first.year) + 1
    return np.asarray(np.maximum(years, 1), np.float64)


def normalize_level(text: str) -> str:
    """A customer level without differences of width, case and spaces.

    >>> normalize_level(" Ｋa ")
    'ka'
    """
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _find_listed(
    dataset: Dataset, people: pl.DataFrame, rule: KeyAccountRule, summary: WholeGraphSummary | None
) -> pl.Series:
    """Boolean, by party: the company lists it as a key account; all null if no level is known."""
    is_blank = people["level"].null_count() == people.height
    is_known = summary.is_key_account_known if summary else not is_blank
    if not dataset.has("customers.level") or not is_known:
        return pl.Series("key", [None] * people.height, dtype=pl.Boolean)
    words = {normalize_level(word) for word in rule.words}
    levels = people["level"].drop_nulls().unique().to_list()
    listed = [level for level in levels if normalize_level(level) in words]
    return people["level"].is_in(listed).fill_null(False).alias("key")


def measure_accounts(
    has: Callable[[str], bool],
    people: pl.DataFrame,
    orders: pl.DataFrame | None,
    as_of: date | None,
    rule: KeyAccountRule,
    summary: WholeGraphSummary | None = None,
) -> pl.Series | None:
    """The measure of each party, by orders up to the as-of date, else by the customers' column.

    has: whether the data have a column ``table.field``. Null where no value is recorded: a blank
    cell, or orders without any amount. None if the data has neither column.
    """
    name = rule.measure
    first = summary.first if summary else find_first_order_date(orders)
    if orders is not None and first and has(f"orders.{name}") and as_of is not None:
        scale = summary.key_scale if summary else None
        amounts, scale = to_exact_integers(orders[name].fill_null(0.0).to_numpy(), scale)
        customer = orders["customer"].to_numpy()
        total = np.bincount(customer, weights=amounts, minlength=people.height)
        is_yearly = rule.period == "yearly_mean"
        divisor = count_customer_years(people, as_of, first) * scale if is_yearly else scale
        measure = pl.Series(np.asarray(total / divisor, np.float64))
        return measure.set(_mark_unrecorded(orders, name, people.height), None)
    return people[name] if has(f"customers.{name}") else None


def _mark_unrecorded(orders: pl.DataFrame, name: str, parties: int) -> pl.Series:
    """Boolean, by party: it has orders, and no amount stands in any of them."""
    is_recorded = orders[name].is_not_null().to_numpy()
    customer = orders["customer"].to_numpy()
    number = np.bincount(customer, minlength=parties)
    recorded = np.bincount(customer[is_recorded], minlength=parties)
    return pl.Series((number > 0) & (recorded == 0), dtype=pl.Boolean)

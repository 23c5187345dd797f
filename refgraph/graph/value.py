"""The value of each party, scaled to whole numbers if decimals allow, so that sums are exact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from refgraph.errors import DataError
from refgraph.graph.frames import read_column
from refgraph.graph.parties import NOT_CLOSED, is_customer
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Floats, Value
from refgraph.model.graph_summary import WholeGraphSummary
from refgraph.model.message import Label, Message, message
from refgraph.model.scope import Scope

BASES = ("revenue", "profit", "volume")
MAX_DECIMALS = 6
MAX_EXACT = 2.0**53
"""From here on float64 no longer holds every whole number."""


def to_exact_integers(numbers: Floats, scale: int | None = None) -> tuple[Floats, int]:
    """(numbers * scale, scale), scale being the least power of ten that makes them all whole.

    At most 10**6. A decimal of up to 15 digits is recovered exactly from its float: the test is
    round(x * s) / s == x. If no scale fits, or a scaled number reaches 2**53, the numbers stay as
    they are with scale 1. scale: a known scale, of a larger set that contains these numbers.
    """
    if scale is not None:
        return (np.rint(numbers * scale) if scale > 1 else numbers), scale
    for decimals in range(MAX_DECIMALS + 1):
        scale = 10**decimals
        scaled = np.rint(numbers * scale)
        if np.array_equal(scaled / scale, numbers):
            is_exact = not len(scaled) or float(np.abs(scaled).max()) < MAX_EXACT
            return (scaled, scale) if is_exact else (numbers, 1)
    return numbers, 1


def compute_value(
    dataset: Dataset,
    people: pl.DataFrame,
    orders: pl.DataFrame | None,
    scope: Scope,
    summary: WholeGraphSummary | None = None,
) -> tuple[Value, list[Message]]:
    """The Value of all parties (prospects have 0) and its notes.

    summary: as in `build.build_graph`. Raises DataError ``value-not-recorded``.
    """
    basis = _resolve_basis(dataset, scope)
    scale = summary.scale if summary else None
    value, notes = _compute_basis_value(dataset, people, orders, scope, basis, scale)
    notes += _note_negative_values(people, value)
    if summary:
        value = replace(value, since=summary.since, until=summary.until, missing=summary.missing)
    return value, notes


def _note_negative_values(people: pl.DataFrame, value: Value) -> list[Message]:
    """Shares of a total of 0 or less are undefined; with parts below 0 they leave 0 to 100 %."""
    if value.basis == "customers":
        return []
    existing = value.scaled[(read_column(people, "stage") == "existing").to_numpy()]
    total = float(np.sort(existing).sum())
    if total <= 0 and len(existing) and value.scaled.any():
        return [message("note.value-total", total=value.amount(total / value.scale))]
    negative = int((value.scaled < 0).sum())
    return [message("note.value-negative", customers=negative)] if negative else []


def _compute_basis_value(
    dataset: Dataset,
    people: pl.DataFrame,
    orders: pl.DataFrame | None,
    scope: Scope,
    basis: str,
    scale: int | None,
) -> tuple[Value, list[Message]]:
    if basis == "customers":
        ones = people.select(is_customer().cast(pl.Float64)).to_series().to_numpy()
        value = Value(basis=basis, unit=basis, scaled=ones, scale=1, since=None, until=None)
        return value, []
    unit = dataset.units.get("volume" if basis == "volume" else "money", "")
    if orders is not None and dataset.has(f"orders.{basis}"):
        return _sum_orders(people, orders, scope, basis, unit, scale), []
    return _read_customer_column(people, scope, basis, unit, scale)


def _sum_orders(
    people: pl.DataFrame,
    orders: pl.DataFrame,
    scope: Scope,
    basis: str,
    unit: str,
    scale: int | None,
) -> Value:
    """Value by the orders in the window of the scope."""
    window = select_window(orders, scope)
    amounts, scale = to_exact_integers(window[basis].fill_null(0.0).to_numpy(), scale)
    customer = window["customer"].to_numpy()
    sums = np.bincount(customer, weights=amounts, minlength=people.height).astype(np.float64)
    since, until = _find_window_dates(window, scope)
    return Value(
        basis=basis,
        unit=unit,
        scaled=sums,
        scale=scale,
        since=since,
        until=until,
        missing=window[basis].null_count(),
        is_from_orders=True,
    )


def _read_customer_column(
    people: pl.DataFrame, scope: Scope, basis: str, unit: str, scale: int | None
) -> tuple[Value, list[Message]]:
    """Value by the column of the customers table, which has no dates."""
    has_value = ~pl.col("stage").is_in(NOT_CLOSED)
    column = people.select(pl.when(has_value).then(pl.col(basis)))[basis]
    missing = int(people.select((column.is_null() & is_customer()).sum()).item())
    numbers, scale = to_exact_integers(column.fill_null(0.0).to_numpy(), scale)
    notes = []
    if missing:
        notes.append(message("note.value-missing", customers=missing, basis=Label(basis)))
    if scope.since or scope.until:
        notes.append(message("note.value-not-windowed", basis=Label(basis)))
    value = Value(
        basis=basis,
        unit=unit,
        scaled=numbers,
        scale=scale,
        since=None,
        until=None,
        missing=missing,
    )
    return value, notes


def _resolve_basis(dataset: Dataset, scope: Scope) -> str:
    recorded = [b for b in BASES if dataset.has(f"orders.{b}") or dataset.has(f"customers.{b}")]
    if scope.value is None:
        return recorded[0] if recorded else "customers"
    if scope.value != "customers" and scope.value not in recorded:
        raise DataError("value-not-recorded", basis=scope.value, present=[*recorded, "customers"])
    return scope.value


def select_window(orders: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """The orders from ``scope.since`` to ``scope.until``."""
    if scope.since:
        orders = orders.filter(pl.col("at") >= scope.since)
    if scope.until:
        orders = orders.filter(pl.col("at") <= scope.until)
    return orders


def _find_window_dates(window: pl.DataFrame, scope: Scope) -> tuple[date | None, date | None]:
    """The window of the scope; without it, the first and last order date."""
    first, last = window["at"].min(), window["at"].max()
    assert first is None or isinstance(first, date)
    assert last is None or isinstance(last, date)
    return scope.since or first, scope.until or last

"""What each party is worth: whole numbers where the decimals of the data allow, so that sums are exact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from refgraph.errors import DataError, UsageError
from refgraph.model.census import Census
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Floats, Value
from refgraph.model.message import Label, Message, message
from refgraph.model.scope import Scope

BASES = ("revenue", "profit", "volume")
DIGITS = 6


def whole(numbers: Floats, scale: int | None = None) -> tuple[Floats, int]:
    """(numbers times scale, scale): scale is the least power of ten, to 10**6, that makes every number whole.

    A decimal of up to 15 digits is found again exactly from its float: the test is round(x·s)/s == x. Where no scale
    fits, or a number times the scale passes 2**53, the numbers stay as they are with scale 1. scale: that of more numbers,
    of which these are some.
    """
    if scale is not None:
        return (np.rint(numbers * scale) if scale > 1 else numbers), scale
    for digits in range(DIGITS + 1):
        scale = 10**digits
        scaled = np.rint(numbers * scale)
        if np.array_equal(scaled / scale, numbers):
            fits = not len(scaled) or float(np.abs(scaled).max()) < 2.0**53
            return (scaled, scale) if fits else (numbers, 1)
    return numbers, 1


def of(dataset: Dataset, people: pl.DataFrame, orders: pl.DataFrame | None, scope: Scope,
       census: Census | None = None) -> tuple[Value, list[Message]]:
    """The Value of all parties and the notes that go with it; prospects have 0. census: as in `build.build`."""
    value, notes = _of(dataset, people, orders, scope, census.scale if census else None)
    if census:
        value = replace(value, since=census.since, until=census.until, missing=census.missing)
    return value, notes


def _of(dataset: Dataset, people: pl.DataFrame, orders: pl.DataFrame | None, scope: Scope,
        known: int | None) -> tuple[Value, list[Message]]:
    basis = _basis(dataset, scope)
    if basis == "customers":
        ones = people["stage"].is_in(["existing", "former"]).cast(pl.Float64).to_numpy()
        return Value(basis, basis, ones, 1, None, None), []
    unit = dataset.units.get("volume" if basis == "volume" else "money", "")
    if orders is not None and dataset.has(f"orders.{basis}"):
        window = _window(orders, scope)
        numbers, scale = whole(window[basis].fill_null(0.0).to_numpy(), known)
        sums = np.bincount(window["customer"].to_numpy(), weights=numbers, minlength=people.height).astype(np.float64)
        first, last = _days(window, scope)
        return Value(basis, unit, sums, scale, first, last, int(window[basis].null_count())), []
    counts = ~people["stage"].is_in(["prospect", "later", "void"])
    column = people.select(pl.when(counts).then(pl.col(basis)))[basis]
    missing = int((column.is_null() & people["stage"].is_in(["existing", "former"])).sum())
    numbers, scale = whole(column.fill_null(0.0).to_numpy(), known)
    notes = [message("note.value-missing", customers=missing, basis=Label(basis))] if missing else []
    if scope.since or scope.until:
        notes.append(message("note.value-not-windowed", basis=Label(basis)))
    return Value(basis, unit, numbers, scale, None, None, missing), notes


def _basis(dataset: Dataset, scope: Scope) -> str:
    present = [b for b in BASES if dataset.has(f"orders.{b}") or dataset.has(f"customers.{b}")]
    if scope.value is None:
        return present[0] if present else "customers"
    if scope.value not in (*BASES, "customers"):
        raise UsageError("unknown-value", name=scope.value, known=[*BASES, "customers"])
    if scope.value != "customers" and scope.value not in present:
        raise DataError("value-not-recorded", basis=scope.value, present=[*present, "customers"])
    return scope.value


def _window(orders: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    if scope.since:
        orders = orders.filter(pl.col("at") >= scope.since)
    if scope.until:
        orders = orders.filter(pl.col("at") <= scope.until)
    return orders


def _days(window: pl.DataFrame, scope: Scope) -> tuple[date | None, date | None]:
    low, high = window["at"].min(), window["at"].max()
    assert low is None or isinstance(low, date)
    assert high is None or isinstance(high, date)
    return scope.since or low, scope.until or high

"""The fingerprint of a Dataset: the same for equal content in any order, else different."""

from __future__ import annotations

import random
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import toys
from support.random_cases import cases

from refgraph.model import fingerprint as fingerprints
from refgraph.model.dataset import Dataset

CustomerRow = tuple[str, str | None, str | None]
OrderRow = tuple[object, ...]
CELLS = st.none() | st.text("ab=:;1\n", max_size=4)
CUSTOMERS = st.lists(
    st.tuples(st.sampled_from("abcd"), CELLS, CELLS), max_size=5, unique_by=lambda row: row[0]
)
ORDERS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", None]),
        st.sampled_from([0.0, -0.0, 1.5, -1.5, None]),
        st.dates() | st.none(),
        st.sampled_from(["", "é", "a", None]),
    ),
    max_size=6,
)
LOCATION = {"file": pl.lit("f"), "line": pl.lit(1)}


def make_customers(rows: list[CustomerRow]) -> Dataset:
    schema = {"id": pl.String, "name": pl.String, "x": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return replace(toys.empty(), customers=frame.with_columns(**LOCATION))


def make_orders(rows: list[OrderRow]) -> Dataset:
    schema = {"customer": pl.String, "revenue": pl.Float64, "at": pl.Date, "x": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return replace(toys.empty(), orders=frame.with_columns(**LOCATION))


def normalize(rows: list[OrderRow]) -> list[str]:
    """The rows as sorted text; 0.0 and -0.0 are equal."""
    return sorted(repr(tuple(0.0 if cell == 0 else cell for cell in row)) for row in rows)


@settings(max_examples=cases(200), deadline=None)
@given(first=CUSTOMERS, second=CUSTOMERS, rng=st.randoms())
def test_fingerprint_equals_exactly_for_equal_rows(
    first: list[CustomerRow], second: list[CustomerRow], rng: random.Random
) -> None:
    fingerprint = make_customers(first).fingerprint
    are_equal = set(first) == set(second)
    assert (fingerprint == make_customers(second).fingerprint) == are_equal
    shuffled = rng.sample(first, len(first))
    assert make_customers(shuffled).fingerprint == fingerprint


@settings(max_examples=cases(300), deadline=None)
@given(first=ORDERS, second=ORDERS, slice_rows=st.integers(1, 7), rng=st.randoms())
def test_fingerprint_counts_repeated_rows(
    first: list[OrderRow], second: list[OrderRow], slice_rows: int, rng: random.Random
) -> None:
    fingerprint = make_orders(first).fingerprint
    are_equal = normalize(first) == normalize(second)
    assert (fingerprint == make_orders(second).fingerprint) == are_equal
    shuffled = rng.sample(first, len(first))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fingerprints, "ROWS_PER_SLICE", slice_rows)
        assert make_orders(shuffled).fingerprint == fingerprint


def test_fingerprint_ignores_empty_columns_and_line_numbers() -> None:
    data = toys.pair()
    wider = data.customers.with_columns(colour=pl.lit(None, pl.String), line=pl.lit(9, pl.Int64))
    assert replace(data, customers=wider).fingerprint == data.fingerprint
    filled = wider.with_columns(colour=pl.lit("red"))
    assert replace(data, customers=filled).fingerprint != data.fingerprint


@pytest.mark.parametrize(
    ("first", "second", "are_equal"),
    [(0.0, -0.0, True), (0.1, 0.1 + 2**-56, False), (1e300, None, False), (0.0, None, False)],
)
def test_fingerprint_floats_compare_by_bits(
    first: float, second: float | None, are_equal: bool
) -> None:
    def compute(revenue: float | None) -> str:
        data = toys.single()
        customers = data.customers.with_columns(revenue=pl.lit(revenue, pl.Float64))
        return replace(data, customers=customers).fingerprint

    assert (compute(first) == compute(second)) is are_equal


def test_fingerprint_is_independent_of_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    data = toys.forest()
    fingerprint = data.fingerprint
    monkeypatch.setattr(fingerprints, "ROWS_PER_SLICE", 2)
    assert replace(data).fingerprint == fingerprint


def test_fingerprint_depends_on_the_table_of_a_row() -> None:
    data = toys.forest()
    rows = data.referrals.select("at").with_columns(customer=pl.lit("a"), **LOCATION)
    without_referrals = replace(data, referrals=data.referrals.clear())
    as_orders = replace(without_referrals, orders=rows)
    as_affiliations = replace(without_referrals, affiliations=rows)
    assert as_orders.fingerprint != as_affiliations.fingerprint

"""The fingerprint of a Dataset: the same for the same content in any order, another for any other content."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toys
from refgraph.model import fingerprint as fingerprints
from refgraph.model.dataset import Dataset

CELLS = st.none() | st.text("ab=:;1\n", max_size=4)
TABLE = st.lists(st.tuples(st.sampled_from("abcd"), CELLS, CELLS), max_size=5, unique_by=lambda row: row[0])


def of(rows: list[tuple[str, str | None, str | None]]) -> Dataset:
    frame = pl.DataFrame(rows, schema={"id": pl.String, "name": pl.String, "x": pl.String}, orient="row")
    return replace(toys.empty(), customers=frame.with_columns(file=pl.lit("f"), line=pl.lit(1)))


@settings(max_examples=200, deadline=None)
@given(first=TABLE, second=TABLE, shuffle=st.randoms())
def test_equal_exactly_when_the_rows_are(first: list[tuple[str, str | None, str | None]],
                                         second: list[tuple[str, str | None, str | None]], shuffle: object) -> None:
    assert (of(first).fingerprint == of(second).fingerprint) == (set(first) == set(second))
    mixed = list(first)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    assert of(mixed).fingerprint == of(first).fingerprint


ROWS = st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from([0.0, -0.0, 1.5, -1.5, None]), st.dates() | st.none(),
                          st.sampled_from(["", "é", "a", None])), max_size=6)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(first=ROWS, second=ROWS, slice_=st.integers(1, 7), shuffle=st.randoms())
def test_rows_that_tie_count_as_often_as_they_stand(first: list[tuple[object, ...]], second: list[tuple[object, ...]], slice_: int,
                                                    shuffle: object) -> None:
    def taken(rows: list[tuple[object, ...]]) -> str:
        frame = pl.DataFrame(rows, schema={"customer": pl.String, "revenue": pl.Float64, "at": pl.Date, "x": pl.String}, orient="row")
        return replace(toys.empty(), orders=frame.with_columns(file=pl.lit("f"), line=pl.lit(1))).fingerprint

    told = [sorted(repr(tuple(0.0 if cell == 0 else cell for cell in row)) for row in rows) for rows in (first, second)]
    assert (taken(first) == taken(second)) == (told[0] == told[1])
    mixed = list(first)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fingerprints, "SLICE", slice_)
        assert taken(mixed) == taken(first)


def test_a_column_without_any_cell_is_no_content_and_where_a_row_stood_neither() -> None:
    data = toys.pair()
    wider = data.customers.with_columns(colour=pl.lit(None, pl.String), line=pl.lit(9, pl.Int64))
    assert replace(data, customers=wider).fingerprint == data.fingerprint
    assert replace(data, customers=wider.with_columns(colour=pl.lit("red"))).fingerprint != data.fingerprint


@pytest.mark.parametrize(("one", "other", "same"), [(0.0, -0.0, True), (0.1, 0.1 + 2**-56, False), (1e300, None, False), (0.0, None, False)])
def test_floats_count_by_their_bits(one: float, other: float | None, same: bool) -> None:
    data = toys.single()
    both = [replace(data, customers=data.customers.with_columns(revenue=pl.lit(x, pl.Float64))) for x in (one, other)]
    assert (both[0].fingerprint == both[1].fingerprint) is same


def test_a_row_tells_which_table_it_is_of_and_slices_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    data = toys.forest()
    whole = data.fingerprint
    monkeypatch.setattr(fingerprints, "SLICE", 2)
    assert replace(data).fingerprint == whole
    orders = data.referrals.select("at").with_columns(customer=pl.lit("a"), file=pl.lit("f"), line=pl.lit(1))
    told = [replace(data, referrals=data.referrals.clear(), **{t: orders}) for t in ("orders", "affiliations")]
    assert told[0].fingerprint != told[1].fingerprint

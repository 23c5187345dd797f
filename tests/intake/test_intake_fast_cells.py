"""The fast cast of whole columns gives what the full cast gives, or declines."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.random_cases import cases

from refgraph.intake.cast import MAX_ID_BYTES, cast_column, try_fast_cast
from refgraph.intake.cast_rules import CastRules
from refgraph.intake.mapping import MappedColumn
from refgraph.model.fields import find_field

NUMBERS = (
    st.floats().map(str)
    | st.integers().map(str)
    | st.text("0123456789.,-+ eEinfaN万¥", min_size=1, max_size=6)
)
IDS = st.text(min_size=1, max_size=4) | st.sampled_from(
    [" a ", "é" * 500, "é" * 501, "a" * MAX_ID_BYTES, "a" * (MAX_ID_BYTES + 1)]
)
FIELDS = [
    ("customers", "revenue", NUMBERS),
    ("customers", "volume", NUMBERS),
    ("referrals", "share", NUMBERS),
    ("customers", "id", IDS),
    ("referrals", "referrer", IDS),
]


@pytest.mark.parametrize(("table", "name", "texts"), FIELDS, ids=[f"{t}.{n}" for t, n, _ in FIELDS])
@settings(max_examples=cases(150), deadline=None)
@given(
    data=st.data(),
    rules=st.builds(
        CastRules,
        loose_numbers=st.booleans(),
        trim=st.booleans(),
        decimal=st.sampled_from([None, "comma", "point"]),
    ),
    power=st.sampled_from([0, 0, 4]),
)
def test_fast_cast_equals_full_cast(
    table: str,
    name: str,
    texts: st.SearchStrategy[str],
    data: st.DataObject,
    rules: CastRules,
    power: int,
) -> None:
    field = find_field(table, name)
    assert field
    column = pl.Series("x", data.draw(st.lists(texts | st.none(), max_size=4)), pl.String)
    mapped = MappedColumn(field, "x", power)
    found = try_fast_cast(column, mapped, rules)
    if found:
        ways = [found, cast_column(column, mapped, rules)]
        quickly, carefully = (pl.DataFrame({"value": w.values, "code": w.codes}) for w in ways)
        assert quickly.equals(carefully)
        assert quickly.schema == carefully.schema


def test_fast_cast_of_plain_columns_applies() -> None:
    for name, texts in (
        ("revenue", ["1.5", None, "-2e3"]),
        ("id", ["a", "001"]),
        ("joined", ["2024-01-31", None]),
    ):
        field = find_field("customers", name)
        assert field
        assert (
            try_fast_cast(pl.Series("x", texts, pl.String), MappedColumn(field, "x"), CastRules())
            is not None
        )

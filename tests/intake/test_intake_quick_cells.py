"""The quick way of reading whole columns gives what the careful way gives, or declines."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refgraph.intake.cast import ID_LIMIT, Rules, cast, quick
from refgraph.intake.mapping import Mapped
from refgraph.model.fields import known

NUMBERS = st.floats().map(str) | st.integers().map(str) | st.text("0123456789.,-+ eEinfaN万¥", min_size=1, max_size=6)
IDS = st.text(min_size=1, max_size=4) | st.sampled_from([" a ", "é" * 500, "é" * 501, "a" * ID_LIMIT, "a" * (ID_LIMIT + 1)])
FIELDS = [("customers", "revenue", NUMBERS), ("customers", "volume", NUMBERS), ("referrals", "share", NUMBERS),
          ("customers", "id", IDS), ("referrals", "referrer", IDS)]  # fmt: skip


@pytest.mark.parametrize(("table", "name", "texts"), FIELDS, ids=[f"{t}.{n}" for t, n, _ in FIELDS])
@settings(max_examples=150, deadline=None)
@given(data=st.data(), rules=st.builds(Rules, loose_numbers=st.booleans(), trim=st.booleans()), power=st.sampled_from([0, 0, 4]))
def test_as_the_careful_way(
    table: str, name: str, texts: st.SearchStrategy[str], data: st.DataObject, rules: Rules, power: int
) -> None:
    field = known(table, name)
    assert field
    column = pl.Series("x", data.draw(st.lists(texts | st.none(), max_size=4)), pl.String)
    mapped = Mapped(field, "x", power)
    found = quick(column, mapped, rules)
    if found:
        ways = [found, cast(pl.col("x"), mapped, rules)]
        quickly, carefully = (column.to_frame().select(v.alias("value"), c.alias("code")) for v, c in ways)
        assert quickly.equals(carefully)
        assert quickly.schema == carefully.schema


def test_plain_columns_are_read_the_quick_way() -> None:
    for name, texts in (("revenue", ["1.5", None, "-2e3"]), ("id", ["a", "001"]), ("joined", ["2024-01-31", None])):
        field = known("customers", name)
        assert field
        assert quick(pl.Series("x", texts, pl.String), Mapped(field, "x"), Rules()) is not None

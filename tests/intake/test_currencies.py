"""Which currency an amount is in, and the one of a column."""

from __future__ import annotations

import polars as pl
import pytest

from refgraph.errors import DataError
from refgraph.intake.currencies import choose_currency, find_currencies


@pytest.mark.parametrize(
    ("amount", "named", "expected"),
    [
        ("5", "EUR", "EUR"),
        ("$5", "CAD", "CAD"),
        ("$5", None, "USD"),
        ("$5", "EUR", "USD"),
        ("€5", "CAD", "EUR"),
        ("5 EUR", "JPY", "EUR"),
        ("¥5", "JPY", "JPY"),
        ("¥5", None, "元"),
        ("5", "unknown", None),
        ("5", None, None),
        ("", "EUR", None),
    ],
)
def test_currency_of_an_amount_is_its_own_sign_before_that_of_the_row(
    amount: str, named: str | None, expected: str | None
) -> None:
    rows = pl.Series([named], dtype=pl.String)
    assert find_currencies(pl.Series([amount]), rows).to_list() == [expected]


def test_several_currencies_of_a_column_are_reported_with_the_most_frequent_first() -> None:
    column = pl.Series("c", ["USD", "JPY", "EUR", None, "EUR", "JPY"])
    with pytest.raises(DataError) as caught:
        choose_currency(column, "", "", "orders.csv", "amount")
    values = caught.value.values
    assert values["currencies"] == ["EUR (2)", "JPY (2)", "USD (1)"]
    assert (values["first"], values["other"]) == ("EUR", "JPY")
    assert choose_currency(column, "", "GBP", "orders.csv", "amount") == "GBP"


@pytest.mark.parametrize(("declared", "expected"), [("", "t"), ("GBP", "t")])
def test_column_without_any_currency_keeps_the_unit_of_its_header(
    declared: str, expected: str
) -> None:
    nothing = pl.Series("c", [None, None], dtype=pl.String)
    assert choose_currency(nothing, "t", declared, "orders.csv", "amount") == expected


def test_column_with_plain_and_signed_amounts_has_the_currency_of_each() -> None:
    amounts = pl.Series(["5", "$1,200.50", " ", None, "7e3", "EUR 5", "（3）€", "12万元"])
    rows = pl.Series(["rmb", "CAD", "rmb", "rmb", "usd", "rmb", None, None])
    expected = ["元", "CAD", None, None, "USD", "EUR", "EUR", "元"]
    assert find_currencies(amounts, rows).to_list() == expected
    alone = [None, "USD", None, None, None, "EUR", "EUR", "元"]
    assert find_currencies(amounts, None).to_list() == alone

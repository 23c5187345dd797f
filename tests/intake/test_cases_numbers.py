"""Amounts as people write them, and line items; the right answers are worked by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from support.public_cases import read_case

from refgraph.errors import DataError
from refgraph.pipeline.cell_proposals import propose_declarations

MONEY = "14-money-as-written"
SHOP = "07-shopify-orders"


def test_money_as_written_is_read_and_words_for_none_are_empty() -> None:
    data = read_case(f"{MONEY}/customers.csv")
    assert data.customers["revenue"].to_list() == [
        *(1_234_500.0, 300_000.0, 45_000.0, None, 12_000.0, 1_200.0, 120_000.0),
        *(None, None),
    ]
    assert data.rejects.select("code", "value").rows() == [("bad-number", "约5万")]
    remarks = dict(data.warnings)
    assert (remarks["empty-word"], remarks["written-number"]) == (2, 5)


@pytest.mark.parametrize("rules", [{}, {"decimal": "comma"}])
def test_decimal_comma_is_proven_by_the_column_or_declared(rules: dict[str, str]) -> None:
    data = read_case(f"{MONEY}/siblings/european.csv", delimiter=";", rules=rules)
    assert data.customers["revenue"].to_list() == [1234.5, 980.0, 1000.0]
    reported = {} if rules else {"decimal-comma customers.revenue": 3}
    assert dict(data.warnings) == {"written-number": 2, **reported}


@pytest.mark.parametrize("name", ["header-newline", "header-star", "header-units"])
def test_header_with_marks_names_its_field_and_unit(name: str) -> None:
    data = read_case(f"{MONEY}/siblings/{name}.csv")
    assert data.customers["revenue"].to_list() == [100_000.0, 200_000.0]
    assert data.units["money"] == "元"


def test_thousands_or_decimals_unclear_is_never_read_in_silence(tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text('id,revenue,volume\na,1.000,"1,200"\nb,2.500,"45,000"\n', encoding="utf-8")
    data = read_case(str(file), intake={"no_referrals": True})
    assert data.customers["revenue"].null_count() == 2
    (proposal,) = propose_declarations(data)
    assert proposal.values["line"] == 'decimal.customers.revenue = "point"'
    assert proposal.values["others"] == ["comma"]
    assert data.customers["volume"].to_list() == [1200.0, 45000.0]
    assert dict(data.warnings)["thousands-comma customers.volume"] == 2


def test_several_currencies_are_refused_declared_or_converted(tmp_path: Path) -> None:
    case = "22-mixed-currency"
    with pytest.raises(DataError) as error:
        read_case(case)
    assert error.value.id == "mixed-currencies"
    declared = read_case(case, rules={"currency": "CNY", "date_format": "dmy"})
    assert declared.orders is not None
    assert sorted(declared.orders["revenue"].drop_nulls()) == [-120.0, 5.0, 500.0]
    assert declared.rejects["code"].to_list() == ["other-currency"] * 2
    settings = tmp_path / "rates.toml"
    settings.write_text(
        '[currency]\nuse = "CNY"\nrates = { USD = 7, "€" = 8 }\n[date_format]\norders.at = "dmy"\n',
        encoding="utf-8",
    )
    converted = read_case(case, config=str(settings))
    assert converted.orders is not None
    assert sorted(converted.orders["revenue"]) == [-120.0, 5.0, 500.0, 8000.0, 8641.5]
    assert (converted.rejects.height, dict(converted.warnings)["converted-amount"]) == (0, 2)
    assert converted.units["money"] == "元"


def read_orders(path: str, **options: object) -> list[tuple[str, date, float]]:
    """Customer, day and revenue of the orders of a case."""
    orders = read_case(path, **options).orders
    assert orders is not None
    rows: list[tuple[str, date, float]] = (
        orders.sort("at").select("customer", "at", "revenue").rows()
    )
    return rows


def test_order_values_blank_after_the_first_line_count_once() -> None:
    columns = {"orders.order_id": "Name", "orders.customer": "Email", "orders.revenue": "Total"}
    columns["orders.volume"] = "Lineitem quantity"
    data = read_case(SHOP, columns=columns)
    assert data.orders is not None
    first = data.orders.filter(pl.col("order_id") == "#1001")
    assert first.select("customer", "at", "revenue", "volume").rows() == [
        ("a@x.example", date(2023, 1, 5), 300.0, 3.0)
    ]
    assert dict(data.warnings)["order-line"] == 1
    assert dict(data.warnings)["refunded-order"] == 1


def test_order_total_on_every_line_counts_once() -> None:
    case = f"{SHOP}/siblings/total-on-every-line"
    assert read_orders(case) == [("1", date(2023, 1, 5), 300.0), ("2", date(2023, 2, 5), 80.0)]
    ledger = read_case(case).ledger.filter(pl.col("table") == "orders")
    assert ledger.select("read", "used", "duplicates").rows() == [(4, 2, 2)]


def test_same_order_in_two_exports_counts_once() -> None:
    orders = read_orders(f"{SHOP}/siblings/exported-twice")
    assert [revenue for *_, revenue in orders] == [300.0, 80.0, 20.0]


def test_equal_orders_without_number_are_kept_and_flagged_or_counted_once() -> None:
    case = f"{SHOP}/siblings/exported-twice-noid"
    data = read_case(case)
    assert [revenue for *_, revenue in read_orders(case)] == [300.0, 80.0, 80.0, 20.0]
    found = data.findings.filter(pl.col("code") == "equal-orders")
    assert found.select("file", "line").rows() == [("orders_2023-02.csv", 2)]
    assert dict(data.warnings)["equal-order"] == 1
    once = read_orders(case, intake={"same_order_once": True})
    assert [revenue for *_, revenue in once] == [300.0, 80.0, 20.0]

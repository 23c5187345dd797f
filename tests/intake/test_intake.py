"""Columns, casts, duplicates and parties: one rule at a time, from raw tables to the Dataset."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from support import toys

from refgraph import intake
from refgraph.errors import DataError, UsageError
from refgraph.intake.cast_rules import CastRules
from refgraph.intake.mapping import detect_tables, map_headers
from refgraph.model.dataset import Dataset
from refgraph.model.settings import Settings


def admit(
    customers: list[dict[str, object]],
    referrals: list[dict[str, object]] | None = None,
    orders: list[dict[str, object]] | None = None,
    rules: CastRules = CastRules(),
    **more: object,
) -> Dataset:
    """A Dataset of these rows; each table is one file, named after it."""
    tables = {"customers": customers, "referrals": referrals, "orders": orders}
    raws = {
        t: [toys.raw(f"{t}.csv", rows, list(dict.fromkeys(c for r in rows for c in r)))]
        for t, rows in tables.items()
        if rows
    }
    return intake.build_dataset(raws, Settings(), intake.IntakeOptions(rules=rules, **more))  # type: ignore[arg-type]


def codes(data: Dataset) -> list[str]:
    return data.rejects["code"].to_list()


def test_map_headers_in_both_languages_reads_units() -> None:
    found = map_headers(
        "customers",
        "f",
        ["客户编号", "Customer Name", "合同额(万元)", "吨数（kg）", "extra"],
        Settings(),
    )
    assert [(m.field.name, m.power) for m in found] == [
        ("id", 0),
        ("name", 0),
        ("revenue", 4),
        ("volume", -3),
    ]
    assert detect_tables(["推荐人", "被推荐人"]) == ("referrals",)
    assert detect_tables(["order_id", "customer", "date", "amount"])[0] == "orders"
    assert detect_tables(["nothing", "known"]) == ()


def test_map_headers_with_named_columns_prefers_them() -> None:
    found = map_headers(
        "referrals",
        "f",
        ["ego", "alter", "referrer"],
        Settings(columns={"referrals.referrer": "alter", "referrals.referred": "ego"}),
    )
    assert {m.field.name: m.header for m in found} == {"referrer": "alter", "referred": "ego"}


def test_map_headers_with_faults_raises() -> None:
    with pytest.raises(DataError, match="missing-column|has no column"):
        map_headers("customers", "f", ["name"], Settings())
    with pytest.raises(DataError, match="furlong"):
        map_headers("customers", "f", ["id", "revenue (furlong)"], Settings())
    with pytest.raises(UsageError):
        intake.build_dataset({"customers": []}, Settings(columns={"customers.colour": "x"}))


def test_build_dataset_keeps_ids_as_written() -> None:
    ids = ["001", "1", "1e5", "12345678901234567890", " 1 "]
    assert admit([{"id": i} for i in ids]).customers["id"].to_list() == ids
    assert admit([{"id": " 1 "}], rules=CastRules(trim=True)).customers["id"].to_list() == ["1"]


@pytest.mark.parametrize(
    ("header", "text", "value"),
    [
        ("revenue", "1234.5", 1234.5),
        ("revenue(万元)", "12.34", 123400.0),
        ("revenue(万元)", "1e2", 1e6),
        ("volume(kg)", "100100", 100.1),
        ("revenue", "-3", -3.0),
        ("revenue", " 7 ", 7.0),
        ("revenue", "+.5", 0.5),
    ],
)
def test_build_dataset_reads_numbers(header: str, text: str, value: float) -> None:
    assert admit([{"id": "a", header: text}]).customers[header.partition("(")[0]].to_list() == [
        value
    ]


@pytest.mark.parametrize(
    "text", ["nan", "inf", "-Infinity", "1e400", "1,2,3", "约3万", "x", "0x10", "1_000"]
)
def test_build_dataset_rejects_bad_numbers(text: str) -> None:
    assert codes(admit([{"id": "a", "revenue": text}])) == ["bad-number"]


@pytest.mark.parametrize(
    ("text", "value"), [("1,234.50", 1234.5), ("3.5万", 35000.0), ("¥2亿", 2e8), ("(12)", -12.0)]
)
def test_build_dataset_reads_written_numbers(text: str, value: float) -> None:
    for rules in (CastRules(), CastRules(loose_numbers=True)):
        data = admit([{"id": "a", "revenue": text}], rules=rules)
        assert data.customers["revenue"].to_list() == [value]


@pytest.mark.parametrize(
    "text",
    ["2024-02-29", "2024/2/29", "2024年2月29日", "2024.02.29", "20240229", "2024-02-29T10:00:00"],
)
def test_build_dataset_reads_dates(text: str) -> None:
    assert admit([{"id": "a", "joined": text}]).customers["joined"].to_list() == [date(2024, 2, 29)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2023-02-29", "bad-date"),
        ("soon", "bad-date"),
        ("03/04/2020", "ambiguous-date"),
        ("2024-13-01", "bad-date"),
    ],
)
def test_build_dataset_rejects_bad_dates(text: str, code: str) -> None:
    assert codes(admit([{"id": "a", "joined": text}])) == [code]


def test_build_dataset_with_date_format_reads_dates() -> None:
    data = admit([{"id": "a", "joined": "03/04/2020"}], rules=CastRules(date_format="%d/%m/%Y"))
    assert data.customers["joined"].to_list() == [date(2020, 4, 3)]


def test_build_dataset_with_several_faults_in_optional_cells_uses_the_row() -> None:
    data = admit(
        [
            {"id": "a", "revenue": "x", "joined": "y", "status": "z"},
            {"id": "b", "revenue": "1", "joined": None, "status": "成交"},
        ]
    )
    assert sorted(codes(data)) == ["bad-date", "bad-number", "unknown-word"]
    assert data.ledger.row(0)[2:] == (2, 2, 0, 0, 0, 3)
    assert data.customers.select("revenue", "joined", "status").row(0) == (None, None, "unknown")


def test_build_dataset_merges_equal_and_rejects_conflicting_customers() -> None:
    data = admit(
        [
            {"id": "a", "name": "x"},
            {"id": "a", "name": "x"},
            {"id": "b", "name": "y"},
            {"id": "b", "name": "z"},
        ]
    )
    assert data.customers["id"].to_list() == ["a"]
    assert data.ledger.row(0)[2:] == (4, 1, 2, 1, 0, 0)
    assert admit(
        [{"id": "b", "name": "y"}, {"id": "b", "name": "z"}], duplicates="first"
    ).customers["name"].to_list() == ["y"]


def test_build_dataset_merges_orders_by_order_id_only() -> None:
    order = {"customer": "a", "at": "2024-01-01", "revenue": "5"}
    assert admit([{"id": "a"}], orders=[order, order]).orders.height == 2  # type: ignore[union-attr]
    numbered = admit([{"id": "a"}], orders=[{"order_id": "1", **order}, {"order_id": "1", **order}])
    assert numbered.orders is not None
    assert numbered.orders.height == 1
    assert codes(admit([{"id": "a"}], orders=[{**order, "customer": "zz"}])) == ["unknown-id"]


def test_build_dataset_resolves_referred_by_id_then_name() -> None:
    people = [
        {"id": "a", "name": "甲"},
        {"id": "b", "name": "乙"},
        {"id": "c", "name": "c", "referred_by": "甲；b|x、d"},
        {"id": "d", "name": "乙"},
        {"id": "e", "name": "e", "referred_by": "乙"},
    ]
    data = admit(people)
    assert set(data.referrals.select("referrer", "referred").iter_rows()) == {
        ("a", "c"),
        ("b", "c"),
        ("x、d", "c"),  # x is unknown, so this is no list for certain
        ("乙", "e"),
    }
    codes = ["ambiguous-name", "several-names", "unknown-party", "unknown-party"]
    assert sorted(data.findings["code"]) == codes
    assert dict(data.warnings) == {"matched-by-name": 1, "split-cell": 1}


def test_build_dataset_checks_self_repeated_and_unknown_referrals() -> None:
    reported = [
        {"referrer": "a", "referred": "a", "at": None},
        {"referrer": "a", "referred": "b", "at": "2024-02-02"},
        {"referrer": "a", "referred": "b", "at": "2024-01-01"},
        {"referrer": "a", "referred": "z", "at": None},
        {"referrer": "y", "referred": "b", "at": None},
    ]
    data = admit([{"id": "a"}, {"id": "b"}], reported)
    assert codes(data) == ["self-referral"]
    assert data.referrals.filter(pl.col("referred") == "b", pl.col("referrer") == "a")[
        "at"
    ].to_list() == [date(2024, 1, 1)]
    stubs = data.customers.filter("stub")
    assert dict(stubs.select("id", "role").iter_rows()) == {"y": "outside", "z": "customer"}
    assert stubs.filter(pl.col("id") == "z")["status"].to_list() == ["prospect"]
    assert data.ledger.row(1)[2:] == (5, 3, 1, 1, 0, 0)
    assert sorted(codes(admit([{"id": "a"}, {"id": "b"}], reported, strict=True))) == [
        "self-referral",
        "unknown-party",
        "unknown-party",
    ]

"""Columns, casts, duplicates and references, one rule at a time; and the ledger on random dirty tables."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toys
from refgraph import intake
from refgraph.errors import DataError, UsageError
from refgraph.intake.cast import Rules
from refgraph.intake.mapping import map_headers, tell
from refgraph.model.dataset import Dataset
from refgraph.model.settings import Settings


def admit(customers: list[dict[str, object]], referrals: list[dict[str, object]] | None = None,
          orders: list[dict[str, object]] | None = None, rules: Rules = Rules(), **more: object) -> Dataset:
    tables = {"customers": customers, "referrals": referrals, "orders": orders}
    raws = {t: [toys.raw(f"{t}.csv", rows, list(dict.fromkeys(c for r in rows for c in r)))] for t, rows in tables.items() if rows}
    return intake.admit(raws, Settings(), intake.Options(rules=rules, **more))  # type: ignore[arg-type]


def codes(data: Dataset) -> list[str]:
    return data.rejects["code"].to_list()


def test_headers_in_both_languages_with_units() -> None:
    found = map_headers("customers", "f", ["客户编号", "Customer Name", "合同额(万元)", "吨数（kg）", "extra"], Settings())
    assert [(m.field.name, m.power) for m in found] == [("id", 0), ("name", 0), ("revenue", 4), ("volume", -3)]
    assert tell(["推荐人", "被推荐人"]) == "referrals"
    assert tell(["order_id", "customer", "date", "amount"]) == "orders"
    assert tell(["nothing", "known"]) is None


def test_given_columns_come_first() -> None:
    found = map_headers("referrals", "f", ["ego", "alter", "referrer"], Settings(columns={"referrals.referrer": "alter", "referrals.referred": "ego"}))
    assert {m.field.name: m.header for m in found} == {"referrer": "alter", "referred": "ego"}


def test_faults_of_headers() -> None:
    with pytest.raises(DataError, match="missing-column|has no column"):
        map_headers("customers", "f", ["name"], Settings())
    with pytest.raises(DataError, match="furlong"):
        map_headers("customers", "f", ["id", "revenue (furlong)"], Settings())
    with pytest.raises(UsageError):
        intake.admit({"customers": []}, Settings(columns={"customers.colour": "x"}))


def test_ids_stay_as_written() -> None:
    ids = ["001", "1", "1e5", "12345678901234567890", " 1 "]
    assert admit([{"id": i} for i in ids]).customers["id"].to_list() == ids
    assert admit([{"id": " 1 "}], rules=Rules(trim=True)).customers["id"].to_list() == ["1"]


@pytest.mark.parametrize(("header", "text", "value"), [
    ("revenue", "1234.5", 1234.5), ("revenue(万元)", "12.345", 123450.0), ("revenue(万元)", "1e2", 1e6), ("volume(kg)", "100100", 100.1),
    ("revenue", "-3", -3.0), ("revenue", " 7 ", 7.0), ("revenue", "+.5", 0.5),
])  # fmt: skip
def test_numbers(header: str, text: str, value: float) -> None:
    assert admit([{"id": "a", header: text}]).customers[header.partition("(")[0]].to_list() == [value]


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity", "1e400", "1,234.50", "3.5万", "x", "0x10", "1_000", "１２"])
def test_no_numbers(text: str) -> None:
    assert codes(admit([{"id": "a", "revenue": text}])) == ["bad-number"]


@pytest.mark.parametrize(("text", "value"), [("1,234.50", 1234.5), ("3.5万", 35000.0), ("¥2亿", 2e8), ("(12)", -12.0)])
def test_loose_numbers_by_option(text: str, value: float) -> None:
    assert admit([{"id": "a", "revenue": text}], rules=Rules(loose_numbers=True)).customers["revenue"].to_list() == [value]


@pytest.mark.parametrize("text", ["2024-02-29", "2024/2/29", "2024年2月29日", "2024.02.29", "20240229", "2024-02-29T10:00:00"])
def test_dates(text: str) -> None:
    assert admit([{"id": "a", "joined": text}]).customers["joined"].to_list() == [date(2024, 2, 29)]


@pytest.mark.parametrize(("text", "code"), [("2023-02-29", "bad-date"), ("soon", "bad-date"), ("03/04/2020", "ambiguous-date"), ("2024-13-01", "bad-date")])
def test_no_dates(text: str, code: str) -> None:
    assert codes(admit([{"id": "a", "joined": text}])) == [code]


def test_date_format_by_option() -> None:
    data = admit([{"id": "a", "joined": "03/04/2020"}], rules=Rules(date_format="%d/%m/%Y"))
    assert data.customers["joined"].to_list() == [date(2020, 4, 3)]


def test_all_faults_of_a_row_are_told_and_it_counts_once() -> None:
    data = admit([{"id": "a", "revenue": "x", "joined": "y", "status": "z"}, {"id": "b", "revenue": "1", "joined": None, "status": "成交"}])
    assert sorted(codes(data)) == ["bad-date", "bad-number", "unknown-word"]
    assert data.ledger.row(0)[2:] == (2, 1, 1, 0)


def test_equal_rows_are_one_and_conflicting_ones_are_set_aside() -> None:
    data = admit([{"id": "a", "name": "x"}, {"id": "a", "name": "x"}, {"id": "b", "name": "y"}, {"id": "b", "name": "z"}])
    assert data.customers["id"].to_list() == ["a"]
    assert data.ledger.row(0)[2:] == (4, 1, 2, 1)
    assert admit([{"id": "b", "name": "y"}, {"id": "b", "name": "z"}], duplicates="first").customers["name"].to_list() == ["y"]


def test_orders_are_duplicates_by_their_number_only() -> None:
    order = {"customer": "a", "at": "2024-01-01", "revenue": "5"}
    assert admit([{"id": "a"}], orders=[order, order]).orders.height == 2  # type: ignore[union-attr]
    numbered = admit([{"id": "a"}], orders=[{"order_id": "1", **order}, {"order_id": "1", **order}])
    assert numbered.orders is not None
    assert numbered.orders.height == 1
    assert codes(admit([{"id": "a"}], orders=[{**order, "customer": "zz"}])) == ["unknown-id"]


def test_referred_by_takes_ids_then_unique_names() -> None:
    people = [{"id": "a", "name": "甲"}, {"id": "b", "name": "乙"}, {"id": "c", "name": "c", "referred_by": "甲；b|x、d"}, {"id": "d", "name": "乙"},
              {"id": "e", "name": "e", "referred_by": "乙"}]  # fmt: skip
    data = admit(people)
    assert set(data.referrals.select("referrer", "referred").iter_rows()) == {("a", "c"), ("b", "c"), ("x", "c"), ("d", "c"), ("乙", "e")}
    assert sorted(data.findings["code"]) == ["ambiguous-name", "unknown-party", "unknown-party"]
    assert dict(data.warnings) == {"matched-by-name": 1}


def test_referrals_to_oneself_twice_told_and_unknown() -> None:
    told = [{"referrer": "a", "referred": "a", "at": None}, {"referrer": "a", "referred": "b", "at": "2024-02-02"},
            {"referrer": "a", "referred": "b", "at": "2024-01-01"}, {"referrer": "a", "referred": "z", "at": None},
            {"referrer": "y", "referred": "b", "at": None}]  # fmt: skip
    data = admit([{"id": "a"}, {"id": "b"}], told)
    assert codes(data) == ["self-referral"]
    assert data.referrals.filter(pl.col("referred") == "b", pl.col("referrer") == "a")["at"].to_list() == [date(2024, 1, 1)]
    stubs = data.customers.filter("stub")
    assert dict(stubs.select("id", "role").iter_rows()) == {"y": "outside", "z": "customer"}
    assert stubs.filter(pl.col("id") == "z")["status"].to_list() == ["prospect"]
    assert data.ledger.row(1)[2:] == (5, 3, 1, 1)
    assert sorted(codes(admit([{"id": "a"}, {"id": "b"}], told, strict=True))) == ["self-referral", "unknown-party", "unknown-party"]


WORDS = st.sampled_from(["a", "b", "c", "A", " a", "", "甲"])
PEOPLE = st.lists(st.fixed_dictionaries({"id": WORDS, "revenue": st.sampled_from(["1", "2.5", "x", "", "nan"]), "status": st.sampled_from(["成交", "", "?"])}), min_size=1, max_size=8)
TOLD = st.lists(st.fixed_dictionaries({"referrer": WORDS, "referred": WORDS, "at": st.sampled_from(["2024-01-01", "", "bad"])}), min_size=1, max_size=8)


@settings(max_examples=120, deadline=None)
@given(PEOPLE, TOLD, st.randoms(use_true_random=False))
def test_every_row_is_accounted_for_in_any_order(people: list[dict[str, object]], told: list[dict[str, object]], random: object) -> None:
    data = admit([{k: v or None for k, v in r.items()} for r in people], [{k: v or None for k, v in r.items()} for r in told])
    for _, table, read, used, aside, twice in data.ledger.iter_rows():
        rows = {"customers": people, "referrals": told}[table]
        assert read == len(rows) == used + aside + twice
        assert twice >= 0
    assert data.ledger["used"].sum() == data.customers.filter(~pl.col("stub")).height + data.referrals.height
    random.shuffle(people)  # type: ignore[attr-defined]
    random.shuffle(told)  # type: ignore[attr-defined]
    again = admit([{k: v or None for k, v in r.items()} for r in people], [{k: v or None for k, v in r.items()} for r in told])
    assert again.fingerprint == data.fingerprint
    assert again.ledger.drop("file").equals(data.ledger.drop("file"))

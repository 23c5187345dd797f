"""Orders that are part of no sum, amounts in several currencies, and words that are not known."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from support.program import ask, call, write_tables

from refgraph.errors import DataError
from refgraph.model.settings import Settings
from refgraph.model.vocabulary import ORDER_STATUSES, SKIPPED_ORDERS
from refgraph.pipeline import open_source
from refgraph.pipeline.options import SourceOptions

PEOPLE = "id,referred_by\n1,\n2,1\n3,1\n"


def make_orders(*rows: str, status: str = "Financial Status") -> str:
    """Orders of 1, 2 and 3 in turn, worth 1, 10, 100 ..., with these words of a status."""
    lines = [f"{1 + k % 3},2024-01-0{k + 1},{10**k},{word}\n" for k, word in enumerate(rows)]
    return f"customer,date,amount,{status}\n" + "".join(lines)


@pytest.mark.parametrize("word", [w for s in SKIPPED_ORDERS for w in (s, *ORDER_STATUSES[s])])
def test_orders_that_were_not_kept_are_skipped_by_any_word(word: str, tmp_path: Path) -> None:
    source = write_tables(
        tmp_path, customers=PEOPLE, orders=make_orders("paid", word.upper(), "已付款")
    )
    data = open_source(source).dataset()
    assert data.orders is not None
    assert data.orders["revenue"].to_list() == [1.0, 100.0]
    ledger = data.ledger.filter(pl.col("table") == "orders").row(0, named=True)
    assert (ledger["read"], ledger["used"], ledger["skipped"]) == (3, 2, 1)


@pytest.mark.parametrize("header", ["订单状态", "Financial Status", "status", "payment_status"])
def test_skipped_orders_are_in_no_sum_and_reported(header: str, tmp_path: Path) -> None:
    words = ("paid", "refunded", "cancelled", "pending", "")
    source = write_tables(tmp_path, customers=PEOPLE, orders=make_orders(*words, status=header))
    code, row, remarks = ask("effect", source)
    assert (code, row["value"]) == (0, 10001)
    for text in ("3 skipped", "1 refunded order ", "1 cancelled order ", "1 unpaid order "):
        assert text in remarks


def test_unknown_order_status_is_reported_with_the_line_to_paste(tmp_path: Path) -> None:
    source = write_tables(
        tmp_path, customers=PEOPLE, orders=make_orders("paid", 'a "b"', "refunded")
    )
    code, row, remarks = ask("effect", source)
    assert (code, row["value"]) == (3, 11)
    line = remarks.split("refgraph.toml: ")[1].split(" (or")[0].replace(".paid", ".refunded")
    (tmp_path / "refgraph.toml").write_text(line + "\n", encoding="utf-8")
    code, row, remarks = ask("effect", source)
    assert (code, row["value"]) == (0, 1)
    assert "2 refunded orders were skipped" in remarks


def test_partly_refunded_orders_count_in_full_and_are_reported(tmp_path: Path) -> None:
    source = write_tables(
        tmp_path, customers=PEOPLE, orders=make_orders("paid", "partially_refunded")
    )
    code, row, remarks = ask("effect", source)
    assert (code, row["value"]) == (0, 11)
    assert "1 partly refunded order counts in full" in remarks


def test_order_that_is_paid_in_one_row_and_refunded_in_another_is_rejected(tmp_path: Path) -> None:
    orders = (
        "order_id,customer,date,amount,status\nA,1,2024-01-01,5,paid\nA,1,2024-01-01,5,refunded\n"
    )
    code, row, _ = ask("effect", write_tables(tmp_path, customers=PEOPLE, orders=orders))
    assert (code, row["value"]) == (3, 0)


CURRENCIES = {
    "signs": ("amount", ["$1,234.50", "€1,000.00", "¥500", "7"]),
    "codes": ("amount", ["USD 1234.5", "1000 EUR", "RMB500", "7"]),
    "column": ("amount,币种", ["1234.5,usd", "1000,欧元", "500,CNY", "7,"]),
    "header": ("amount(元)", ["$1234.5", "EUR 1000", "500", "7"]),
}


def make_amounts(layout: str) -> str:
    header, cells = CURRENCIES[layout]
    quoted = [f'"{cell}"' if "," in cell and "," not in header else cell for cell in cells]
    rows = [f"{1 + k % 3},2024-01-0{k + 1},{cell}\n" for k, cell in enumerate(quoted)]
    return f"customer,date,{header}\n" + "".join(rows)


@pytest.mark.parametrize("loose", [(), ("--loose-numbers",)])
@pytest.mark.parametrize("layout", CURRENCIES)
def test_several_currencies_are_never_added(
    layout: str, loose: tuple[str, ...], tmp_path: Path
) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, orders=make_amounts(layout))
    code, row, remarks = ask("effect", source, *loose)
    assert (code, row) == (3, {})
    assert "USD (1)" in remarks
    assert "EUR (1)" in remarks
    assert "--currency" in remarks


@pytest.mark.parametrize("how", ["option", "setting"])
@pytest.mark.parametrize("layout", ["signs", "column"])
def test_declared_currency_sets_the_others_aside(how: str, layout: str, tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, orders=make_amounts(layout))
    words = ["--loose-numbers", "--rejects", str(tmp_path / "rejects.txt")]
    if how == "option":
        words += ["--currency", "usd"]
    else:
        (tmp_path / "refgraph.toml").write_text('currency.use = "$"\n', encoding="utf-8")
    code, row, remarks = ask("effect", source, *words)
    assert (code, row["value"]) == (3, 1241.5)
    assert "2 cells were rejected" in remarks
    rejects = pl.read_csv(tmp_path / "rejects.txt")
    assert rejects["code"].to_list() == ["other-currency"] * 2
    assert rejects["line"].to_list() == [3, 4]
    assert set(rejects["loss"]) == {"cell"}
    assert set(rejects["reason"]) == {"currency other than the declared one"}


def test_one_currency_becomes_the_unit(tmp_path: Path) -> None:
    orders = "customer,date,amount,currency\n1,2024-01-01,$5,HKD\n2,2024-01-01,7,hkd\n"
    source = write_tables(tmp_path, customers=PEOPLE, orders=orders)
    rules = SourceOptions().intake.rules
    data = open_source(source).dataset()
    assert rules.currency == ""
    assert data.units == {"money": "HKD"}


@pytest.mark.parametrize("header", ["customer,date,amount", "customer,date,amount,currency,status"])
def test_orders_without_rows_have_no_currency(header: str, tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers=PEOPLE, orders=f"{header}\n")
    code, row, _ = ask("effect", source)
    assert (code, row["value"]) == (0, 0.0)


def test_currencies_of_two_files_are_never_added(tmp_path: Path) -> None:
    orders = "customer,date,amount,currency\n1,2024-01-01,5,{}\n"
    files = {"orders-1": orders.format("USD"), "orders-2": orders.format("EUR")}
    with pytest.raises(DataError) as error:
        open_source(write_tables(tmp_path, customers=PEOPLE, **files))
    assert error.value.id == "mixed-units"


UNKNOWN = {
    "status": "id,status,referred_by,source\n1,closed,,web\n2,{},1,\n3,closed,2,\n4,closed,1,\n",
    "role": "id,role,referred_by,source\n1,customer,,web\n2,{},1,\n3,customer,2,\n4,,1,\n",
}


@pytest.mark.parametrize("column", UNKNOWN)
def test_party_of_unknown_word_is_in_neither_numerator_nor_denominator(
    column: str, tmp_path: Path
) -> None:
    source = write_tables(tmp_path, customers=UNKNOWN[column].format("蓝"))
    code, row, remarks = ask("effect", source)
    assert code == 3
    # of 1, 3, 4 the last came by referral; 3 perhaps, through 2; 2 would be a referred customer
    assert (row["customers"], row["referred"]) == (3, 1)
    assert row["bound_low"] == pytest.approx(1 / 3)
    assert row["bound_high"] == pytest.approx(3 / 4)
    proposal = {"status": "status.closed", "role": "role.customer"}[column]
    assert f'{proposal} = ["蓝"]' in remarks
    (tmp_path / "refgraph.toml").write_text(f'{proposal} = ["蓝"]\n', encoding="utf-8")
    code, row, _ = ask("effect", source)
    assert (code, row["customers"], row["referred"]) == (0, 4, 3)


@pytest.mark.parametrize("column", UNKNOWN)
def test_party_of_unknown_word_counts_in_no_other_answer(column: str, tmp_path: Path) -> None:
    source = write_tables(tmp_path, customers=UNKNOWN[column].format("蓝"))
    rows = json.loads(call("recommenders", source, "--format", "json").out)["rows"]
    assert [(r["customer"], r["direct"]) for r in rows] == [("1", 1)]
    rows = json.loads(call("channels", source, "--format", "json").out)["rows"]
    assert sum(r["customers"] for r in rows if r.get("level", "method") == "method") <= 3
    assert ask("missing-sources", source)[1]["customer"] == "3"


def test_unknown_party_that_came_otherwise_widens_the_lower_bound(tmp_path: Path) -> None:
    people = "id,status,referred_by,source\n1,closed,,web\n2,closed,1,\n3,蓝,,web\n"
    _, row, _ = ask("effect", write_tables(tmp_path, customers=people))
    assert (row["share"], row["bound_low"], row["bound_high"]) == (0.5, 1 / 3, 0.5)


def test_settings_of_words_survive_a_round_trip() -> None:
    tables = {"words": {"nobody": ["x"]}, "status": {"closed": ["y"]}, "currency": {"use": "USD"}}
    settings = Settings.from_tables(tables)
    assert settings.currency == "USD"
    assert "x" in settings.nobody_words
    assert settings.get_spellings("customers.status") == {"closed": ["y"]}

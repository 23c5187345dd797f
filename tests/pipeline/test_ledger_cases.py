"""Whole companies in their own words: a steel trader's ledger, and the export of a shop."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import polars as pl
import pytest
from support.program import ask, call
from support.public_cases import CASES

import refgraph
from refgraph.model.dataset import Dataset

STEEL, SHOP = CASES / "20-steel-ledger", CASES / "21-shop-export"
WORKBOOK = STEEL / "客户台账2025.xlsx"


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """The three GBK exports of the steel trader."""
    folder = tmp_path / "exports"
    folder.mkdir()
    for file in STEEL.glob("*.csv"):
        shutil.copy(file, folder)
    return folder


def read_quietly(source: Path, matches: str = "") -> Dataset:
    with pytest.warns(refgraph.RefgraphWarning):
        return refgraph.read(source, refgraph.SourceOptions(matches=matches or ()))


def confirm_all(source: Path, folder: Path) -> str:
    """Every proposal for the source confirmed, in a file."""
    frame = refgraph.match(read_quietly(source)).frame
    path = folder / "matches.csv"
    frame.with_columns(confirm=pl.lit("是")).write_csv(path)
    return str(path)


@pytest.mark.parametrize("form", ["workbook", "exports"])
def test_case_20_steel_ledger(form: str, exports: Path, tmp_path: Path) -> None:
    source = WORKBOOK if form == "workbook" else exports
    matches = confirm_all(source, tmp_path)
    code, row, _ = ask("effect", str(source), "--matches", matches)
    assert (code, row["customers"], row["referred"]) == (0, 30, 18)
    result = refgraph.ask.effect(read_quietly(source, matches))
    named = [n.values for n in result.notes if n.id == "note.referrer-half-known"]
    assert named == [{"referred": 18, "named": 17, "unknown": 1}]
    code, row, _ = ask("recommenders", str(source), "--matches", matches, "--by", "direct")
    assert (row["name"], row["direct"]) == ("河北钢铁集团有限公司", 7)
    assert code == 0


def test_case_20_workbook_and_exports_give_the_same_customers_and_amounts(exports: Path) -> None:
    book, files = read_quietly(WORKBOOK), read_quietly(exports)
    columns = ["id", "name", "joined", "revenue", "source", "sector"]
    sheets, tables = (d.customers.select(columns).sort("id") for d in (book, files))
    assert sheets.equals(tables)
    assert book.orders is not None
    assert files.orders is not None
    assert (
        round(book.orders["revenue"].sum()) == round(files.orders["revenue"].sum()) == 1_408_851_500
    )
    assert "value-mismatch" not in set(book.findings["code"])
    channels = set(book.customers["source"].drop_nulls())
    assert channels == {"网上", "老客户介绍"}


def test_case_20_printed_report_after_one_edit(tmp_path: Path) -> None:
    matches, page = confirm_all(WORKBOOK, tmp_path), tmp_path / "report.html"
    done = call("report", str(WORKBOOK), "--matches", matches, "-o", str(page), "--lang", "zh")
    assert done.code == 0
    assert "河北钢铁集团有限公司" in page.read_text(encoding="utf-8")


def test_case_21_shop_export() -> None:
    code, row, remarks = ask("effect", str(SHOP))
    assert (code, row["customers"], row["referred"]) == (0, 400, 131)
    assert (round(float(str(row["value"])), 2), "215 refunded" in remarks) == (60_139.18, True)
    _, row, _ = ask("recommenders", str(SHOP), "--by", "direct")
    assert (row["customer"], row["direct"]) == ("KATE1062", 18)


def test_case_21_referral_program_repeats_the_referrals_of_the_customers() -> None:
    option = "--column=referrals.referrer=advocate.code"
    code, row, remarks = ask("effect", str(SHOP), option)
    assert (code, row["referred"], row["paid"]) == (0, 131, 131)
    assert "131 duplicate" in remarks


def test_case_21_all_orders_with_the_refunded_ones() -> None:
    total = pl.read_csv(SHOP / "orders.csv")["Total"].str.strip_chars("$").str.replace(",", "")
    assert round(total.cast(pl.Float64).sum(), 2) == 78_440.00


@pytest.mark.parametrize("form", ["gz", "jsonl", "parquet"])
def test_case_21_every_format_has_the_fingerprint_of_csv(form: str, tmp_path: Path) -> None:
    for name in ("customers", "orders"):
        text = (SHOP / f"{name}.csv").read_bytes()
        frame = pl.read_csv(text, infer_schema=False)
        target = tmp_path / f"{name}.{form}"
        if form == "gz":
            (tmp_path / f"{name}.csv.gz").write_bytes(gzip.compress(text))
        elif form == "jsonl":
            frame.write_ndjson(target)
        else:
            frame.write_parquet(target)
    shutil.copy(SHOP / "refgraph.toml", tmp_path)
    plain = tmp_path / "plain"
    plain.mkdir()
    for name in ("customers.csv", "orders.csv", "refgraph.toml"):
        shutil.copy(SHOP / name, plain)
    assert read_quietly(tmp_path).fingerprint == read_quietly(plain).fingerprint

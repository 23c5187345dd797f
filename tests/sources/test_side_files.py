"""Files of contacts and events: found by name or headers, in every format, one fingerprint."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

import refgraph
from refgraph.errors import DataError
from refgraph.pipeline.export import write_export
from refgraph.pipeline.inputs import open_dataset

TABLES = {
    "customers": "id,name,phone\nC1,Ada Ltd,1\nC2,Bo Ltd,2\n",
    "referrals": "referrer,referred\nC1,C2\n",
    "contacts": "person,party,title,phone,since\nAnn,C1,head,007,2020-01-02\nBen,C2,,,\n",
    "events": "party,at,kind\nC1,2020-03-04,visit\nC2,2020-05-06,asked\n",
}
OWN_WORDS = {
    "名单.csv": "客户编号,客户名称\nC1,Ada Ltd\nC2,Bo Ltd\n",
    "甲.csv": "推荐人,被推荐人\nC1,C2\n",
    "乙.csv": "客户名称,联系人,职务,联系电话,认识日期\nAda Ltd,Ann,head,007,2020-01-02\n",
    "丙.csv": "客户编号,日期,事件类型\nC1,2020-03-04,拜访\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def write_csv(folder: Path) -> Path:
    return write(folder, {f"{name}.csv": text for name, text in TABLES.items()})


def list_cells(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.splitlines()]


def write_workbook(folder: Path) -> Path:
    path = folder.with_suffix(".xlsx")
    with xlsxwriter.Workbook(path) as book:
        for name, text in TABLES.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(list_cells(text)):
                for column, cell in enumerate(cells):
                    sheet.write_string(row, column, cell)
    return path


def write_sqlite(folder: Path) -> Path:
    path = folder.with_suffix(".sqlite")
    database = sqlite3.connect(path)
    for name, text in TABLES.items():
        headers, *rows = list_cells(text)
        database.execute(f"create table {name} ({', '.join(f'{h!r} text' for h in headers)})")
        marks = ", ".join("?" * len(headers))
        cells = [[cell or None for cell in row] for row in rows]
        database.executemany(f"insert into {name} values ({marks})", cells)
    database.commit()
    database.close()
    return path


def write_parquet(folder: Path) -> Path:
    folder.mkdir()
    for name, text in TABLES.items():
        headers, *rows = list_cells(text)
        cells = {h: [row[k] or None for row in rows] for k, h in enumerate(headers)}
        pl.DataFrame(cells).write_parquet(folder / f"{name}.parquet")
    return folder


@pytest.mark.parametrize("make", [write_workbook, write_sqlite, write_parquet])
def test_same_tables_in_another_format_have_the_same_fingerprint(make, tmp_path: Path) -> None:
    plain = refgraph.read(write_csv(tmp_path / "csv"))
    other = refgraph.read(make(tmp_path / "other"))
    assert plain.contacts is not None
    assert other.fingerprint == plain.fingerprint


def test_frames_and_options_give_the_same_fingerprint(tmp_path: Path) -> None:
    plain = refgraph.read(write_csv(tmp_path / "csv"))
    frames = {
        name: pl.read_csv(tmp_path / "csv" / f"{name}.csv", infer_schema=False) for name in TABLES
    }
    assert refgraph.read(**frames).fingerprint == plain.fingerprint
    paths = {name: str(tmp_path / "csv" / f"{name}.csv") for name in TABLES}
    assert refgraph.read(**paths).fingerprint == plain.fingerprint


def test_files_without_telling_names_are_found_by_their_headers(tmp_path: Path) -> None:
    data = refgraph.read(write(tmp_path / "own", OWN_WORDS))
    tables = dict(data.ledger.select("file", "table").iter_rows())
    assert tables == {
        "名单.csv": "customers",
        "甲.csv": "referrals",
        "乙.csv": "contacts",
        "丙.csv": "events",
    }


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"contacts.csv": "id,name,company,phone\nC1,Ann,X,1\nC2,Bo,Y,2"}, "customers"),
        ({"contacts.csv": "客户编号,联系人,职务,电话\nC1,Ann,x,1"}, "customers"),
        (
            {
                "contacts.csv": "id,name,company,phone\nC1,Ann,X,1\nC2,Bo,Y,2",
                "referrals.csv": "referrer,referred\nC1,C2",
            },
            "customers",
        ),
        (
            {
                "customers.csv": TABLES["customers"],
                "contacts.csv": "name,company,phone\nAnn,C1,1",
            },
            "contacts",
        ),
        (
            {
                "customers.csv": TABLES["customers"],
                "跟进记录.csv": "客户,日期,类型\nC1,2020-01-01,拜访",
            },
            "events",
        ),
        (
            {"customers.csv": TABLES["customers"], "x.csv": "客户,日期,类型\nC1,2020-01-01,拜访"},
            "orders",
        ),
    ],
)
def test_name_counts_only_with_headers_and_beside_customers(
    files: dict[str, str], wanted: str, tmp_path: Path
) -> None:
    data = refgraph.read(write(tmp_path / "x", files))
    odd = next(name for name in files if name not in ("customers.csv", "referrals.csv"))
    assert dict(data.ledger.select("file", "table").iter_rows())[odd] == wanted


def test_single_list_of_customers_with_contact_columns_stays_customers(tmp_path: Path) -> None:
    path = write(tmp_path / "x", {"list.csv": "客户编号,联系人,职务,手机\nC1,Ann,x,1"}) / "list.csv"
    assert refgraph.read(path).ledger["table"].to_list() == ["customers"]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_export_reads_back_as_the_same_data(form: str, tmp_path: Path) -> None:
    data = refgraph.read(write_csv(tmp_path / "csv"))
    write_export(open_dataset(data), tmp_path / "out", form, "en")
    assert refgraph.read(tmp_path / "out").fingerprint == data.fingerprint


def test_file_named_contacts_without_known_headers_is_refused_by_its_columns(
    tmp_path: Path,
) -> None:
    files = {"customers.csv": TABLES["customers"], "contacts.csv": "who,where\nAnn,C1"}
    with pytest.raises(DataError) as caught:
        refgraph.read(write(tmp_path / "x", files))
    faults = [caught.value, *caught.value.others]
    assert [fault.values["column"] for fault in faults] == ["person", "party"]

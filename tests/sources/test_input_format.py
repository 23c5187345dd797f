"""``--input-format``: files whose suffix does not tell their format, and standard input."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from support.program import run

import refgraph
from refgraph.errors import DataError, UsageError
from refgraph.pipeline.databases import open_database
from refgraph.pipeline.options import SourceOptions
from refgraph.sources.declared_formats import check_input_format

ROWS = [
    {"id": "01", "name": "Ann", "referred_by": None},
    {"id": "02", "name": "Ben", "referred_by": "01"},
]
CSV = b"id,name,referred_by\n01,Ann,\n02,Ben,01\n"


def write_frame(method: str) -> bytes:
    stream = io.BytesIO()
    getattr(pl.DataFrame(ROWS), method)(stream)
    return stream.getvalue()


def write_workbook() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("whatever")
        for row, cells in enumerate([list(ROWS[0]), *(list(row.values()) for row in ROWS)]):
            for column, cell in enumerate(cells):
                if cell is not None:
                    sheet.write_string(row, column, str(cell))
    return stream.getvalue()


CONTENTS = {
    "csv": CSV,
    ".TSV": CSV.replace(b",", b"\t"),
    "csv.gz": gzip.compress(CSV),
    "jsonl": b"\n".join(json.dumps(row).encode() for row in ROWS),
    "json": json.dumps(ROWS).encode(),
    "parquet": write_frame("write_parquet"),
    "arrow": write_frame("write_ipc"),
    "xlsx": write_workbook(),
}
FINGERPRINT = refgraph.read(pl.DataFrame(ROWS)).fingerprint


@pytest.mark.parametrize("name", ["list.dat", "list", "customers.2024", "report.xls"])
@pytest.mark.parametrize("form", CONTENTS)
def test_file_of_any_name_is_read_in_the_declared_format(
    form: str, name: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(CONTENTS[form])
    data = refgraph.read(tmp_path / name, SourceOptions(input_format=form))
    assert data.fingerprint == FINGERPRINT
    assert data.ledger["file"].to_list()[0].startswith(str(tmp_path / name))


@pytest.mark.parametrize("form", CONTENTS)
def test_named_files_and_files_of_a_folder_without_a_known_suffix_have_the_format(
    form: str, tmp_path: Path
) -> None:
    (tmp_path / "customers.dat").write_bytes(CONTENTS[form])
    (tmp_path / "orders.csv").write_bytes(b"customer,at,revenue\n02,2024-01-01,5\n")
    (tmp_path / "letter.pdf").write_bytes(b"%PDF")
    options = SourceOptions(input_format=form)
    data = refgraph.read(tmp_path, options)
    assert set(data.ledger["table"]) == {"customers", "orders", "referrals"}
    named = refgraph.read(None, options, customers=str(tmp_path / "customers.dat"))
    assert named.fingerprint == FINGERPRINT


def test_standard_input_is_read_in_the_declared_format() -> None:
    text = CSV.replace(b",", b"\t").decode()
    done = run("check", "-", "--input-format", "tsv", "--format", "md", input=text)
    assert done.returncode == 0, done.stderr
    assert "3 rows read = 3 used" in done.stdout


@pytest.mark.parametrize("form", ["", "doc", "csv.zip", "csv.gz.gz", "gz", "."])
def test_unknown_format_is_refused_with_the_known_ones(form: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_input_format(form)
    assert caught.value.id == "bad-input-format"
    assert "csv" in caught.value.values["known"]  # type: ignore[operator]


def test_content_of_another_format_is_a_fault_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "list.dat").write_bytes(CSV)
    for form in ("parquet", "arrow", "xlsx", "sqlite", "jsonl", "json", "csv.gz", "graphml"):
        with pytest.raises(DataError):
            refgraph.read(tmp_path / "list.dat", SourceOptions(input_format=form))


def test_matches_beside_a_database_are_refused_with_the_remedy() -> None:
    options = SourceOptions(matches=("matches.csv",))
    with pytest.raises(UsageError) as caught:
        open_database("neo4j://localhost:1", options)
    assert caught.value.id == "matches-beside-database"

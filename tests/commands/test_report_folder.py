"""``report -o FOLDER/``: the page and every table, all or nothing, over nobody's files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest
from support.program import call, write_tables

from refgraph.reports.report import CHAPTERS


@pytest.fixture
def source(tmp_path: Path) -> str:
    """A folder with a few customers."""
    folder = tmp_path / "source"
    folder.mkdir()
    return write_tables(folder, customers="id,name,referred_by,revenue\nA,Ada,,5\nB,Bo,A,7\n")


def read_all(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_folder_holds_the_page_and_the_table_of_every_chapter(source: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert call("report", source, "-o", f"{out}/").code == 0
    assert {path.name for path in out.iterdir()} == {"report.html", *(f"{c}.csv" for c in CHAPTERS)}
    whole = json.loads(call("report", source, "--format", "json").out)
    for answer in whole:
        rows = list(csv.DictReader(io.StringIO((out / f"{answer['analysis']}.csv").read_text())))
        assert len(rows) == len(answer["rows"])
        assert list(rows[0] if rows else []) == list(answer["rows"][0] if rows else [])
    page = (out / "report.html").read_text()
    assert "<svg" in page and "Ada" in page


def test_folder_twice_gives_the_same_bytes_and_keeps_other_files(
    source: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    assert call("report", source, "-o", str(out)).code == 0
    before = read_all(out)
    assert call("report", source, "-o", str(out)).code == 0
    assert read_all(out) == before and before["mine.txt"] == b"mine"


def test_folder_of_parquet_holds_the_rows_of_csv(source: str, tmp_path: Path) -> None:
    call("report", source, "-o", f"{tmp_path}/csv/")
    call("report", source, "-o", f"{tmp_path}/parquet/", "--format", "parquet")
    for chapter in CHAPTERS:
        rows = pl.read_parquet(tmp_path / "parquet" / f"{chapter}.parquet").height
        assert rows == pl.read_csv(tmp_path / "csv" / f"{chapter}.csv").height


@pytest.mark.parametrize("name", ["report.html", "effect.csv"])
def test_folder_with_files_of_others_is_left_alone(source: str, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / name).write_text("mine")
    done = call("report", source, "-o", str(out))
    assert (done.code, len(done.err.splitlines())) == (5, 2)
    assert name in done.err and read_all(out) == {name: b"mine"}


def test_folder_in_which_a_table_is_an_input_is_refused(source: str, tmp_path: Path) -> None:
    Path(source, "customers.csv").rename(Path(source, "effect.csv"))
    done = call("report", source, "-o", source)
    assert done.code in (2, 5) and read_all(Path(source)).keys() == {"effect.csv"}


@pytest.mark.parametrize("words", [["--format", "docx"], ["-o", "{}/none/deep/"]])
def test_folder_that_cannot_be_written_is_reported_before_the_work(
    source: str, tmp_path: Path, words: list[str]
) -> None:
    words = [word.replace("{}", str(tmp_path)) for word in words]
    out = [] if "-o" in words else ["-o", f"{tmp_path}/out/"]
    done = call("report", source, *out, *words)
    assert done.code in (2, 5) and len(done.err.splitlines()) == 2
    assert not (tmp_path / "out").exists()

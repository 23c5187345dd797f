"""``refgraph export``: what it prints, and that it never destroys what it reads."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.program import CASE, call

from refgraph.pipeline.export import MARK


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CASE, tmp_path / "case"))


def read_all(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_export_prints_what_it_wrote_and_describes_the_folder(
    case: Path, tmp_path: Path, lang: str
) -> None:
    done = call("export", str(case), "-o", str(tmp_path / "out"), "--lang", lang)
    assert (done.code, done.err) == (0, "")
    assert "129" in done.out and "58" in done.out and "2,862" in done.out
    fingerprint = done.out.split()[-1].rstrip(".。")
    assert fingerprint in (tmp_path / "out" / MARK).read_text()
    again = call("export", str(tmp_path / "out"), "-o", str(tmp_path / "again"), "--to", "parquet")
    assert fingerprint in again.out


@pytest.mark.parametrize("to", ["csv", "graphml", "neo4j-import"])
@pytest.mark.parametrize(("source", "out"), [("case", "case"), ("old", "old"), ("link", "old")])
def test_export_into_the_folder_that_it_reads_is_refused(
    case: Path, tmp_path: Path, source: str, out: str, to: str
) -> None:
    assert call("export", str(case), "-o", str(tmp_path / "old")).code == 0
    (tmp_path / "link").symlink_to(tmp_path / "old")
    before = read_all(tmp_path)
    done = call("export", str(tmp_path / source), "-o", str(tmp_path / out), "--to", to)
    assert (done.code, len(done.err.splitlines())) == (2, 2), done
    assert read_all(tmp_path) == before


def test_export_into_a_folder_of_others_is_refused_before_the_work(
    case: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    done = call("export", str(case / "customers.csv"), "-o", str(tmp_path / "mine"))
    assert (done.code, len(done.err.splitlines())) == (5, 2)
    for folder in ("none/deep", "case/customers.csv"):
        assert call("export", str(case), "-o", str(tmp_path / folder)).code == 5
    assert call("export", str(case)).code == 2

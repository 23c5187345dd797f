"""No output destroys an input, and what cannot be written is reported before the work."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from support.program import CASE, CLEAN, RUN, Done, call

import refgraph.pipeline
from refgraph.errors import RefgraphError


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A copy of l96 that may be destroyed, with further files of each kind that is read."""
    folder = tmp_path / "case"
    shutil.copytree(CASE, folder)
    (tmp_path / "patch.csv").write_text("id,source\n")
    (tmp_path / "own.toml").write_text('[options]\nlang = "en"\n')
    (tmp_path / "secrets.env").write_text("NEO4J_PASSWORD=x\n")
    (tmp_path / "font.ttf").write_bytes(b"font")
    (tmp_path / "more.csv").write_text("id\nA\n")
    (folder / "by_header.tsv").write_text("referrer\treferred\n")
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with two customers."""
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "customers.csv").write_text("id,referred_by\nA,\nB,A\n")
    return folder


def read_all(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_refused(done: Done, id: str) -> None:
    assert done.code == 2, done
    assert id in done.err
    assert len(done.err.splitlines()) == 2
    assert done.out == ""


@pytest.mark.parametrize("flag", ["-o", "--rejects"])
@pytest.mark.parametrize("name", ["customers.csv", "referrals.csv", "refgraph.toml"])
@pytest.mark.parametrize("way", ["plain", "relative", "symlink", "hard link"])
def test_output_that_is_an_input_is_refused(
    case: Path, monkeypatch: pytest.MonkeyPatch, flag: str, name: str, way: str
) -> None:
    target = case / name
    if way == "symlink":
        target = case.parent / "link.csv"
        target.symlink_to(case / name)
    elif way == "hard link":
        target = case.parent / "link.csv"
        os.link(case / name, target)
    elif way == "relative":
        monkeypatch.chdir(case)
        target = Path("..") / "case" / "." / name
    before = read_all(case)
    assert_refused(call("effect", str(case), flag, str(target)), "would overwrite")
    assert read_all(case) == before


@pytest.mark.parametrize(
    ("option", "name"),
    [
        ("--customers", "more.csv"),
        ("--orders", "more.csv"),
        ("--customers-patch", "patch.csv"),
        ("--config", "own.toml"),
        ("--env-file", "secrets.env"),
    ],
)
@pytest.mark.parametrize("flag", ["-o", "--rejects"])
def test_output_that_is_a_named_input_is_refused(
    case: Path, option: str, name: str, flag: str
) -> None:
    path = str(case.parent / name)
    before = read_all(case.parent)
    assert_refused(call("report", str(case), option, path, flag, path), "would overwrite")
    assert read_all(case.parent) == before


def test_output_that_is_the_font_or_a_picture_of_an_input_is_refused(case: Path) -> None:
    font = str(case.parent / "font.svg")
    Path(font).write_bytes(b"font")
    done = call("draw", "L01", str(case), "--font", font, "-o", font)
    assert_refused(done, "would overwrite")


def test_output_that_is_a_file_found_by_its_headers_is_refused(case: Path) -> None:
    (case / "referrals.csv").unlink()
    done = call("effect", str(case), "-o", str(case / "by_header.tsv"))
    assert_refused(done, "would overwrite")


def test_output_of_an_earlier_run_next_to_the_input_is_replaced(case: Path) -> None:
    target = str(case / "answer.json")
    assert call("effect", str(case), "-o", target).code == 0
    assert call("effect", str(case), "-o", target).code == 0


def test_outputs_that_are_one_file_are_refused(case: Path) -> None:
    path = case.parent / "out.csv"
    for other in (path, case / ".." / "out.csv"):
        done = call("effect", str(case), "-o", str(path), "--rejects", str(other))
        assert_refused(done, "same file")
    assert not path.exists()


def test_generate_never_replaces_a_company_of_the_user(case: Path) -> None:
    for name in ("README.md", "by_header.tsv"):
        (case / name).unlink()
    before = read_all(case)
    done = call("generate", str(case), "--size", "20", "--force")
    assert (done.code, len(done.err.splitlines())) == (5, 2)
    assert read_all(case) == before


@pytest.mark.parametrize(
    "words",
    [
        ["effect", "-o", "{}/none/answer.json"],
        ["effect", "--rejects", "{}/none/rejects.csv"],
        ["report", "-o", "{}/case/customers.csv/report.html"],
        ["draw", "L01", "-o", "{}/none/tree.svg"],
        ["draw", "--all", "-o", "{}/none/trees/all"],
        ["draw", "--all", "-o", "{}/case/customers.csv"],
        ["effect", "-o", "{}/" + "x" * 300 + ".csv"],
    ],
)
def test_an_output_that_cannot_be_written_is_reported_before_the_work(
    case: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    def open_source(*_: object) -> None:
        raise RefgraphError("internal", kind="work", what="was started")

    monkeypatch.setattr(refgraph.pipeline, "open_source", open_source)
    command, *rest = [word.replace("{}", str(case.parent)) for word in words]
    done = call(command, *rest[:1], str(case), *rest[1:])
    if rest[0].startswith("-"):
        done = call(command, str(case), *rest)
    assert (done.code, len(done.err.splitlines())) == (5, 2), done
    for format in (["-o", str(case.parent / "answer.xyz")], ["--format", "xyz"]):
        assert call("effect", str(case), *format).code == 2
    assert call("report", str(case), "--format", "csv").code == 2


@pytest.mark.parametrize("words", [["effect", "{}"], ["--help"]])
def test_a_full_stdout_leaves_with_five_and_two_lines(small: Path, words: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = run_to(full.fileno(), *(word.replace("{}", str(small)) for word in words))
    assert done.code == 5
    assert len(done.err.splitlines()) == 2


def run_to(stdout: int, *words: str) -> Done:
    done = subprocess.run(
        [*RUN, *words], stdout=stdout, stderr=subprocess.PIPE, text=True, env=CLEAN, check=False
    )
    return Done(done.returncode, "", done.stderr)


@pytest.mark.parametrize("closed", [">&-", "<&- >&- 2>&-"])
def test_closed_streams_are_silent(small: Path, closed: str) -> None:
    answer = small.parent / "answer.json"
    for words in (["effect", str(small)], ["effect", str(small), "-o", str(answer)]):
        done = subprocess.run(
            ["bash", "-c", f'"$@" {closed}', "-", *RUN, *words],
            capture_output=True,
            text=True,
            env=CLEAN,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
    assert answer.read_text().startswith("{")


def test_output_to_dev_stdout_goes_to_stdout(small: Path) -> None:
    log = small.parent / "log"
    log.write_text("before\n")
    words = ["effect", str(small), "--format", "csv"]
    with log.open("a") as stream:
        done = run_to(stream.fileno(), *words, "-o", "/dev/stdout")
    assert done.code == 0
    assert log.read_text() == "before\n" + call(*words).out


def test_output_never_replaces_a_database_of_another_program(small: Path) -> None:
    path = small.parent / "own.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE mine (a)")
        connection.commit()
    before = path.read_bytes()
    for words in (["-o", str(path)], ["-o", str(path), "--format", "csv"]):
        done = call("effect", str(small), *words)
        assert (done.code, len(done.err.splitlines())) == (5, 2)
    assert path.read_bytes() == before
    answer = str(small.parent / "answer.sqlite")
    for command in ("effect", "report"):
        assert call(command, str(small), "-o", answer).code == 0


@pytest.mark.parametrize("format", ["xlsx", "parquet", "sqlite"])
def test_binary_format_is_not_written_to_a_terminal(small: Path, format: str) -> None:
    terminal, ours = os.openpty()
    done = run_to(ours, "effect", str(small), "--format", format)
    assert (done.code, len(done.err.splitlines())) == (2, 2)
    os.set_blocking(terminal, False)
    with pytest.raises(BlockingIOError):
        os.read(terminal, 1)
    os.close(terminal)
    os.close(ours)

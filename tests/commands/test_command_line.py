"""The program as a user runs it: help, exit codes, two lines for an error."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.program import CASE, ROOT, run

from refgraph.commands.cli import cli
from refgraph.commands.exit_codes import run_command_line


@pytest.fixture
def clean_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A call within this process: no settings of the machine, the handler of SIGTERM put back."""
    for name in ("REFGRAPH_SOURCE", "REFGRAPH_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    before = signal.getsignal(signal.SIGTERM)
    yield tmp_path
    signal.signal(signal.SIGTERM, before)


BAD = [
    (["nonsense"], 2),
    (["effect"], 2),
    (["effect", CASE, "--nonsense"], 2),
    (["effect", CASE, "--as-of", "yesterday"], 2),
    (["effect", CASE, "--as-of", "2025-02-30"], 2),
    (["effect", CASE, CASE], 2),
    (["effect", CASE, "--top", "0"], 2),
    (["effect", CASE, "--date-format", "%d.%m."], 2),
    (["effect", CASE, "--exclude", "negative-value"], 2),
    (["effect", CASE, "--count", "cousins"], 2),
    (["effect", CASE, "--value", "love"], 2),
    (["effect", CASE, "--format", "docx"], 2),
    (["effect", CASE, "-o", "effect.docx"], 2),
    (["report", CASE, "--format", "csv"], 2),
    (["effect", CASE, "--delimiter", "ab"], 2),
    (["effect", CASE, "--column", "x"], 2),
    (["effect", "--claimed", "many"], 2),
    (["accounts", str(CASE), "--explain", "C001", "--only", "key"], 2),
    (["explain", "M999"], 2),
    (["effect", CASE, "--since", "2025-01-01", "--until", "2024-01-01"], 2),
    (["effect", CASE, "--encoding", "klingon"], 2),
    (["effect", "no/such/folder"], 5),
    (["effect", CASE, "-o", "no/such/folder/x.csv"], 5),
    (["effect", CASE, "--config", "no.toml"], 5),
    (["effect", CASE, "-o", str(ROOT / "setup.cfg" / "x.csv")], 5),
    (["effect", CASE, "--rejects", "no/such/folder/x.csv"], 5),
]
FOLDERS = [
    ({"customers.csv": "name\nA\n"}, ("customers.csv", "id")),
    ({"customers.csv": "id\n"}, ("no customers",)),
    ({"notes.csv": "x,y\n1,2\n"}, ()),
    ({}, ()),
    ({"customers.csv": ""}, ("customers.csv",)),
    ({"customers.csv": "id\nA\n", "referrals.csv": "referrer\nA\n"}, ("referrals.csv", "referred")),
    ({"customers.csv": "id\nA\n", "refgraph.toml": "[colour]\nx = 1\n"}, ("[colour]",)),
    ({"customers.csv": "id\nA\n", "refgraph.toml": "x ="}, ("refgraph.toml",)),
]


@pytest.mark.parametrize(("words", "code"), BAD, ids=lambda x: str(x)[:60])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_error_prints_two_lines_and_exits_with_its_code(
    words: list[str], code: int, lang: str, clean_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(cli, [*words, "--lang", lang]) == code
    out, err = capsys.readouterr()
    cause, remedy = err.splitlines()
    assert remedy.strip()
    assert ("refgraph" in cause, "Traceback" in err, bool(out)) == (True, False, False)
    assert lang == "en" or any("\u4e00" <= c <= "\u9fff" for c in remedy)


@pytest.mark.parametrize(("files", "expected_words"), FOLDERS, ids=lambda x: str(x)[:60])
@pytest.mark.parametrize("name", ["effect", "report"])
def test_folder_with_missing_parts_prints_two_lines(
    name: str,
    files: dict[str, str],
    expected_words: tuple[str, ...],
    clean_folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for file, text in files.items():
        (clean_folder / file).write_text(text, encoding="utf-8")
    assert run_command_line(cli, [name, str(clean_folder)]) == 3
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 2)
    assert all(word in err for word in expected_words)


def test_faults_of_several_files_are_printed_together(
    clean_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clean_folder / "customers.csv").write_text("name\nA\n")
    (clean_folder / "referrals.csv").write_text("from\nA\n")
    assert run_command_line(cli, ["effect", str(clean_folder)]) == 3
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 4
    assert "customers.csv" in err
    assert "referrals.csv" in err


def test_debug_prints_traceback_and_keeps_exit_code() -> None:
    done = run("effect", "no/such/folder", "--debug")
    assert "Traceback" in done.stderr
    assert done.returncode == 5, "the code stays that of the error"


@pytest.mark.parametrize("text", ["27-30/96", "二十七至三十/96"])
def test_effect_claimed_needs_no_source(
    text: str, clean_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(cli, ["effect", "--claimed", text, "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert (row["share_from"], row["share_to"]) == (0.28125, 0.3125)


def test_source_is_read_from_the_environment() -> None:
    assert run("effect", env={"REFGRAPH_SOURCE": CASE}).returncode == 0


def test_source_as_separate_tables_or_single_file_gives_answer(
    clean_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    zh, en = ROOT / "sample_data" / "five-zh", ROOT / "sample_data" / "five-en"
    apart = ["--customers", str(zh / "customers.csv"), "--referrals", str(zh / "referrals.csv")]
    for words, referred in ((apart, 2), ([str(en / "customers.csv")], 3)):
        assert run_command_line(cli, ["effect", *words, "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out)["rows"][0]["referred"] == referred


def test_encoding_gb18030_gives_answer(clean_folder: Path) -> None:
    assert (
        run_command_line(
            cli,
            ["effect", str(ROOT / "sample_data" / "dirty" / "gb18030"), "--encoding", "gb18030"],
        )
        == 0
    )


def test_completion_catalog_explain_and_doctor_print_their_subject(
    clean_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected_words = {
        "completion bash": "_REFGRAPH_COMPLETE",
        "catalog --format csv": "recommenders",
        "explain m14": "18.33, 8.33, 3.33",
        "explain key account": "(大客户)",
        "explain": "M33",
        "explain M14 --lang zh": "Shapley 1953",
        "doctor": "numba",
    }
    for words, word in expected_words.items():
        assert run_command_line(cli, words.split()) == 0
        assert word in capsys.readouterr().out
    shell = subprocess.run(
        ["bash", "-n"], input=run("completion", "bash").stdout, text=True, capture_output=True
    )
    assert (shell.returncode, shell.stderr) == (0, "")


def test_doctor_with_bad_config_exits_with_three(
    clean_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(cli, ["doctor", "--config", str(clean_folder / "nowhere.toml")]) == 3
    assert capsys.readouterr().out.count("!!") == 1


def test_panic_of_compiled_library_is_an_internal_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Panic(BaseException):
        pass

    def panic(*_: object, **__: object) -> None:
        raise Panic("assertion failed")

    monkeypatch.setattr(cli, "main", panic)
    assert run_command_line(cli, ["effect", CASE]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2

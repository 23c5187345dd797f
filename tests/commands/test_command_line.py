"""The program as a user runs it: help, exit codes, two lines for an error."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from program import CASE, ROOT, run

from refgraph.analyses import NAMES as ANALYSES
from refgraph.commands.group import COMMANDS, cli
from refgraph.commands.guard import guarded


@pytest.fixture
def calm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A call within this process: no settings of the machine, the handler of SIGTERM put back."""
    for name in ("REFGRAPH_SOURCE", "REFGRAPH_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    before = signal.getsignal(signal.SIGTERM)
    yield tmp_path
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize(("lang", "word"), [("C.UTF-8", "Commands"), ("zh_CN.UTF-8", "命令")])
def test_help_lists_every_command(lang: str, word: str) -> None:
    done = run("--help", env={"LANG": lang})
    assert (done.returncode, done.stderr) == (0, "")
    assert word in done.stdout
    assert all(f"  {name} " in done.stdout for name in (*ANALYSES, *COMMANDS))


@pytest.mark.parametrize("name", [*ANALYSES, *COMMANDS])
def test_every_command_has_help(name: str, calm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(cli, [name, "--help"]) == 0
    out, err = capsys.readouterr()
    assert (f"refgraph {name}" in out, err) == (True, "")


BAD = [
    (["nonsense"], 2), (["effect"], 2), (["effect", CASE, "--nonsense"], 2), (["effect", CASE, "--as-of", "yesterday"], 2),
    (["effect", CASE, "--as-of", "2025-02-30"], 2), (["effect", CASE, CASE], 2), (["effect", CASE, "--top", "0"], 2),
    (["effect", CASE, "--date-format", "%d.%m."], 2), (["effect", CASE, "--exclude", "negative-value"], 2),
    (["effect", CASE, "--count", "cousins"], 2), (["effect", CASE, "--value", "love"], 2), (["effect", CASE, "--format", "docx"], 2),
    (["effect", CASE, "-o", "effect.docx"], 2), (["report", CASE, "--format", "csv"], 2), (["effect", CASE, "--delimiter", "ab"], 2),
    (["effect", CASE, "--column", "x"], 2), (["effect", "--claimed", "many"], 2), (["explain", "M999"], 2),
    (["effect", CASE, "--since", "2025-01-01", "--until", "2024-01-01"], 2), (["effect", CASE, "--encoding", "klingon"], 2),
    (["effect", "no/such/folder"], 5), (["effect", CASE, "-o", "no/such/folder/x.csv"], 5), (["effect", CASE, "--config", "no.toml"], 5),
    (["effect", CASE, "-o", str(ROOT / "setup.cfg" / "x.csv")], 5), (["effect", CASE, "--rejects", "no/such/folder/x.csv"], 5),
]  # fmt: skip
FOLDERS = [
    ({"customers.csv": "name\nA\n"}, ("customers.csv", "id")), ({"customers.csv": "id\n"}, ("no customers",)),
    ({"notes.csv": "x,y\n1,2\n"}, ()), ({}, ()), ({"customers.csv": ""}, ("customers.csv",)),
    ({"customers.csv": "id\nA\n", "referrals.csv": "referrer\nA\n"}, ("referrals.csv", "referred")),
    ({"customers.csv": "id\nA\n", "refgraph.toml": "[colour]\nx = 1\n"}, ("[colour]",)),
    ({"customers.csv": "id\nA\n", "refgraph.toml": "x ="}, ("refgraph.toml",)),
]  # fmt: skip


@pytest.mark.parametrize(("words", "code"), BAD, ids=lambda x: str(x)[:60])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_error_is_two_lines_and_its_code(
    words: list[str], code: int, lang: str, calm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out_first = words == ["effect", CASE, "--rejects", "no/such/folder/x.csv"]
    assert guarded(cli, [*words, "--lang", lang]) == code
    out, err = capsys.readouterr()
    cause, remedy = err.splitlines()
    assert remedy.strip()
    assert ("refgraph" in cause, "Traceback" in err, bool(out)) == (True, False, out_first)
    assert lang == "en" or any("\u4e00" <= c <= "\u9fff" for c in remedy)


@pytest.mark.parametrize(("files", "told"), FOLDERS, ids=lambda x: str(x)[:60])
@pytest.mark.parametrize("name", ["effect", "report"])
def test_what_a_folder_lacks_is_told_in_two_lines(
    name: str, files: dict[str, str], told: tuple[str, ...], calm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file, text in files.items():
        (calm / file).write_text(text, encoding="utf-8")
    assert guarded(cli, [name, str(calm)]) == 3
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 2)
    assert all(word in err for word in told)


def test_all_faults_of_all_files_at_once(calm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (calm / "customers.csv").write_text("name\nA\n")
    (calm / "referrals.csv").write_text("from\nA\n")
    assert guarded(cli, ["effect", str(calm)]) == 3
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 4
    assert "customers.csv" in err
    assert "referrals.csv" in err


def test_debug_shows_where_it_happened() -> None:
    done = run("effect", "no/such/folder", "--debug")
    assert "Traceback" in done.stderr
    assert done.returncode == 5, "the code stays that of the error"


@pytest.mark.parametrize("text", ["27-30/96", "二十七至三十/96"])
def test_a_claimed_count_needs_no_source(text: str, calm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(cli, ["effect", "--claimed", text, "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert (row["share_from"], row["share_to"]) == (0.28125, 0.3125)


def test_source_from_the_environment() -> None:
    assert run("effect", env={"REFGRAPH_SOURCE": CASE}).returncode == 0


def test_tables_given_one_by_one_and_a_single_file(calm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    zh, en = ROOT / "sample_data" / "five-zh", ROOT / "sample_data" / "five-en"
    apart = ["--customers", str(zh / "customers.csv"), "--referrals", str(zh / "referrals.csv")]
    for words, referred in ((apart, 2), ([str(en / "customers.csv")], 3)):
        assert guarded(cli, ["effect", *words, "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out)["rows"][0]["referred"] == referred


def test_gb18030_by_option_gives_an_answer(calm: Path) -> None:
    assert guarded(cli, ["effect", str(ROOT / "sample_data" / "dirty" / "gb18030"), "--encoding", "gb18030"]) == 0


def test_completion_catalog_explain_doctor(calm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = {"completion bash": "_REFGRAPH_COMPLETE", "catalog --format csv": "recommenders", "explain m14": "18.33, 8.33, 3.33",
            "explain": "M33", "explain M14 --lang zh": "Shapley 1953", "doctor": "numba"}  # fmt: skip
    for words, word in told.items():
        assert guarded(cli, words.split()) == 0
        assert word in capsys.readouterr().out
    shell = subprocess.run(["bash", "-n"], input=run("completion", "bash").stdout, text=True, capture_output=True)
    assert (shell.returncode, shell.stderr) == (0, "")


def test_doctor_fails_when_something_is_amiss(calm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(cli, ["doctor", "--config", str(calm / "nowhere.toml")]) == 3
    assert capsys.readouterr().out.count("!!") == 1


def test_a_panic_of_a_compiled_library_is_an_internal_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Panic(BaseException):
        pass

    def panic(*_: object, **__: object) -> None:
        raise Panic("assertion failed")

    monkeypatch.setattr(cli, "main", panic)
    assert guarded(cli, ["effect", CASE]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2

"""The program as a user runs it: exit codes, two lines for an error, atomic files, pipes and signals."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from refgraph.commands.group import ANALYSES, COMMANDS

ROOT = Path(__file__).parent.parent.parent
CASE = str(ROOT / "sample_data" / "l96")
RUN = [sys.executable, "-c", "from refgraph.commands import main; main()"]


def run(*words: str, **more: object) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "LANG": "C.UTF-8", **(more.pop("env", None) or {})}  # type: ignore[dict-item]
    return subprocess.run([*RUN, *words], capture_output=True, text=True, env=env, **more)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize(("lang", "word"), [("C.UTF-8", "Commands"), ("zh_CN.UTF-8", "命令")])
def test_help_lists_every_command(lang: str, word: str) -> None:
    done = run("--help", env={"LANG": lang, "LC_ALL": lang})
    assert word in done.stdout
    assert all(f"  {name} " in done.stdout for name in (*ANALYSES, *COMMANDS))


@pytest.mark.parametrize("name", [*ANALYSES, *COMMANDS])
def test_every_command_has_help(name: str) -> None:
    done = run(name, "--help")
    assert (done.returncode, done.stderr) == (0, "")


BAD = [
    (["nonsense"], 2), (["effect"], 2), (["effect", CASE, "--nonsense"], 2), (["effect", CASE, "--as-of", "yesterday"], 2),
    (["effect", CASE, "--count", "cousins"], 2), (["effect", CASE, "--value", "love"], 2), (["effect", CASE, "--format", "docx"], 2),
    (["effect", CASE, "--column", "x"], 2), (["effect", "--claimed", "many"], 2), (["explain", "M999"], 2),
    (["effect", CASE, "--since", "2025-01-01", "--until", "2024-01-01"], 2), (["effect", CASE, "--encoding", "klingon"], 2),
    (["effect", "no/such/folder"], 5), (["effect", CASE, "-o", "no/such/folder/x.csv"], 5), (["effect", CASE, "--config", "no.toml"], 5),
]  # fmt: skip


@pytest.mark.parametrize(("words", "code"), BAD, ids=lambda x: str(x)[:60])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_error_is_two_lines_and_its_code(words: list[str], code: int, lang: str) -> None:
    done = run(*words, env={"REFGRAPH_LANG": lang})
    assert done.returncode == code
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 2
    assert "Traceback" not in done.stderr


def test_all_faults_of_all_files_at_once(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("name\nA\n")
    (tmp_path / "referrals.csv").write_text("from\nA\n")
    done = run("effect", str(tmp_path))
    assert done.returncode == 3
    assert "customers.csv" in done.stderr
    assert "referrals.csv" in done.stderr


def test_rows_set_aside_answer_and_leave_with_three(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,revenue\nA,1\nB,x\n")
    rejects = tmp_path / "rejects.csv"
    done = run("effect", str(tmp_path), "--format", "json", "--rejects", str(rejects))
    assert done.returncode == 3
    assert json.loads(done.stdout)["rows"][0]["customers"] == 1
    assert "2 rows read = 1 used + 1 set aside + 0 deduplicated" in done.stderr
    assert "customers.csv,3,bad-number,revenue,x" in rejects.read_text()
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600
    assert run("effect", str(tmp_path), "--allow-rejects").returncode == 0


def test_the_output_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "effect.json"
    assert run("effect", CASE, "-o", str(target)).returncode == 0
    content = json.loads(target.read_text(encoding="utf-8"))
    assert list(content)[:4] == ["refgraph", "schema", "analysis", "parameters"]
    assert [p.name for p in tmp_path.iterdir()] == ["effect.json"]
    folder = tmp_path / "taken.csv"
    folder.mkdir()
    assert run("effect", CASE, "-o", str(folder)).returncode == 5
    assert sorted(p.name for p in tmp_path.iterdir()) == ["effect.json", "taken.csv"]


def test_a_closed_pipe_is_silent() -> None:
    program = subprocess.Popen([*RUN, "referred", CASE, "--format", "ndjson"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert program.stdout
    assert program.stderr
    program.stdout.close()
    assert program.stderr.read() == b""
    assert program.wait() == 0


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_leave_with_their_code(tmp_path: Path, sign: signal.Signals, code: int) -> None:
    fifo = tmp_path / "customers.csv"
    os.mkfifo(fifo)
    wait = "import refgraph.commands.guard as g, time, click\n@click.command()\ndef c():\n    print('up', flush=True)\n    time.sleep(60)\nimport sys\nsys.exit(g.guarded(c, []))"
    program = subprocess.Popen([sys.executable, "-c", wait], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert program.stdout
    assert program.stdout.readline() == b"up\n"
    time.sleep(0.2)
    program.send_signal(sign)
    assert program.wait(timeout=20) == code


def test_source_from_the_environment() -> None:
    assert run("effect", env={"REFGRAPH_SOURCE": CASE}).returncode == 0


def test_tables_given_one_by_one_and_a_single_file() -> None:
    folder = ROOT / "sample_data" / "five-zh"
    done = run("effect", "--customers", str(folder / "customers.csv"), "--referrals", str(folder / "referrals.csv"), "--format", "json")
    assert json.loads(done.stdout)["rows"][0]["referred"] == 2
    single = run("effect", str(ROOT / "sample_data" / "five-en" / "customers.csv"), "--format", "json")
    assert json.loads(single.stdout)["rows"][0]["referred"] == 3


def test_gb18030_by_option_gives_the_same_answer() -> None:
    folder = ROOT / "sample_data" / "dirty" / "gb18030"
    assert run("effect", str(folder), "--encoding", "gb18030").returncode == 0


def test_completion_catalog_explain_doctor() -> None:
    assert "_REFGRAPH_COMPLETE" in run("completion", "bash").stdout
    assert all(name in run("catalog").stdout for name in ANALYSES)
    assert "Shapley" in run("explain", "m14").stdout
    assert "numba" in run("doctor").stdout

"""Where the bytes go: files written whole or not at all.

Also rejects, closed pipes, terminals and signals.
"""

from __future__ import annotations

import json
import os
import pty
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from support.program import CASE, CLEAN, RUN, call, run


def test_rejected_rows_give_an_answer_and_exit_with_three(
    tmp_path: Path, clean_environment: Path
) -> None:
    (tmp_path / "customers.csv").write_text("id,revenue\nA,1\nB,x\n")
    rejects = tmp_path / "rejects.csv"
    done = call(
        "effect", str(tmp_path), "--no-referrals", "--format", "json", "--rejects", str(rejects)
    )
    assert done.code == 3
    assert json.loads(done.out)["rows"][0]["customers"] == 2
    assert "2 rows read = 2 used + 0 rejected + 0 duplicate + 0 skipped" in done.err
    assert "1 cell was rejected" in done.err
    assert "customers.csv,3,bad-number,revenue,x" in rejects.read_text()
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600
    assert call("effect", str(tmp_path), "--no-referrals", "--allow-rejects").code == 0
    (tmp_path / "customers.csv").write_text("id,revenue\n,5\n")
    done = call(
        "effect", str(tmp_path / "customers.csv"), "--rejects", str(rejects), "--allow-rejects"
    )
    assert (done.code, done.out, len(done.err.splitlines())) == (3, "", 3)
    assert "missing-id" in rejects.read_text()


def limit_file_size() -> None:
    """From here on no file may grow beyond 64 bytes, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))


def test_output_file_is_written_whole_or_the_old_one_stays(
    tmp_path: Path, clean_environment: Path
) -> None:
    target = tmp_path / "effect.json"
    assert call("effect", CASE, "-o", str(target)).code == 0
    old = target.read_bytes()
    assert list(json.loads(old))[:4] == ["refgraph", "schema", "analysis", "parameters"]
    done = run("effect", CASE, "--value", "profit", "-o", str(target), preexec_fn=limit_file_size)
    assert (done.returncode, len(done.stderr.splitlines()), done.stdout) == (5, 2, "")
    (tmp_path / "taken.csv").mkdir()
    assert call("effect", CASE, "-o", str(tmp_path / "taken.csv")).code == 5
    tmp_path.chmod(0o500)
    if os.geteuid():  # nothing is closed to root
        assert call("effect", CASE, "--value", "profit", "-o", str(target)).code == 5
    tmp_path.chmod(0o700)
    assert target.read_bytes() == old
    assert sorted(p.name for p in tmp_path.iterdir()) == ["effect.json", "taken.csv"]


@pytest.mark.parametrize(
    "words", [["chains", CASE, "--format", "ndjson"], ["report", CASE], ["explain"], ["--help"]]
)
def test_closed_pipe_prints_no_error(words: list[str]) -> None:
    program = subprocess.Popen(
        [*RUN, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=CLEAN
    )
    assert program.stdout
    assert program.stderr
    program.stdout.close()
    assert program.stderr.read() == b""
    assert program.wait() == 0


def test_reader_that_stops_after_one_line_gets_no_error(tmp_path: Path) -> None:
    rows = [f"c{k:05d},c{max(k - 1, 0) // 9:05d}" for k in range(1, 6000)]
    (tmp_path / "customers.csv").write_text("id,referred_by\nc00000,\n" + "\n".join(rows) + "\n")
    line = '"$@" | head -1; echo "${PIPESTATUS[0]}"'
    done = subprocess.run(
        ["bash", "-c", line, "-", *RUN, "referred", str(tmp_path), "--format", "csv"],
        capture_output=True,
        text=True,
        env=CLEAN,
    )
    assert done.stdout.startswith("customer,")
    assert done.stdout.splitlines()[1:] == ["0"]
    assert done.stderr == ""


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_exits_with_its_code(sign: signal.Signals, code: int) -> None:
    slow = (
        "import time, refgraph.pipeline as f\n"
        "f.open_source = lambda *_: (print('up', flush=True), time.sleep(60))\n" + RUN[2]
    )
    program = subprocess.Popen(
        [sys.executable, "-c", slow, "effect", CASE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=CLEAN,
    )
    assert program.stdout
    assert program.stdout.readline() == b"up\n"
    program.send_signal(sign)
    assert program.communicate(timeout=20)[1].strip() == b""
    assert program.returncode == code


def run_on_terminal(*words: str, **env: str) -> str:
    """What a person sees: the output on a terminal of its own."""
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [*RUN, *words], stdout=theirs, env={**CLEAN, "TERM": "xterm", "COLUMNS": "100", **env}
    )
    os.close(theirs)
    seen = b""
    try:
        while part := os.read(ours, 65536):
            seen += part
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert program.wait() == 0
    return seen.decode()


def test_terminal_gets_a_colored_table_unless_no_color() -> None:
    coloured, plain = (
        run_on_terminal("recommenders", CASE),
        run_on_terminal("recommenders", CASE, NO_COLOR="1"),
    )
    assert "\x1b[" in coloured
    assert "\x1b" not in plain
    assert "──" in plain
    assert "\t" in call("recommenders", CASE).out


def test_report_does_not_depend_on_hash_seed_or_time_zone() -> None:
    assert (
        len(
            {
                run("report", CASE, env={"PYTHONHASHSEED": seed, "TZ": zone}).stdout
                for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
            }
        )
        == 1
    )

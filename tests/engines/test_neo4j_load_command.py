"""``refgraph load``: what it prints, asks and leaves behind, and the same from Python."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from support.neo4j_program import ROOT, Program
from support.neo4j_server import FAST_JAVA
from support.stores import run_cypher

import refgraph

pytestmark = pytest.mark.neo4j
SAMPLE, OTHER_SAMPLE = "sample_data/l96", "sample_data/l96-29"
INTO = ("--into", "neo4j://")


@pytest.fixture
def program(neo4j_empty: Any, tmp_path: Path) -> Program:
    return Program(neo4j_empty, tmp_path)


def test_load_command_reports_what_was_loaded(program: Program) -> None:
    first = program("load", SAMPLE, *INTO, "--lang", "en")
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("Loaded 129 customers and 58 referrals into neo4j://")
    again = program("load", SAMPLE, *INTO, "--lang", "zh")
    assert again.returncode == 0
    assert again.stdout.startswith("无需处理")


def test_load_command_other_data_without_replace_exits_2(program: Program) -> None:
    program("load", SAMPLE, *INTO)
    completed = program("load", OTHER_SAMPLE, *INTO)
    assert completed.returncode == 2
    assert "--replace" in completed.stderr


def test_load_command_replace_shows_what_is_deleted_and_asks(
    program: Program, neo4j_empty: Any
) -> None:
    program("load", SAMPLE, *INTO)
    unconfirmed = program("load", OTHER_SAMPLE, *INTO, "--replace")
    assert unconfirmed.returncode == 2
    assert "129 customers and 58 referrals" in unconfirmed.stderr
    assert "--yes" in unconfirmed.stderr
    count = "MATCH ()-[r:REFERRED]->() RETURN count(r)"
    assert run_cypher(neo4j_empty, count) == [[58]]
    confirmed = program("load", OTHER_SAMPLE, *INTO, "--replace", "--yes")
    assert confirmed.returncode == 0
    assert confirmed.stdout.startswith("Replaced: ")
    assert "129 customers and 57 referrals" in confirmed.stdout


def wait_until_loading(program: Program, process: subprocess.Popen[str]) -> None:
    """Wait until a load has begun, or has ended."""
    while process.poll() is None:
        time.sleep(0.2)
        if "is not finished" in program("doctor", "neo4j://", "--lang", "en").stdout:
            return


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_load_command_stopped_by_signal_can_be_resumed(
    number: int, code: int, program: Program, tmp_path: Path
) -> None:
    folder = str(tmp_path / "company")
    assert program("generate", folder, "--size", "20000").returncode == 0
    process = program.start("load", folder, *INTO)
    wait_until_loading(program, process)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert "--resume" in errors
    assert program("effect", "neo4j://").returncode == 3
    assert program("load", folder, *INTO).returncode == 2
    resumed = program("load", folder, *INTO, "--resume", "--lang", "en")
    assert resumed.returncode in (0, 3), resumed.stderr
    assert resumed.stdout.startswith("Completed the interrupted load")
    words = ("recommenders", "--format", "csv", "--allow-rejects")
    assert program(*words, folder).stdout == program(*words, "neo4j://").stdout


def test_python_load_and_read_round_trip(neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", neo4j_empty.uri)
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_empty.password)
    data = refgraph.read(str(ROOT / SAMPLE))
    assert refgraph.load(data, "neo4j://") == "new"
    assert refgraph.load(data, neo4j_empty.uri, refgraph.LoadOptions(replace=False)) == "same"
    loaded = refgraph.read("neo4j://")
    assert loaded.fingerprint == data.fingerprint
    first, second = (refgraph.run("effect", source).frame for source in (data, loaded))
    assert first.equals(second)


def test_block_of_the_neo4j_page_runs(tmp_path: Path) -> None:
    """The block, word for word, on a server in its own folder, in a shell with only the project."""
    page = (ROOT / "docs" / "neo4j.md").read_text(encoding="utf-8")
    block = page.partition("```sh\n")[2].partition("```")[0]
    for original, replacement in (
        ("scripts/neo4j start", f"scripts/neo4j start --home '{tmp_path}/home'"),
        (".neo4j/home/env", f"'{tmp_path}/home/env'"),
        ("scripts/neo4j stop", f"scripts/neo4j stop --home '{tmp_path}/home'"),
        (".neo4j/", f"{tmp_path}/"),
    ):
        assert original in block
        block = block.replace(original, replacement)
    completed = subprocess.run(
        ["sh", "-euc", block],
        cwd=ROOT,
        text=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env=FAST_JAVA
        | {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": os.environ.get("HOME", "/")},
        check=False,
    )
    assert completed.returncode == 0, completed.stderr
    assert completed.stdout.count("same\n") == 3
    assert "Loaded 129 customers and 58 referrals" in completed.stdout

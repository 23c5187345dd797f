"""sample_data/dirty: every folder gets the code and the exit code that its README names, and never a traceback."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from refgraph.errors import RefgraphError
from refgraph import flow
from refgraph.model.scope import Scope

ROOT = Path(__file__).parent.parent
DIRTY = ROOT / "sample_data" / "dirty"
FOLDERS = sorted(p for p in DIRTY.iterdir() if p.is_dir())


def expected(folder: Path) -> tuple[str, int]:
    text = (folder / "README.md").read_text(encoding="utf-8")
    code = re.search(r"code `([a-z0-9-]+)`", text)
    leave = re.search(r"exit code (\d)", text)
    assert leave
    return code[1] if code else "", int(leave[1])


def codes(folder: Path) -> set[str]:
    """All codes of faults, rejects and findings of a folder."""
    try:
        engine = flow.open_source(folder)
    except RefgraphError as error:
        return {e.id for e in (error, *error.others)}
    return set(engine.dataset().rejects["code"]) | set(engine.graph(Scope()).findings["code"])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_the_code_that_the_readme_names(folder: Path) -> None:
    code = expected(folder)[0]
    assert code in codes(folder) if code else not codes(folder)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_the_exit_code_and_no_traceback(folder: Path) -> None:
    program = [sys.executable, "-c", "from refgraph.commands import main; main()", "check", str(folder), "--format", "json"]
    done = subprocess.run(program, capture_output=True, text=True)
    assert done.returncode == expected(folder)[1]
    assert "Traceback" not in done.stderr
    assert done.stdout or len(done.stderr.strip().splitlines()) == 2


def test_the_maker_writes_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "scripts" / "make_dirty_data", tmp_path], check=True)
    made = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert made == {p: (DIRTY / p).read_bytes() for p in made}

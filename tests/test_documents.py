"""The README is true: its commands run and print what it shows, and every command and analysis has its row."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from refgraph import analyses
from refgraph.analyses import NAMES as ANALYSES
from refgraph.commands.group import COMMANDS, cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n\$ (.*)\n((?:.*\n)*?)```", README)
RUN = [sys.executable, "-c", "from refgraph.commands import main; main()"]


@pytest.mark.parametrize(("command", "shown"), [b for b in BLOCKS if b[0].startswith("scripts/refgraph ")])
def test_commands_print_what_the_readme_shows(command: str, shown: str) -> None:
    done = subprocess.run([*RUN, *shlex.split(command)[1:]], cwd=ROOT, capture_output=True, text=True, check=True,
                          env={"PATH": "", "LANG": "C.UTF-8", "PYTHONUTF8": "1"})
    pattern = "".join("(?:.*\n)*?" if line == "..." else re.escape(line) + "\n" for line in shown.splitlines())
    assert re.fullmatch(pattern, done.stdout), done.stdout[:2000]


def test_the_two_commands_stand_first() -> None:
    assert [b[0] for b in BLOCKS[:2]] == ["scripts/refgraph report sample_data/l96", "scripts/test"]


def test_every_command_has_its_row() -> None:
    assert set(re.findall(r"^\| `([a-z-]+)` \|", README, re.M)) == {*ANALYSES, *COMMANDS}


def test_every_analysis_is_a_command() -> None:
    assert set(analyses.NAMES) <= set(cli.list_commands(click.Context(cli)))


def test_the_python_session_prints_what_the_readme_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    sessions = "".join(re.findall(r"```pycon\n(.*?)```", README, re.S))
    tried = doctest.DocTestParser().get_doctest(sessions, {}, "README", "README.md", 0)
    assert len(tried.examples) > 10
    told: list[str] = []
    failed, _ = doctest.DocTestRunner(verbose=False).run(tried, out=told.append)
    assert not failed, "".join(told)

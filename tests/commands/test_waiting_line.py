"""The line that says what a long call is doing: on a terminal only, and gone at the end."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest
from support.program import CLEAN

PROGRAM = """
import logging, sys, time
import click
from refgraph.commands.exit_codes import run_command_line
from refgraph.progress import log_step
LOGGER = logging.getLogger("refgraph")
@click.command()
@click.option("--quiet", is_flag=True)
@click.option("--lang")
def cli(quiet, lang):
    with log_step(LOGGER, "open %r", "x"):
        with log_step(LOGGER, "check rows"):
            time.sleep(1.8)
    print("answer", file=sys.stderr)
sys.exit(run_command_line(cli, sys.argv[1:]))
"""


def run_with_stderr_on_a_terminal(*words: str) -> str:
    """What appears on the terminal."""
    ours, theirs = pty.openpty()
    program = subprocess.Popen([sys.executable, "-c", PROGRAM, *words], stderr=theirs, env=CLEAN)
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


@pytest.mark.parametrize(
    ("language", "step"), [("en", "Checking rows ..."), ("zh", "正在检查各行")]
)
def test_long_step_is_named_on_a_terminal_and_cleared(language: str, step: str) -> None:
    seen = run_with_stderr_on_a_terminal("--lang", language)
    assert step in seen
    last = seen.split("\r\033[K")[-1]
    assert last.strip() == "answer"


def test_nothing_is_shown_when_quiet() -> None:
    assert run_with_stderr_on_a_terminal("--quiet").strip() == "answer"

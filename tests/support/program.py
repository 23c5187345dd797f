"""Run refgraph as a program of its own, or within this process, free of the machine's settings.

`run` starts a process: slow, needed for signals, streams and environments. `call` runs the command
line within this process.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from refgraph.commands.cli import cli
from refgraph.commands.exit_codes import run_command_line

ROOT = Path(__file__).parent.parent.parent
CASE = str(ROOT / "sample_data" / "l96")
RUN = [sys.executable, "-c", "from refgraph.commands import main; main()"]
MACHINE_SETTINGS = ("LC_", "REFGRAPH_", "NEO4J_")
CLEAN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(MACHINE_SETTINGS) and name != "NO_COLOR"
} | {"LANG": "C.UTF-8"}


class Done(NamedTuple):
    """What a call left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str


def run(
    *words: str, env: dict[str, str] | None = None, **more: object
) -> subprocess.CompletedProcess[str]:
    """One call in a process of its own."""
    return subprocess.run(
        [*RUN, *words], capture_output=True, text=True, env=CLEAN | (env or {}), **more
    )  # type: ignore[call-overload,no-any-return]


def call(*words: str) -> Done:
    """One call within this process; the handler of SIGTERM is put back."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    handler = signal.getsignal(signal.SIGTERM)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run_command_line(cli, words)
    finally:
        signal.signal(signal.SIGTERM, handler)
    out.flush()
    out.seek(0)
    return Done(code, out.read(), err.getvalue())


@contextlib.contextmanager
def replace_surroundings(variables: dict[str, str], folder: Path = ROOT) -> Iterator[None]:
    """These environment variables and no others, another working folder, an empty stdin."""
    before, before_folder, stdin = dict(os.environ), Path.cwd(), sys.stdin
    with open(os.devnull, encoding="utf-8") as nothing:
        os.environ.clear()
        os.environ.update(variables)
        os.chdir(folder)
        sys.stdin = nothing
        try:
            yield
        finally:
            sys.stdin = stdin
            os.chdir(before_folder)
            os.environ.clear()
            os.environ.update(before)


def write_tables(folder: Path, **tables: str) -> str:
    """The path of a folder that holds these tables as CSV files."""
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return str(folder)


def ask(name: str, source: str, *words: str) -> tuple[int, dict[str, object], str]:
    """Exit code, first row and stderr of an analysis, in English."""
    done = call(name, source, *words, "--format", "json", "--lang", "en")
    rows = json.loads(done.out)["rows"] if done.out else []
    return done.code, rows[0] if rows else {}, done.err

"""Calls of the command line within this process, and what no call may do."""

from __future__ import annotations

import contextlib
import io
import json
import random
import re
import signal
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from refgraph import analyses
from refgraph.commands.cli import cli
from refgraph.commands.console import PROGRAM
from refgraph.commands.exit_codes import run_command_line

PARTIES = {
    "path": [["--from", "A", "--to", "B"]],
    "common": [["--of", "A", "--of", "B"]],
    "compare": [["--of", "A", "--of", "B"]],
    "reach": [["--of", "A"]],
    "without": [["--of", "A"]],
}
FORMATS = ("json", "ndjson", "csv", "csv-excel", "tsv", "md", "html", "table")
REPORT_FORMATS = ("json", "md", "html", "table")
EXIT_CODES, INTERRUPTED_CODES = (0, 2, 3), (130, 143)
MAX_CPU_SECONDS, MAX_SECONDS = 60, 1_200
"""Of one call; by the clock it may take longer, as the machine may be busy."""
UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
FORBIDDEN_IN_MARKUP = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class StillRunningError(Exception):
    """A call that does not end. No OSError, which the package would take for one of a file."""


class Done(NamedTuple):
    """What a call left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str


def list_calls() -> list[list[str]]:
    """Every command that reads a SOURCE, without the SOURCE."""
    calls = [[name, *words] for name in analyses.NAMES for words in PARTIES.get(name, [[]])]
    calls += [["check"], ["report"], ["customer", "A"], ["draw", "A"]]
    calls += [["timeline", "effect"], ["timeline", "funnel", "--every", "month"]]
    calls += [["changes", "effect", "--then", "2018", "--now", "2025"]]
    return calls


def make_words(dice: random.Random, call: list[str], source: str) -> list[str]:
    """The whole command line: a call with SOURCE, a format, and now and then more options."""
    words = [*call, source]
    if call[0] != "draw":
        is_report = call[0] in ("check", "report", "customer")
        words += ["--format", dice.choice(REPORT_FORMATS if is_report else FORMATS)]
    for option, chance in (
        (["--as-of", dice.choice(["2020-01-01", "0001-01-01", "9999-12-31"])], 0.1),
        (["--value", dice.choice(["revenue", "customers", "profit"])], 0.1),
        (["--lang", "zh"], 0.3),
        (["--loose-numbers"], 0.1),
        (["--repair-ids"], 0.1),
        (["--trim"], 0.1),
        (["--strict"], 0.05),
    ):
        if dice.random() < chance and not (call[0] == "check" and option[0][2:4] in ("as", "va")):
            words += option
    return words


def call(words: list[str]) -> Done:
    """One call; one that does not end is stopped by a StillRunningError inside of it.

    Raises SystemExit if somebody stops the soak meanwhile: the call would only report a signal.
    """
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        limit_time(),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("always", RuntimeWarning)
        code = run_command_line(cli, words)
    if code in INTERRUPTED_CODES:
        raise SystemExit(code)
    out.flush()
    out.seek(0)
    return Done(code, out.read(), err.getvalue())


def find_fault(words: list[str], done: Done) -> str | None:
    """What is wrong with an outcome: its exit code, a traceback, its stderr or its bytes."""
    if done.code not in EXIT_CODES:
        return f"exit code {done.code}: {done.err.strip()[-400:]}"
    if "Traceback" in done.err or "RuntimeWarning" in done.err:
        return f"stderr: {done.err.strip()[-400:]}"
    if UNPRINTABLE.search(done.err):
        return f"control character on stderr: {done.err[-200:]!r}"
    if f"{PROGRAM}: " in done.err and len(done.err.splitlines()) < 2:
        return f"an error of {len(done.err.splitlines())} lines: {done.err!r}"
    return _find_format_fault(words, done.out) if done.out else None


def _find_format_fault(words: list[str], out: str) -> str | None:
    """Why an output is not well formed."""
    form = words[words.index("--format") + 1] if "--format" in words else "svg"
    if form in ("html", "svg") and FORBIDDEN_IN_MARKUP.search(out):
        return f"{form} with a character that it may not hold"
    try:
        if form == "svg":
            ElementTree.fromstring(out)
        elif form == "json":
            json.loads(out, parse_constant=_refuse_constant)
        elif form == "ndjson":
            for line in out.splitlines():
                json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, ElementTree.ParseError) as error:
        return f"{form}: {error}"
    return None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


@contextlib.contextmanager
def limit_time() -> Iterator[None]:
    """Raise StillRunningError in the block after `MAX_CPU_SECONDS`, or after `MAX_SECONDS` by the
    clock; the handler of SIGTERM is put back.
    """
    timers = {
        signal.SIGPROF: (signal.ITIMER_PROF, MAX_CPU_SECONDS),
        signal.SIGALRM: (signal.ITIMER_REAL, MAX_SECONDS),
    }

    def give_up(*_: object) -> None:
        raise StillRunningError(f"more than {MAX_CPU_SECONDS} s of CPU, or {MAX_SECONDS} s")

    handlers = {sign: signal.getsignal(sign) for sign in (signal.SIGTERM, *timers)}
    for sign, (timer, seconds) in timers.items():
        signal.signal(sign, give_up)
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for timer, _ in timers.values():
            signal.setitimer(timer, 0)
        for sign, handler in handlers.items():
            signal.signal(sign, handler)


def list_folders(folder: Path) -> list[Path]:
    """The folders in a folder, sorted."""
    return sorted(path for path in folder.iterdir() if path.is_dir())

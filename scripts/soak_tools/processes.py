"""Processes that are interrupted or killed at any moment."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from soak_tools.companies import make_company, to_text

PROGRAM = [sys.executable, "-m", "refgraph"]
EXPECTED = {signal.SIGINT: (0, 3, 130), signal.SIGTERM: (0, 3, 143), signal.SIGKILL: (0, 3, -9)}
EARLY = {signal.SIGINT: -2, signal.SIGTERM: -15, signal.SIGKILL: -9}
"""Exit codes of a process that was hit before refgraph itself ran."""
MAX_SECONDS = 3.0
PATIENCE = 600
"""Seconds after which an interrupted process hangs, also on a machine with other work."""


def check_interruption(dice: random.Random, folder: Path) -> Iterator[str]:
    """Interrupt a report: its exit code, its stderr, its output, and what it left."""
    source, target = folder / "source", folder / "report.json"
    source.mkdir()
    for name, table in make_company(dice).items():
        (source / f"{name}.csv").write_text(to_text(table), encoding="utf-8")
    sign, delay = dice.choice(list(EXPECTED)), dice.uniform(0.3, MAX_SECONDS)
    words = ["report", str(source), "-o", str(target), "--allow-rejects"]
    program = subprocess.Popen([*PROGRAM, *words], stderr=subprocess.PIPE, text=True)
    try:
        err = program.communicate(timeout=delay)[1]
    except subprocess.TimeoutExpired:
        os.kill(program.pid, sign)
        try:
            err = program.communicate(timeout=PATIENCE)[1]
        except subprocess.TimeoutExpired:
            program.kill()
            program.communicate()
            yield f"{sign.name} after {delay:.2f} s: still running {PATIENCE} s later"
            return
    if program.returncode not in (*EXPECTED[sign], EARLY[sign]):
        yield f"{sign.name} after {delay:.2f} s: exit code {program.returncode}"
    if "Traceback" in err and program.returncode in EXPECTED[sign]:
        yield f"{sign.name} after {delay:.2f} s: {err[-300:]}"
    if target.exists():
        json.loads(target.read_text(encoding="utf-8"))
    subprocess.run([*PROGRAM, *words], stderr=subprocess.DEVNULL, check=False)
    left = [path.name for path in folder.iterdir() if path not in (source, target)]
    if left:
        yield f"{sign.name} after {delay:.2f} s: {left} left behind"

"""One run of one tool in a process of its own, `child`: its time, its answer's checksum and the most memory it held."""

from __future__ import annotations

import json
import subprocess
import sys

from bench_tools.checks import Sums


def ask(operation: str, tool: int, state: str) -> tuple[float, Sums, float]:
    """Seconds, checksum, peak in MB. Raises SystemExit when the process fails."""
    words = [sys.executable, "-m", "bench_tools.child", operation, str(tool), state]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{operation}: {done.stderr[-2000:]}")
    seconds, found, peak = json.loads(done.stdout.splitlines()[-1])
    return seconds, tuple(found), peak

"""One run of one tool in a process of its own (`child`): time, checksum and peak memory."""

from __future__ import annotations

import json
import subprocess
import sys

from bench_tools.checks import Checksums


def run_isolated(operation: str, tool: int, state: str) -> tuple[float, Checksums, float]:
    """(seconds, checksum, peak in MB). Raises SystemExit when the process fails."""
    words = [sys.executable, "-m", "bench_tools.child", operation, str(tool), state]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{operation}: {done.stderr[-2000:]}")
    seconds, found, peak = json.loads(done.stdout.splitlines()[-1])
    return seconds, tuple(found), peak

"""One run of one tool in a process of its own: its time, its answer's checksum and the most memory it held."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from time import perf_counter
from typing import Any

from bench_tools.checks import Sums, sums


def ask(operation: str, tool: int, state: str) -> tuple[float, Sums, float]:
    """Seconds, checksum, peak in MB. Raises SystemExit when the process fails."""
    words = [sys.executable, "-m", "bench_tools.alone", operation, str(tool), state]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{operation}: {done.stderr[-2000:]}")
    seconds, found, peak = json.loads(done.stdout.splitlines()[-1])
    return seconds, tuple(found), peak


def main() -> None:
    """Prepare untimed, ask, and print seconds, checksum and peak as JSON."""
    from bench_tools.catalog import OPERATIONS

    name, number, state = sys.argv[1:]
    (operation,) = (o for o in OPERATIONS if o.name == name)
    tool = operation.tools[int(number)]
    ready: Any = tool.ready(state) if tool.ready else state
    start = perf_counter()
    answer = tool.run(ready)
    seconds = perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    print(json.dumps([seconds, sums(tool.arrays(ready, answer)), peak]))


if __name__ == "__main__":
    main()

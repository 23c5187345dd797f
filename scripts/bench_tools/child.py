"""The child process of an isolated run; arguments: OPERATION, number of the tool, state."""

from __future__ import annotations

import json
import resource
import sys
from time import perf_counter
from typing import Any

from bench_tools.catalog import OPERATIONS
from bench_tools.checks import compute_checksums


def main() -> None:
    """Prepare untimed, run the tool, and print seconds, checksum and peak memory as JSON."""
    name, number, state = sys.argv[1:]
    (operation,) = (o for o in OPERATIONS if o.name == name)
    tool = operation.tools[int(number)]
    ready: Any = tool.prepare(state) if tool.prepare else state
    start = perf_counter()
    answer = tool.run(ready)
    seconds = perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    print(json.dumps([seconds, compute_checksums(tool.arrays(ready, answer)), peak]))


if __name__ == "__main__":
    main()

"""``scripts/soak --damaged 20000``: so many damaged files of every format, all in one process.

Each is read within a process that lives on: no error but those of refgraph, no hang, no memory
that a small file cannot need, and a ledger that ties.
"""

from __future__ import annotations

import random
import resource
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from soak_tools.formats import WRITERS, check_damaged_file, write_damaged_file

MAX_CPU_SECONDS, MAX_MEGABYTES = 5.0, 200
"""Of one file; the first files of a format load libraries."""
BLOCK = 500
"""Files of one format before the next has its turn."""


def run_damaged_files(count: int, seed: int, first: int, only: str | None) -> int:
    """Read ``count`` files of each format; prints counts and findings, returns the exit code."""
    names = [name for name in WRITERS if only in (None, name)]
    if not names:
        raise SystemExit(f"{only} is no format. Formats: {', '.join(WRITERS)}")
    counts: Counter[str] = Counter()
    found: Counter[str] = Counter()
    end = first + count
    with tempfile.TemporaryDirectory(prefix="refgraph-soak-") as folder:
        for start in range(first, end, BLOCK):
            for name in names:
                for number in range(start, min(start + BLOCK, end)):
                    counts[name] += 1
                    found[name] += _report_file(name, seed, number, Path(folder) / "case")
            print(f"{counts[names[0]]} files of each format, {found.total()} findings", flush=True)
    print(*(f"{name}: {counts[name]} files, {found[name]} findings" for name in names), sep="\n")
    return 3 if found.total() else 0


def check_file(name: str, seed: int, number: int, folder: Path) -> Iterator[str]:
    """What is wrong when one damaged file is read; it stays in ``folder``."""
    path = write_damaged_file(random.Random(f"{seed} {name} {number}"), folder, name)
    cpu, memory = time.process_time(), _read_peak()
    yield from check_damaged_file(path)
    seconds, megabytes = time.process_time() - cpu, _read_peak() - memory
    if seconds > MAX_CPU_SECONDS:
        yield f"{name}: {seconds:.1f} s for {path.stat().st_size} bytes"
    if megabytes > MAX_MEGABYTES:
        yield f"{name}: {megabytes:.0f} MB for {path.stat().st_size} bytes"


def _report_file(name: str, seed: int, number: int, folder: Path) -> int:
    folder.mkdir()
    findings = list(check_file(name, seed, number, folder))
    shutil.rmtree(folder)
    for finding in findings:
        print(f"scripts/soak --seed {seed} --case {name}:{number}\n  {finding[:600]}", flush=True)
    return len(findings)


def _read_peak() -> float:
    """Most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

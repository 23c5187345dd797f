"""``scripts/soak --minutes 60 --seed 1``: random cases until the time is over.

A finding is printed with the command that repeats it; exit code 3 if there was any.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

SHARES = {"files": 20, "formats": 100, "settings": 6, "order": 10, "processes": 1}
"""How many cases of a kind make one round. The package is imported with the first case: mutants
must come before it.
"""


def main(arguments: Sequence[str]) -> int:
    """Run, print counts and findings; returns the exit code."""
    options = parse(arguments)
    if options.mutants:
        from soak_tools.mutant_runs import Plan, run_mutants

        record = options.record or Path(tempfile.gettempdir()) / "refgraph-test-lines.jsonl"
        words = (options.mutants, options.seed, options.only, record, options.log)
        more = (options.tests, options.retry, options.seconds, options.first)
        return run_mutants(Plan(*words, *more))
    if options.damaged:
        from soak_tools.damaged_files import run_damaged_files

        return run_damaged_files(options.damaged, options.seed, options.first, options.only)
    if options.case:
        from soak_tools.cases import check_case

        kind, number = options.case.split(":")
        folder = Path(options.keep or tempfile.mkdtemp(prefix="refgraph-soak-"))
        folder.mkdir(exist_ok=True)
        findings = check_case(kind, options.seed, int(number), folder)
        print(*(findings or ["no finding"]), f"files: {folder}", sep="\n")
        return 3 if findings else 0
    return run_rounds(options.minutes, options.seed, options.only)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser("scripts/soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long (10)")
    parser.add_argument("--seed", type=int, default=1, help="which cases (1)")
    kinds = f"{', '.join(SHARES)}; a path of mutants; a format"
    parser.add_argument("--only", metavar="KIND", help=kinds)
    parser.add_argument("--case", metavar="KIND:NUMBER", help="repeat one case")
    parser.add_argument("--keep", metavar="FOLDER", help="where the files of that case stay")
    parser.add_argument("--damaged", type=int, metavar="N", help="read N files of every format")
    parser.add_argument("--mutants", type=int, metavar="N", help="change the package N times")
    begin = "damaged files and mutants: begin with (1)"
    parser.add_argument("--first", type=int, default=1, metavar="N", help=begin)
    parser.add_argument("--retry", action="store_true", help="mutants: try survivors again")
    parser.add_argument("--tests", default="", metavar="RE", help="mutants: which files to record")
    parser.add_argument("--seconds", type=float, default=60, help="mutants: of tests of each (60)")
    parser.add_argument("--record", type=Path, metavar="FILE", help="mutants: who executes what")
    parser.add_argument("--log", type=Path, metavar="FILE", help="mutants: keep outcomes, continue")
    return parser.parse_args(arguments)


def run_rounds(minutes: float, seed: int, only: str | None) -> int:
    """Run all kinds in turn until the time is over."""
    end = time.monotonic() + minutes * 60
    counts: Counter[str] = Counter()
    found = 0
    while time.monotonic() < end:
        for kind, share in SHARES.items():
            for _ in range(share if only in (None, kind) else 0):
                counts[kind] += 1
                found += report_case(kind, seed, counts[kind])
                if time.monotonic() >= end:
                    break
    print(*(f"{kind}: {count} cases" for kind, count in counts.items()), sep=", ")
    print(f"{found} findings")
    return 3 if found else 0


def report_case(kind: str, seed: int, number: int) -> int:
    """Run one case and print its findings; returns how many."""
    from soak_tools.cases import check_case

    with tempfile.TemporaryDirectory(prefix="refgraph-soak-") as folder:
        findings = check_case(kind, seed, number, Path(folder))
    for finding in findings:
        print(f"scripts/soak --seed {seed} --case {kind}:{number}\n  {finding[:600]}", flush=True)
    return len(findings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Which mutants do the quick tests notice?

``scripts/soak --mutants 300 --seed 1`` changes a copy of the package, one mutant at a time, and
runs the tests nearest to the changed file, then those of its room, until one fails. With ``--log
FILE`` each outcome is kept, and the same command continues where it was interrupted.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from soak_tools.mutants import ROOT, Mutant, draw_mutants

SHARED_TESTS = ("tests/test_values.py", "tests/test_agreement.py")
"""Tests of all rooms, run where the tests of a room do not notice."""
MAX_SECONDS = 600
QUICK = "not neo4j and not browser and not slow"
GOAL = 0.95


def run_mutants(
    count: int, seed: int, only: str | None, is_quick: bool = False, log: Path | None = None
) -> int:
    """Try mutants and print each; exit code 3 if fewer than 95 % are noticed.

    Mutants that look equivalent to the original and survive are listed but not counted.
    log: a file of outcomes, read first and continued.
    """
    known = read_outcomes(log)
    outcomes: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="refgraph-mutants-") as temporary:
        checkout = Path(temporary) / "checkout"
        ignored = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".pytest_cache")
        shutil.copytree(ROOT, checkout, ignore=ignored)
        for mutant in draw_mutants(count, seed, only):
            kinds[mutant.kind] += 1
            outcome = known.get(mutant.id)
            if outcome is None:
                outcome = judge(mutant, checkout, is_quick)
                write_outcome(log, mutant, outcome)
                print(f"{outcome:10}", mutant.describe()[:300], flush=True)
            outcomes[outcome] += 1
    return report(outcomes, kinds, seed)


def report(outcomes: Counter[str], kinds: Counter[str], seed: int) -> int:
    """Print the counts; returns the exit code."""
    decided = outcomes["noticed"] + outcomes["SURVIVED"]
    share = outcomes["noticed"] / max(decided, 1)
    print(", ".join(f"{kind}: {number}" for kind, number in sorted(kinds.items())))
    print(
        f"{outcomes['noticed']} of {decided} noticed ({share:.1%}), "
        f"{outcomes['equivalent?']} survivors look equivalent, seed {seed}"
    )
    return 0 if share >= GOAL else 3


def read_outcomes(log: Path | None) -> dict[str, str]:
    """Mutant -> ``noticed``, ``SURVIVED`` or ``equivalent?``, as an earlier run found it."""
    if log is None or not log.exists():
        return {}
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return {line["mutant"]: line["outcome"] for line in lines}


def write_outcome(log: Path | None, mutant: Mutant, outcome: str) -> None:
    """Add one line to the file of outcomes."""
    if log is not None:
        line = {"mutant": mutant.id, "line": mutant.line, "outcome": outcome}
        with log.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")


def judge(mutant: Mutant, checkout: Path, is_quick: bool = False) -> str:
    """``noticed``, ``SURVIVED`` or ``equivalent?``. is_quick: run the nearest tests only."""
    target = checkout / mutant.path
    original = target.read_text(encoding="utf-8")
    target.write_text(mutant.source, encoding="utf-8")
    try:
        groups = find_tests(mutant.path)
        if any(fails(tests, checkout) for tests in (groups[:1] if is_quick else groups)):
            return "noticed"
    finally:
        target.write_text(original, encoding="utf-8")
    return "equivalent?" if mutant.may_be_equivalent else "SURVIVED"


def find_tests(path: Path) -> list[list[str]]:
    """Groups of tests for a file, each test once: those that name it, its room, all rooms."""
    room = path.parent.name
    folder = ROOT / "tests" / room
    files = sorted(folder.glob("test_*.py"))
    named = [file for file in files if path.stem.rstrip("s") in file.stem]
    words = (f"{room}.{path.stem}", f'"{path.stem.replace("_", "-")}"')
    users = [f for f in files if any(word in f.read_text(encoding="utf-8") for word in words)]
    near = [str(file.relative_to(ROOT)) for file in dict.fromkeys([*named, *users])]
    others = [str(file.relative_to(ROOT)) for file in files]
    groups = [near, [file for file in others if file not in near], list(SHARED_TESTS)]
    return [group for group in groups if group]


def fails(tests: list[str], checkout: Path) -> bool:
    """Whether one of the tests fails, or does not end; the first failure ends the run."""
    words = ["-q", "-x", "-p", "no:xdist", "-p", "no:cacheprovider", "-m", QUICK, *tests]
    paths = os.pathsep.join([str(checkout), str(checkout / "scripts")])
    environment = {name: x for name, x in os.environ.items() if name != "PYTEST_ADDOPTS"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *words],
            cwd=checkout,
            env=environment | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            timeout=MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode not in (0, 5)

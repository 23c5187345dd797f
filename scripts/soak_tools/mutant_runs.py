"""Which mutants do the quick tests notice?

``scripts/soak --mutants 300 --seed 1`` changes a copy of the package, one mutant at a time, and
runs the tests that execute the changed line, the cheapest first, until one fails. Which test
executes which line is recorded first and kept in the file ``--record``; with ``--log FILE`` each
outcome is kept as well, and the same command continues where it was interrupted.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from soak_tools.children import import_heavy_libraries
from soak_tools.controls import Control, UnchangedFailureError
from soak_tools.line_record import LineRecord
from soak_tools.line_recorder import record_tests
from soak_tools.mutants import ROOT, Mutant, draw_mutants
from soak_tools.trials import change_file, find_failure

EQUIVALENT = Path(__file__).parent / "equivalent_mutants.toml"
"""Mutants without a visible effect, each with the reason."""
FIRST_SECONDS = 2.0
"""How long the tests of the first attempt may take, as recorded; `Plan.seconds` is for both."""
GOAL = 0.95


class Plan(NamedTuple):
    """Which mutants to try. only: a part of the path.

    record: a file of lines that tests execute. log: a file of outcomes. Both are read first and
    continued. tests: a pattern of the files of tests to record now, before those recorded run.
    retry: try survivors again, for new tests may notice them. seconds: how long the tests of one
    mutant may take, as recorded. first: the number of the mutant to begin with, from 1.
    """

    count: int
    seed: int
    only: str | None
    record: Path
    log: Path | None
    tests: str
    retry: bool
    seconds: float
    first: int = 1


def run_mutants(plan: Plan) -> int:
    """Try mutants and print each; exit code 3 if fewer than 95 % are noticed.

    Mutants that have no effect, or survive and look like it, are listed but not counted. Exit code
    2 if a test fails without any change, for then its failures say nothing.
    """
    known = read_outcomes(plan.log) | dict.fromkeys(read_equivalent(), "equivalent")
    if plan.retry:
        known = {name: outcome for name, outcome in known.items() if outcome != "SURVIVED"}
    mutants = list(draw_mutants(plan.count, plan.seed, plan.only))[plan.first - 1 :]
    outcomes: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    import_heavy_libraries()
    with tempfile.TemporaryDirectory(prefix="refgraph-mutants-") as temporary:
        checkout = Path(temporary) / "checkout"
        ignored = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache", "*.egg-info")
        shutil.copytree(ROOT, checkout, ignore=ignored)
        record_tests(checkout, plan.record, plan.tests)
        trials = Trials(checkout, LineRecord(plan.record, checkout), plan.seconds)
        try:
            trials.check_control([mutant for mutant in mutants if mutant.id not in known])
            for mutant in mutants:
                kinds[mutant.kind] += 1
                outcome = known.get(mutant.id)
                if outcome is None:
                    outcome, reason = trials.judge(mutant)
                    write_outcome(plan.log, mutant, outcome, reason)
                    print(f"{outcome:10}", mutant.describe()[:300], f"({reason})", flush=True)
                outcomes[outcome] += 1
        except UnchangedFailureError as error:
            print(error, file=sys.stderr)
            return 2
    return report(outcomes, kinds, plan.seed)


def report(outcomes: Counter[str], kinds: Counter[str], seed: int) -> int:
    """Print the counts; returns the exit code."""
    decided = outcomes["noticed"] + outcomes["SURVIVED"]
    share = outcomes["noticed"] / max(decided, 1)
    print(", ".join(f"{kind}: {number}" for kind, number in sorted(kinds.items())))
    print(
        f"{outcomes['noticed']} of {decided} noticed ({share:.1%}), {outcomes['equivalent']} have "
        f"no effect, {outcomes['equivalent?']} survivors look equivalent, seed {seed}"
    )
    return 0 if share >= GOAL else 3


def read_equivalent() -> dict[str, str]:
    """Mutant -> why it has no effect that a test could notice."""
    with EQUIVALENT.open("rb") as stream:
        return {entry["mutant"]: entry["reason"] for entry in tomllib.load(stream)["equivalent"]}


def read_outcomes(log: Path | None) -> dict[str, str]:
    """Mutant -> ``noticed``, ``SURVIVED`` or ``equivalent?``, as an earlier run found it."""
    if log is None or not log.exists():
        return {}
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return {line["mutant"]: line["outcome"] for line in lines}


def write_outcome(log: Path | None, mutant: Mutant, outcome: str, reason: str) -> None:
    """Add one line to the file of outcomes."""
    if log is not None:
        line = {"mutant": mutant.id, "line": mutant.line, "outcome": outcome, "reason": reason}
        with log.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")


class Trials:
    """Mutants are put into a checkout and tested. seconds: of tests for each, as recorded."""

    def __init__(self, checkout: Path, lines: LineRecord, seconds: float) -> None:
        self.checkout, self.lines, self.seconds = checkout, lines, seconds
        self.control = Control(checkout, lines.seconds)

    def check_control(self, mutants: list[Mutant]) -> None:
        """Run the tests of all first attempts without any change.

        Raises UnchangedFailureError if one fails.
        """
        tests: dict[str, None] = {}
        for mutant in mutants:
            hits, _ = self.lines.find_tests(mutant)
            tests.update(dict.fromkeys(next(group_tests(hits, [], self.lines, 0))))
        self.control.check(list(tests))

    def judge(self, mutant: Mutant) -> tuple[str, str]:
        """``noticed``, ``SURVIVED`` or ``equivalent?``; and by which test, or after how many.

        Raises UnchangedFailureError if the test that fails also fails without the mutant.
        """
        hits, others = self.lines.find_tests(mutant)
        survived = "equivalent?" if mutant.may_be_equivalent else "SURVIVED"
        if not hits:
            return survived, "not executed"
        tried = 0
        for tests in group_tests(hits, others, self.lines, self.seconds):
            tried += len(tests)
            with change_file(self.checkout / mutant.path, mutant.source):
                failed = find_failure(tests, self.checkout, self.lines.add_up(tests))
            if failed:
                self.control.check([failed] if failed in self.lines.seconds else tests)
                return "noticed", failed
        return survived, f"{tried} of {len(hits) + len(others)} tests"


def group_tests(
    hits: list[str], others: list[str], lines: LineRecord, most: float
) -> Iterator[list[str]]:
    """The tests for two attempts, ``most`` seconds in all.

    First those that execute few other files, which look closely; then those that see much at once.
    """
    first, seconds = [], 0.0
    for test in hits:
        if first and seconds + lines.seconds[test] > FIRST_SECONDS:
            break
        first.append(test)
        seconds += lines.seconds[test]
    yield first
    second = []
    rest = sorted(hits[len(first) :], key=lambda test: lines.seconds[test] / lines.files_of[test])
    for test in [*rest, *others]:
        seconds += lines.seconds[test]
        if seconds > most:
            break
        second.append(test)
    if second:
        yield second

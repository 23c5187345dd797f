"""The control: tests must pass on the unchanged package, or their failures say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from soak_tools.trials import find_failure


class UnchangedFailureError(Exception):
    """A test fails, or none can run, although nothing has been changed."""


class Control:
    """Runs tests on the unchanged package, each once. seconds: of each test, as recorded."""

    def __init__(self, checkout: Path, seconds: Mapping[str, float]) -> None:
        self.checkout, self.seconds = checkout, seconds
        self.passed: set[str] = set()

    def check(self, tests: list[str]) -> None:
        """Run those that have not run yet.

        Raises UnchangedFailureError if one fails.
        """
        left = [test for test in tests if test not in self.passed]
        if not left:
            return
        failed = find_failure(left, self.checkout, sum(self.seconds[test] for test in left))
        if failed:
            raise UnchangedFailureError(
                f"Control: without any change, the tests fail ({failed}). Mend this first: the "
                "outcomes of mutants would say nothing. Outcomes so far are kept in the log."
            )
        self.passed.update(left)

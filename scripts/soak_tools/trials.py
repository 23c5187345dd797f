"""One trial: tests run on a changed package, until one of them fails."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings

from soak_tools.children import EXIT_TIME, PYTEST, run_in_child


@contextmanager
def change_file(target: Path, source: str) -> Iterator[None]:
    """Put another text in a file; Python compiles it again, as its time is one of its own."""
    original, info = target.read_text(encoding="utf-8"), target.stat()
    target.write_text(source, encoding="utf-8")
    moment = next(_moments)
    os.utime(target, (moment, moment))
    try:
        yield
    finally:
        target.write_text(original, encoding="utf-8")
        os.utime(target, ns=(info.st_atime_ns, info.st_mtime_ns))


_moments = itertools.count(1)


def find_failure(tests: list[str], checkout: Path, seconds: float) -> str:
    """The first of the tests that fails, or why they ended otherwise; empty if all pass."""
    failure = checkout / ".failure"
    failure.unlink(missing_ok=True)
    code = run_in_child(_run_tests, checkout, 30 + 4 * seconds, tests, failure)
    if failure.exists():
        return failure.read_text(encoding="utf-8")
    if code == EXIT_TIME:
        return "time is over"
    return "" if code in (0, 5) else f"no test could run, exit code {code}"


def _run_tests(tests: list[str], failure: Path) -> int:
    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
    return int(pytest.main([*PYTEST, "-x", *files], plugins=[Choice(tests, failure)]))


class Choice:
    """A plugin of pytest that runs certain tests in a certain order, and tells which failed."""

    def __init__(self, tests: list[str], failure: Path) -> None:
        self.places = {test: place for place, test in enumerate(tests)}
        self.failure = failure

    def pytest_collection(self) -> None:
        """Before tests are imported: a failure is enough, a small example of it is not needed."""
        settings.register_profile("fast", phases=(Phase.explicit, Phase.generate))
        settings.load_profile("fast")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Leave out all other tests. Those of a file stay together and share its fixtures."""
        items[:] = [item for item in items if item.nodeid in self.places]
        items.sort(key=lambda item: self.places[item.nodeid])
        files = list(dict.fromkeys(item.path for item in items))
        items.sort(key=lambda item: files.index(item.path))

    def pytest_runtest_logreport(self, report: Any) -> None:
        """A part of a test is over."""
        if report.outcome == "failed":
            self.failure.write_text(report.nodeid, encoding="utf-8")

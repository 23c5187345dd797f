"""Makes tests/support importable, and its fixtures of a Neo4j server available to every test."""

import gc
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

from support.neo4j_server import find_unmarked, neo4j_empty, neo4j_server  # noqa: E402, F401
from support.random_cases import cases  # noqa: E402

# No test asserts a time: machines are shared. A test that names no number of cases tries a tenth.
settings.register_profile("calm", deadline=None, max_examples=cases(100))
settings.load_profile("calm")


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark that decides on nothing but the order."""
    config.addinivalue_line("markers", "long: takes so long that it must not be the last to start")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stop if a test requests a server without the mark, before tests are selected by marks.

    The longest tests come first, so that none runs alone in the end. Tests with a server follow:
    then one of the workers, which each take a run of neighbors, has them all and starts the only
    server. Those that restart it are the last of them, since a server is slow after its start.
    """
    unmarked = find_unmarked(items)
    if unmarked:
        raise pytest.UsageError(
            f"these use a Neo4j server and lack pytest.mark.neo4j: {', '.join(unmarked)}"
        )
    items.sort(key=find_turn)


def find_turn(item: pytest.Item) -> int:
    """The group of tests to which a test belongs, in the order in which they run."""
    if item.get_closest_marker("long"):
        return 0
    mark = item.get_closest_marker("neo4j")
    if mark is None:
        return 3
    return 2 if mark.kwargs.get("restarts") else 1


def pytest_collection_finish() -> None:
    """Keep the garbage collector from walking through all modules and tests again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Report tests of a server or a browser that were skipped, and what to install."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if not reporter:
        return
    skipped = [r for r in reporter.stats.get("skipped", []) if isinstance(r.longrepr, tuple)]
    for mark in ("neo4j", "browser"):
        reasons = Counter(report.longrepr[2] for report in skipped if mark in report.keywords)
        for reason, count in reasons.items():
            reporter.write_line(f"{count} {mark} tests skipped: {reason.removeprefix('Skipped: ')}")

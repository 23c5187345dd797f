"""Put the helpers of the tests (toys, oracles, facts of the sample data) on the path; the server that several use."""

import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))
settings.register_profile("calm", deadline=None)  # no test asserts a time; machines are shared
settings.load_profile("calm")

from neo4j_server import neo4j_empty, neo4j_server, unmarked  # noqa: E402, F401


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever uses a server says so, before anything is chosen by marks."""
    wrong = unmarked(items)
    if wrong:
        raise pytest.UsageError(f"these use a Neo4j server and lack pytest.mark.neo4j: {', '.join(wrong)}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last line of all tells which tests of a server or a browser were left out, and what to install."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = [r for r in reporter.stats.get("skipped", []) if isinstance(r.longrepr, tuple)] if reporter else []
    for mark in ("neo4j", "browser"):
        for reason, count in Counter(r.longrepr[2] for r in skipped if mark in r.keywords).items():
            reporter.write_line(f"{count} {mark} tests skipped: {reason.removeprefix('Skipped: ')}")

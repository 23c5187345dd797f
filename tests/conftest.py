"""Put the helpers of the tests (toys, oracles, facts of the sample data) on the path; the server that several use."""

import sys
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

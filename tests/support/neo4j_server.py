"""A real Neo4j server for tests: one per worker, in its own folder, as scripts/neo4j starts it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "scripts"))

from neo4j_tools import MissingDependency, ToolError, class_archive, jars  # noqa: E402
from neo4j_tools.server import Server, start_server  # noqa: E402

HEAP = "512m"
FAST_JAVA = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1"}
"""Variables for a Java that a script starts: it compiles fast, since no test runs for long."""
SERVER_FIXTURES = ("neo4j_", "bench_server")
"""Beginnings of the names of fixtures that use a server."""


def require_server(plugins: bool = False) -> None:
    """Skip the test with the name of what is missing; in CI it fails."""
    try:
        jars.fetch_jars(plugins)
    except MissingDependency as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


def start_test_server(home: Path, **options: object) -> Server:
    """A small server that starts fast and ends with the worker; stop it by `stop_test_server`."""
    plugins = bool(options.get("plugins", False))
    require_server(plugins)
    if not plugins:
        class_archive.ensure_archive()
    defaults: dict[str, object] = {"heap": HEAP, "fast": True, "tied": True}
    return start_server(home, **{**defaults, **options})  # type: ignore[arg-type]


def stop_test_server(server: Server) -> None:
    """Stop it; kill it if it does not stop."""
    try:
        server.stop()
    except ToolError:
        server.kill()


def wipe(server: Server, schema: bool = False) -> None:
    """Delete all nodes. schema: also constraints and indexes, as in a fresh database."""
    delete_all = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
    find_indexes = "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'"
    with server.driver() as driver, driver.session(database="neo4j") as session:
        session.run(delete_all).consume()
        if schema:
            for row in session.run("SHOW CONSTRAINTS YIELD name").data():
                session.run(f"DROP CONSTRAINT `{row['name']}`").consume()
            for row in session.run(find_indexes).data():
                session.run(f"DROP INDEX `{row['name']}`").consume()


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of this worker, started on first use; it holds what the last test left."""
    server = start_test_server(tmp_path_factory.mktemp("neo4j"))
    yield server
    stop_test_server(server)


@pytest.fixture
def neo4j_empty(neo4j_server: Server, request: pytest.FixtureRequest) -> Server:
    """The same server, running and without nodes; constraints stay."""
    assert request.node.get_closest_marker("neo4j"), "a test with a server needs pytest.mark.neo4j"
    if not neo4j_server.is_running():
        neo4j_server.restart()
    wipe(neo4j_server)
    return neo4j_server


def find_unmarked(items: list[pytest.Item]) -> list[str]:
    """Ids of tests that use a server without the mark ``neo4j``, which quick runs leave out."""
    unmarked = []
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        uses_server = any(name.startswith(SERVER_FIXTURES) for name in fixtures)
        if uses_server and not item.get_closest_marker("neo4j"):
            unmarked.append(item.nodeid)
    return unmarked

"""A real Neo4j server for tests: one a worker, in a folder of its own, by the same code as scripts/neo4j."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

from neo4j_tools import Fault, Missing, jars  # noqa: E402
from neo4j_tools.server import Server, start  # noqa: E402

HEAP = "512m"


def needed(plugins: bool = False) -> None:
    """Skips the test by the name of what is missing; in CI it fails."""
    try:
        jars.fetch(plugins)
    except Missing as fault:
        if os.environ.get("CI"):
            pytest.fail(str(fault))
        pytest.skip(str(fault))


def started(home: Path, **how: object) -> Server:
    """A server for tests in a folder: ready soon, small, gone with the worker; the caller stops it by `ended`."""
    needed(bool(how.get("plugins", False)))
    return start(home, **{"heap": HEAP, "fast": True, "tied": True} | how)  # type: ignore[arg-type]


def ended(server: Server) -> None:
    """Stop it, however it is."""
    try:
        server.stop()
    except Fault:
        server.kill()


def wipe(server: Server, schema: bool = False) -> None:
    """Take out all nodes; with schema constraints and indexes too, as in a database nobody has used."""
    with server.driver() as driver, driver.session(database="neo4j") as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()
        if schema:
            for row in session.run("SHOW CONSTRAINTS YIELD name").data():
                session.run(f"DROP CONSTRAINT `{row['name']}`").consume()
            for row in session.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'").data():
                session.run(f"DROP INDEX `{row['name']}`").consume()


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of this worker, started on first use, with a generated password; its data is whatever was left."""
    server = started(tmp_path_factory.mktemp("neo4j"))
    yield server
    ended(server)


@pytest.fixture
def neo4j_empty(neo4j_server: Server, request: pytest.FixtureRequest) -> Server:
    """The same, running and without a node; constraints stay."""
    assert request.node.get_closest_marker("neo4j"), "a test with a server needs pytest.mark.neo4j"
    if not neo4j_server.running():
        neo4j_server.restart()
    wipe(neo4j_server)
    return neo4j_server


def unmarked(items: list[pytest.Item]) -> list[str]:
    """Tests that use a server without the mark by which `scripts/test --quick` leaves them out."""
    return [i.nodeid for i in items if any(f.startswith(("neo4j_", "bench_server")) for f in getattr(i, "fixturenames", ()))
            and not i.get_closest_marker("neo4j")]  # fmt: skip

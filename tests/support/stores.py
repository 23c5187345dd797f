"""Neo4j databases for tests: engines, connections and a bare driver on the server of a fixture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.credentials import Credentials
from refgraph.engines.neo4j.read_options import ReadOptions
from refgraph.engines.neo4j.store import Neo4jStore
from refgraph.model.dataset import Dataset

TABLES = (
    "customers",
    "referrals",
    "orders",
    "affiliations",
    "contacts",
    "events",
    "ledger",
    "findings",
    "rejects",
)
OTHER_FIELDS = ("recorded", "units", "settings", "mapping", "warnings", "ignored")


STATEMENTS = Path(__file__).parent.parent.parent / "cypher"


def list_statement_names() -> list[str]:
    """Names of all Cypher statements, as `load_statement` takes them."""
    files = STATEMENTS.rglob("*.cypher")
    return sorted(file.relative_to(STATEMENTS).with_suffix("").as_posix() for file in files)


def make_credentials(server: Any, uri: str | None = None) -> Credentials:
    """Credentials for the server of a fixture. uri: another address of it, such as a proxy."""
    return Credentials(uri or server.uri, user=server.user, password=server.password)


def open_store(server: Any, uri: str | None = None, **options: Any) -> Neo4jStore:
    """A new engine on the server of a fixture. options: those of `ReadOptions`."""
    return Neo4jStore(make_credentials(server, uri), ReadOptions(**options))


def connect(server: Any) -> Database:
    """A connection as engines use it."""
    return Database(make_credentials(server))


@contextmanager
def open_driver(server: Any) -> Iterator[Any]:
    """The driver of Neo4j, for what refgraph does not do."""
    import neo4j

    auth = (server.user, server.password)
    with neo4j.GraphDatabase.driver(
        server.uri, auth=auth, notifications_min_severity="OFF"
    ) as driver:
        yield driver


def run_cypher(server: Any, text: str, **parameters: object) -> list[list[Any]]:
    """Rows of a statement, sent without refgraph."""
    with open_driver(server) as driver, driver.session(database="neo4j") as session:
        return [list(record.values()) for record in session.run(text, parameters)]


def describe_dataset(data: Dataset) -> dict[str, Any]:
    """Everything in a Dataset in plain values, rows sorted, to compare two Datasets."""
    content: dict[str, Any] = {}
    for name in TABLES:
        frame = getattr(data, name)
        if frame is None:
            continue
        if "members" in frame.columns:
            frame = frame.with_columns(frame["members"].list.join("\x1f"))
        content[name] = (frame.schema, frame.sort(frame.columns, nulls_last=True).rows())
    for name in OTHER_FIELDS:
        content[name] = getattr(data, name)
    return content

"""Databases for tests: a store on the server of the fixtures, a bare driver beside it, and Datasets held against each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from refgraph.engines.neo4j.access import Access
from refgraph.engines.neo4j.database import Database
from refgraph.engines.neo4j.store import Neo4jStore
from refgraph.model.dataset import Dataset

TABLES = ("customers", "referrals", "orders", "affiliations", "ledger", "findings", "rejects")


def access(server: Any, uri: str | None = None) -> Access:
    """The Access for the server of a fixture; uri: another way to it."""
    return Access(uri or server.uri, server.user, server.password)


def store(server: Any, uri: str | None = None, **more: Any) -> Neo4jStore:
    """An engine on the server of a fixture."""
    return Neo4jStore(access(server, uri), **more)


def database(server: Any) -> Database:
    """The connection under an engine."""
    return Database(access(server))


@contextmanager
def driver(server: Any) -> Iterator[Any]:
    """The driver itself, for what refgraph does not do."""
    import neo4j

    with neo4j.GraphDatabase.driver(server.uri, auth=(server.user, server.password), notifications_min_severity="OFF") as one:
        yield one


def run(server: Any, text: str, **parameters: object) -> list[list[Any]]:
    """Rows of a statement of the test's own."""
    with driver(server) as one, one.session(database="neo4j") as session:
        return [list(record.values()) for record in session.run(text, parameters)]


def content(data: Dataset) -> dict[str, Any]:
    """All that a Dataset says, rows in an order of their own, so that two can be held against each other."""
    tables = {}
    for name in TABLES:
        frame = getattr(data, name)
        if frame is not None:
            frame = frame.with_columns(frame["members"].list.join("\x1f")) if "members" in frame.columns else frame
            tables[name] = (frame.schema, frame.sort(frame.columns, nulls_last=True).rows())
    rest = {name: getattr(data, name) for name in ("recorded", "units", "settings", "mapping", "warnings", "ignored")}
    return {**tables, **rest}

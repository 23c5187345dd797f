"""Opens Neo4j databases: the functions of `refgraph.engines.base.EngineFactory`."""

from __future__ import annotations

from collections.abc import Iterator

from refgraph.engines.base import HealthFinding
from refgraph.engines.neo4j import health
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.credentials import resolve_credentials
from refgraph.engines.neo4j.engine import Neo4jEngine
from refgraph.engines.neo4j.external_graph import find_external_graph
from refgraph.engines.neo4j.external_health import check_external_graph
from refgraph.engines.neo4j.read_options import ReadOptions
from refgraph.engines.neo4j.store import Neo4jStore
from refgraph.engines.options import Connection, OpenRequest
from refgraph.errors import UsageError


def open_engine(uri: str, request: OpenRequest) -> Neo4jEngine:
    """The engine for what refgraph has loaded, or for the external graph that is named.

    Raises UsageError ``column-of-database`` for columns of data that is mapped already,
    ``label-missing``, and as `resolve_credentials`; FileError.
    """
    connection = request.connection
    external_graph = find_external_graph(request.settings, connection)
    if external_graph is None and request.has_columns:
        raise UsageError("column-of-database", uri=uri)
    uses_request = external_graph is not None or request.has_config
    options = ReadOptions(
        settings=request.settings if uses_request else None,
        external_graph=external_graph,
        snapshot=connection.snapshot,
        compute_all=connection.compute_all,
        intake=request.intake,
    )
    return Neo4jEngine(resolve_credentials(uri, connection), options)


def open_store(uri: str, connection: Connection) -> Neo4jStore:
    """The store at an address. Raises UsageError, FileError as `resolve_credentials`."""
    return Neo4jStore(resolve_credentials(uri, connection))


def check_health(uri: str, request: OpenRequest) -> Iterator[HealthFinding]:
    """Facts about the database, and about the external graph that is named.

    Raises UsageError, FileError, DatabaseError.
    """
    graph = find_external_graph(request.settings, request.connection)
    with Database(resolve_credentials(uri, request.connection)) as database:
        yield from health.check_health(database)
        if graph is not None:
            yield from check_external_graph(database, graph, request.settings)

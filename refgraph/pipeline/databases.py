"""Addresses: open a database as an engine, or as a store to load into; its scheme says which."""

from __future__ import annotations

from collections.abc import Iterator

from refgraph import config
from refgraph.engines import find_factory, is_address
from refgraph.engines.base import Engine, HealthFinding, Store
from refgraph.engines.options import Connection, OpenRequest
from refgraph.errors import UsageError
from refgraph.model.dataset import Dataset
from refgraph.model.fields import SIDE_TABLES
from refgraph.model.message import Label, Message, message
from refgraph.pipeline.database_files import find_file_tables
from refgraph.pipeline.options import SourceOptions

__all__ = ["check_database", "describe_left_out", "is_address", "open_database", "open_store"]


def open_database(uri: str, options: SourceOptions) -> Engine:
    """The engine for a database: what refgraph has loaded, or the graph named by the options.

    Settings are those stored with the data unless ``options.config`` names a file; an external
    graph has those of the working folder. Files of single tables are left to `add_files`. Raises
    UsageError ``bad-uri``, ``files-beside-database``, ``matches-beside-database``; as the engine;
    FileError.
    """
    factory = find_factory(uri)
    if options.matches:
        raise UsageError("matches-beside-database", uri=uri)
    tables = find_file_tables(uri, options)
    settings = config.load_settings(config.find_config(None, options.config))
    columns = {
        name: header
        for name, header in options.columns.items()
        if name.partition(".")[0] not in tables
    }
    request = OpenRequest(
        connection=options.connection,
        settings=config.with_columns(settings, columns),
        has_config=bool(options.config),
        has_columns=bool(columns),
        intake=options.intake,
    )
    return factory.open_engine(uri, request)


def open_store(uri: str, connection: Connection) -> Store:
    """The store at an address, to be filled. Raises UsageError, FileError."""
    return find_factory(uri).open_store(uri, connection)


def describe_left_out(data: Dataset) -> Iterator[Message]:
    """One sentence for each table of a Dataset that no database holds."""
    for table in SIDE_TABLES:
        rows = getattr(data, table)
        if rows is not None:
            yield message("load.left-out", table=Label(table), rows=rows.height)


def check_database(
    uri: str, connection: Connection, config_file: str | None = None
) -> Iterator[HealthFinding]:
    """Facts about a database, and about the graph that options or settings name.

    Raises UsageError, DataError, FileError, DatabaseError.
    """
    settings = config.load_settings(config.find_config(None, config_file))
    request = OpenRequest(connection=connection, settings=settings)
    return find_factory(uri).check_health(uri, request)

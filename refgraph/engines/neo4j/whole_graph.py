"""Database -> Dataset of everything, at one version of the database, or from a snapshot of it."""

from __future__ import annotations

import logging

from refgraph.engines.neo4j import reading, snapshots
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.edited_graph import read_edited_graph
from refgraph.engines.neo4j.external_tables import read_external_graph
from refgraph.engines.neo4j.freshness import is_unchanged_since_load, read_consistently
from refgraph.engines.neo4j.load_record import LoadRecord, read_load_record
from refgraph.engines.neo4j.read_options import ReadOptions
from refgraph.errors import DataError
from refgraph.intake.sensitive import redact_dataset
from refgraph.model.dataset import Dataset
from refgraph.model.settings import Settings

LOGGER = logging.getLogger("refgraph.engines.neo4j")


def read_whole_graph(database: Database, options: ReadOptions) -> tuple[Dataset, str]:
    """The Dataset, and the version of the database that it was read at.

    Raises DataError ``nothing-loaded``, ``load-incomplete``; for an external or an edited graph
    what intake raises; FileError for a snapshot; DatabaseError.
    """
    if not options.snapshot:
        return _read_database(database, options)
    name = _make_snapshot_name(database, options)
    version = database.version()
    data = snapshots.read_snapshot(name, version, options.settings)
    if data is not None:
        LOGGER.debug("snapshot %s is used", name)
        return data, version
    data, version = _read_database(database, options)
    credentials = database.credentials
    snapshots.write_snapshot(name, version, f"{credentials.uri} {credentials.database}", data)
    return data, version


def read_once(database: Database, options: ReadOptions, version: str = "") -> Dataset:
    """The Dataset, read while somebody else may be writing. version: of the database."""
    if options.external_graph is not None:
        settings = options.settings or Settings()
        return read_external_graph(database, options.external_graph, settings, options.intake)
    record = require_load(database)
    return drop_sensitive(_read_load(database, record, version, options.settings), options)


def _read_load(
    database: Database, record: LoadRecord, version: str, settings: Settings | None
) -> Dataset:
    """What was loaded; if somebody has edited it since, what stands there."""
    if is_unchanged_since_load(record, version):
        return reading.read_dataset(database, record, settings)
    data = reading.read_unedited(database, record, settings)
    return data or read_edited_graph(database, record, settings)


def require_load(database: Database) -> LoadRecord:
    """The record of a complete load. Raises DataError ``nothing-loaded``, ``load-incomplete``."""
    record = read_load_record(database)
    if record is None:
        raise DataError("nothing-loaded", uri=database.credentials.uri)
    return reading.require_complete(database, record)


def drop_sensitive(data: Dataset, options: ReadOptions) -> Dataset:
    """The Dataset without its sensitive columns, unless they are asked for."""
    return data if options.intake.sensitive else redact_dataset(data)


def _read_database(database: Database, options: ReadOptions) -> tuple[Dataset, str]:
    return read_consistently(database, lambda version: read_once(database, options, version))


def _make_snapshot_name(database: Database, options: ReadOptions) -> str:
    """One name for each way of reading a database.

    The settings of a load are applied to the snapshot when it is read; those of an external graph
    decide which columns are read.
    """
    credentials = database.credentials
    settings = options.settings if options.external_graph else ""
    return snapshots.make_snapshot_name(
        credentials.uri, credentials.database, options.external_graph, settings, options.intake
    )

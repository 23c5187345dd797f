"""SOURCE that is an address -> engine; Dataset -> database."""

from __future__ import annotations

from refgraph import config
from refgraph.engines.neo4j.access import Access, asking, is_address, reached
from refgraph.engines.neo4j.engine import Neo4j
from refgraph.engines.neo4j.foreign import Foreign
from refgraph.engines.neo4j.store import Neo4jStore
from refgraph.errors import UsageError
from refgraph.flow.reading import Connection, Reading
from refgraph.model.settings import Settings

__all__ = ["access", "is_address", "open_database", "store"]


def access(uri: str, how: Connection) -> Access:
    """The Access for an address. Raises UsageError, FileError as `reached`."""
    found = reached(uri, env_file=how.env_file, database=how.database, insecure=how.insecure)
    return asking(found, how.ask)


def store(uri: str, how: Connection) -> Neo4jStore:
    """The store at an address, to be filled. Raises UsageError, FileError."""
    return Neo4jStore(access(uri, how))


def open_database(uri: str, reading: Reading) -> Neo4j:
    """The engine that answers for a database: what refgraph loaded, or the graph that label and relationship name.

    Settings are those that were loaded with the data, unless ``reading.config`` names a file; for a graph of somebody else
    those of the working folder. Raises UsageError ``files-beside-database``, and as `access`.
    """
    if any((reading.customers, reading.referrals, reading.orders, reading.affiliations, reading.patches)):
        raise UsageError("files-beside-database", uri=uri)
    how = reading.connection
    here = config.with_columns(config.load(config.locate(None, reading.config)), reading.columns)
    what = foreign(here, how)
    if what is not None:
        return Neo4j(access(uri, how), here, how.snapshot, what, reading.intake)
    if reading.columns:
        raise UsageError("column-of-database", uri=uri)
    return Neo4j(access(uri, how), here if reading.config else None, how.snapshot, None, reading.intake, how.whole)


def foreign(settings: Settings, how: Connection) -> Foreign | None:
    """The graph that options, else table ``[neo4j]`` of the settings, name; None where no label is named."""
    table = settings.other.get("neo4j", {})
    assert isinstance(table, dict)
    found = Foreign(how.label or table.get("label", ""), how.relationship or table.get("relationship", ""),
                    bool(table.get("reversed", False)) if how.reversed is None else how.reversed)
    if found.label:
        return found
    if how.relationship or how.reversed:
        raise UsageError("label-missing")
    return None

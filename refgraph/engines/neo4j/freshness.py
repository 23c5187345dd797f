"""Whether anything was committed since a load, and reading at one version of the database.

The record of a load holds the id of its own last transaction, taken from a bookmark of the server.
If the bookmark format is unknown, or anyone has committed since, the load is treated as stale: all
data is read, and nothing that was stored about the whole graph is used.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TypeVar

from refgraph.engines.neo4j.bookmark import parse_transaction_id
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.load_record import LoadRecord
from refgraph.engines.queries import load_statement
from refgraph.errors import DatabaseError

MAX_READS = 3
"""How often a database that changes while it is read is read again."""
LOGGER = logging.getLogger("refgraph.engines.neo4j")
T = TypeVar("T")


def read_consistently(database: Database, read: Callable[[str], T]) -> tuple[T, str]:
    """What ``read`` returns, and the version of the database that it was read at.

    read: called with that version; called again if somebody has committed meanwhile. Raises
    DatabaseError ``db-moving`` after `MAX_READS`.
    """
    for attempt in range(MAX_READS):
        version = database.version()
        result = read(version)
        if database.version() == version:
            return result, version
        LOGGER.debug("the database changed during read %d", attempt + 1)
    raise DatabaseError("db-moving", uri=database.credentials.uri, times=MAX_READS)


def is_unchanged_since_load(record: LoadRecord, version: str) -> bool:
    """Whether what the load stored about the whole graph holds at a version of the database."""
    if record.whole_graph_summary is None or record.last_transaction_id is None:
        return False
    return record.last_transaction_id == parse_transaction_id(version)


def record_last_transaction(
    database: Database,
    identity: str,
    last: int | None,
    derived_properties: Mapping[str, object] | None = None,
) -> bool:
    """Write the id of the transaction that writes it; False if somebody else has committed.

    last: id of the last transaction known to belong to the load, None = unknown.
    derived_properties: what only the whole graph determines, if it has to be written again.
    """
    if last is None:
        return False
    number = last + 1
    steps = []
    if derived_properties is not None:
        text = load_statement("write/derived_properties").to_cypher()
        steps.append((text, {"identity": identity, **derived_properties}))
    mark = load_statement("write/last_transaction").to_cypher()
    database.write(*steps, (mark, {"identity": identity, "number": number}))
    if parse_transaction_id(database.version()) == number:
        return True
    LOGGER.debug("transaction %d is not the last: the load counts as stale", number)
    database.write((mark, {"identity": identity, "number": None}))
    return False

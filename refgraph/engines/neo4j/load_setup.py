"""What a database needs before a load: constraints, registered names, the ledger node."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from importlib import metadata

from refgraph.engines.neo4j.batches import write_under_lease
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.lease import LOCK_PROPERTIES, Lease
from refgraph.engines.neo4j.load_plan import LoadPlan, to_json
from refgraph.engines.neo4j.load_record import (
    KEY_PROPERTIES,
    RELATIONSHIP_ENDS,
    labels_without_constraint,
)
from refgraph.engines.queries import Cypher, load_statement
from refgraph.errors import CommitLostError, ForbiddenError, ServerError

BLOCK_PROPERTIES = ("hashes", "stamp")
INDEX_SECONDS = 60
"""Seconds to wait for the indexes to come online."""
LOGGER = logging.getLogger("refgraph.engines.neo4j")


def create_constraints(database: Database, labels: Collection[str] = tuple(KEY_PROPERTIES)) -> None:
    """Create the missing constraints of some labels and wait for their indexes.

    Raises DatabaseError ``db-constraint``.
    """
    missing = [label for label in labels_without_constraint(database) if label in labels]
    for statement in make_constraints(missing):
        LOGGER.debug("%s", statement)
        database.run_autocommit(statement)
    if missing:
        wait = load_statement("schema/await_indexes").to_cypher()
        database.run_autocommit(wait, seconds=INDEX_SECONDS)


def make_constraints(labels: Iterable[str]) -> Iterator[Cypher]:
    """The statements that make the key of each label unique."""
    for label in labels:
        key = KEY_PROPERTIES[label]
        names = {"constraint": name_constraint(label), "label": label, "key": key}
        yield load_statement("schema/unique_key").to_cypher(**names)


def name_constraint(label: str) -> str:
    """The name of the constraint on the key of a label."""
    return f"refgraph_{label}_{KEY_PROPERTIES[label]}"


def register_names(database: Database, plan: LoadPlan) -> None:
    """Create all property names and relationship types, so that no later write creates one.

    A new name consumes a transaction id, which would look like a commit by somebody else.
    (Constraints have created the labels.) Optional: continue without it if the server forbids it.
    """
    names = {*load_statement("inspect/load").columns, "answers", "started"}
    names.update(KEY_PROPERTIES.values(), LOCK_PROPERTIES, BLOCK_PROPERTIES)
    for table in plan.tables:
        names.update(plan.select_columns(table))
    properties = load_statement("write/register_properties").to_cypher()
    types = load_statement("write/register_types").to_cypher()
    try:
        database.write(
            (properties, {"names": sorted(names)}), (types, {"types": sorted(RELATIONSHIP_ENDS)})
        )
    except (ForbiddenError, ServerError, CommitLostError) as error:
        LOGGER.debug("names are not registered: %s", error.id)


def begin_load(database: Database, lease: Lease, plan: LoadPlan) -> None:
    """Write the ledger node of a new load."""
    values = {
        "identity": plan.identity,
        "about": to_json(plan.metadata),
        "rows": to_json(plan.rows),
        "source": plan.source,
        "version": metadata.version("refgraph"),
    }
    write_under_lease(database, lease, (load_statement("write/begin_load").to_cypher(), values))

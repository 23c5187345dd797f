"""Delete what refgraph has loaded, and nothing else."""

from __future__ import annotations

from collections import Counter

from refgraph.engines.neo4j import batches
from refgraph.engines.neo4j.batches import write_under_lease
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.lease import Lease
from refgraph.engines.neo4j.load_record import (
    KEY_PROPERTIES,
    RELATIONSHIP_ENDS,
    ROW_PROPERTY,
    LoadRecord,
)
from refgraph.engines.neo4j.runs import read_runs
from refgraph.engines.queries import Cypher, load_statement
from refgraph.errors import DatabaseError
from refgraph.progress import Progress

KEPT_LABELS = ("RefgraphLoad", "RefgraphLock", "RefgraphRun")
"""The record of the load, which marks the removal as unfinished, and the lock that guards it.

Of the runs, those that wrote into nodes of the load are deleted, others not.
"""


def check_removal(database: Database, record: LoadRecord) -> None:
    """Look for what others have attached to the load, before anything of it is deleted.

    Raises DatabaseError ``db-foreign-relationships`` for relationships that refgraph did not load,
    ``db-foreign-properties`` for properties that would be deleted with its nodes.
    """
    attached: Counter[str] = Counter()
    text = load_statement("inspect/attached_relationships")
    known = {"types": sorted(RELATIONSHIP_ENDS), "labels": sorted(KEY_PROPERTIES)}
    for label in KEY_PROPERTIES:
        attached.update(dict(database.read(text.to_cypher(label=label), **known)))
    uri = database.credentials.uri
    if attached:
        count, types = attached.total(), sorted(attached)
        raise DatabaseError("db-foreign-relationships", uri=uri, relationships=count, types=types)
    names = _find_foreign_properties(database, record)
    if names:
        raise DatabaseError("db-foreign-properties", uri=uri, names=names)


def _find_foreign_properties(database: Database, record: LoadRecord) -> list[str]:
    """``Label.property`` of every property that is no column of the load."""
    columns = record.metadata["columns"]
    written = {name for run in read_runs(database) for name in run.names}
    known_by_label = {
        "Customer": columns.get("customers", ()),
        "Order": columns.get("orders", ()),
        "Group": (),
    }
    names = []
    for label, known in known_by_label.items():
        text = load_statement("inspect/node_properties").to_cypher(label=label)
        own = {*known, *written, KEY_PROPERTIES[label], ROW_PROPERTY}
        names += [f"{label}.{key}" for key, _ in database.read(text) if key not in own]
    slots = {"label": "Customer", "type": "REFERRED"}
    text = load_statement("inspect/relationship_properties").to_cypher(**slots)
    own = {*columns.get("referrals", ()), ROW_PROPERTY}
    return names + [f"REFERRED.{key}" for key, _ in database.read(text) if key not in own]


def remove_load(database: Database, lease: Lease, progress: Progress) -> None:
    """Delete all nodes and relationships of the load, in batches.

    Raises DatabaseError ``db-attached`` if other programs have attached relationships to its nodes.
    """
    write_under_lease(database, lease, (load_statement("write/begin_removal").to_cypher(), {}))
    for type, (start, end) in RELATIONSHIP_ENDS.items():
        slots = {"type": type, "from": start, "to": end}
        text = load_statement("write/remove_relationships").to_cypher(**slots)
        _delete_in_batches(database, lease, text, progress)
    for label in KEY_PROPERTIES:
        if label not in KEPT_LABELS:
            text = load_statement("write/remove_nodes").to_cypher(label=label)
            _delete_in_batches(database, lease, text, progress)
            forget = load_statement("write_back/delete_runs_of_label").to_cypher()
            write_under_lease(database, lease, (forget, {"label": label}))


def _delete_in_batches(database: Database, lease: Lease, text: Cypher, progress: Progress) -> None:
    """Run the statement until it removes nothing more."""
    total = 0
    while True:
        step = (text, {"size": batches.BATCH_ROWS})
        removed = write_under_lease(database, lease, step)[0][0][0]
        if not removed:
            return
        total += removed
        progress("load-removed", total)

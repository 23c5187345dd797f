"""Writing into nodes that exist, under the lease, so that a load stays as fresh as it was."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Iterator

from refgraph.engines.neo4j import load_setup, runs, write_back
from refgraph.engines.neo4j.bookmark import parse_transaction_id
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.freshness import is_unchanged_since_load, record_last_transaction
from refgraph.engines.neo4j.lease import LOCK_PROPERTIES, hold_lease
from refgraph.engines.neo4j.load_record import read_load_record
from refgraph.engines.queries import load_statement
from refgraph.engines.write_back import WriteBack, WrittenRun
from refgraph.errors import DatabaseError
from refgraph.progress import Progress

OWN_LABELS = ("RefgraphRun", "RefgraphLock")
"""Labels that a run needs besides those of the nodes."""
RECORD_NAMES = (
    *("id", "identity", "analysis", "parameters", "fingerprint", "label", "key", "marker"),
    *("names", "labels", "rows", "version", "state", "done", "started", "finished"),
)
"""Properties of the record of a run."""
LOGGER = logging.getLogger("refgraph.engines.neo4j")


def write_run(database: Database, plan: WriteBack, progress: Progress) -> WrittenRun:
    """Write an answer into nodes. Raises as `write_back.write_values`; LockedError."""
    write_back.check_plan(database, plan)
    load_setup.create_constraints(database, OWN_LABELS)
    names = [*RECORD_NAMES, *LOCK_PROPERTIES, *plan.names]
    with _keep_freshness(database, names, plan.labels), hold_lease(database) as lease:
        return write_back.write_values(database, lease, plan, progress)


def undo_run(database: Database, id: str, progress: Progress) -> WrittenRun:
    """Remove what a run wrote; returns the run. Raises as `runs.find_run`; LockedError."""
    run = runs.find_run(database, id)
    load_setup.create_constraints(database, OWN_LABELS)
    with (
        _keep_freshness(database, (*RECORD_NAMES, *LOCK_PROPERTIES)),
        hold_lease(database) as lease,
    ):
        nodes = runs.undo_run(database, lease, run, progress)
    return WrittenRun(
        id=run.id,
        analysis=run.analysis,
        nodes=nodes,
        rows=nodes,
        names=run.names,
        labels=run.labels,
    )


@contextlib.contextmanager
def _keep_freshness(
    database: Database, names: Iterable[str], labels: Iterable[str] = ()
) -> Iterator[None]:
    """Mark a load as fresh again after a block, if it was and nobody else has committed.

    names, labels: what the block may write. New names consume transaction ids, so that they are
    registered first.
    """
    record, version = read_load_record(database), database.version()
    is_fresh = record is not None and is_unchanged_since_load(record, version)
    possible = _register_names(database, parse_transaction_id(version), names, labels)
    last = parse_transaction_id(database.version())
    is_fresh = is_fresh and last in possible
    database.start_change_tracking(last)
    yield
    if is_fresh and record is not None and not database.has_foreign_commits:
        with contextlib.suppress(DatabaseError):
            record_last_transaction(database, record.identity, database.last_transaction_id)


def _register_names(
    database: Database, last: int | None, names: Iterable[str], labels: Iterable[str]
) -> tuple[int, ...]:
    """Create the names of properties and labels that are new.

    last: id of the last transaction before; empty = unknown. Returns the ids that the last one may
    have now if nobody else commits: each new name consumes one, and a label without nodes, which
    the server does not list, may have been new or not.
    """
    known_names = _read_names(database, "write_back/known_names")
    known_labels = _read_names(database, "write_back/known_labels")
    new_names = sorted(set(names) - known_names)
    new_labels = sorted(set(labels) - known_labels)
    properties = load_statement("write/register_properties").to_cypher()
    register_labels = load_statement("write_back/register_labels").to_cypher()
    if new_names or new_labels:
        database.write(
            (properties, {"names": new_names}), (register_labels, {"labels": new_labels})
        )
    if last is None:
        return ()
    last += len(new_names)
    return last, last + len(new_labels)


def _read_names(database: Database, statement: str) -> set[str]:
    return {str(row[0]) for row in database.read(load_statement(statement).to_cypher())}

"""Everything that refgraph made in a database is removed: data, written answers, constraints."""

from __future__ import annotations

from refgraph.engines.neo4j import removal, runs
from refgraph.engines.neo4j.batches import write_under_lease
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.lease import hold_lease
from refgraph.engines.neo4j.load_record import (
    KEY_PROPERTIES,
    LoadRecord,
    count_nodes,
    read_load_record,
)
from refgraph.engines.neo4j.load_setup import name_constraint
from refgraph.engines.queries import load_statement
from refgraph.engines.write_back import UnloadPlan
from refgraph.progress import Progress


def plan_unload(database: Database) -> UnloadPlan:
    """What an unload would remove. Raises DatabaseError as `removal.check_removal`."""
    record = read_load_record(database)
    if record is not None:
        removal.check_removal(database, record)
    nodes = count_nodes(database)
    return UnloadPlan(
        source=record.source if record else "",
        nodes=sum(nodes[label] for label in KEY_PROPERTIES),
        runs=[f"{run.id} ({run.analysis})" for run in runs.read_runs(database)],
        constraints=_find_constraints(database),
    )


def unload(database: Database, progress: Progress) -> None:
    """Remove all of it, in batches; an unload that was interrupted is run again.

    Raises DatabaseError as `removal.check_removal`, LockedError ``locked``.
    """
    if name_constraint("RefgraphLock") in _find_constraints(database):
        with hold_lease(database) as lease:
            record = read_load_record(database)
            if record is not None:
                removal.check_removal(database, record)
            for run in runs.read_runs(database):
                if not _is_deleted_with_load(run, record):
                    runs.undo_run(database, lease, run, progress)
            if record is not None:
                removal.remove_load(database, lease, progress)
            remove = load_statement("write/remove_record").to_cypher()
            write_under_lease(database, lease, (remove, {}))
    drop = load_statement("schema/drop_constraint")
    for name in _find_constraints(database):
        database.run_autocommit(drop.to_cypher(constraint=name))


def _is_deleted_with_load(run: runs.RunRecord, record: LoadRecord | None) -> bool:
    """Whether the nodes that a run wrote into are those of the load."""
    return record is not None and run.label in KEY_PROPERTIES


def _find_constraints(database: Database) -> list[str]:
    """Names of the constraints that refgraph has created."""
    own = {name_constraint(label) for label in KEY_PROPERTIES}
    rows = database.read(load_statement("inspect/constraints").to_cypher())
    return sorted(str(row[0]) for row in rows if row[0] in own)

"""Runs of ``write-back``: the record of each in the database, and how one is undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from refgraph.engines.neo4j import batches
from refgraph.engines.neo4j.batches import write_under_lease
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.lease import Lease
from refgraph.engines.queries import load_statement
from refgraph.errors import UsageError
from refgraph.progress import Progress


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """A run that has written into nodes of a label.

    names, labels: what it wrote; the marker, a property that holds the id of the run, is one of the
    names. state: writing, complete or undoing. done: rows written.
    """

    id: str
    identity: str
    analysis: str
    label: str
    marker: str
    names: list[str]
    labels: list[str]
    state: str
    done: int
    started: str


def read_runs(database: Database) -> list[RunRecord]:
    """All runs, the newest first."""
    statement = load_statement("write_back/runs")
    rows = database.read(statement.to_cypher())
    return [RunRecord(**dict(zip(statement.columns, row, strict=True))) for row in rows]


def find_run(database: Database, id: str) -> RunRecord:
    """The run with an id, or whose id begins so. Raises UsageError ``unknown-run``."""
    runs = read_runs(database)
    found = [run for run in runs if run.id == id] or [run for run in runs if run.id.startswith(id)]
    if not id or len(found) != 1:
        known = [f"{run.id} ({run.analysis})" for run in runs]
        raise UsageError("unknown-run", run=id, known=known or ["–"])
    return found[0]


def undo_run(database: Database, lease: Lease, run: RunRecord, progress: Progress) -> int:
    """Remove what a run wrote, then its record; returns from how many nodes."""
    begin = load_statement("write_back/begin_undo").to_cypher()
    write_under_lease(database, lease, (begin, {"id": run.id}))
    cleared = clear_runs(database, lease, [run], run.names, run.labels, progress)
    delete = load_statement("write_back/delete_run").to_cypher()
    write_under_lease(database, lease, (delete, {"id": run.id}))
    return cleared


def clear_runs(
    database: Database,
    lease: Lease,
    runs: Iterable[RunRecord],
    names: Iterable[str],
    labels: Iterable[str],
    progress: Progress,
) -> int:
    """Remove properties and labels from the nodes whose marker names one of the runs, in batches.

    runs: of one marker and one label. Returns the number of nodes.
    """
    all_runs = list(runs)
    slots = {"label": all_runs[0].label, "marker": all_runs[0].marker}
    plain = [name for name in names if name != all_runs[0].marker]
    text = load_statement("write_back/clear_values").to_cypher(
        **slots, plain=plain, mark=list(labels)
    )
    ids, total = [run.id for run in all_runs], 0
    while True:
        step = (text, {"runs": ids, "size": batches.BATCH_ROWS})
        cleared = int(write_under_lease(database, lease, step)[0][0][0])
        if not cleared:
            return total
        total += cleared
        progress("write-back-cleared", total)

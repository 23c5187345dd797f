"""An answer -> properties and labels of nodes, in batches that can be written twice."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

import polars as pl

from refgraph.engines.neo4j import batches
from refgraph.engines.neo4j.batches import write_under_lease
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.lease import Lease
from refgraph.engines.neo4j.runs import RunRecord, clear_runs, read_runs
from refgraph.engines.queries import Cypher, load_statement
from refgraph.engines.write_back import WriteBack, WrittenRun
from refgraph.errors import OutOfMemoryError, UsageError
from refgraph.progress import Progress

OWN_LABELS = ("RefgraphRun", "RefgraphLock")
"""Labels that a run needs besides those of the nodes."""
MAX_UNINDEXED_NODES = 5_000
"""Nodes of a label above which its key needs an index."""
LOGGER = logging.getLogger("refgraph.engines.neo4j")


def check_plan(database: Database, plan: WriteBack) -> None:
    """Raise UsageError ``no-nodes-to-write`` or ``key-without-index`` for nodes that are not there
    or that each row would have to search for.
    """
    count = load_statement("inspect/count_nodes").to_cypher(label=plan.label)
    nodes = int(database.read(count)[0][0])
    if not nodes:
        raise UsageError("no-nodes-to-write", label=plan.label, uri=database.credentials.uri)
    indexes = database.read(load_statement("inspect/indexes").to_cypher())
    is_indexed = (plan.label, plan.key) in {(label, key) for label, key, *_ in indexes}
    if nodes > MAX_UNINDEXED_NODES and not is_indexed:
        raise UsageError("key-without-index", label=plan.label, key=plan.key, nodes=nodes)


def check_names(database: Database, plan: WriteBack, owners: Sequence[RunRecord]) -> None:
    """Raise UsageError ``write-back-taken`` if somebody else uses one of the names.

    owners: earlier runs that this one replaces; what they wrote is theirs.
    """
    known = {row[0] for row in database.read(load_statement("write_back/known_names").to_cypher())}
    taken = _count_taken_properties(database, plan, owners, known)
    for label in plan.labels:
        text = load_statement("write_back/taken_label").to_cypher(mark=label, marker=plan.marker)
        runs = [run.id for run in owners if label in run.labels]
        taken[f":{label}"] = int(database.read(text, runs=runs)[0][0])
    used = {name: nodes for name, nodes in taken.items() if nodes}
    if used:
        raise UsageError("write-back-taken", names=sorted(used), nodes=max(used.values()))


def _count_taken_properties(
    database: Database, plan: WriteBack, owners: Sequence[RunRecord], known: set[str]
) -> dict[str, int]:
    """Property -> nodes that have it from somebody else."""
    taken: dict[str, int] = {}
    by_runs: dict[tuple[str, ...], list[str]] = {}
    for name in plan.names:
        if name in known:
            runs = tuple(run.id for run in owners if name in run.names)
            by_runs.setdefault(runs, []).append(name)
    for runs, names in by_runs.items():
        text = load_statement("write_back/taken_properties").to_cypher(
            label=plan.label, marker=plan.marker, plain=names
        )
        _, *counts = database.read(text, runs=list(runs))[0]
        taken |= dict(zip(names, counts, strict=True))
    return taken


def write_values(
    database: Database, lease: Lease, plan: WriteBack, progress: Progress
) -> WrittenRun:
    """Write all rows; a run with the same identity that was interrupted is continued.

    Earlier runs of the same analysis and prefix on the same nodes are replaced, node by node: at
    any time a node holds the values of one run. Raises UsageError as `check_names`, before anything
    is written.
    """
    nodes = (plan.label, plan.marker)
    siblings = [run for run in read_runs(database) if (run.label, run.marker) == nodes]
    check_names(database, plan, siblings)
    current = next((run for run in siblings if is_resumable(run, plan)), None)
    id, done = (current.id, current.done) if current else (_begin_run(database, lease, plan), 0)
    replaced = [run for run in siblings if run.id != id]
    _write_batches(database, lease, plan, id, done, replaced, progress)
    if replaced:
        names = {name for run in replaced for name in run.names}
        labels = {label for run in replaced for label in run.labels}
        clear_runs(database, lease, replaced, sorted(names), sorted(labels), progress)
    complete = load_statement("write_back/complete_run").to_cypher()
    values = {"id": id, "replaced": [run.id for run in replaced]}
    write_under_lease(database, lease, (complete, values))
    return WrittenRun(
        id=id,
        analysis=plan.analysis,
        nodes=_count_nodes(database, plan, id),
        rows=plan.keys.len(),
        names=plan.names,
        labels=plan.labels,
        replaced=len(replaced),
    )


def _count_nodes(database: Database, plan: WriteBack, id: str) -> int:
    """How many nodes hold the values of a run."""
    slots = {"label": plan.label, "marker": plan.marker}
    text = load_statement("write_back/count_nodes").to_cypher(**slots)
    return int(database.read(text, run=id)[0][0])


def is_resumable(run: RunRecord, plan: WriteBack) -> bool:
    """Whether a run was interrupted while it wrote just this."""
    return run.state == "writing" and run.identity == plan.identity


def _begin_run(database: Database, lease: Lease, plan: WriteBack) -> str:
    """Write the record of a new run; returns its id, which begins with the time."""
    id = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:4]}"
    record = {
        "identity": plan.identity,
        "analysis": plan.analysis,
        "parameters": json.dumps(dict(plan.parameters), ensure_ascii=False, default=str),
        "fingerprint": plan.fingerprint,
        "label": plan.label,
        "key": plan.key,
        "marker": plan.marker,
        "names": plan.names,
        "labels": plan.labels,
        "rows": plan.keys.len(),
        "version": metadata.version("refgraph"),
    }
    begin = load_statement("write_back/begin_run").to_cypher()
    write_under_lease(database, lease, (begin, {"id": id, "record": record}))
    return id


def _write_batches(
    database: Database,
    lease: Lease,
    plan: WriteBack,
    id: str,
    done: int,
    replaced: Sequence[RunRecord],
    progress: Progress,
) -> None:
    """Write the rows from ``done`` on; a batch too large for the server is halved."""
    text = build_values_statement(plan, replaced)
    keys = _convert_keys(database, plan)
    values = _dates_to_text(plan.values)
    mark = load_statement("write_back/written_rows").to_cypher()
    rows, size = plan.keys.len(), batches.BATCH_ROWS
    while done < rows:
        progress("write-back", done, rows)
        count = min(size, rows - done)
        columns = [*values.slice(done, count), *plan.marks.slice(done, count)]
        parameters: dict[str, object] = {
            "rows": count,
            "keys": keys[done : done + count],
            "values": {column.name: column.to_list() for column in columns},
            "run": id,
            "id": id,
            "done": done + count,
        }
        try:
            write_under_lease(database, lease, (text, parameters), (mark, parameters))
        except OutOfMemoryError:
            if size == 1:
                raise
            size //= 2
            continue
        done += count
    progress("write-back", rows, rows)


def build_values_statement(plan: WriteBack, replaced: Sequence[RunRecord]) -> Cypher:
    """The statement that writes a batch; what only replaced runs wrote is removed."""
    dates = [column.name for column in plan.values if column.dtype == pl.Date]
    plain = [name for name in plan.values.columns if name not in dates]
    old_names = {name for run in replaced for name in run.names} - set(plan.names)
    old_labels = {label for run in replaced for label in run.labels} - set(plan.labels)
    return load_statement("write_back/values").to_cypher(
        label=plan.label,
        key=plan.key,
        marker=plan.marker,
        plain=[*plain, *sorted(old_names)],
        date=dates,
        mark=[*plan.labels, *sorted(old_labels)],
    )


def _convert_keys(database: Database, plan: WriteBack) -> list[Any]:
    """The keys as the nodes hold them: as numbers if the first node does."""
    text = load_statement("write_back/sample_key").to_cypher(label=plan.label, key=plan.key)
    rows = database.read(text)
    if rows and isinstance(rows[0][0], int):
        return plan.keys.cast(pl.Int64, strict=False).to_list()
    return plan.keys.to_list()


def _dates_to_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Dates as ISO text, which the statement turns into dates of the database."""
    return frame.with_columns(pl.col(pl.Date).dt.to_string("%Y-%m-%d"))

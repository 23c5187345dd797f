"""Dataset -> database: in batches that can be written twice, each with its ledger entry."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from refgraph.engines import serialization
from refgraph.engines.neo4j import batches, hash_blocks
from refgraph.engines.neo4j.batches import write_under_lease
from refgraph.engines.neo4j.connection import Database, Step
from refgraph.engines.neo4j.hash_blocks import hash_plan
from refgraph.engines.neo4j.interruptible import BackgroundTask
from refgraph.engines.neo4j.lease import Lease
from refgraph.engines.neo4j.load_plan import LoadPlan, to_json
from refgraph.engines.neo4j.load_record import SUMMARY_LABELS
from refgraph.engines.neo4j.slots import find_slot
from refgraph.engines.queries import Cypher, load_statement
from refgraph.errors import OutOfMemoryError, RefgraphError
from refgraph.model.dataset import get_schema
from refgraph.progress import Progress

LOGGER = logging.getLogger("refgraph.engines.neo4j")


@dataclass(frozen=True)
class Batch:
    """Rows of a table to be written. first: number of the first row. values: column -> cells."""

    first: int
    rows: int
    values: Mapping[str, list[Any]]


def write_tables(
    database: Database,
    lease: Lease,
    plan: LoadPlan,
    written_rows: Mapping[str, int],
    progress: Progress,
) -> None:
    """Write all rows that are not there yet, then mark the load as complete.

    written_rows: table -> rows that are there. Raises LockedError ``lease-lost``, DatabaseError;
    batches written before stay, and the ledger counts them.
    """
    written = dict(written_rows)
    # computed while the server writes
    derived = BackgroundTask(lambda: (plan.fingerprint, plan.derived_properties))
    for table in plan.tables:
        write_table(database, lease, plan, table, written, progress)
    hash_blocks.write_blocks(database, lease, plan.identity, hash_plan(plan))
    derived.wait()
    fingerprint, properties = derived.outcome()
    completion = {
        "identity": plan.identity,
        "done": to_json(written),
        "fingerprint": fingerprint,
    }
    write_under_lease(
        database,
        lease,
        (load_statement("write/complete_load").to_cypher(), completion),
        (
            load_statement("write/derived_properties").to_cypher(),
            {"identity": plan.identity, **properties},
        ),
    )


def write_table(
    database: Database,
    lease: Lease,
    plan: LoadPlan,
    table: str,
    written: dict[str, int],
    progress: Progress,
) -> None:
    """Write a table from the row in ``written`` on, which is raised after each batch.

    A batch that is too large for the memory of the server is halved. The next batch is turned into
    lists while the server writes the current one.
    """
    text = build_write_statement(plan, table)
    frame = dates_to_text(plan.tables[table].select(plan.select_columns(table)))
    first, size = written.setdefault(table, 0), batches.BATCH_ROWS
    progress(f"load-{table}", first, frame.height)
    next_batch = BackgroundTask(partial(_slice_batch, frame, first, size))
    while first < frame.height:
        next_batch.wait()
        batch = next_batch.outcome()
        last = first + batch.rows
        next_batch = BackgroundTask(partial(_slice_batch, frame, last, size))
        try:
            _write_batch(
                database, lease, text, batch, _make_ledger_step(plan, {**written, table: last})
            )
        except OutOfMemoryError:
            if size == 1:
                raise
            size //= 2
            LOGGER.debug("%s: the server is out of memory, batches of %d rows", table, size)
            next_batch = BackgroundTask(partial(_slice_batch, frame, first, size))
            continue
        first = written[table] = last
        LOGGER.debug("%s: %d of %d rows written", table, first, frame.height)
        progress(f"load-{table}", first, frame.height)


def _slice_batch(frame: pl.DataFrame, first: int, size: int) -> Batch:
    rows = frame.slice(first, size)
    return Batch(first, rows.height, {column.name: column.to_list() for column in rows})


def _write_batch(
    database: Database, lease: Lease, text: Cypher, batch: Batch, ledger_step: Step
) -> None:
    """Raises RefgraphError ``written-differs`` if the server wrote another number of rows."""
    parameters: dict[str, object] = {"rows": batch.rows, "values": batch.values}
    if "$first" in text:
        parameters["first"] = batch.first
    results = write_under_lease(database, lease, (text, parameters), ledger_step)
    written = results[0][0][0]
    if written != batch.rows:
        raise RefgraphError("written-differs", written=written, expected=batch.rows)


def _make_ledger_step(plan: LoadPlan, written: Mapping[str, int]) -> Step:
    """The step that records how many rows of each table are written."""
    parameters = {"identity": plan.identity, "done": to_json(written)}
    return load_statement("write/written_rows").to_cypher(), parameters


def build_write_statement(plan: LoadPlan, table: str) -> Cypher:
    """The statement that writes a batch of a table."""
    required = serialization.REQUIRED_COLUMNS.get(table, ())
    columns = [c for c in plan.select_columns(table) if c not in required]
    if table in SUMMARY_LABELS:
        names = {"label": SUMMARY_LABELS[table], "plain": columns}
        return load_statement("write/summary").to_cypher(**names)
    schema = get_schema(table)
    dates = [c for c in columns if find_slot(schema.get(c, pl.String)) == "date"]
    plain = [c for c in columns if c not in dates]
    return load_statement(f"write/{table}").to_cypher(plain=plain, date=dates)


def dates_to_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Dates as ISO text, which the statement turns into dates of the database."""
    return frame.with_columns(pl.col(pl.Date).dt.to_string("%Y-%m-%d"))

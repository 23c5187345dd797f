"""The changes of a sync, written in batches that may be written twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import metadata
from typing import Any

import numpy as np
import polars as pl

from refgraph.engines import serialization
from refgraph.engines.neo4j import batches, hash_blocks, loading
from refgraph.engines.neo4j.batches import write_under_lease
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.lease import Lease
from refgraph.engines.neo4j.load_plan import LoadPlan, to_json
from refgraph.engines.neo4j.load_record import (
    NODE_LABELS,
    RELATIONSHIP_TYPES,
    SUMMARY_LABELS,
)
from refgraph.engines.neo4j.row_hashes import PLACE_COLUMNS
from refgraph.engines.neo4j.slots import find_slot
from refgraph.engines.neo4j.stored_rows import NUMBERED_TABLES
from refgraph.engines.neo4j.sync_plan import SyncPlan, assign_numbers
from refgraph.engines.queries import Cypher, load_statement
from refgraph.errors import RefgraphError
from refgraph.model.dataset import get_schema
from refgraph.progress import Progress

WRITE_ORDER = ("customers", "affiliations", "referrals", "orders")
REMOVE_ORDER = ("referrals", "affiliations", "orders", "customers")
Parameters = Mapping[str, object]


class SyncWriter:
    """Writes a plan under a lease. prune: also remove what the files do not have."""

    def __init__(
        self,
        database: Database,
        lease: Lease,
        plan: LoadPlan,
        sync: SyncPlan,
        prune: bool,
        progress: Progress,
    ) -> None:
        self.database, self.lease = database, lease
        self.plan, self.sync, self.prune, self.progress = plan, sync, prune, progress
        self.numbers: dict[str, np.ndarray] = {}

    def write_changes(self) -> None:
        """Removals first, since new rows may take the numbers of removed ones; then the others."""
        if self.prune:
            self._remove_rows()
        for table in NUMBERED_TABLES:
            if table in self.plan.tables:
                self._renumber(table)
        for table in WRITE_ORDER:
            if table in self.plan.tables:
                self._write_table(table)
        for table, names in self.sync.stale.items():
            for name in names:
                self._drop_property(table, name)
        for table, label in SUMMARY_LABELS.items():
            loading.write_table(self.database, self.lease, self.plan, table, {}, self.progress)
            text = load_statement("sync/remove_tail").to_cypher(label=label)
            self._repeat(text, {"first": self.plan.tables[table].height})

    def keep_hashes(self) -> None:
        """Keep the hashes of all rows in the order of their numbers, for the next sync."""
        ordered = {}
        for table, frame in self.sync.hashes.items():
            numbers = self.numbers.get(table)
            ordered[table] = frame if numbers is None else frame[np.argsort(numbers).tolist()]
        hash_blocks.write_blocks(self.database, self.lease, self.plan.identity, ordered)

    def _remove_rows(self) -> None:
        for table in REMOVE_ORDER:
            frame = self.sync.removed.get(table)
            text = load_statement(f"sync/remove_{table}").to_cypher()
            for part in self._cut(frame):
                self._run(text, self._name_rows(table, part))
            if self.sync.unnumbered.get(table):
                lone = load_statement(f"sync/remove_unnumbered_{table}").to_cypher()
                self._repeat(lone, {})
        if self.sync.count_removed("affiliations"):
            self._run(load_statement("sync/remove_groups").to_cypher(), {})

    @staticmethod
    def _name_rows(table: str, frame: pl.DataFrame) -> Parameters:
        if table == "customers":
            return {"ids": frame["id"].to_list()}
        if table == "referrals":
            return {"starts": frame["referrer"].to_list(), "ends": frame["referred"].to_list()}
        return {"numbers": frame["row"].to_list()}

    def _renumber(self, table: str) -> None:
        frame, change = self.plan.tables[table], self.sync.changes[table]
        numbers, late, before = assign_numbers(change, frame.height, self.prune)
        self.numbers[table] = numbers
        text = load_statement(f"sync/renumber_{table}").to_cypher()
        moves = pl.DataFrame(
            {
                "customers": frame["customer"][late.tolist()],
                "numbers": before,
                "targets": numbers[late],
            }
        )
        for part in self._cut(moves):
            self._run(text, {name: part[name].to_list() for name in part.columns})

    def _write_table(self, table: str) -> None:
        """Rows that are new or have changed with all cells; those that moved with their place."""
        change, columns = self.sync.changes[table], self.plan.select_columns(table)
        required = serialization.REQUIRED_COLUMNS[table]
        places = [c for c in columns if c in PLACE_COLUMNS]
        changed = pl.concat([change.updated["index"], change.added["index"]])
        for index, names in ((changed, columns), (change.moved["index"], [*required, *places])):
            text = build_sync_statement(table, [c for c in names if c not in required])
            for part in self._cut(index.sort().to_frame()):
                self._write_rows(text, table, part["index"].to_list(), names)

    def _write_rows(self, text: Cypher, table: str, index: list[int], names: list[str]) -> None:
        rows = loading.dates_to_text(self.plan.tables[table].select(names)[index])
        parameters: dict[str, Any] = {
            "rows": rows.height,
            "values": {column.name: column.to_list() for column in rows},
        }
        if table in self.numbers:
            parameters["numbers"] = self.numbers[table][index].tolist()
        written = self._run(text, parameters)
        if written != rows.height:
            raise RefgraphError("written-differs", written=written, expected=rows.height)
        self.progress(f"load-{table}", len(index))

    def _drop_property(self, table: str, name: str) -> None:
        if table in NODE_LABELS:
            text = load_statement("sync/remove_node_property").to_cypher(
                label=NODE_LABELS[table], key=name
            )
        else:
            text = load_statement("sync/remove_relationship_property").to_cypher(
                type=RELATIONSHIP_TYPES[table], key=name
            )
        self._repeat(text, {})

    def _cut(self, frame: pl.DataFrame | None) -> Iterable[pl.DataFrame]:
        return [] if frame is None else frame.iter_slices(batches.BATCH_ROWS)

    def _run(self, text: Cypher, parameters: Parameters) -> int:
        return int(write_under_lease(self.database, self.lease, (text, parameters))[0][0][0])

    def _repeat(self, text: Cypher, parameters: Parameters) -> None:
        """Run a statement until it removes nothing more."""
        while self._run(text, {**parameters, "size": batches.BATCH_ROWS}):
            pass


def build_sync_statement(table: str, names: Iterable[str]) -> Cypher:
    """The statement that writes some columns of a batch of rows."""
    schema = get_schema(table)
    columns = list(names)
    dates = [c for c in columns if find_slot(schema.get(c, pl.String)) == "date"]
    plain = [c for c in columns if c not in dates]
    folder = "sync" if table in NUMBERED_TABLES else "write"
    return load_statement(f"{folder}/{table}").to_cypher(plain=plain, date=dates)


def begin_sync(database: Database, lease: Lease, plan: LoadPlan, sync: SyncPlan) -> None:
    """Mark the load as unfinished, under its new description."""
    values = {
        "identity": plan.identity,
        "about": to_json({**plan.metadata, "stale": sync.stale}),
        "rows": to_json(plan.rows),
        "source": plan.source,
        "version": metadata.version("refgraph"),
    }
    write_under_lease(database, lease, (load_statement("sync/begin").to_cypher(), values))


def complete_sync(
    database: Database, lease: Lease, plan: LoadPlan, derived: Parameters | None
) -> None:
    """Mark it as complete. derived: what holds for the whole graph; None if rows were kept."""
    done: dict[str, object] = {
        "identity": plan.identity,
        "done": to_json(plan.rows),
        "fingerprint": plan.fingerprint,
    }
    steps = [(load_statement("write/complete_load").to_cypher(), done)]
    if derived is not None:
        text = load_statement("write/derived_properties").to_cypher()
        values: dict[str, object] = {"identity": plan.identity, **dict(derived)}
        steps.append((text, values))
    write_under_lease(database, lease, *steps)

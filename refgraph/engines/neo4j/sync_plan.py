"""What a sync is going to change, worked out before the database is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from refgraph.engines import serialization
from refgraph.engines.neo4j.additions import count_values, list_property_names
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.hash_blocks import SYNCED_TABLES, hash_plan
from refgraph.engines.neo4j.load_plan import LoadPlan
from refgraph.engines.neo4j.load_record import RELATIONSHIP_ENDS, ROW_PROPERTY, LoadRecord
from refgraph.engines.neo4j.row_hashes import HASHES, TableChanges, compare_rows
from refgraph.engines.neo4j.runs import read_runs
from refgraph.engines.neo4j.stored_rows import (
    StoredRows,
    read_keys,
    read_stored_hashes,
    read_stored_rows,
)
from refgraph.engines.queries import load_statement
from refgraph.engines.sync import SyncSummary, TableSync
from refgraph.errors import DatabaseError
from refgraph.model.dataset import get_schema

EXAMPLES = 3
"""Rows of a kind that a plan names."""
CHECKED_ROWS = 10_000
"""Rows that are looked at in one statement."""


@dataclass(frozen=True, eq=False, kw_only=True)
class SyncPlan:
    """The changes of each table. hashes: of the new rows. removed: table -> what names the rows.

    stale: table -> properties that the new load does not have. was_fresh: as in `SyncSummary`.
    """

    changes: Mapping[str, TableChanges]
    hashes: Mapping[str, pl.DataFrame]
    removed: Mapping[str, pl.DataFrame]
    unnumbered: Mapping[str, int]
    stale: Mapping[str, list[str]]
    was_fresh: bool
    same: bool

    def count_removed(self, table: str) -> int:
        """Rows of a table that the files do not have."""
        return self.changes[table].removed.height + self.unnumbered.get(table, 0)

    @property
    def has_removals(self) -> bool:
        """Whether the database holds rows that the files do not have."""
        return any(self.count_removed(table) for table in self.changes)

    @property
    def is_empty(self) -> bool:
        """Whether the database is what a load of these files would make it."""
        are_equal = all(changes.is_empty for changes in self.changes.values())
        return self.same and are_equal and not self.has_removals and not any(self.stale.values())


def plan_sync(database: Database, plan: LoadPlan, record: LoadRecord, is_fresh: bool) -> SyncPlan:
    """Compare the new rows with what stands in the database.

    is_fresh: whether nothing was committed since the load, so that its hashes hold.
    """
    stored = read_stored_hashes(database, plan, record) if is_fresh else None
    was_fresh = stored is not None
    stored = stored or read_stored_rows(database, plan, record)
    hashes = hash_plan(plan)
    empty = pl.DataFrame(schema={**dict.fromkeys(HASHES, pl.UInt64), "row": pl.Int64})
    changes = {}
    for table in SYNCED_TABLES:
        new = hashes.get(table, empty.drop("row"))
        changes[table] = compare_rows(table, stored.hashes.get(table, empty), new)
    return SyncPlan(
        changes=changes,
        hashes=hashes,
        removed=_name_removed(database, plan, record, stored, changes),
        unnumbered=stored.unnumbered,
        stale=_find_stale(database, plan, record, was_fresh),
        was_fresh=was_fresh,
        same=record.is_complete and record.identity == plan.identity,
    )


def _name_removed(
    database: Database,
    plan: LoadPlan,
    record: LoadRecord,
    stored: StoredRows,
    changes: Mapping[str, TableChanges],
) -> dict[str, pl.DataFrame]:
    """Table -> the columns that name the rows to be removed; for numbered ones also ``row``."""
    removed = {}
    for table, change in changes.items():
        if not change.removed.height:
            continue
        if table in stored.keys:
            removed[table] = stored.keys[table].join(change.removed, on="row", how="semi")
        elif table in serialization.UNIQUE_KEY_TABLES:
            keys = read_keys(database, plan, record, table)
            removed[table] = keys.join(change.removed, on="key", how="semi").drop("key")
        else:
            removed[table] = change.removed.select("row")
    return removed


def _find_stale(
    database: Database, plan: LoadPlan, record: LoadRecord, was_fresh: bool
) -> dict[str, list[str]]:
    """Table -> properties of earlier loads, or added by hand, that a load would not write."""
    known = set(list_property_names(database))
    stale = {}
    for table in SYNCED_TABLES:
        kept = {*serialization.REQUIRED_COLUMNS[table], ROW_PROPERTY}
        if table in plan.tables:
            kept |= set(plan.select_columns(table))
        names = sorted((_list_names(table, record, was_fresh) - kept) & known)
        if names and not was_fresh:
            counts = count_values(database, table, names)
            names = [name for name, count in zip(names, counts, strict=True) if count]
        stale[table] = names
    return stale


def _list_names(table: str, record: LoadRecord, was_fresh: bool) -> set[str]:
    """Properties that rows of a table may have from a load, or as fields that somebody added."""
    if table not in record.metadata["columns"]:
        loaded = set()
    else:
        loaded = set(serialization.select_stored_columns(record.metadata, table))
    if was_fresh:
        return loaded
    return {*loaded, *get_schema(table), *record.metadata.get("stale", {}).get(table, ())}


def check_removals(database: Database, sync: SyncPlan) -> None:
    """Raise DatabaseError ``db-foreign-relationships`` if others have attached relationships to
    nodes that would be removed.
    """
    attached: Counter[str] = Counter()
    types = sorted(RELATIONSHIP_ENDS)
    for table, name, column in (("customers", "ids", "id"), ("orders", "numbers", "row")):
        text = load_statement(f"sync/attached_to_{table}").to_cypher()
        for part in _slice(sync.removed.get(table), column):
            for type, count in database.read(text, types=types, **{name: part}):
                attached[type] += count
    if attached:
        uri, count = database.credentials.uri, attached.total()
        raise DatabaseError(
            "db-foreign-relationships", uri=uri, relationships=count, types=sorted(attached)
        )


def find_lost_properties(
    database: Database, plan: LoadPlan, record: LoadRecord, sync: SyncPlan
) -> list[str]:
    """Names of properties, on customers to be removed, that refgraph did not write."""
    own = {*record.metadata["columns"]["customers"], *plan.metadata["columns"]["customers"]}
    own |= {*get_schema("customers"), *sync.stale["customers"]}
    own |= {name for run in read_runs(database) for name in run.names}
    text = load_statement("sync/customer_keys").to_cypher()
    names: set[str] = set()
    for part in _slice(sync.removed.get("customers"), "id"):
        names |= {str(row[0]) for row in database.read(text, ids=part)}
    return sorted(names - own)


def _slice(frame: pl.DataFrame | None, column: str) -> list[list[Any]]:
    if frame is None:
        return []
    values = frame[column].to_list()
    return [values[i : i + CHECKED_ROWS] for i in range(0, len(values), CHECKED_ROWS)]


def summarize(plan: LoadPlan, sync: SyncPlan, lost_properties: Sequence[str]) -> SyncSummary:
    """The plan as people see it."""
    tables = {}
    for table, change in sync.changes.items():
        frame = plan.tables.get(table)
        examples = {}
        for word in ("added", "updated"):
            index = getattr(change, word)["index"].head(EXAMPLES)
            if frame is not None and index.len():
                examples[word] = _name_rows(frame[index.to_list()], table)
        if table in sync.removed and serialization.REQUIRED_COLUMNS[table][0] in (
            sync.removed[table].columns
        ):
            examples["removed"] = _name_rows(sync.removed[table].head(EXAMPLES), table)
        tables[table] = TableSync(
            added=change.added.height,
            updated=change.updated.height,
            moved=change.moved.height,
            removed=sync.count_removed(table),
            examples=examples,
        )
    return SyncSummary(
        tables=tables,
        was_fresh=sync.was_fresh,
        lost_properties=list(lost_properties),
        same=sync.is_empty,
    )


def _name_rows(frame: pl.DataFrame, table: str) -> list[str]:
    columns = serialization.REQUIRED_COLUMNS[table]
    return frame.select(pl.concat_str(columns, separator=" → ").alias("name"))["name"].to_list()


def assign_numbers(
    change: TableChanges, height: int, prune: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row numbers without gaps: that of each new row, and which rows of the table change theirs.

    Rows that stay keep their numbers unless these lie behind the last one. height: rows of the new
    table. Returns numbers, the index of rows that are renumbered, and their numbers before.
    """
    numbers = np.full(height, -1, np.int64)
    used = [] if prune else [change.removed["row"].to_numpy()]
    for frame in (change.same, change.moved, change.updated):
        numbers[frame["index"].to_numpy()] = frame["row"].to_numpy()
        used.append(frame["row"].to_numpy())
    taken = np.concatenate([np.empty(0, np.int64), *used])
    total = taken.size + change.added.height
    free = np.setdiff1d(np.arange(total), taken)
    late = np.flatnonzero(numbers >= total)
    before = numbers[late]
    numbers[late] = free[: late.size]
    numbers[change.added["index"].to_numpy()] = free[late.size :][: change.added.height]
    return numbers, late, before

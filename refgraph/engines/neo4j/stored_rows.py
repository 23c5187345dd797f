"""What the rows of a database are now, as hashes: from the blocks of a load, or from all rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from refgraph.engines import serialization
from refgraph.engines.neo4j import hash_blocks, reading
from refgraph.engines.neo4j.columns import build_frame, read_pages
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.hash_blocks import SYNCED_TABLES
from refgraph.engines.neo4j.load_plan import LoadPlan
from refgraph.engines.neo4j.load_record import NODE_LABELS, ROW_PROPERTY, LoadRecord
from refgraph.engines.neo4j.row_hashes import KEY_COLUMNS, hash_rows
from refgraph.engines.neo4j.slots import list_in_slot_order
from refgraph.engines.queries import load_statement
from refgraph.errors import ServerError

NUMBERED_TABLES = ("orders", "affiliations")
"""Tables whose rows are identified by their number."""
UNREADABLE = (ServerError, TypeError, ValueError, pl.exceptions.PolarsError)
"""What reading raises for values of other types than those that were loaded."""


@dataclass(frozen=True, eq=False, kw_only=True)
class StoredRows:
    """What stands in a database. hashes: table -> those of `row_hashes` with ``row``.

    keys: table -> the columns that name its rows, in the order of ``row``; empty if only the hashes
    are known. unnumbered: table -> rows that somebody else has added.
    """

    hashes: Mapping[str, pl.DataFrame]
    keys: Mapping[str, pl.DataFrame]
    unnumbered: Mapping[str, int]


def read_stored_hashes(database: Database, plan: LoadPlan, record: LoadRecord) -> StoredRows | None:
    """From the blocks of a load that nobody has changed; None if they cannot be compared.

    They can if the same columns are stored now as before.
    """
    before, now = _list_columns(record.metadata), _list_columns(plan.metadata)
    if before != now:
        return None
    rows = {table: record.rows[table] for table in before}
    hashes = hash_blocks.read_blocks(database, record.identity, rows)
    return None if hashes is None else StoredRows(hashes=hashes, keys={}, unnumbered={})


def _list_columns(metadata: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        table: serialization.select_stored_columns(metadata, table)
        for table in metadata["columns"]
        if table in SYNCED_TABLES
    }


def read_stored_rows(database: Database, plan: LoadPlan, record: LoadRecord) -> StoredRows:
    """From all rows, whatever has been done to them. Raises DatabaseError."""
    hashes, keys, unnumbered = {}, {}, {}
    for table in SYNCED_TABLES:
        columns = plan.metadata["columns"].get(table)
        stored = serialization.select_stored_columns(plan.metadata, table) if columns else []
        frame = read_rows(database, plan, record, table, stored)
        if table in NUMBERED_TABLES:
            unnumbered[table] = frame[ROW_PROPERTY].null_count()
            frame = frame.filter(pl.col(ROW_PROPERTY).is_not_null())
            if table == "orders":
                lone = load_statement("sync/unnumbered_orders").to_cypher()
                unnumbered[table] = int(database.read(lone)[0][0])
        else:
            frame = frame.with_row_index(ROW_PROPERTY)
        row = frame[ROW_PROPERTY].cast(pl.Int64).alias("row")
        cells = frame.drop(ROW_PROPERTY)
        hashes[table] = hash_rows(cells, table).with_columns(row)
        keys[table] = cells.select(serialization.REQUIRED_COLUMNS[table]).with_columns(row)
    return StoredRows(hashes=hashes, keys=keys, unnumbered=unnumbered)


def read_rows(
    database: Database, plan: LoadPlan, record: LoadRecord, table: str, stored: list[str]
) -> pl.DataFrame:
    """The columns of a table, with the row numbers where it has some.

    If a value is of another type than a load writes, all cells but those that name the row are
    read as null, so that every row counts as changed.
    """
    try:
        return _read_columns(database, plan, record, table, stored)
    except UNREADABLE:
        required = serialization.REQUIRED_COLUMNS[table]
        names = [c for c in stored if c in required or c in KEY_COLUMNS[table]]
        try:
            frame = _read_columns(database, plan, record, table, names)
        except UNREADABLE:
            frame = _read_columns(database, plan, record, table, list(required))
        schema = reading.get_stored_types(replace(record, metadata=plan.metadata), table)
        missing = [pl.lit(None, schema[c]).alias(c) for c in stored if c not in frame.columns]
        return frame.with_columns(missing).select(*stored, *set(frame.columns) - set(stored))


def _read_columns(
    database: Database, plan: LoadPlan, record: LoadRecord, table: str, stored: list[str]
) -> pl.DataFrame:
    types = {}
    if stored:
        all_types = reading.get_stored_types(replace(record, metadata=plan.metadata), table)
        types = {name: type for name, type in all_types.items() if name in stored}
    if table in NUMBERED_TABLES:
        types[ROW_PROPERTY] = pl.Int64
    columns = reading.get_slot_columns(types, table)
    required = serialization.REQUIRED_COLUMNS[table]
    text = load_statement(f"read/{table}").to_cypher(**columns)
    ranges = reading.make_id_ranges(plan.metadata["cuts"])
    if table in NODE_LABELS and table != "customers":
        last = load_statement("sync/last_row").to_cypher(label=NODE_LABELS[table])
        greatest = database.read(last)[0][0]
        ranges = reading.make_row_ranges(0 if greatest is None else int(greatest) + 1)
    frame = build_frame(
        read_pages(database, text, ranges),
        list_in_slot_order(required, columns),
        {**dict.fromkeys(required, pl.String), **types},
    )
    order = [*(stored or required), *([ROW_PROPERTY] if table in NUMBERED_TABLES else [])]
    return frame.select(order)


def read_keys(database: Database, plan: LoadPlan, record: LoadRecord, table: str) -> pl.DataFrame:
    """The columns that name the rows of a table, with ``key``, their hash."""
    required = list(serialization.REQUIRED_COLUMNS[table])
    frame = _read_columns(database, plan, record, table, required)
    return frame.with_columns(key=hash_rows(frame, table)["key"])

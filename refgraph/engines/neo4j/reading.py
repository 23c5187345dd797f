"""Database -> Dataset: every table as lists, page after page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import polars as pl

from refgraph.engines import serialization
from refgraph.engines.neo4j.additions import has_additions
from refgraph.engines.neo4j.columns import build_frame, read_pages
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.load_record import (
    MAX_ID,
    NODE_LABELS,
    RELATIONSHIP_TYPES,
    SUMMARY_LABELS,
    LoadRecord,
    count_nodes,
    count_relationships,
    labels_without_constraint,
)
from refgraph.engines.neo4j.slots import group_by_slot, list_in_slot_order
from refgraph.engines.queries import load_statement
from refgraph.errors import DataError, EditedError, ServerError
from refgraph.model.dataset import Dataset, PolarsType, get_schema
from refgraph.model.settings import Settings
from refgraph.progress import remark

PAGE_ROWS = 20_000
"""Rows per page: what the server holds in memory at a time."""
INDEX_WARNING_CUSTOMERS = 5_000
"""Customers above which missing indexes are reported."""


def read_dataset(
    database: Database, record: LoadRecord, settings: Settings | None = None
) -> Dataset:
    """The Dataset that was loaded. settings: used instead of those stored with it.

    Raises DataError ``load-incomplete`` during or after an interrupted load, ``database-changed``
    if nodes or relationships were added or deleted since.
    """
    require_complete(database, record)
    require_unchanged_counts(database, record)
    is_large = record.rows["customers"] > INDEX_WARNING_CUSTOMERS
    if is_large and labels_without_constraint(database):
        remark("unguarded")
    tables = {}
    for table in record.metadata["columns"]:
        tables[table] = _read_table(database, table, record)
    for table in SUMMARY_LABELS:
        tables[table] = read_summary_table(database, table, record.rows[table])
    for table, frame in tables.items():
        _check_count(table, frame.height, record)
    return serialization.restore_dataset(record.metadata, tables, settings)


def read_unedited(
    database: Database, record: LoadRecord, settings: Settings | None = None
) -> Dataset | None:
    """The Dataset that was loaded; None if anything of it has been changed since.

    Raises DataError ``load-incomplete``, ``kept-otherwise``; DatabaseError.
    """
    try:
        data = read_dataset(database, record, settings)
    except EditedError:
        return None
    except (ServerError, TypeError, ValueError, pl.exceptions.PolarsError):
        return None  # values of other types than those that were loaded
    if data.fingerprint != record.fingerprint or has_additions(database, record):
        return None
    return data


def require_complete(database: Database, record: LoadRecord) -> LoadRecord:
    """The record, if its load is complete. Raises DataError ``load-incomplete``."""
    if not record.is_complete:
        uri = database.credentials.uri
        raise DataError("load-incomplete", state=record.state_label, uri=uri)
    return record


def require_unchanged_counts(database: Database, record: LoadRecord) -> None:
    """Raises DataError ``database-changed`` if the server's counts differ from the record."""
    nodes = count_nodes(database)
    counts = {table: nodes[label] for table, label in NODE_LABELS.items()}
    for table, type in RELATIONSHIP_TYPES.items():
        counts[table] = count_relationships(database, type)
    for table in record.rows:
        _check_count(table, counts[table], record)


def _check_count(table: str, found: int, record: LoadRecord) -> None:
    loaded = record.rows[table]
    if found != loaded:
        raise EditedError("database-changed", table=table, found=found, loaded=loaded)


def _read_table(database: Database, table: str, record: LoadRecord) -> pl.DataFrame:
    """Orders are read by their row numbers, other tables by ranges of customer ids."""
    if table == "orders":
        ranges = make_row_ranges(record.rows[table])
    else:
        ranges = make_id_ranges(record.metadata["cuts"])
    return read_customer_table(database, f"read/{table}", table, record, ranges)


def read_customer_table(
    database: Database,
    statement: str,
    table: str,
    record: LoadRecord,
    ranges: Sequence[Mapping[str, object]],
) -> pl.DataFrame:
    """The stored columns of a table in these ranges. statement: the one that reads a page."""
    types = get_stored_types(record, table)
    columns = get_slot_columns(types, table)
    required = serialization.REQUIRED_COLUMNS[table]
    text = load_statement(statement).to_cypher(**columns)
    return build_frame(
        read_pages(database, text, ranges),
        list_in_slot_order(required, columns),
        {**dict.fromkeys(required, pl.String), **types},
    )


def get_stored_types(record: LoadRecord, table: str) -> dict[str, PolarsType]:
    """Types of the stored columns of a table, required columns left out."""
    schema = get_schema(table)
    columns = serialization.select_stored_columns(record.metadata, table)
    required = serialization.REQUIRED_COLUMNS[table]
    return {c: schema.get(c, pl.String) for c in columns if c not in required}


def get_slot_columns(types: Mapping[str, PolarsType], table: str) -> dict[str, list[str]]:
    """Slot -> columns, for the slots that the statement of a table has."""
    columns = group_by_slot(types)
    del columns["list"]
    if table != "customers":
        del columns["boolean"]
    return columns


def read_ledger(database: Database, record: LoadRecord) -> pl.DataFrame:
    """The ledger of the load, one row per file."""
    return read_summary_table(database, "ledger", record.rows["ledger"])


def read_summary_table(database: Database, table: str, rows: int) -> pl.DataFrame:
    """The ledger, the findings or the rejects, in the order of their rows."""
    schema = serialization.SUMMARY_SCHEMAS[table]
    groups = group_by_slot(schema)
    columns = {slot: groups[slot] for slot in ("text", "integer", "list")}
    text = load_statement("read/summary").to_cypher(label=SUMMARY_LABELS[table], **columns)
    frame = build_frame(
        read_pages(database, text, make_row_ranges(rows)),
        list_in_slot_order(["row"], columns),
        {"row": pl.Int64, **schema},
    )
    return frame.sort("row").select(schema.keys())


def make_id_ranges(cuts: Sequence[str]) -> list[dict[str, object]]:
    """Pages of customers, between the ids of ``cuts``."""
    return [{"after": after, "until": until} for after, until in pairwise(["", *cuts, MAX_ID])]


def make_row_ranges(rows: int) -> list[dict[str, object]]:
    """Pages of numbered rows."""
    return [{"first": first, "last": first + PAGE_ROWS} for first in range(0, rows, PAGE_ROWS)]

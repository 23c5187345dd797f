"""A Dataset as frames and JSON values, for keeping it elsewhere, and the same Dataset again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import polars as pl

from refgraph.errors import DataError
from refgraph.model.dataset import FINDINGS_SCHEMA, LEDGER_SCHEMA, Dataset, PolarsType, get_schema
from refgraph.model.fields import FIELDS_BY_TABLE, SIDE_TABLES
from refgraph.model.raw import REJECTS_SCHEMA
from refgraph.model.settings import Settings

LAYOUT_VERSION = 3
"""Version of this layout; data stored under another one is not read."""
REQUIRED_COLUMNS = {
    "customers": ("id",),
    "referrals": ("referrer", "referred"),
    "orders": ("customer",),
    "affiliations": ("customer", "group"),
    "contacts": ("party", "person"),
    "events": ("party", "at"),
}
"""Columns that no row of a table lacks; they are always stored, and come first."""
SORT_KEYS = {
    "customers": ("id",),
    "referrals": ("referrer", "referred"),
    "orders": ("customer", "at", "order_id"),
    "affiliations": ("customer", "group"),
    "contacts": ("party", "person"),
    "events": ("party", "at", "kind"),
}
UNIQUE_KEY_TABLES = ("customers", "referrals")
"""Tables in which no two rows share the sort key, so it alone decides their order."""
SUMMARY_SCHEMAS: dict[str, Mapping[str, PolarsType]] = {
    "ledger": LEDGER_SCHEMA,
    "findings": FINDINGS_SCHEMA,
    "rejects": REJECTS_SCHEMA,
}
"""Tables about the source files, stored with those of `FIELDS_BY_TABLE`."""
LIST_SEPARATOR = "\x1f"


def to_frames(data: Dataset) -> dict[str, pl.DataFrame]:
    """All tables, their rows in an order that depends on the content only, not on the files."""
    frames = {}
    for table, frame in _get_tables(data).items():
        keys = list(SORT_KEYS[table])
        if table not in UNIQUE_KEY_TABLES:
            keys += [c for c in _find_filled_columns(frame) if c not in SORT_KEYS[table]]
        frames[table] = frame.sort(*keys, nulls_last=True, maintain_order=True)
    return {
        **frames,
        "ledger": data.ledger,
        "findings": data.findings,
        "rejects": data.rejects,
    }


def to_metadata(data: Dataset) -> dict[str, Any]:
    """Everything but the rows, in JSON values.

    columns: all columns of each table. full: those that hold anything. same: columns with one value
    in every row that has a line number (a table of one file names that file once).
    """
    tables = _get_tables(data)
    settings = json.loads(json.dumps(asdict(data.settings), default=str))
    warnings = [list(warning) for warning in data.warnings]
    return {
        "layout": LAYOUT_VERSION,
        **_describe_tables(tables),
        "recorded": sorted(data.recorded),
        "units": dict(data.units),
        "settings": settings,
        "mapping": dict(data.mapping),
        "warnings": warnings,
        "ignored": list(data.ignored),
    }


def drop_side_tables(data: Dataset) -> Dataset:
    """The Dataset without contacts and events, which no database holds."""
    if all(getattr(data, table) is None for table in SIDE_TABLES):
        return data
    changes: dict[str, Any] = dict.fromkeys(SIDE_TABLES)
    recorded = {column for column in data.recorded if column.partition(".")[0] not in SIDE_TABLES}
    return replace(data, recorded=frozenset(recorded), **changes)


def _describe_tables(tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """columns, same, full and rows of `to_metadata`, by table."""
    file_names = {table: _find_single_file(frame) for table, frame in tables.items()}
    columns = {table: frame.columns for table, frame in tables.items()}
    same = {table: {"file": name} for table, name in file_names.items() if name is not None}
    full = {table: _find_filled_columns(frame) for table, frame in tables.items()}
    rows = {table: frame.height for table, frame in tables.items()}
    return {"columns": columns, "same": same, "full": full, "rows": rows}


def _get_tables(data: Dataset) -> dict[str, pl.DataFrame]:
    """The tables that the Dataset has."""
    tables = {}
    for table in FIELDS_BY_TABLE:
        frame = getattr(data, table)
        if frame is not None:
            tables[table] = frame
    return tables


def _find_filled_columns(frame: pl.DataFrame) -> list[str]:
    """Columns that are not null in every row."""
    return [c for c in frame.columns if frame[c].null_count() < frame.height]


def _find_single_file(frame: pl.DataFrame) -> str | None:
    """The file of all rows that have a line number; None for several files or none."""
    names = frame.filter(pl.col("line").is_not_null())["file"]
    if not names.len() or names.n_unique() > 1 or names[0] is None:
        return None
    return str(names[0])


def select_stored_columns(metadata: Mapping[str, Any], table: str) -> list[str]:
    """The columns of a table to store: required ones, then filled ones that vary between rows."""
    required = REQUIRED_COLUMNS[table]
    omitted = {*required, *metadata["same"].get(table, {})}
    return [*required, *(c for c in metadata["full"][table] if c not in omitted)]


def select_stored_frames(
    metadata: Mapping[str, Any], frames: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """The frames of `to_frames` with only their stored columns."""
    stored = {}
    for table, frame in frames.items():
        if table in metadata["columns"]:
            frame = frame.select(select_stored_columns(metadata, table))
        stored[table] = frame
    return stored


def restore_dataset(
    metadata: Mapping[str, Any],
    frames: Mapping[str, pl.DataFrame],
    settings: Settings | None = None,
) -> Dataset:
    """The Dataset again, from `to_metadata` and the stored columns of each table.

    settings: used instead of the stored ones. Raises DataError ``kept-otherwise`` for another
    layout version.
    """
    if metadata.get("layout") != LAYOUT_VERSION:
        raise DataError("kept-otherwise", layout=metadata.get("layout"))
    tables = {
        table: _rebuild_table(table, frames[table], metadata) for table in metadata["columns"]
    }
    return Dataset(
        customers=tables["customers"],
        referrals=tables["referrals"],
        orders=tables.get("orders"),
        affiliations=tables.get("affiliations"),
        contacts=tables.get("contacts"),
        events=tables.get("events"),
        recorded=frozenset(metadata["recorded"]),
        units=dict(metadata["units"]),
        settings=settings or restore_settings(metadata["settings"]),
        ledger=frames["ledger"],
        findings=frames["findings"],
        rejects=frames["rejects"],
        mapping=dict(metadata["mapping"]),
        warnings=tuple((code, count) for code, count in metadata["warnings"]),
        ignored=tuple(metadata["ignored"]),
    )


def _rebuild_table(table: str, frame: pl.DataFrame, metadata: Mapping[str, Any]) -> pl.DataFrame:
    """The table with all its columns, in their order."""
    schema = get_schema(table)
    constants = metadata["same"].get(table, {})
    has_line = pl.col("line").is_not_null()
    columns = []
    for name in metadata["columns"][table]:
        column: pl.Expr
        if name in constants:
            column = pl.when(has_line).then(pl.lit(constants[name]))
        elif name in frame.columns:
            column = pl.col(name)
        else:
            column = pl.lit(None, schema.get(name, pl.String))
        columns.append(column.alias(name))
    return frame.select(columns)


def restore_settings(stored: Mapping[str, Any]) -> Settings:
    """The Settings from the entry ``settings`` of `to_metadata`."""
    return Settings.from_tables(stored)


def compute_identity(metadata: Mapping[str, Any], frames: Mapping[str, pl.DataFrame]) -> str:
    """SHA-256 in hex over everything that is stored, file names and line numbers included.

    Two loads with the same identity write the same data.
    """
    text = json.dumps(metadata, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode())
    for name, frame in frames.items():
        digest.update(f"\n{name} {frame.height}\n".encode())
        if "members" in frame.columns:
            frame = frame.with_columns(pl.col("members").list.join(LIST_SEPARATOR))
        digest.update(frame.write_csv().encode())
    return digest.hexdigest()

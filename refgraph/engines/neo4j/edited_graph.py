"""A graph that refgraph loaded and somebody has edited since -> a Dataset of what stands there.

Its values pass intake like those of files, so that an edit may hold anything. The ledger stays that
of the files; one remark says how many rows differ from the load.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from refgraph import intake
from refgraph.engines import serialization
from refgraph.engines.canonical_settings import make_canonical_settings
from refgraph.engines.neo4j.additions import (
    find_added_tables,
    list_property_names,
    select_columns,
)
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.external_lists import Indexed, drop_unused, read_lists
from refgraph.engines.neo4j.load_record import (
    KEY_PROPERTIES,
    RELATIONSHIP_ENDS,
    LoadRecord,
    labels_without_constraint,
)
from refgraph.engines.neo4j.reading import read_summary_table
from refgraph.model.dataset import Dataset, get_schema
from refgraph.model.plain_rows import to_plain_table
from refgraph.model.remarks import EDITED_ROWS, EDITED_VALUES, write_row_changes
from refgraph.model.settings import Settings

TABLES = ("customers", "referrals", "orders", "affiliations")
EVERY_CELL = intake.IntakeOptions(sensitive=True)


def read_edited_graph(
    database: Database, record: LoadRecord, settings: Settings | None = None
) -> Dataset:
    """The Dataset that the graph is now. settings: used instead of those stored with the load.

    Raises DatabaseError; DataError as intake.
    """
    stored = serialization.restore_settings(record.metadata["settings"])
    units = record.metadata["units"]
    frames = _read_frames(database, record)
    raws = {table: [to_plain_table(frame, _cite(table))] for table, frame in frames.items()}
    known = make_canonical_settings(settings or stored, units, frames)
    data = intake.build_dataset(raws, known, EVERY_CELL)
    unusable = int(data.ledger.select(pl.col("rejected", "cells").sum()).sum_horizontal()[0])
    warnings = [(code, count) for code, count in record.metadata["warnings"]]
    rejects = read_summary_table(database, "rejects", record.rows["rejects"])
    return replace(
        data,
        recorded=data.recorded | frozenset(record.metadata["recorded"]),
        units=dict(units),
        settings=settings or stored,
        ledger=read_summary_table(database, "ledger", record.rows["ledger"]),
        rejects=pl.concat([rejects, data.rejects]),
        mapping=dict(record.metadata["mapping"]),
        warnings=(*warnings, *_describe_edits(record, data, unusable)),
        ignored=tuple(record.metadata["ignored"]),
    )


def _describe_edits(record: LoadRecord, data: Dataset, unusable: int) -> Iterable[tuple[str, int]]:
    """One remark on how the rows differ from the load; another on what intake left out."""
    changes = {}
    for table in TABLES:
        frame = getattr(data, table)
        now, before = 0 if frame is None else frame.height, record.rows.get(table, 0)
        if now != before:
            changes[table] = (before, now)
    if changes:
        total = sum(abs(now - before) for before, now in changes.values())
        yield f"{EDITED_ROWS} {write_row_changes(changes)}", total
    else:
        yield EDITED_VALUES, 1
    if unusable:
        yield "edited-unusable", unusable


def _cite(table: str) -> str:
    """How a row of the graph is cited."""
    return {"customers": "(:Customer)", "referrals": "[:REFERRED]", "orders": "(:Order)"}.get(
        table, "[:BELONGS_TO]"
    )


def _read_frames(database: Database, record: LoadRecord) -> dict[str, pl.DataFrame]:
    """The tables that were loaded, and those that have been added, as text."""
    all_properties = list_property_names(database)
    tables = {*record.metadata["columns"], *find_added_tables(database, record)}
    indexed = _find_index(database)
    customers = [*select_columns(record, "customers", all_properties), "stub"]
    frame = read_lists(
        database,
        "read/external_nodes",
        customers,
        indexed,
        label="Customer",
        other=[],
        text=customers,
    )
    frames = {"customers": _drop_stubs(_complete(record, "customers", frame))}
    properties = select_columns(record, "referrals", all_properties)
    frames["referrals"] = _complete(
        record, "referrals", _read_ends(database, "REFERRED", properties, indexed)
    )
    if "orders" in tables:
        properties = select_columns(record, "orders", all_properties)
        frames["orders"] = _complete(record, "orders", _read_orders(database, properties, indexed))
    if "affiliations" in tables:
        properties = select_columns(record, "affiliations", all_properties)
        ends = _read_ends(database, "BELONGS_TO", properties, indexed)
        frames["affiliations"] = _complete(record, "affiliations", ends)
    return frames


def _find_index(database: Database) -> Indexed | None:
    if "Customer" in labels_without_constraint(database):
        return None
    return Indexed("Customer", KEY_PROPERTIES["Customer"])


def _read_ends(
    database: Database, type: str, properties: Sequence[str], indexed: Indexed | None
) -> pl.DataFrame:
    """Relationships of a type of refgraph, with the keys of both ends."""
    start, end = RELATIONSHIP_ENDS[type]
    table = "referrals" if type == "REFERRED" else "affiliations"
    return read_lists(
        database,
        "read/external_relationships",
        [*serialization.REQUIRED_COLUMNS[table], *properties],
        indexed,
        type=type,
        text=properties,
        **{"from": start, "from_key": KEY_PROPERTIES[start], "from_other": []},
        **{"to": end, "to_key": KEY_PROPERTIES[end], "to_other": []},
    )


def _read_orders(
    database: Database, properties: Sequence[str], indexed: Indexed | None
) -> pl.DataFrame:
    """Orders with their customers, and orders that lead to none, which intake will reject."""
    slots: dict[str, Any] = {"type": "PLACED", "orders": "Order", "text": properties}
    placed = read_lists(
        database,
        "read/external_orders",
        ["customer", *properties],
        indexed,
        label="Customer",
        key=KEY_PROPERTIES["Customer"],
        other=[],
        **slots,
    )
    lone = read_lists(
        database, "read/external_lone_orders", properties, label=["Customer"], **slots
    )
    return pl.concat([placed, lone], how="diagonal")


def _complete(record: LoadRecord, table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The columns that hold something, or that the load had, in the order of all their cells."""
    fields = [
        name for name in get_schema(table) if f"{table}.{name}" in record.metadata["recorded"]
    ]
    loaded = [c for c in record.metadata["columns"].get(table, ()) if c not in get_schema(table)]
    required = serialization.REQUIRED_COLUMNS[table]
    kept = [*dict.fromkeys((*required, *fields, *loaded))]
    missing = [pl.lit(None, pl.String).alias(name) for name in kept if name not in frame.columns]
    used, _ = drop_unused(frame.with_columns(missing), kept)
    return used.sort(used.columns, nulls_last=True)


def _drop_stubs(customers: pl.DataFrame) -> pl.DataFrame:
    """Without parties that only referrals name, unless somebody has filled in more of them."""
    if "stub" not in customers.columns:
        return customers
    cells = [name for name in customers.columns if name not in ("id", "stub")]
    has_more = pl.any_horizontal(pl.col(cells).is_not_null()) if cells else pl.lit(False)
    is_stub = (pl.col("stub") == "true").fill_null(False)
    return customers.filter(~is_stub | has_more).drop("stub")

"""Tables whose rows belong to one party each: orders, affiliations, contacts and events."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from refgraph.intake import order_lines, party_checks
from refgraph.intake.cast_tables import TypedTables, concatenate_files
from refgraph.intake.duplicates import partition_equal_rows
from refgraph.intake.id_repair import repair_ids
from refgraph.intake.partition import Partition, accept_all
from refgraph.intake.party_lookup import PartyLookup
from refgraph.intake.party_resolution import Resolution, resolve_columns
from refgraph.model.fields import COLUMN_OF_PARTY, SIDE_TABLES


def concatenate_dependents(tables: TypedTables) -> dict[str, pl.DataFrame]:
    """Table -> all its rows, for those that the data have."""
    return {t: concatenate_files(t, tables) for t in COLUMN_OF_PARTY if tables[t]}


def repair_dependents(
    rows_by_table: Mapping[str, pl.DataFrame], lookup: PartyLookup
) -> tuple[dict[str, pl.DataFrame], int]:
    """The rows with their ids repaired, and how many ids were."""
    customers, kept = lookup.customers.select("id", "name"), lookup.list_decided()
    repaired_rows, repaired = {}, 0
    for table, rows in rows_by_table.items():
        columns = (COLUMN_OF_PARTY[table],)
        repaired_rows[table], count = repair_ids(rows, columns, customers, kept)
        repaired += count
    return repaired_rows, repaired


def resolve_dependents(
    rows_by_table: Mapping[str, pl.DataFrame], lookup: PartyLookup
) -> dict[str, Resolution]:
    """The parties of every table; the party of a contact is never named by another contact."""
    without_persons = lookup.with_persons(None)
    return {
        table: resolve_columns(
            rows,
            (COLUMN_OF_PARTY[table],),
            without_persons if table == "contacts" else lookup,
        )
        for table, rows in rows_by_table.items()
    }


def partition_dependents(
    dependents: Mapping[str, Resolution], same_order_once: bool
) -> tuple[dict[str, Partition], int]:
    """Every row of a known customer; and the number of merged lines of orders."""
    partitions: dict[str, Partition] = {}
    merged_lines = 0
    for table, resolution in dependents.items():
        distinct = accept_all(resolution.rows)
        if table == "orders":
            distinct, merged_lines = order_lines.partition_orders(resolution.rows, same_order_once)
        elif table in SIDE_TABLES:
            distinct = partition_equal_rows(resolution.rows)
        column = COLUMN_OF_PARTY[table]
        checked = party_checks.partition_by_known_customer(distinct.accepted, column)
        partitions[table] = distinct.then(checked)
    return partitions, merged_lines

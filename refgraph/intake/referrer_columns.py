"""Which columns name customers by their content, where their header does not say so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from refgraph.intake.id_repair import apply_all_repairs
from refgraph.model.dataset import Dataset, get_schema
from refgraph.model.fields import COLUMN_OF_PARTY, TABLE_NAMES

MIN_SHARE = 0.5
"""Share of filled cells that must name another customer."""
KEY_COLUMNS = ("id", "name", "phone", "email")
_NO_KEY_COLUMNS = {
    *("id", "name", "file", "role", "status", "kind", "ownership", "source", "sector"),
    *("region", "group", "owner", "next_step", "currency", "consent", "level"),
}
"""Columns of text that do not identify a customer, and those that are looked up anyway."""


class ColumnMatch(NamedTuple):
    """column: whose cells name other customers, as ``table.column`` outside customers.

    key: the column of customers that holds these names. matched, filled: how many of the filled
    cells name another customer. exact: how many do as they are written.
    """

    column: str
    key: str
    matched: int
    filled: int
    exact: int = 0


def list_unknown_columns(data: Dataset) -> list[str]:
    """Headers that were not understood, of all tables, and the files that were not read.

    Those of other tables than customers as ``table.header``.
    """
    headers = [column for table in _get_tables(data) for column in _name_unknown(data, table)]
    return [*headers, *data.ignored]


def find_referrer_columns(data: Dataset) -> list[ColumnMatch]:
    """Columns that were not understood as referrers and whose cells name other customers.

    All unknown columns of all tables, and the source of customers. The best first: by matched
    share, then by table and name.
    """
    customers = data.customers.filter(~pl.col("stub"))
    keys = [*KEY_COLUMNS, *sorted(_list_unknown_texts("customers", customers))]
    found: list[ColumnMatch] = []
    for table in _get_tables(data):
        frame = customers if table == "customers" else getattr(data, table)
        columns = _list_unknown_texts(table, frame)
        if table == "customers":
            columns.append("source")
        for column in columns:
            match = _match_column(table, frame, column, customers, keys)
            if match is not None:
                found.append(match)
    return sorted(found, key=lambda m: (-m.matched / m.filled, "." in m.column, m.column))


def find_key_columns(customers: pl.DataFrame, values: pl.Series) -> list[ColumnMatch]:
    """Columns of customers that hold most of these values, each for exactly one customer."""
    written = values.alias("value").to_frame()
    plain = written.select(value=_to_key(pl.col("value")))
    matches = []
    for key in _list_key_columns(customers):
        exact = _count_matches(written, customers.select(value=key))
        matched = _count_matches(plain, customers.select(value=_to_key(pl.col(key))))
        if values.len() and matched / values.len() >= MIN_SHARE:
            matches.append(ColumnMatch("", key, matched, values.len(), exact))
    return sorted(matches, key=lambda m: (-m.matched, m.key))


def _to_key(text: pl.Expr) -> pl.Expr:
    """The form that ``--repair-ids`` compares; null if it is empty."""
    return apply_all_repairs(text).replace("", None)


def _count_matches(values: pl.DataFrame, keys: pl.DataFrame) -> int:
    unique_keys = keys.drop_nulls().filter(pl.col("value").is_unique())
    return values.join(unique_keys, on="value", how="semi").height


def _get_tables(data: Dataset) -> Iterator[str]:
    """The tables that the Dataset has."""
    for table in TABLE_NAMES:
        if getattr(data, table) is not None:
            yield table


def _name_unknown(data: Dataset, table: str) -> list[str]:
    columns = [c for c in getattr(data, table).columns if c not in get_schema(table)]
    return [c if table == "customers" else f"{table}.{c}" for c in columns if c[0] != "\x00"]


def _list_unknown_texts(table: str, frame: pl.DataFrame) -> list[str]:
    known = get_schema(table)
    return [c for c, t in frame.schema.items() if c not in known and t == pl.String]


def _match_column(
    table: str, frame: pl.DataFrame, column: str, customers: pl.DataFrame, keys: list[str]
) -> ColumnMatch | None:
    """The key that most cells of the column match, if enough do."""
    own_id = {"customers": "id", "referrals": "referred", **COLUMN_OF_PARTY}[table]
    cells = frame.select(value=_to_key(pl.col(column)), own=own_id).drop_nulls("value")
    name = column if table == "customers" else f"{table}.{column}"
    best: ColumnMatch | None = None
    for key in keys:
        if table == "customers" and key == column:
            continue
        owners = customers.select(value=_to_key(pl.col(key)), owner="id")
        unique_keys = owners.drop_nulls("value").filter(pl.col("value").is_unique())
        matched = cells.join(unique_keys, on="value").filter(pl.col("own") != pl.col("owner"))
        if best is None or matched.height > best.matched:
            best = ColumnMatch(name, key, matched.height, cells.height)
    return best if best and best.matched and best.matched / best.filled >= MIN_SHARE else None


def _list_key_columns(customers: pl.DataFrame) -> list[str]:
    """Columns of text that may identify a customer."""
    texts = (c for c, t in customers.schema.items() if t == pl.String)
    return [c for c in texts if c not in _NO_KEY_COLUMNS]

"""Customers with one row per contact person: rows of one ID that differ only in the contact."""

from __future__ import annotations

import polars as pl

from refgraph.model.contacts import CONTACT_COLUMNS, CONTACT_SEPARATOR
from refgraph.model.dataset import get_schema

Conflict = tuple[str, tuple[str, ...], int]
"""Code, columns that differ, number of customers."""
_NOTHING = "–"
"""In place of an empty cell, so that the first phone number stays that of the first person."""
_PLACE = ("file", "line")


def list_contact_columns(frame: pl.DataFrame) -> list[str]:
    """Columns that may differ between the rows of one customer: contacts and unknown columns."""
    known = get_schema("customers")
    return [c for c in frame.columns if c in CONTACT_COLUMNS or c not in known]


def join_contacts(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per customer whose rows differ only in contacts, and the rows that were joined to it.

    Cells that differ stand one after the other, separated by `CONTACT_SEPARATOR`, in the order of
    the rows. Other rows stay as they are.
    """
    contacts = list_contact_columns(frame)
    facts = [c for c in frame.columns if c not in (*contacts, *_PLACE)]
    rows = frame.filter(pl.col("id").is_duplicated())
    is_one = pl.struct(facts).n_unique().over("id") == 1
    rows = rows.filter(is_one).unique([*facts, *contacts], keep="first", maintain_order=True)
    rows = rows.filter(pl.col("id").is_duplicated())
    if not rows.height:
        return frame, frame.clear()
    by_customer = rows.group_by("id", maintain_order=True)
    joined = by_customer.agg(
        *(_join_cells(c) for c in contacts), *(pl.col(c).first() for c in (*facts[1:], *_PLACE))
    )
    is_joined = pl.col("id").is_in(joined["id"].implode())
    first = frame.filter(is_joined).unique("id", keep="first", maintain_order=True)
    others = frame.filter(is_joined).join(first, on=list(_PLACE), how="anti")
    return pl.concat([frame.filter(~is_joined), joined.select(frame.columns)]), others


def split_contacts(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """One row for each of several contacts in a cell."""
    cells = pl.col(column).str.split(CONTACT_SEPARATOR)
    has_several = rows[column].str.contains(CONTACT_SEPARATOR, literal=True).any()
    return rows.with_columns(cells).explode(column) if has_several else rows


def describe_conflicts(conflicting: pl.DataFrame) -> list[Conflict]:
    """(code, columns, customers) for each set of columns in which rows of one ID differ.

    ``several-contacts`` if all of them are contacts, else ``conflicting-columns``.
    """
    if not conflicting.height:
        return []
    columns = [c for c in conflicting.columns if c not in ("id", *_PLACE)]
    differs = [pl.when(pl.col(c).n_unique() > 1).then(pl.lit(c)) for c in columns]
    by_id = conflicting.group_by("id").agg(columns=pl.concat_list(differs))
    sets = by_id.select(pl.col("columns").list.drop_nulls()).group_by("columns").len()
    contacts = set(list_contact_columns(conflicting))
    found: list[Conflict] = []
    for names, customers in sets.sort(pl.col("columns").list.join(",")).iter_rows():
        code = "several-contacts" if set(names) <= contacts else "conflicting-columns"
        found.append((code, tuple(names), customers))
    return found


def _join_cells(column: str) -> pl.Expr:
    cells = pl.col(column)
    several = cells.fill_null(_NOTHING).str.join(CONTACT_SEPARATOR)
    return pl.when(cells.n_unique() > 1).then(several).otherwise(cells.first()).alias(column)

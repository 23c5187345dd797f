"""A column of customers by which another column names them: codes, phones, e-mails."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from refgraph.intake.contact_keys import make_column_key
from refgraph.intake.merged_customers import ROW
from refgraph.intake.several_contacts import split_contacts
from refgraph.model.dataset import get_schema

CONTACT_COLUMNS = ("email", "phone", "tax_id")
"""Known columns that identify a customer; of columns that are not known, every one may."""
_SEVERAL = ("email", "phone")
"""Columns that may hold those of several contacts."""
_SAMPLE = 100
"""Texts that are looked up first: most columns are no such column, and this shows it quickly."""


class KeyColumn(NamedTuple):
    """rows: ``written`` and the ``row`` of the customer whose cell of `column` it is."""

    column: str
    rows: pl.DataFrame


def find_key_column(
    texts: pl.Series, known: pl.DataFrame, customers: pl.DataFrame
) -> KeyColumn | None:
    """The column in which every text of a referring column finds exactly one customer.

    texts: distinct, those that are no id and no name. known: ``written`` and ``row`` of the other
    texts of the referring column; they must find the same customers. None if no column fits, or if
    two fit that mean different customers.
    """
    fitting = [
        match
        for column in list_key_columns(customers)
        if (match := _match_column(texts, known, customers, column)) is not None
    ]
    if not fitting or any(not match.rows.equals(fitting[0].rows) for match in fitting):
        return None
    return fitting[0]


def add_phones(customers: pl.DataFrame, persons: pl.DataFrame | None) -> pl.DataFrame:
    """The customers with `ROW`, and a row for the phone of each person inside one, None = none."""
    if persons is None:
        return customers
    phones = persons.select("phone", pl.col("row").alias(ROW)).drop_nulls()
    return pl.concat([customers, phones], how="diagonal")


def list_key_columns(customers: pl.DataFrame) -> list[str]:
    """Columns of text that may identify a customer, known ones first, without empty ones."""
    schema = get_schema("customers")
    unknown = [c for c, t in customers.schema.items() if t == pl.String and c not in schema]
    columns = [*(c for c in CONTACT_COLUMNS if c in customers.columns), *unknown]
    return [c for c in columns if customers[c].null_count() < customers.height]


def match_key_column(texts: pl.Series, customers: pl.DataFrame, column: str) -> pl.DataFrame:
    """``written`` and ``row`` of the texts that find exactly one customer in a column."""
    key = make_column_key(column, pl.col("key"))
    wanted = pl.DataFrame({"written": texts, "key": texts}).with_columns(key).drop_nulls("key")
    if not wanted.height:
        return pl.DataFrame(schema={"written": pl.String, "row": pl.Int32})
    row = pl.col(ROW) if ROW in customers.columns else pl.int_range(pl.len(), dtype=pl.Int32)
    owners = customers.select(key=column, row=row)
    if column in _SEVERAL:
        owners = split_contacts(owners, "key")
    owners = owners.drop_nulls("key").with_columns(key).join(wanted, on="key", how="semi")
    owners = owners.drop_nulls("key").unique().filter(pl.col("key").is_unique())
    return wanted.join(owners, on="key").select("written", "row").sort("written")


def _match_column(
    texts: pl.Series, known: pl.DataFrame, customers: pl.DataFrame, column: str
) -> KeyColumn | None:
    """The rows, if every text finds one."""
    if texts.len() > _SAMPLE:
        sample = match_key_column(texts.head(_SAMPLE), customers, column)
        if sample.height < _SAMPLE:
            return None
    rows = match_key_column(texts, customers, column)
    if rows.height < texts.len():
        return None
    others = match_key_column(known["written"], customers, column)
    agreeing = others.join(known, on=["written", "row"], how="semi")
    return KeyColumn(column, rows) if agreeing.height == known.height else None

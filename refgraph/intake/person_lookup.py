"""Persons inside accounts: a text that names one of them means the party to which it belongs."""

from __future__ import annotations

import polars as pl

from refgraph.intake.cast_tables import TypedTables, concatenate_files
from refgraph.intake.dependent_tables import repair_dependents
from refgraph.intake.name_keys import MASKED
from refgraph.intake.party_lookup import PartyLookup


def add_persons(lookup: PartyLookup, tables: TypedTables, repairs_ids: bool) -> PartyLookup:
    """The lookup that knows the persons of the table of contacts.

    Persons of unknown parties, and names that hide characters, are left out.
    """
    if not tables["contacts"]:
        return lookup
    rows = {"contacts": concatenate_files("contacts", tables)}
    if repairs_ids:
        rows, _ = repair_dependents(rows, lookup)
    contacts = rows["contacts"]
    row, _ = lookup.find_rows(contacts["party"])
    persons = contacts.select(pl.col("person").str.strip_chars(), "phone", row=row)
    is_named = pl.col("person").str.len_bytes() > 0
    is_masked = pl.col("person").str.contains(MASKED)
    return lookup.with_persons(persons.drop_nulls("row").filter(is_named & ~is_masked).unique())

"""Which parties may be one and the same: those that share an e-mail, a phone, an address or a tax number."""

from __future__ import annotations

import polars as pl

from refgraph.kernels import weak
from refgraph.model.graph import Ints
from refgraph.model.vocabulary import NONE_WORDS

FIELDS = ("email", "phone", "address", "tax_id")
SHORTEST = {"email": 5, "phone": 7, "address": 6, "tax_id": 8}
"""Characters that a normalised value must have to tell anything."""
MOST = 50
"""A value that more parties share than this is a switchboard or a market hall, and makes nobody an alias."""


def contacts(people: pl.DataFrame) -> pl.DataFrame:
    """place and the four contacts of each party in the form in which they are compared (`normal`)."""
    return people.select("place", *(normal(people[field]) for field in FIELDS))


def clusters(contacts: pl.DataFrame) -> Ints:
    """int32[n]: for each party the smallest position among those it is tied to by shared contacts, over any number of steps.

    contacts: of all parties, normalised (`contacts`).
    """
    pairs = [_tied(contacts, field) for field in FIELDS if contacts[field].null_count() < contacts.height]
    ends = pl.concat(pairs) if pairs else pl.DataFrame(schema={"first": pl.Int32, "place": pl.Int32})
    return weak.components(contacts.height, ends["first"].to_numpy(), ends["place"].to_numpy())


def normal(values: pl.Series) -> pl.Series:
    """The contacts of one field (its name says which) in the form in which they are compared; null where they tell nothing.

    E-mail without case and without what follows ``+``; the digits of a phone without 86; address and tax number without
    spaces, signs and case, full-width forms as plain ones. Step by step: polars would repeat nested steps at each mention.
    """
    field, value = values.name, pl.col(values.name)
    held = values.to_frame().with_columns(value.str.normalize("NFKC"))
    held = held.with_columns(value.str.to_lowercase().str.strip_chars())
    held = held.with_columns(pl.when(~value.is_in(NONE_WORDS)).then(value))
    if field == "email":
        held = held.with_columns(value.str.replace(r"\+[^@]*@", "@"))
        held = held.with_columns(pl.when(value.str.contains("@", literal=True)).then(value))
    elif field == "phone":
        held = held.with_columns(value.str.replace_all(r"\D", ""))
        held = held.with_columns(value.str.replace(r"^(?:00)?86(\d{7,})$", "$1"))
    else:
        held = held.with_columns(value.str.replace_all(r"[^\p{L}\p{N}]", ""))
    return held.select(pl.when(value.str.len_chars() >= SHORTEST[field]).then(value)).to_series()


def _tied(contacts: pl.DataFrame, field: str) -> pl.DataFrame:
    """Each party beside the first one with the same value."""
    held = contacts.select("place", pl.col(field).alias("value")).drop_nulls()
    shared = held.filter(pl.col("value").is_duplicated())
    shared = shared.with_columns(pl.len().over("value").alias("n"), pl.col("place").min().over("value").alias("first"))
    return shared.filter(pl.col("n").is_between(2, MOST)).select(pl.col("first", "place").cast(pl.Int32))

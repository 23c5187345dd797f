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
    """place and the four contacts of each party in the form in which they are compared; null where they tell nothing.

    E-mail without case and without what follows ``+``; the digits of a phone without 86; address and tax number without
    spaces, signs and case, full-width forms as plain ones. Step by step: polars would repeat nested steps at each mention.
    """
    every, email, phone, rest = pl.col(FIELDS), pl.col("email"), pl.col("phone"), pl.col("address", "tax_id")
    held = people.select("place", every.str.normalize("NFKC"))
    held = held.with_columns(every.str.to_lowercase().str.strip_chars())
    held = held.with_columns(pl.when(~every.is_in(NONE_WORDS)).then(every))
    held = held.with_columns(email.str.replace(r"\+[^@]*@", "@"), phone.str.replace_all(r"\D", ""),
                             rest.str.replace_all(r"[^\p{L}\p{N}]", ""))
    held = held.with_columns(pl.when(email.str.contains("@", literal=True)).then(email),
                             phone.str.replace(r"^(?:00)?86(\d{7,})$", "$1"))
    return held.select("place", *(pl.when(pl.col(f).str.len_chars() >= SHORTEST[f]).then(pl.col(f)) for f in FIELDS))


def clusters(contacts: pl.DataFrame) -> Ints:
    """int32[n]: for each party the smallest position among those it is tied to by shared contacts, over any number of steps.

    contacts: of all parties, normalised (`contacts`).
    """
    pairs = [_tied(contacts, field) for field in FIELDS if contacts[field].null_count() < contacts.height]
    ends = pl.concat(pairs) if pairs else pl.DataFrame(schema={"first": pl.Int32, "place": pl.Int32})
    return weak.components(contacts.height, ends["first"].to_numpy(), ends["place"].to_numpy())


def _tied(contacts: pl.DataFrame, field: str) -> pl.DataFrame:
    """Each party beside the first one with the same value."""
    held = contacts.select("place", pl.col(field).alias("value")).drop_nulls()
    shared = held.filter(pl.col("value").is_duplicated())
    shared = shared.with_columns(pl.len().over("value").alias("n"), pl.col("place").min().over("value").alias("first"))
    return shared.filter(pl.col("n").is_between(2, MOST)).select(pl.col("first", "place").cast(pl.Int32))

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


def clusters(people: pl.DataFrame) -> Ints:
    """int32[n]: for each party the smallest position among those it is tied to by shared contacts, over any number of steps.

    Values are compared after normalisation: e-mail without case and without what follows ``+``; the digits of a phone
    without 86; address and tax number without spaces, signs and case, full-width forms as plain ones.
    """
    pairs = [_tied(people, field) for field in FIELDS if people[field].null_count() < people.height]
    ends = pl.concat(pairs) if pairs else pl.DataFrame(schema={"first": pl.Int32, "place": pl.Int32})
    return weak.components(people.height, ends["first"].to_numpy(), ends["place"].to_numpy())


def normal(text: pl.Expr, field: str) -> pl.Expr:
    """A contact in the form in which it is compared; null where it tells nothing."""
    plain = text.str.normalize("NFKC").str.to_lowercase().str.strip_chars()
    plain = pl.when(~plain.is_in(NONE_WORDS)).then(plain)
    if field == "email":
        plain = plain.str.replace(r"\+[^@]*@", "@")
        plain = pl.when(plain.str.contains("@", literal=True)).then(plain)
    elif field == "phone":
        plain = plain.str.replace_all(r"\D", "").str.replace(r"^(?:00)?86(\d{7,})$", "$1")
    else:
        plain = plain.str.replace_all(r"[^\p{L}\p{N}]", "")
    return pl.when(plain.str.len_chars() >= SHORTEST[field]).then(plain)


def _tied(people: pl.DataFrame, field: str) -> pl.DataFrame:
    """Each party beside the first one with the same value."""
    held = people.select("place", normal(pl.col(field), field).alias("value")).drop_nulls()
    shared = held.with_columns(pl.len().over("value").alias("n"), pl.col("place").min().over("value").alias("first"))
    return shared.filter(pl.col("n").is_between(2, MOST)).select(pl.col("first", "place").cast(pl.Int32))


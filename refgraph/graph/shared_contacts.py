"""Parties that may be the same: those that share an e-mail, a phone, an address or a tax number."""

from __future__ import annotations

import polars as pl

from refgraph.kernels import weak_components
from refgraph.model.contacts import CONTACT_SEPARATOR
from refgraph.model.graph import Ints
from refgraph.model.vocabulary import UNKNOWN_WORDS

CONTACT_FIELDS = ("email", "phone", "address", "tax_id")
MIN_LENGTH = {"email": 5, "phone": 7, "address": 6, "tax_id": 8}
"""Shorter normalized values identify nobody."""
_FURTHER = f"{CONTACT_SEPARATOR}.*$"
MAX_SHARERS = 50
"""A value shared by more parties than this is a switchboard or a market hall, not an alias."""


def normalize_contacts(people: pl.DataFrame) -> pl.DataFrame:
    """``place`` and the four contacts in the form in which they are compared; null if useless.

    Of several contacts the first. E-mail in lower case without what follows ``+``; digits of the
    phone without the prefix 86; address and tax number in lower case without spaces and
    punctuation; full-width forms as plain ones. In separate steps because polars would repeat
    nested steps at each mention.
    """
    contacts = pl.col(CONTACT_FIELDS)
    first = pl.col("email", "phone").str.replace(_FURTHER, "")
    people = people.with_columns(first)
    email, phone, address_and_tax_id = pl.col("email"), pl.col("phone"), pl.col("address", "tax_id")
    frame = people.select("place", contacts.str.normalize("NFKC"))
    frame = frame.with_columns(contacts.str.to_lowercase().str.strip_chars())
    frame = frame.with_columns(pl.when(~contacts.is_in(UNKNOWN_WORDS)).then(contacts))
    frame = frame.with_columns(
        email.str.replace(r"\+[^@]*@", "@"),
        phone.str.replace_all(r"\D", ""),
        address_and_tax_id.str.replace_all(r"[^\p{L}\p{N}]", ""),
    )
    frame = frame.with_columns(
        pl.when(email.str.contains("@", literal=True)).then(email),
        phone.str.replace(r"^(?:00)?86(\d{7,})$", "$1"),
    )
    return frame.with_columns(
        pl.when(pl.col(field).str.len_chars() >= length).then(pl.col(field))
        for field, length in MIN_LENGTH.items()
    )


def find_clusters(contacts: pl.DataFrame) -> Ints:
    """int32[n]: the smallest index among the parties connected to each by shared contacts.

    Connected means over any number of steps. contacts: of all parties, normalized
    (`normalize_contacts`).
    """
    recorded = [f for f in CONTACT_FIELDS if contacts[f].null_count() < contacts.height]
    no_links = pl.DataFrame(schema={"first": pl.Int32, "place": pl.Int32})
    pairs = pl.concat([no_links, *(_link_sharers(contacts, field) for field in recorded)])
    return weak_components.label_weak_components(
        contacts.height, pairs["first"].to_numpy(), pairs["place"].to_numpy()
    )


def _link_sharers(contacts: pl.DataFrame, field: str) -> pl.DataFrame:
    """``place`` of each party that shares a value, and ``first``, the first party with it."""
    shared = contacts.select("place", value=field).drop_nulls()
    shared = shared.filter(pl.col("value").is_duplicated())
    shared = shared.with_columns(
        sharers=pl.len().over("value"), first=pl.col("place").min().over("value")
    )
    shared = shared.filter(pl.col("sharers").is_between(2, MAX_SHARERS))
    return shared.select(pl.col("first", "place").cast(pl.Int32))

"""People who are contacts of several parties, and the parties of a person."""

from __future__ import annotations

import polars as pl

from refgraph.intake.contact_keys import make_phone_key
from refgraph.model.graph import Graph, Ints

MAX_SHARERS = 10
"""A number with more parties than this is a switchboard or an agency, and introduces nobody."""
_SCHEMA = pl.Schema({"first": pl.Int64, "second": pl.Int64, "person": pl.String, "at": pl.Date})


def list_shared_people(graph: Graph) -> pl.DataFrame:
    """Ordered pairs of parties with one contact: the same name and the same phone.

    ``first``, ``second`` (places), ``person``, ``at``: since when both are known to have it. The
    name alone is not enough, since many people share one.
    """
    if graph.contacts is None:
        return pl.DataFrame(schema=_SCHEMA)
    places = graph.parties.select(party="id", place=pl.col("place").cast(pl.Int64))
    people = graph.contacts.select(
        "party",
        "since",
        person=pl.col("person").str.strip_chars(),
        phone=make_phone_key(pl.col("phone")),
    )
    people = people.drop_nulls(["person", "phone"]).join(places, on="party").drop("party")
    people = people.group_by("person", "phone", "place").agg(pl.col("since").min())
    people = people.filter(pl.len().over("person", "phone") <= MAX_SHARERS)
    pairs = people.join(people, on=["person", "phone"], suffix="_other")
    pairs = pairs.filter(pl.col("place") != pl.col("place_other"))
    is_known = pl.col("since").is_not_null() & pl.col("since_other").is_not_null()
    at = pl.when(is_known).then(pl.max_horizontal("since", "since_other"))
    named = pairs.select(first="place", second="place_other", person="person", at=at)
    return named.sort("first", "second", "person", "at").cast(_SCHEMA)


def find_parties_of_person(graph: Graph, name: str) -> Ints:
    """int32: the parties that have a contact of this name."""
    if graph.contacts is None:
        return pl.Series(dtype=pl.Int32).to_numpy()
    is_named = pl.col("person").str.strip_chars() == name.strip()
    parties = graph.contacts.filter(is_named)["party"]
    return graph.parties["id"].is_in(parties.implode()).arg_true().cast(pl.Int32).to_numpy()


def list_people(graph: Graph) -> pl.Series:
    """The names in the table of contacts."""
    if graph.contacts is None:
        return pl.Series("person", dtype=pl.String)
    return graph.contacts["person"].str.strip_chars().drop_nulls()

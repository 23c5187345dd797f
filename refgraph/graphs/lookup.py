"""Which party does a person mean: by id, else by a name that only one party has."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import polars as pl

from refgraph.errors import UsageError
from refgraph.model.graph import Graph

NEAREST = 5
CANDIDATES = 2000
"""Names compared letter by letter for an unknown one: those that share most of its characters."""


def position(graph: Graph, text: str) -> int:
    """The position of the party whose id is ``text``, else of the only one so named; of a member of a group that is rolled
    up, that of the group.

    Raises UsageError ``ambiguous-party`` with the ids of all so named, ``unknown-party`` with the nearest names and ids.
    """
    place = graph.parties["id"].search_sorted(text)
    if place < len(graph) and graph.parties["id"][place] == text:
        return int(place)
    named = graph.parties.filter(pl.col("name") == text)["id"]
    if named.len() == 1:
        return position(graph, named[0])
    if text in graph.stands_for and not named.len():
        return position(graph, graph.stands_for[text])
    if named.len():
        raise UsageError("ambiguous-party", name=text, known=named.head(2 * NEAREST).to_list())
    raise UsageError("unknown-party", name=text, known=nearest(graph, text))


def positions(graph: Graph, texts: Iterable[str]) -> list[int]:
    """Positions of several, each once, in order of their ids; raises as `position`."""
    return sorted({position(graph, text) for text in texts})


def nearest(graph: Graph, text: str) -> list[str]:
    """Up to five names or ids that look most like ``text`` (Ratcliff & Obershelp), most alike first.

    Those of a likeness below 0.3 only where there is no better one.
    """
    known = pl.concat([graph.parties["name"].drop_nulls(), graph.parties["id"]]).unique().sort().to_frame("name")
    letters = pl.lit(text.lower()).str.split("").list.set_difference([""])
    alike = pl.col("name").str.to_lowercase().str.split("").list.set_intersection(letters).list.len()
    length = (pl.col("name").str.len_chars().cast(pl.Int64) - len(text)).abs()
    likely = known.with_columns(alike=alike, length=length).sort("alike", "length", "name", descending=[True, False, False])
    names = likely["name"].head(CANDIDATES).to_list()
    return get_close_matches(text, names, NEAREST, 0.3) or get_close_matches(text, names, NEAREST, 0.0)

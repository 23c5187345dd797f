"""Find a party by id, or by a name that only one party has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import polars as pl

from refgraph.errors import UsageError
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.parameter_values import describe_value

MAX_SUGGESTIONS = 5
MAX_CANDIDATES = 2000
"""How many names are compared with an unknown one: those that share most of its characters."""
MIN_SIMILARITY = 0.5
"""Names less alike than this are no suggestion."""


def find_party_index(graph: Graph, text: str) -> int:
    """The index of the party with the id ``text``, else of the only party with that name.

    Else what a person confirmed that the text means counts. A member of a group that is rolled up
    stands for its group. Raises UsageError
    ``ambiguous-party`` with the ids of all parties of that name, ``unknown-party`` with the most
    similar names and ids.
    """
    ids = graph.parties["id"]
    index = ids.search_sorted(text)
    if index < len(graph) and ids[index] == text:
        return int(index)
    namesakes = graph.parties.filter(pl.col("name") == text)["id"]
    if namesakes.len() == 1:
        return find_party_index(graph, namesakes[0])
    if text in graph.representative_of:
        return find_party_index(graph, graph.representative_of[text])
    if namesakes.len():
        known = namesakes.head(2 * MAX_SUGGESTIONS).to_list()
        raise UsageError("ambiguous-party", name=text, known=known)
    known = suggest_names(graph, text)
    near = ask_for_one(known)
    raise UsageError("unknown-party", name=describe_value(text), known=known, near=near)


def find_party_indexes(graph: Graph, texts: Iterable[str]) -> list[int]:
    """Indexes of several parties, in order and without repeats; raises as `find_party_index`."""
    return sorted({find_party_index(graph, text) for text in texts})


def ask_for_one(names: Sequence[str]) -> Message | str:
    """A question with the names that may be meant; empty without any."""
    return message("help.did-you-mean", names=list(names)) if names else ""


def suggest_names(graph: Graph, text: str) -> list[str]:
    """Up to five names or ids of parties that hold ``text`` or are alike, best first."""
    return find_alike(pl.concat([graph.parties["name"].drop_nulls(), graph.parties["id"]]), text)


def find_alike(known: pl.Series, text: str) -> list[str]:
    """Up to five of the words that hold ``text`` or are alike, best first.

    Alike: a similarity of at least 0.5 (Ratcliff & Obershelp).
    """
    name = pl.col("name")
    letters = pl.lit(text.lower()).str.split("").list.set_difference([""])
    letters_of_name = name.str.to_lowercase().str.split("")
    candidates = (
        known.unique()
        .sort()
        .alias("name")
        .to_frame()
        .with_columns(
            shared_letters=letters_of_name.list.set_intersection(letters).list.len(),
            length_difference=(name.str.len_chars().cast(pl.Int64) - len(text)).abs(),
        )
        .sort("shared_letters", "length_difference", "name", descending=[True, False, False])
    )
    names = candidates["name"].head(MAX_CANDIDATES).to_list()
    alike = get_close_matches(text, names, MAX_SUGGESTIONS, MIN_SIMILARITY)
    holding = [name for name in names if text and text.lower() in name.lower()]
    return list(dict.fromkeys([*alike, *holding]))[:MAX_SUGGESTIONS]

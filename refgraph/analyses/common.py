"""Who referred both? The nearest recommenders that two parties have in common."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graph import distances
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.members import number_parties
from refgraph.measures.tallies import measure_value
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Message, Names, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("recommender", Unit.ID, key="common_recommender"),
    Column("name", Unit.TEXT),
    Column("to_first", Unit.DEPTH, closed="position"),
    Column("to_second", Unit.DEPTH, closed="position"),
    Column("apart", Unit.DEPTH, closed="position"),
    Column("value", Unit.VALUE, key="own_value"),
)
MAX_NAMES = 3


@analysis(grain="party", columns=COLUMNS, order=(("apart", False), ("recommender", False)))
def common(graph: Graph, *, of: tuple[str, ...] = ()) -> Answer:
    """The lowest common ancestors of two parties, nearest first.

    An ancestor of both is listed unless it referred another ancestor of both. A party counts as its
    own ancestor: if one of the two led to the other, it is listed, at distance 0. In a forest there
    is at most one; with several referrers there may be more. apart = to_first + to_second, in
    referrals. Raises UsageError unless two different parties are named.
    """
    first, second = distances.resolve_pair(graph, of, "common")
    to_first = distances.hops_up(graph, np.array([first], np.int32))
    to_second = distances.hops_up(graph, np.array([second], np.int32))
    lowest = np.flatnonzero(_find_lowest(graph, (to_first >= 0) & (to_second >= 0)))
    frame = pl.DataFrame(
        {
            "recommender": graph.parties["id"].gather(lowest),
            "name": graph.names.gather(lowest),
            "to_first": to_first[lowest].astype(np.int64),
            "to_second": to_second[lowest].astype(np.int64),
            "apart": (to_first[lowest] + to_second[lowest]).astype(np.int64),
            "value": graph.value.numbers[lowest],
        }
    ).with_columns(place=pl.Series(lowest))
    frame = frame.sort("apart", "recommender")
    value = number_parties(len(graph)).add_up(measure_value(graph))
    opened = Tallies({"value": value}, frame["place"].to_numpy())
    frame = frame.drop("place")
    return Answer(frame, _build_headline(graph, first, second, frame), (), opened)


def _find_lowest(graph: Graph, is_common: Bools) -> Bools:
    """The common ancestors that referred no common ancestor."""
    source, target = distances.extract_arc_endpoints(graph)
    has_lower = np.zeros(len(graph), bool)
    has_lower[source[is_common[target]]] = True
    return is_common & ~has_lower


def _build_headline(graph: Graph, first: int, second: int, frame: pl.DataFrame) -> Message:
    names = {"first": graph.names[first], "second": graph.names[second]}
    standing = as_of_phrase(graph)
    if not frame.height:
        return message("headline.common-none", **names, standing=standing)
    nearest = frame.row(0, named=True)
    to_first, to_second = nearest["to_first"], nearest["to_second"]
    if frame.height > 1:
        return message(
            "headline.common-several",
            names=Names.shorten(frame["name"], MAX_NAMES),
            recommenders=frame.height,
            to_first=to_first,
            to_second=to_second,
            name=nearest["name"],
            **names,
            standing=standing,
        )
    if to_first == 0 or to_second == 0:
        return message(
            "headline.common-self",
            name=nearest["name"],
            other=names["second" if to_first == 0 else "first"],
            length=nearest["apart"],
            **names,
            standing=standing,
        )
    return message(
        "headline.common",
        name=nearest["name"],
        to_first=to_first,
        to_second=to_second,
        **names,
        standing=standing,
    )

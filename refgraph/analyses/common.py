"""Through whom did both come? The nearest recommenders that two parties have in common."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graphs import ways
from refgraph.graphs.periods import standing
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Message, Names, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("recommender", Unit.ID, key="common_recommender"),
    Column("name", Unit.TEXT),
    Column("to_first", Unit.DEPTH),
    Column("to_second", Unit.DEPTH),
    Column("apart", Unit.DEPTH),
    Column("value", Unit.VALUE, key="own_value"),
)


@analysis(grain="party", columns=COLUMNS, order=(("apart", False), ("recommender", False)))
def common(graph: Graph, *, of: tuple[str, ...] = ()) -> Answer:
    """The lowest common recommenders of two parties: those above both of whom nobody below is above both, nearest first.

    A party counts as standing above itself: if one of the two led to the other, it is the common one, at distance 0. On a forest
    there is at most one; with several referrers all lowest ones are listed. apart = to_first + to_second, in referrals.
    Raises UsageError unless two different parties are named.
    """
    a, b = ways.two(graph, of, "common")
    to_a, to_b = (ways.above(graph, np.array([x], np.int32)) for x in (a, b))
    lowest = np.flatnonzero(_lowest(graph, (to_a >= 0) & (to_b >= 0)))
    people = graph.parties.select("id", name=graph.names, value=pl.Series(graph.value.numbers))[lowest]
    frame = pl.DataFrame({
        "recommender": people["id"], "name": people["name"], "to_first": to_a[lowest].astype(np.int64),
        "to_second": to_b[lowest].astype(np.int64), "apart": (to_a[lowest] + to_b[lowest]).astype(np.int64),
        "value": people["value"],
    }).sort("apart", "recommender")  # fmt: skip
    return Answer(frame, _headline(graph, a, b, frame))


def _lowest(graph: Graph, both: Bools) -> Bools:
    """Of those above both, the ones that referred nobody above both."""
    source, target = ways.arcs(graph)
    higher = np.zeros(len(graph), bool)
    higher[source[both[target]]] = True
    return both & ~higher


def _headline(graph: Graph, a: int, b: int, frame: pl.DataFrame) -> Message:
    told = {"first": graph.names[a], "second": graph.names[b], "standing": standing(graph)}
    if not frame.height:
        return message("headline.common-none", **told)
    best = frame.row(0, named=True)
    if frame.height > 1:
        names = Names(tuple(frame["name"].head(3).to_list()), max(frame.height - 3, 0))
        return message("headline.common-several", names=names, recommenders=frame.height, to_first=best["to_first"],
                       to_second=best["to_second"], name=best["name"], **told)
    if best["apart"] == max(best["to_first"], best["to_second"]):
        low = "second" if best["to_first"] == 0 else "first"
        return message("headline.common-self", name=best["name"], other=told[low], length=best["apart"], **told)
    return message("headline.common", name=best["name"], to_first=best["to_first"], to_second=best["to_second"], **told)

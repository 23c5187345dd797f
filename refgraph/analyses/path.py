"""How does a recommendation lead from one party to another?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from refgraph.errors import UsageError
from refgraph.graphs import ways
from refgraph.graphs.lookup import position
from refgraph.graphs.periods import standing
from refgraph.model.graph import Graph, Ints
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("step", Unit.DEPTH, key="path_step"),
    Column("party", Unit.ID, key="path_party"),
    Column("name", Unit.TEXT),
    Column("direction", Unit.LABEL),
    Column("date", Unit.DATE),
    Column("value", Unit.VALUE, key="own_value"),
)
Arcs = tuple[Ints, Ints]


class _Way(NamedTuple):
    """headline: how the sentence that tells it ends; arcs: in the order of travel; shape: distances from the start."""

    headline: str
    start: int
    end: int
    arcs: Arcs
    distance: Ints


@analysis(grain="step", columns=COLUMNS, order=(("step", False),), key=("step",), about=("from_", "to"), way="between")
def path(graph: Graph, *, from_: str = "", to: str = "") -> Answer:
    """One row a party of a shortest way along counted, uncut referrals, step 0 = the start; of several, by smallest ids.

    Where none leads down from one to the other: the way the other way round, else one that takes referrals in either direction
    (``against`` = up to a referrer). date: of the referral that the step takes. Raises UsageError unless two parties are named.
    """
    if not from_ or not to:
        raise UsageError("path-ends")
    a, b = position(graph, from_), position(graph, to)
    if a == b:
        raise UsageError("same-party", name=to)
    way = _way(graph, a, b)
    steps = _steps(way)
    people = graph.parties.select("id", name=graph.names, value=pl.Series(graph.value.numbers))[steps]
    frame = pl.DataFrame({"step": range(len(steps)), "party": people["id"], "name": people["name"]}, schema_overrides={
        "step": pl.Int64, "party": pl.String, "name": pl.String})  # fmt: skip
    frame = frame.with_columns(**_taken(graph, steps), value=people["value"]).select(c.name for c in COLUMNS)
    return Answer(frame, _headline(graph, way, steps, _count(way)))


def _way(graph: Graph, a: int, b: int) -> _Way:
    source, target = ways.arcs(graph)
    start = np.array([a], np.int32)
    down = ways.below(graph, start)
    if down[b] >= 0:
        return _Way("", a, b, (source, target), down)
    up = ways.above(graph, start)
    if up[b] >= 0:
        return _Way("-back", a, b, (target, source), up)
    either = ways.around(graph, start)
    both = np.concatenate([source, target]), np.concatenate([target, source])
    return _Way("-around" if either[b] >= 0 else "-none", a, b, both, either)


def _on_the_way(way: _Way) -> tuple[Ints, Ints]:
    """Arcs on any shortest way, by where they lead."""
    source, target = way.arcs
    ahead = (way.distance[source] >= 0) & (way.distance[target] == way.distance[source] + 1)
    ahead &= way.distance[target] <= way.distance[way.end]
    source, target = source[ahead], target[ahead]
    pair = np.unique(np.stack([target, source], axis=1), axis=0)
    return pair[:, 1], pair[:, 0]


def _steps(way: _Way) -> list[int]:
    """Positions from start to end: at each step back the smallest id of those one nearer to the start."""
    if way.distance[way.end] < 0:
        return []
    source, target = _on_the_way(way)
    steps = [way.end]
    while steps[-1] != way.start:
        steps.append(int(source[np.searchsorted(target, steps[-1])]))
    return steps[::-1]


def _count(way: _Way) -> int:
    """How many shortest ways there are."""
    if way.distance[way.end] < 0:
        return 0
    source, target = _on_the_way(way)
    order = np.argsort(way.distance[target], kind="stable")
    ways_to = {way.start: 1}
    for u, v in zip(source[order].tolist(), target[order].tolist(), strict=True):
        ways_to[v] = ways_to.get(v, 0) + ways_to.get(u, 0)
    return ways_to.get(way.end, 0)


def _taken(graph: Graph, steps: list[int]) -> dict[str, pl.Series]:
    """Direction and date of the referral by which each step is reached; null for the start."""
    taken = pl.DataFrame({"u": steps[:-1], "v": steps[1:]}, schema={"u": pl.Int64, "v": pl.Int64})
    arcs = graph.arcs.filter(pl.col("counted") & ~pl.col("cut")).select(
        pl.col("referrer").cast(pl.Int64), pl.col("referred").cast(pl.Int64), "at")
    along = taken.join(arcs.with_columns(along=True), left_on=["u", "v"], right_on=["referrer", "referred"], how="left",
                       maintain_order="left")  # fmt: skip
    against = taken.join(arcs, left_on=["v", "u"], right_on=["referrer", "referred"], how="left", maintain_order="left")
    word = along.select(pl.when("along").then(pl.lit("along")).otherwise(pl.lit("against")).alias("w"))["w"]
    at = along.select(pl.when("along").then("at").otherwise(against["at"]).alias("at"))["at"]
    first = [None] if steps else []
    return {"direction": pl.concat([pl.Series(first, dtype=pl.String), word]), "date": pl.concat([pl.Series(
        first, dtype=pl.Date), at])}  # fmt: skip


def _headline(graph: Graph, way: _Way, steps: list[int], ways_there: int) -> Message:
    others: object = message("phrase.one-of-ways", ways=ways_there) if ways_there > 1 else ""
    return message(f"headline.path{way.headline}", start=graph.names[way.start], end=graph.names[way.end], others=others,
                   length=max(len(steps) - 1, 0), standing=standing(graph))

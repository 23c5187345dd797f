"""How does a recommendation lead from one party to another?"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import polars as pl

from refgraph.errors import UsageError
from refgraph.graph import distances
from refgraph.graph.lookup import find_party_index
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.members import Members
from refgraph.measures.own_cells import tally_cells
from refgraph.measures.tallies import measure_value
from refgraph.model.graph import Graph, Ints
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies, Tally
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
HEADLINES = {"down": "", "up": "-back", "undirected": "-around", "none": "-none"}
"""Direction of a path -> suffix of its headline."""


class PathSearch(NamedTuple):
    """All shortest paths between two parties.

    direction: ``down``, ``up`` (the end referred the start), ``undirected`` or ``none``. start,
    end: indices of the parties. source, target: the arcs, in the direction of travel. distance
    int32[n]: from the start, -1 = unreachable.
    """

    direction: Literal["down", "up", "undirected", "none"]
    start: int
    end: int
    source: Ints
    target: Ints
    distance: Ints


@analysis(
    grain="step",
    columns=COLUMNS,
    order=(("step", False),),
    key=("step",),
    party_options=("from_", "to"),
    neighborhood="between",
)
def path(graph: Graph, *, from_: str = "", to: str = "") -> Answer:
    """One row per party on a shortest path along active arcs, step 0 = the start.

    Of several shortest paths the one with the smallest ids is shown. If no path leads down from one
    to the other: the path in the opposite direction, else one that takes referrals in either
    direction (``against`` = up to a referrer). date: of the referral that leads to the step.
    Raises UsageError unless two different parties are named.
    """
    if not from_ or not to:
        raise UsageError("path-ends")
    start, end = find_party_index(graph, from_), find_party_index(graph, to)
    if start == end:
        raise UsageError("same-party", name=to)
    search = _search_path(graph, start, end)
    steps = _trace_steps(search)
    indices = pl.Series(steps, dtype=pl.Int64)
    frame = pl.DataFrame(
        {
            "step": pl.int_range(len(steps), dtype=pl.Int64, eager=True),
            "party": graph.parties["id"].gather(indices),
            "name": graph.names.gather(indices),
            **(described := _describe_steps(graph, steps)),
            "value": pl.Series(graph.value.numbers).gather(indices),
        }
    )
    opened = Tallies(_compute_tallies(graph, indices, described["arc"]))
    frame = frame.drop("arc")
    return Answer(frame, _build_headline(graph, search, len(steps)), (), opened)


def _compute_tallies(graph: Graph, steps: pl.Series, arcs: pl.Series) -> dict[str, Tally]:
    """The figures of each step; arcs: the referral that leads to it, null for the start."""
    numbers = np.arange(len(steps))
    parties = Members("customers", numbers, len(steps), steps.to_numpy())
    group = np.where(arcs.is_not_null().to_numpy(), numbers, -1)
    referrals = Members("referrals", group, len(steps), arcs.fill_null(0).to_numpy())
    return {
        "date": tally_cells(graph.arcs["at"], referrals),
        "value": parties.add_up(measure_value(graph)),
    }


def _search_path(graph: Graph, start: int, end: int) -> PathSearch:
    """Search down, then up, then in both directions."""
    source, target = distances.extract_arc_endpoints(graph)
    starts = np.array([start], np.int32)
    down = distances.hops_down(graph, starts)
    if down[end] >= 0:
        return PathSearch("down", start, end, source, target, down)
    up = distances.hops_up(graph, starts)
    if up[end] >= 0:
        return PathSearch("up", start, end, target, source, up)
    undirected = distances.hops_undirected(graph, starts)
    both_sources, both_targets = np.concatenate([source, target]), np.concatenate([target, source])
    direction: Literal["undirected", "none"] = "undirected" if undirected[end] >= 0 else "none"
    return PathSearch(direction, start, end, both_sources, both_targets, undirected)


def _find_path_arcs(search: PathSearch) -> tuple[Ints, Ints]:
    """Source and target of the arcs on shortest paths, sorted by target, each pair once."""
    distance, source, target = search.distance, search.source, search.target
    leads_on = (distance[source] >= 0) & (distance[target] == distance[source] + 1)
    leads_on &= distance[target] <= distance[search.end]
    pairs = np.unique(np.stack([target[leads_on], source[leads_on]], axis=1), axis=0)
    return pairs[:, 1], pairs[:, 0]


def _trace_steps(search: PathSearch) -> list[int]:
    """Indices from start to end: going back, each time the smallest index one step nearer."""
    if search.distance[search.end] < 0:
        return []
    source, target = _find_path_arcs(search)
    steps = [search.end]
    while steps[-1] != search.start:
        steps.append(int(source[np.searchsorted(target, steps[-1])]))
    return steps[::-1]


def _count_paths(search: PathSearch) -> int:
    """How many shortest paths there are."""
    if search.distance[search.end] < 0:
        return 0
    source, target = _find_path_arcs(search)
    order = np.argsort(search.distance[target], kind="stable")
    paths_to = {search.start: 1}
    for u, v in zip(source[order].tolist(), target[order].tolist(), strict=True):
        paths_to[v] = paths_to.get(v, 0) + paths_to.get(u, 0)
    return paths_to.get(search.end, 0)


def _describe_steps(graph: Graph, steps: list[int]) -> dict[str, pl.Series]:
    """Direction and date of the referral that leads to each step; null for the start."""
    taken = pl.DataFrame({"u": steps[:-1], "v": steps[1:]}, schema={"u": pl.Int64, "v": pl.Int64})
    is_active = pl.col("counted") & ~pl.col("cut")
    arcs = graph.arcs.with_row_index("arc").filter(is_active)
    arcs = arcs.select(pl.col("referrer", "referred", "arc").cast(pl.Int64), "at", exists=True)
    downward = taken.join(
        arcs,
        left_on=["u", "v"],
        right_on=["referrer", "referred"],
        how="left",
        maintain_order="left",
    )
    upward = taken.join(
        arcs,
        left_on=["v", "u"],
        right_on=["referrer", "referred"],
        how="left",
        maintain_order="left",
    )
    along, against = pl.lit("along"), pl.lit("against")
    described = downward.with_columns(upward_date=upward["at"], upward_arc=upward["arc"]).select(
        direction=pl.when("exists").then(along).otherwise(against),
        date=pl.when("exists").then("at").otherwise("upward_date"),
        arc=pl.when("exists").then("arc").otherwise("upward_arc"),
    )
    start = described.clear(1 if steps else 0)
    return {name: start[name].append(described[name]) for name in described.columns}


def _build_headline(graph: Graph, search: PathSearch, steps: int) -> Message:
    """steps: number of parties on the path."""
    paths = _count_paths(search)
    others: object = message("phrase.one-of-ways", ways=paths) if paths > 1 else ""
    return message(
        f"headline.path{HEADLINES[search.direction]}",
        start=graph.names[search.start],
        end=graph.names[search.end],
        others=others,
        length=max(steps - 1, 0),
        standing=as_of_phrase(graph),
    )

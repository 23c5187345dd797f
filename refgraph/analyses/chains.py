"""What do the referral chains look like? Every line from a first referrer to a last customer."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graphs.periods import basis, standing
from refgraph.kernels import passes
from refgraph.model.graph import Graph, Longs
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

COLUMNS = (
    Column("first", Unit.ID, key="chain_first", detail=True),
    Column("first_name", Unit.TEXT),
    Column("last", Unit.ID, key="chain_last", detail=True),
    Column("last_name", Unit.TEXT),
    Column("length", Unit.DEPTH, key="chain_length"),
    Column("people", Unit.COUNT),
    Column("value", Unit.VALUE, key="chain_value"),
    Column("closed", Unit.COUNT, key="chain_closed", detail=True),
    Column("days", Unit.DAYS, key="chain_days", detail=True),
    Column("path", Unit.TEXT),
)
ENDS = 25
"""Names shown at each end of a path; a path of more than twice as many is elided in the middle."""


@analysis(grain="chain", columns=COLUMNS, order=(("length", DESC), ("value", DESC), ("last", False)))
def chains(graph: Graph, *, paths: int = 1000) -> Answer:
    """Maximal lines along primary referrers from a root to a customer below whom nobody closed; prospects do not extend one.

    length in referrals, people = length + 1. value and closed are over the people of the line; lines share their upper
    parts, so neither may be added over lines. ``path`` is filled for the first ``paths`` lines.
    """
    forest = graph.forest
    customer = graph.customers[forest.order].astype(np.float64)
    below = passes.sums_up(forest.place_parent, customer)
    last = np.flatnonzero((customer == 1) & (below == 1) & (forest.depth > 0))
    value = passes.sums_down(forest.place_parent, graph.value.whole[forest.order])[last] / graph.value.scale
    closed = passes.sums_down(forest.place_parent, customer)[last]
    root = _roots(graph)[last]
    people = graph.parties.select("id", "since", name=graph.names)
    start, end = people[forest.order[root]], people[forest.order[last]]
    frame = pl.DataFrame({
        "first": start["id"], "first_name": start["name"], "last": end["id"], "last_name": end["name"],
        "length": forest.depth[last], "people": forest.depth[last].astype(np.int64) + 1, "value": value,
        "closed": closed.astype(np.int64), "days": (end["since"] - start["since"]).dt.total_days(), "place": last,
    }).sort("length", "value", "last", descending=[True, True, False])  # fmt: skip
    shown = _paths(graph, frame["place"].head(paths).to_numpy())
    frame = frame.with_columns(path=pl.concat([shown, pl.Series([None] * (frame.height - len(shown)), dtype=pl.String)]))
    return Answer(frame.drop("place"), _headline(graph, frame), tuple(_notes(frame, len(shown))))


def _roots(graph: Graph) -> Longs:
    """int64[n]: the place of the root of each place."""
    starts = np.flatnonzero(graph.forest.place_parent < 0)
    return np.repeat(starts, graph.forest.size[starts])


def _paths(graph: Graph, places: Longs) -> pl.Series:
    """Names along each line, root first. Long lines: the first 25, the number left out, the last 25."""
    forest, n = graph.forest, len(places)
    names, depth = graph.names, forest.depth[places]
    columns: list[pl.Series] = []
    for level in range(min(2 * ENDS, int(depth.max(initial=-1)) + 1)):  # from the root: the last place of that depth before
        at_level = np.flatnonzero(forest.depth == level)
        up = at_level[np.searchsorted(at_level, places, side="right") - 1]
        there = (level <= depth) & ((level < ENDS) | (depth < 2 * ENDS))
        columns.append(_named(names, forest.order[up], there))
    long = depth >= 2 * ENDS
    if long.any():
        gap = pl.Series([f"… ({d + 1 - 2 * ENDS}) …" if x else None for d, x in zip(depth, long, strict=True)], dtype=pl.String)
        tail, up = [], places.copy()
        for _ in range(ENDS):
            tail.append(_named(names, forest.order[up], long))
            up = np.where(long, forest.place_parent[up], up)
        columns += [gap, *reversed(tail)]
    if not columns:
        return pl.Series([""] * n, dtype=pl.String)
    table = pl.DataFrame([c.alias(str(k)) for k, c in enumerate(columns)])
    return table.select(pl.concat_str(pl.all(), separator=" → ", ignore_nulls=True)).to_series()


def _named(names: pl.Series, parties: np.ndarray, there: np.ndarray) -> pl.Series:
    frame = pl.DataFrame({"name": names.gather(parties), "there": there})
    return frame.select(pl.when("there").then("name")).to_series()


def _headline(graph: Graph, frame: pl.DataFrame) -> Message:
    if not frame.height:
        return message("headline.chains-none", standing=standing(graph))
    best = frame.row(0, named=True)
    return message("headline.chains", length=best["length"], people=best["people"], first=best["first_name"],
                   last=best["last_name"], value=graph.value.amount(best["value"]), chains=frame.height, basis=basis(graph),
                   standing=standing(graph))


def _notes(frame: pl.DataFrame, shown: int) -> list[Message]:
    notes = [message("note.chains-overlap")] if frame.height > 1 else []
    if frame["people"].head(shown).max() is not None and int(frame["people"].head(shown).to_numpy().max()) > 2 * ENDS:
        notes.append(message("note.paths-elided", ends=ENDS))
    if shown < frame.height:
        notes.append(message("note.paths-left-out", shown=shown, rest=frame.height - shown))
    return notes

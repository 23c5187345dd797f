"""What remains if these leave? Their value and that of their descendants, as an upper bound."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.analyses.columns import build_frame
from refgraph.graph import distances
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.members import Members, select_members
from refgraph.measures.recent_value import measure_recent_orders
from refgraph.measures.tallies import compute_ratio, measure_value, read_figures, stack_rows
from refgraph.model.graph import Floats, Graph, Ints
from refgraph.model.message import Message, Names, message
from refgraph.model.parameter_values import Proportion
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Quantity, Tally
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("part", Unit.LABEL, key="without_part"),
    Column("parties", Unit.COUNT, key="part_parties"),
    Column("existing", Unit.COUNT, key="part_existing"),
    Column("last_12_months", Unit.VALUE, "M53s", "reach"),
    Column("share_12_months", Unit.SHARE, "M53s"),
    Column("value", Unit.VALUE, "M53s", "reach", key="part_value"),
    Column("share", Unit.SHARE, "M53s", key="part_share"),
)
MAX_NAMES = 3


@analysis(grain="part", columns=COLUMNS, order=(), formulas=("M53s",))
def without(graph: Graph, *, of: tuple[str, ...] = (), follow: Proportion | None = None) -> Answer:
    """The value at stake if a set of parties leaves.

    Rows: own (the set), direct (referred by it), downstream (all its descendants), upper_bound =
    own + downstream, remaining, total. Each party counts once, members of the set only in own.
    last_12_months: orders of existing customers in the twelve months up to the as-of date; value:
    of all parties over the whole period. follow: adds a row ``following``, own + sum of
    follow^distance times value: each descendant follows its nearest referrer with this probability
    per step, 0 to 1. Raises UsageError if nobody or an unknown party is named.
    """
    starts = distances.resolve_parties(graph, of, "without")
    distance = distances.hops_down(graph, starts)
    recent = measure_recent_orders(graph)
    parts = {
        "own": distance == 0,
        "direct": distance == 1,
        "downstream": distance > 0,
        "upper_bound": distance >= 0,
        "remaining": distance < 0,
        "total": np.ones(len(graph), bool),
    }
    rows: list[dict[str, object]] = []
    for name, mask in parts.items():
        members = select_members("customers", mask)
        counts = {"parties": members.count(), "existing": members.count(graph.existing)}
        rows.append({"part": name, **counts, **_sum_part(graph, members, recent)})
        if name == "upper_bound" and follow is not None:
            weight = follow ** np.maximum(distance, 0).astype(np.float64)
            rows.append({"part": "following", **_sum_part(graph, members, recent, weight)})
    frame = build_frame(read_figures(rows), COLUMNS)
    return Answer(
        frame,
        _build_headline(graph, starts, frame, follow),
        tuple(_build_notes(graph, starts, recent)),
        stack_rows(rows),
    )


def _sum_part(
    graph: Graph, members: Members, recent: Quantity | None, weight: Floats | None = None
) -> dict[str, Tally]:
    """Value columns of the parties; weight float64[n]: the part of each that is expected."""
    everybody = select_members("customers", np.ones(len(graph), bool))
    quantity = measure_value(graph)
    value = members.add_up(quantity, weight=weight)
    columns = {"value": value, "share": compute_ratio(value, everybody.add_up(quantity))}
    if recent:
        value = members.add_up(recent, graph.existing, weight)
        columns["last_12_months"] = value
        total = everybody.add_up(recent, graph.existing)
        columns["share_12_months"] = compute_ratio(value, total)
    return columns


def _build_headline(
    graph: Graph, starts: Ints, frame: pl.DataFrame, follow: float | None
) -> Message:
    rows = {row["part"]: row for row in frame.iter_rows(named=True)}
    if rows["own"]["last_12_months"] is not None:
        value, share = "last_12_months", "share_12_months"
        period = message("phrase.last-12-months")
    else:
        value, share = "value", "share"
        period = message("phrase.in-all", basis=value_basis_phrase(graph))
    amounts = {part: graph.value.amount(row[value]) for part, row in rows.items()}
    following: object = ""
    if follow is not None:
        following = message(
            "phrase.following",
            chance=follow,
            value=amounts["following"],
            share=rows["following"][share],
        )
    return message(
        "headline.without",
        names=Names.shorten(graph.names.gather(starts), MAX_NAMES),
        value=amounts["upper_bound"],
        share=rows["upper_bound"][share],
        own=amounts["own"],
        direct=amounts["direct"],
        direct_parties=rows["direct"]["parties"],
        downstream=amounts["downstream"],
        parties=rows["downstream"]["parties"],
        remaining=amounts["remaining"],
        period=period,
        following=following,
        standing=as_of_phrase(graph),
    )


def _build_notes(graph: Graph, starts: Ints, recent: Quantity | None) -> list[Message]:
    notes = [message("note.without-upper-bound")]
    if recent is None:
        notes.append(message("note.without-no-orders"))
    if not graph.adjacency.is_forest:
        notes.append(message("note.without-other-referrers"))
    if not graph.existing[starts].any():
        notes.append(message("note.without-nobody-existing"))
    return notes

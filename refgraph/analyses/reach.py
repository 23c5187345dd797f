"""Which parties do these reach together, generation by generation?"""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.analyses.columns import select_columns
from refgraph.graph import distances
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.members import Members
from refgraph.measures.tallies import add_so_far, build_columns, measure_value
from refgraph.model.graph import Bools, Graph, Ints, Longs
from refgraph.model.message import Message, Names, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies, Tally
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("generation", Unit.DEPTH, key="reach_generation"),
    Column("parties", Unit.COUNT, "M13", "reach", key="reach_parties"),
    Column("customers", Unit.COUNT, key="reach_customers"),
    Column("prospects", Unit.COUNT, key="reach_prospects", detail=True),
    Column("value", Unit.VALUE, "M13", "reach", key="reach_value"),
    Column("parties_so_far", Unit.COUNT, "M13", "reach", detail=True),
    Column("value_so_far", Unit.VALUE, "M13", "reach", detail=True),
    Column("names", Unit.TEXT),
)
MAX_NAMES = 8
MAX_STARTS = 3
"""Parties of the set that the headline names."""


@analysis(
    grain="generation",
    columns=COLUMNS,
    order=(("generation", False),),
    formulas=("M13",),
    party_options=("of",),
)
def reach(graph: Graph, *, of: tuple[str, ...] = (), in_time: bool = False) -> Answer:
    """The descendants of a set of parties by generation: referrals below the nearest of the set.

    Generation 0 is the set itself. Each party counts once, however many paths lead to it; the
    columns so_far leave out the set. in_time: only along chains on which each referral is later
    than the one before; undated referrals are in no such chain. Raises UsageError if nobody or an
    unknown party is named.
    """
    starts = distances.resolve_parties(graph, of, "reach")
    hops = distances.hops_down(graph, starts)
    notes = [message("note.reach-once")]
    if in_time:
        within = hops >= 0
        hops = distances.hops_down_in_time(graph, starts)
        notes.append(_note_out_of_time(graph, within, hops))
    generation = hops.astype(np.int64)
    members = Members("customers", generation, int(generation.max()) + 1)
    tallies = _compute_tallies(graph, members)
    frame = pl.DataFrame(
        {"generation": np.arange(members.groups), **build_columns(tallies)}
    ).with_columns(names=_list_names(graph, generation))
    more = pl.concat_str("names", pl.lit("; +"), pl.col("parties") - MAX_NAMES)
    frame = frame.with_columns(
        names=pl.when(pl.col("parties") > MAX_NAMES).then(more).otherwise("names")
    )
    frame = select_columns(frame, COLUMNS)
    headline = _build_headline(graph, starts, frame)
    return Answer(frame, headline, tuple(notes), Tallies(tallies))


def _compute_tallies(graph: Graph, members: Members) -> dict[str, Tally]:
    """The figures of each generation."""
    parties, value = members.count(), members.add_up(measure_value(graph))
    is_prospect = (graph.parties["stage"] == "prospect").to_numpy()
    return {
        "parties": parties,
        "customers": members.count(graph.customers),
        "prospects": members.count(is_prospect),
        "value": value,
        "parties_so_far": add_so_far(parties, first=1),
        "value_so_far": add_so_far(value, first=1),
    }


def _list_names(graph: Graph, generation: Longs) -> pl.Series:
    """The names of the most valuable parties of each generation, in one text."""
    reached = graph.parties.select(
        "id",
        name=graph.names,
        generation=pl.Series(generation),
        scaled=pl.Series(graph.value.scaled),
    ).filter(pl.col("generation") >= 0)
    ordered = reached.sort("generation", -pl.col("scaled"), "id")
    names = pl.col("name").head(MAX_NAMES).str.join("; ")
    return ordered.group_by("generation", maintain_order=True).agg(names)["name"]


def _note_out_of_time(graph: Graph, within: Bools, hops: Ints) -> Message:
    """How many descendants no chain of rising dates reaches, and how many referrals lack a date.

    within: bool[n], the starts and all their descendants.
    """
    source, _ = distances.extract_arc_endpoints(graph)
    is_undated = graph.arcs["at"].gather(graph.adjacency.out_arc).is_null().to_numpy()
    return message(
        "note.reach-in-time",
        parties=int((within & (hops < 0)).sum()),
        undated=int((is_undated & within[source]).sum()),
    )


def _build_headline(graph: Graph, starts: Ints, frame: pl.DataFrame) -> Message:
    names = Names.shorten(graph.names.gather(starts), MAX_STARTS)
    if frame.height < 2:
        return message("headline.reach-none", names=names, standing=as_of_phrase(graph))
    last = frame.row(-1, named=True)
    return message(
        "headline.reach",
        names=names,
        parties=last["parties_so_far"],
        generations=last["generation"],
        customers=frame["customers"].slice(1).sum(),
        value=graph.value.amount(last["value_so_far"]),
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )

"""Who brings us customers? Recommenders by what they brought, with reach, credit and how sure it is."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl

from refgraph.estimates.proportion import wilson_array
from refgraph.graphs import luck as lucks
from refgraph.graphs import measures
from refgraph.graphs.brought import brought, named
from refgraph.graphs.credits import allocated
from refgraph.graphs.groups import tier
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

COLUMNS = (
    Column("rank", Unit.COUNT),
    Column("customer", Unit.ID, key="recommender", detail=True),
    Column("name", Unit.TEXT),
    Column("direct", Unit.COUNT),
    Column("closed", Unit.COUNT),
    Column("lost", Unit.COUNT, detail=True),
    Column("open", Unit.COUNT, detail=True),
    Column("conversion", Unit.SHARE, "M1"),
    Column("conversion_low", Unit.SHARE, "M1", detail=True),
    Column("conversion_high", Unit.SHARE, "M1", detail=True),
    Column("downstream", Unit.COUNT, "M13", "reach", detail=True),
    Column("generations", Unit.DEPTH, detail=True),
    Column("direct_value", Unit.VALUE, "M16", "credit"),
    Column("downstream_value", Unit.VALUE, "M13", "reach", detail=True),
    Column("credit", Unit.VALUE, "M14", "credit", detail=True),
    Column("credit_earned", Unit.VALUE, "M14", "credit"),
    Column("share_of_value", Unit.SHARE, "M16"),
    Column("recommender_tier", Unit.LABEL, "M54", detail=True),
    Column("median_days_to_close", Unit.DAYS, detail=True),
    Column("first", Unit.DATE, detail=True),
    Column("last", Unit.DATE, detail=True),
    Column("brought", Unit.TEXT),
    Column("beyond_luck", Unit.LABEL, "M55", asked="luck"),
)
By = Literal["direct_value", "credit_earned", "direct", "closed", "downstream"]
Role = Literal["any", "customer", "staff", "partner", "outside"]
NAMED = 8


@analysis(grain="party", columns=COLUMNS, order=(("rank", False),), formulas=("M13", "M14", "M15", "M16", "M54", "M55"))
def recommenders(graph: Graph, *, by: By = "direct_value", role: Role = "any", luck: bool = False) -> Answer:
    """All parties with at least one counted referral, ranked; ties by id.

    direct = closed + lost + open; conversion = closed / (closed + lost) with Wilson interval, null when nobody is
    decided or the data has no status. credit sums over all parties to the value of all parties, direct_value to the value
    of the referred; reach columns must not be added. luck: also say who brought more than luck gives (M55).
    """
    compared = lucks.compared(graph) if luck else None
    people = _measured(graph)
    if luck:
        people = people.with_columns(lucks.beyond(graph, compared).gather(people["place"]))
    total = float(people["direct_value"].sum())
    people = people.filter(pl.col("role") == role) if role != "any" else people
    at = people.select(pl.arg_sort_by(by, descending=True, nulls_last=True, maintain_order=True)).to_series()
    people = people[at].with_columns(pl.int_range(1, pl.len() + 1).alias("rank"))
    shares = pl.col("direct_value") / total if total > 0 else pl.lit(None, pl.Float64)
    frame = people.with_columns(
        customer=graph.parties["id"].gather(people["place"]), name=graph.names.gather(people["place"]),
        brought=named(graph, people["place"].to_numpy(), NAMED), share_of_value=shares, recommender_tier=tier(pl.col("closed")),
    ).select(c.name for c in COLUMNS if luck or not c.asked)  # fmt: skip
    notes = [*_notes(graph, people, frame), *(_luck_notes(graph, compared) if luck else [])]
    return Answer(frame, _headline(graph, frame), tuple(notes))


def _measured(graph: Graph) -> pl.DataFrame:
    """One row a recommender, in order of id, with all that is no text of its own; ``place`` is its position."""
    reach, credit, all_of = measures.reach(graph), measures.shapley(graph), brought(graph)
    place, closed, lost = all_of.place, all_of.closed, all_of.lost
    low, high = wilson_array(closed, closed + lost)
    known = (pl.col("closed") + pl.col("lost") > 0) & graph.has("customers.status")
    nothing = np.full(len(place), np.nan)
    numbers = {
        "downstream_value": reach.value[place], "direct_value": measures.direct_value(graph)[place],
        "credit": credit.credit[place] if credit else nothing, "credit_earned": credit.earned[place] if credit else nothing,
    }  # fmt: skip
    return graph.parties.select("role", "stage")[place].with_columns(
        place=place, direct=all_of.direct, closed=closed, lost=lost, open=all_of.direct - closed - lost,
        downstream=reach.downstream[place], generations=reach.generations[place], first=all_of.first, last=all_of.last,
        median_days_to_close=pl.Series(all_of.days, nan_to_null=True),
        **{name: pl.Series(of, nan_to_null=name != "direct_value") for name, of in numbers.items()},
    ).with_columns(
        downstream=pl.when(pl.col("downstream") >= 0).then("downstream"),
        conversion=pl.when(known).then(pl.col("closed") / (pl.col("closed") + pl.col("lost"))),
        conversion_low=pl.when(known).then(pl.Series(low)), conversion_high=pl.when(known).then(pl.Series(high)),
    )  # fmt: skip


def _headline(graph: Graph, frame: pl.DataFrame) -> Message:
    if not frame.height:
        return message("headline.recommenders-none", standing=standing(graph))
    best = frame.row(0, named=True)
    plain = "-count" if graph.value.basis == "customers" else ""
    head = message(f"phrase.brought{plain}", name=best["name"], closed=best["closed"],
                   value=graph.value.amount(best["direct_value"]))
    rest = message("phrase.recommenders-all", recommenders=frame.height)
    if frame.height > 3 and not frame["share_of_value"].null_count():
        rest = message(f"phrase.top-share{plain}", k=3, share=frame["share_of_value"].head(3).sum())
    return message("headline.recommenders", head=head, rest=rest, recommenders=frame.height,
                   referred=int((np.diff(graph.flow.in_ptr) > 0).sum()), basis=basis(graph), standing=standing(graph))


def _notes(graph: Graph, people: pl.DataFrame, frame: pl.DataFrame) -> list[Message]:
    notes = allocated(graph, people, frame)
    if not graph.has("customers.status"):
        notes.append(message("note.conversion-not-recorded"))
    arcs = graph.arcs
    if arcs["at"].null_count() < arcs.height:
        since, closed = (of.gather(arcs["referred"]) for of in (graph.parties["since"], pl.Series(graph.customers)))
        late = int((closed & (arcs["at"] > since) & arcs["counted"] & ~arcs["cut"]).sum())
    else:
        late = 0
    if late:
        notes.append(message("note.days-left-out", referrals=late))
    return notes


def _luck_notes(graph: Graph, compared: lucks.Luck | None) -> list[Message]:
    return lucks.left_out(compared) if compared else [message("note.luck-cannot-tell", missing=lucks.missing(graph))]

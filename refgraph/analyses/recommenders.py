"""Who brings us customers? Recommenders by what they brought, with reach, credit and how sure it is."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl

from refgraph.estimates.proportion import wilson_array
from refgraph.estimates.quantile import grouped_median
from refgraph.graphs import luck as lucks
from refgraph.graphs import measures
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
    people = _measured(graph).with_columns(lucks.beyond(graph, compared)).filter(pl.col("direct") > 0)
    total = float(people["direct_value"].sum())
    if role != "any":
        people = people.filter(pl.col("role") == role)
    people = people.sort(pl.col(by), pl.col("id"), descending=[True, False], nulls_last=True)
    shares = pl.col("direct_value") / total if total > 0 else pl.lit(None, pl.Float64)
    frame = people.with_columns(
        rank=pl.int_range(1, pl.len() + 1), customer="id", share_of_value=shares, recommender_tier=tier(pl.col("closed"))
    ).select(c.name for c in COLUMNS if luck or not c.asked)
    notes = [*_notes(graph, people, frame), *(_luck_notes(graph, compared) if luck else [])]
    return Answer(frame, _headline(graph, frame), tuple(notes))


def _measured(graph: Graph) -> pl.DataFrame:
    """One row a party with everything but rank and shares."""
    reach, credit, arcs = measures.reach(graph), measures.shapley(graph), _by_referrer(graph)
    nothing = np.full(len(graph), np.nan)
    return (
        graph.parties.select("place", "id", "role", "stage", name=graph.names)
        .join(arcs, left_on="place", right_on="referrer", how="left", maintain_order="left")
        .with_columns(pl.col("direct", "closed", "lost", "open").fill_null(0))
        .with_columns(
            downstream=pl.Series(reach.downstream), generations=pl.Series(reach.generations),
            downstream_value=pl.Series(reach.value), direct_value=pl.Series(measures.direct_value(graph)),
            credit=pl.Series(credit.credit if credit else nothing),
            credit_earned=pl.Series(credit.earned if credit else nothing),
        )
        .with_columns(
            downstream=pl.when(pl.col("downstream") >= 0).then("downstream"),
            **{c: pl.col(c).fill_nan(None) for c in ("downstream_value", "credit", "credit_earned")},
        )
        .pipe(_with_conversion, graph.has("customers.status"))
    )  # fmt: skip


def _by_referrer(graph: Graph) -> pl.DataFrame:
    """Counts, dates, days to close and names of those whom each referrer brought, along counted, uncut arcs."""
    people = graph.parties.select(
        "place", "status", "since", name=graph.names, value=pl.Series(graph.value.whole), closed=pl.Series(graph.customers))
    arcs = graph.arcs.filter(pl.col("counted") & ~pl.col("cut")).select("referrer", "referred", "at")
    arcs = arcs.join(people, left_on="referred", right_on="place", maintain_order="left")
    lost = ~pl.col("closed") & (pl.col("status") == "lost").fill_null(False)
    days = (pl.col("since") - pl.col("at")).dt.total_days()
    arcs = arcs.with_columns(lost=lost, days=pl.when(pl.col("closed") & (days >= 0)).then(days).cast(pl.Float64))
    each = arcs.sort("referrer", -pl.col("value"), "referred").group_by("referrer", maintain_order=True).agg(
        direct=pl.len().cast(pl.Int64), closed=pl.col("closed").sum().cast(pl.Int64), lost=pl.col("lost").sum().cast(pl.Int64),
        first=pl.col("at").min(), last=pl.col("at").max(), brought=pl.col("name").head(NAMED).str.join("; "))
    more = pl.when(pl.col("direct") > NAMED).then(pl.concat_str("brought", pl.lit("; +"), pl.col("direct") - NAMED))
    medians = grouped_median(arcs["referrer"].to_numpy(), arcs["days"].to_numpy(), len(graph))
    return each.with_columns(
        open=pl.col("direct") - pl.col("closed") - pl.col("lost"), brought=more.otherwise("brought"),
        median_days_to_close=pl.Series(medians[each["referrer"].to_numpy()]).fill_nan(None),
    )


def _with_conversion(people: pl.DataFrame, recorded: bool) -> pl.DataFrame:
    closed, decided = people["closed"].to_numpy(), (people["closed"] + people["lost"]).to_numpy()
    low, high = wilson_array(closed, decided)
    known = (pl.col("closed") + pl.col("lost") > 0) & recorded
    return people.with_columns(
        conversion=pl.when(known).then(pl.col("closed") / (pl.col("closed") + pl.col("lost"))),
        conversion_low=pl.when(known).then(pl.Series(low)), conversion_high=pl.when(known).then(pl.Series(high)))


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
    since = graph.parties["since"].gather(graph.arcs["referred"])
    closed = pl.Series(graph.customers).gather(graph.arcs["referred"])
    late = graph.arcs.filter(closed & (graph.arcs["at"] > since) & pl.col("counted") & ~pl.col("cut")).height
    if late:
        notes.append(message("note.days-left-out", referrals=late))
    return notes


def _luck_notes(graph: Graph, compared: lucks.Luck | None) -> list[Message]:
    return lucks.left_out(compared) if compared else [message("note.luck-cannot-tell", missing=lucks.missing(graph))]

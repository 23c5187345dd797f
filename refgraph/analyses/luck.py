"""Who brought more customers than luck gives? Recommenders against the same referrals dealt again."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.estimates.deal import Deals
from refgraph.graphs import luck as lucks
from refgraph.graphs.periods import standing
from refgraph.model.graph import Graph
from refgraph.model.message import Message, Names, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

COLUMNS = (
    Column("rank", Unit.COUNT),
    Column("customer", Unit.ID, key="recommender", detail=True),
    Column("name", Unit.TEXT),
    Column("referrals", Unit.COUNT, key="luck_referrals", detail=True),
    Column("batches", Unit.COUNT, "M55"),
    Column("expected", Unit.RATIO, "M55"),
    Column("rank_by_luck", Unit.RATIO, "M55"),
    Column("rank_by_luck_low", Unit.COUNT, "M55", detail=True),
    Column("rank_by_luck_high", Unit.COUNT, "M55"),
    Column("p_value", Unit.RATIO, "M55"),
    Column("beyond_luck", Unit.LABEL, "M55"),
)
TOP = 3
NAMED = 5


@analysis(grain="party", columns=COLUMNS, order=(("batches", DESC), ("p_value", False), ("customer", False)),
          formulas=("M55",))  # fmt: skip
def luck(graph: Graph) -> Answer:
    """Recommenders by batches (all referrals of one on one day), with what luck gives to them and to their rank.

    Each batch is dealt again to one of the customers present on its day. p_value = exact chance of as many batches or more
    for this customer (Poisson-binomial); beyond_luck = marked by Benjamini–Hochberg 5 % over all customers. rank_by_luck =
    mean at this rank over 1,000 seeded deals (fewer in huge data), low and high hold 95 % of them; null beyond rank 100.
    """
    found = lucks.compared(graph)
    if found is None:
        lacks = lucks.missing(graph)
        return Answer(_empty(), message("headline.luck-cannot-tell", missing=lacks, standing=standing(graph)))
    frame = _rows(graph, found)
    notes = lucks.left_out(found)
    if not frame.height:
        return Answer(_empty(), message("headline.luck-none", standing=standing(graph)), tuple(notes))
    deals = lucks.dealt(found)
    frame = _with_curve(frame, deals)
    return Answer(frame, _headline(graph, found, frame), (*_notes(found, frame, deals), *notes))


def _empty() -> pl.DataFrame:
    kinds = {Unit.ID: pl.String, Unit.TEXT: pl.String, Unit.COUNT: pl.Int64, Unit.LABEL: pl.Boolean}
    return pl.DataFrame(schema={c.name: kinds.get(c.unit, pl.Float64) for c in COLUMNS})


def _rows(graph: Graph, found: lucks.Luck) -> pl.DataFrame:
    """Everything but the curve, in order."""
    made = np.flatnonzero(found.line.count)
    people = graph.parties.select("id", name=graph.names)[found.member[made]]
    frame = pl.DataFrame({
        "customer": people["id"], "name": people["name"], "referrals": found.referrals[made],
        "batches": found.line.count[made], "expected": found.expected[made], "p_value": found.line.p_value[made],
        "beyond_luck": found.beyond[made],
    }).sort("batches", "p_value", "customer", descending=[True, False, False])  # fmt: skip
    return frame.with_columns(rank=pl.int_range(1, pl.len() + 1))


def _with_curve(frame: pl.DataFrame, deals: Deals) -> pl.DataFrame:
    low, high = deals.range()
    curve = pl.DataFrame({"rank": np.arange(1, len(low) + 1), "rank_by_luck": deals.mean(), "rank_by_luck_low": low,
                          "rank_by_luck_high": high})
    return frame.join(curve, on="rank", how="left", maintain_order="left").select(c.name for c in COLUMNS)


def _headline(graph: Graph, found: lucks.Luck, frame: pl.DataFrame) -> Message:
    best, beyond = frame.row(0, named=True), frame.filter("beyond_luck")
    names = beyond["name"].head(NAMED).to_list()
    who, first = message("phrase.luck-nobody"), message("phrase.luck-first-named", name=best["name"])
    if names:
        who = message("phrase.luck-beyond", names=Names(tuple(names), beyond.height - len(names)))
    if best["beyond_luck"]:
        first = message("phrase.luck-first")
    return message(
        "headline.luck", who=who, recommenders=frame.height, customers=len(found.member), first=first,
        batches=best["batches"], total=found.batches, top=best["rank_by_luck"], low=best["rank_by_luck_low"],
        high=best["rank_by_luck_high"], since=found.since, until=found.until, standing=standing(graph),
    )  # fmt: skip


def _notes(found: lucks.Luck, frame: pl.DataFrame, deals: Deals) -> list[Message]:
    notes = [message("note.luck-method", deals=len(deals.counts))]
    if frame.height > TOP:
        shares = deals.top_share(TOP)
        low, high = np.quantile(shares, [0.025, 0.975], method="inverted_cdf")
        notes.append(message("note.luck-top", k=TOP, share=frame["batches"].head(TOP).sum() / found.batches, low=float(low),
                             high=float(high), mean=float(shares.mean())))
    if frame.height > lucks.RANKS:
        notes.append(message("note.luck-ranks", ranks=lucks.RANKS))
    return notes

"""Who referred more customers than chance would give? Recommenders against simulations."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.analyses.columns import make_empty_frame, select_columns
from refgraph.estimates.permutation import Reassignments
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures import chance as chance_measures
from refgraph.measures.member_lists import rank_parties
from refgraph.measures.occasions import OCCASION_DAYS, OccasionDays
from refgraph.model.graph import Graph
from refgraph.model.message import Message, Names, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

COLUMNS = (
    Column("rank", Unit.COUNT),
    Column("customer", Unit.ID, key="recommender", detail=True),
    Column("name", Unit.TEXT),
    Column("referrals", Unit.COUNT, key="chance_referrals", detail=True),
    Column("occasions", Unit.COUNT, "M55"),
    Column("expected", Unit.RATIO, "M55", closed="simulation"),
    Column("rank_by_chance", Unit.RATIO, "M55", closed="simulation"),
    Column("rank_by_chance_low", Unit.COUNT, "M55", detail=True, closed="simulation"),
    Column("rank_by_chance_high", Unit.COUNT, "M55", closed="simulation"),
    Column("p_value", Unit.RATIO, "M55", closed="simulation"),
    Column("above_chance", Unit.LABEL, "M55"),
)
TOP_SHARE_SIZE = 3
MAX_NAMES = 5


@analysis(
    grain="party",
    columns=COLUMNS,
    order=(("occasions", DESCENDING), ("p_value", False), ("customer", False)),
    formulas=("M55",),
)
def chance(graph: Graph, *, occasion: OccasionDays = OCCASION_DAYS) -> Answer:
    """Recommenders by occasions, with what chance would give to each of them and to its rank.

    An occasion is all referrals of one customer within ``occasion`` days of the first of them. The
    comparison assigns each occasion at random to one of the customers present on its first day.
    p_value: exact probability of at least as many occasions for this customer (Poisson-binomial).
    above_chance: significant by Benjamini-Hochberg, 5 % over all customers, with occasions of this
    length and of 90 days. rank_by_chance: mean at this rank over 1,000 seeded simulations (fewer in
    very large data); low and high contain 95 % of them; null beyond rank 100.
    """
    comparison = chance_measures.compare_with_chance(graph, occasion)
    if comparison is None:
        missing = chance_measures.list_missing_columns(graph)
        headline = message(
            "headline.chance-cannot-tell", missing=missing, standing=as_of_phrase(graph)
        )
        return Answer(make_empty_frame(COLUMNS, above_chance=pl.Boolean), headline)
    frame = _build_rows(graph, comparison)
    exclusion_notes = chance_measures.collect_exclusion_notes(comparison)
    if not frame.height:
        headline = message("headline.chance-none", standing=as_of_phrase(graph))
        empty = make_empty_frame(COLUMNS, above_chance=pl.Boolean)
        return Answer(empty, headline, tuple(exclusion_notes))
    simulations = chance_measures.simulate_ranks(comparison)
    opened = _list_tallies(graph, comparison, frame)
    frame = _join_rank_curve(frame, simulations)
    notes = _build_notes(comparison, frame, simulations)
    headline = _build_headline(graph, comparison, frame)
    return Answer(frame, headline, (*notes, *exclusion_notes), opened)


def _list_tallies(
    graph: Graph, comparison: chance_measures.ChanceComparison, frame: pl.DataFrame
) -> Tallies:
    """What the figures are made of; frame: the rows, with the ``place`` of each customer."""
    order = comparison.customer[frame["place"].to_numpy()]
    referrals, occasions = comparison.referrals, comparison.occasions_made
    rank = rank_parties(order, len(graph))
    return Tallies({"rank": rank, "referrals": referrals, "occasions": occasions}, order)


def _build_rows(graph: Graph, comparison: chance_measures.ChanceComparison) -> pl.DataFrame:
    """One row per recommender, ranked, without the columns of the rank curve."""
    baseline = comparison.baseline
    recommenders = np.flatnonzero(baseline.count)
    parties = graph.parties.select("id", name=graph.names)[comparison.customer[recommenders]]
    frame = pl.DataFrame(
        {
            "customer": parties["id"],
            "name": parties["name"],
            "place": recommenders,
            "referrals": comparison.referrals.numbers[comparison.customer[recommenders]],
            "occasions": baseline.count[recommenders],
            "expected": comparison.expected[recommenders],
            "p_value": baseline.p_value[recommenders],
            "above_chance": comparison.is_above_chance[recommenders],
        }
    ).sort("occasions", "p_value", "customer", descending=[True, False, False])
    return frame.with_columns(rank=pl.int_range(1, pl.len() + 1))


def _join_rank_curve(frame: pl.DataFrame, simulations: Reassignments) -> pl.DataFrame:
    """The rows with what chance gives to their rank."""
    low, high = simulations.interval()
    curve = pl.DataFrame(
        {
            "rank": np.arange(1, len(low) + 1),
            "rank_by_chance": simulations.mean(),
            "rank_by_chance_low": low,
            "rank_by_chance_high": high,
        }
    )
    joined = frame.join(curve, on="rank", how="left", maintain_order="left")
    return select_columns(joined, COLUMNS)


def _build_headline(
    graph: Graph, comparison: chance_measures.ChanceComparison, frame: pl.DataFrame
) -> Message:
    best = frame.row(0, named=True)
    above_chance = frame.filter("above_chance")["name"]
    who = message("phrase.chance-nobody")
    if above_chance.len():
        who = message("phrase.chance-beyond", names=Names.shorten(above_chance, MAX_NAMES))
    first = message("phrase.chance-first-named", name=best["name"])
    if best["above_chance"]:
        first = message("phrase.chance-first")
    return message(
        "headline.chance",
        who=who,
        first=first,
        days=comparison.days,
        occasions=best["occasions"],
        total=comparison.occasions,
        top=best["rank_by_chance"],
        low=best["rank_by_chance_low"],
        high=best["rank_by_chance_high"],
        standing=as_of_phrase(graph),
    )


def _build_notes(
    comparison: chance_measures.ChanceComparison, frame: pl.DataFrame, simulations: Reassignments
) -> list[Message]:
    notes = [
        message(
            "note.chance-compared",
            recommenders=frame.height,
            customers=len(comparison.customer),
            since=comparison.since,
            until=comparison.until,
        ),
        message("note.chance-method", days=comparison.days, simulations=len(simulations.counts)),
        chance_measures.describe_sensitivity(comparison),
    ]
    if frame.height > TOP_SHARE_SIZE:
        top_occasions = frame["occasions"].head(TOP_SHARE_SIZE).sum()
        simulated = simulations.top_share(TOP_SHARE_SIZE)
        low, high = np.quantile(simulated, [0.025, 0.975], method="inverted_cdf")
        notes.append(
            message(
                "note.chance-top",
                k=TOP_SHARE_SIZE,
                share=top_occasions / comparison.occasions,
                low=float(low),
                high=float(high),
                mean=float(simulated.mean()),
            )
        )
    if frame.height > chance_measures.MAX_RANKS:
        notes.append(message("note.chance-ranks", ranks=chance_measures.MAX_RANKS))
    return notes

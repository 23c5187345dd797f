"""Who refers customers to us? Recommenders by value and number of referred, reach and credit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import polars as pl

from refgraph.analyses.columns import select_columns
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures import chance as chance_measures
from refgraph.measures import reach_and_credit
from refgraph.measures.conversion import list_outcome_notes, tally_referrals
from refgraph.measures.credit_rules import collect_credit_notes
from refgraph.measures.descendants import tally_credit, tally_reach
from refgraph.measures.groups import build_tier_expr
from refgraph.measures.member_lists import rank_parties
from refgraph.measures.occasions import OCCASION_DAYS, OccasionDays
from refgraph.measures.recommender_stats import tally_recommender_stats, top_referred_names
from refgraph.measures.tallies import (
    build_columns,
    compute_ratio,
    compute_share_of_all,
    spread_total,
)
from refgraph.model.graph import Graph, Longs
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies, TalliesOnDemand, Tally
from refgraph.model.units import Unit
from refgraph.registry import analysis

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
    Column("generations", Unit.DEPTH, detail=True, closed="position"),
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
    Column("above_chance", Unit.LABEL, "M55", asked="chance"),
)
RankingColumn = Literal["direct_value", "credit_earned", "direct", "closed", "downstream"]
RoleFilter = Literal["any", "customer", "staff", "partner", "outside"]
MAX_NAMES = 8
TOP = 3
"""The headline gives the share of this many top recommenders."""


@analysis(
    grain="party",
    columns=COLUMNS,
    order=(("rank", False),),
    formulas=("M13", "M14", "M15", "M16", "M54", "M55"),
)
def recommenders(
    graph: Graph,
    *,
    by: RankingColumn = "direct_value",
    role: RoleFilter = "any",
    chance: bool = False,
    occasion: OccasionDays = OCCASION_DAYS,
) -> Answer:
    """All parties with at least one counted referral, ranked; ties by id.

    direct = closed + lost + open. conversion = closed / (closed + lost), with Wilson's interval;
    null if nothing is decided or it is unknown who was lost. Over all parties credit adds up to the
    value of all parties, direct_value to the value of the referred; reach columns must not be
    added. chance: also mark those that referred more than chance would give (M55); all referrals
    within ``occasion`` days of a first one are one occasion.
    """
    comparison = chance_measures.compare_with_chance(graph, occasion) if chance else None
    order = _rank_recommenders(graph, by, role)
    names = top_referred_names(graph, order, MAX_NAMES)
    frame = pl.DataFrame(_compute_figures(graph, order)).with_columns(
        rank=pl.int_range(1, pl.len() + 1),
        customer=graph.parties["id"].gather(order),
        name=graph.names.gather(order),
        brought=names,
        recommender_tier=build_tier_expr(pl.col("closed")),
    )
    if chance:
        above_chance = chance_measures.mark_above_chance(graph, comparison)
        frame = frame.with_columns(above_chance.gather(order))
    notes = _build_notes(graph, order, frame)
    if chance:
        notes += _note_chance(graph, comparison)
    frame = select_columns(frame, [c for c in COLUMNS if chance or not c.asked])
    headline = _build_headline(graph, frame, _count_referred(graph, order))
    opened = TalliesOnDemand(lambda: _compute_tallies(graph, order))
    return Answer(frame, headline, tuple(notes), Tallies(opened, order))


def _compute_tallies(graph: Graph, order: Longs) -> dict[str, Tally]:
    """The figures of each party, with what they are made of."""
    direct_value = reach_and_credit.tally_direct_value(graph)
    return {
        **tally_recommender_stats(graph),
        **tally_reach(graph),
        "direct_value": direct_value,
        **tally_credit(graph),
        "share_of_value": compute_share_of_all(direct_value),
        "rank": rank_parties(order, len(graph)),
    }


def _rank_recommenders(graph: Graph, by: RankingColumn, role: RoleFilter) -> Longs:
    """int64[k]: the parties with a counted referral and a role, best first; ties by id."""
    index = np.flatnonzero(np.diff(graph.referral_lists.ptr))
    if role != "any":
        has_role = graph.parties.select((pl.col("role") == role).fill_null(False)).to_series()
        index = index[has_role.to_numpy()[index]]
    figures = pl.DataFrame({"index": index, by: _RANKED[by](graph).take(index).to_series()})
    ranked = figures.sort(by, descending=True, nulls_last=True, maintain_order=True)
    return ranked["index"].to_numpy()


_RANKED: dict[RankingColumn, Callable[[Graph], Tally]] = {
    "direct_value": reach_and_credit.tally_direct_value,
    "credit_earned": lambda graph: tally_credit(graph)["credit_earned"],
    "direct": tally_referrals,
    "closed": lambda graph: tally_referrals(graph, graph.customers),
    "downstream": lambda graph: tally_reach(graph)["downstream"],
}


def _compute_figures(graph: Graph, order: Longs) -> dict[str, pl.Series]:
    """Figures of the recommenders alone; those of all parties are let go one after the other."""
    direct_value = reach_and_credit.tally_direct_value(graph)
    direct, total = (t.take(order) for t in (direct_value, spread_total(direct_value)))
    generations = pl.Series(reach_and_credit.compute_generations(graph)[order])
    return {
        **build_columns({k: tally.take(order) for k, tally in tally_credit(graph).items()}),
        **build_columns({k: tally.take(order) for k, tally in tally_reach(graph).items()}),
        **build_columns({"direct_value": direct, "share_of_value": compute_ratio(direct, total)}),
        **build_columns(tally_recommender_stats(graph, order)),
        "generations": generations,
    }


def _count_referred(graph: Graph, recommenders: Longs) -> int:
    """Distinct parties that the recommenders (indices) referred."""
    lists, is_listed = graph.referral_lists, np.zeros(len(graph), np.bool_)
    is_listed[recommenders] = True
    is_referred = np.zeros(len(graph), np.bool_)
    is_referred[lists.referred[is_listed[lists.referrer]]] = True
    return int(is_referred.sum())


def _build_headline(graph: Graph, frame: pl.DataFrame, referred: int) -> Message:
    if not frame.height:
        return message("headline.recommenders-none", standing=as_of_phrase(graph))
    best = frame.row(0, named=True)
    suffix = "-count" if graph.value.basis == "customers" else ""
    head = message(
        f"phrase.brought{suffix}",
        name=best["name"],
        closed=best["closed"],
        value=graph.value.amount(best["direct_value"]),
    )
    rest = message("phrase.recommenders-all", recommenders=frame.height)
    if frame.height > TOP and not frame["share_of_value"].null_count():
        share = frame["share_of_value"].head(TOP).sum()
        rest = message(f"phrase.top-share{suffix}", k=TOP, share=share)
    return message(
        "headline.recommenders",
        head=head,
        rest=rest,
        recommenders=frame.height,
        referred=referred,
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )


def _build_notes(graph: Graph, order: Longs, frame: pl.DataFrame) -> list[Message]:
    notes = collect_credit_notes(graph, order, frame) + list_outcome_notes(graph)
    late = _count_late_referrals(graph)
    if late:
        notes.append(message("note.days-left-out", referrals=late))
    return notes


def _count_late_referrals(graph: Graph) -> int:
    """Referrals dated after the first contract of the referred."""
    arcs = graph.counted_arcs
    if arcs["at"].null_count() == arcs.height:
        return 0
    since = graph.parties["since"].gather(arcs["referred"])
    is_closed = pl.Series(graph.customers).gather(arcs["referred"])
    return int((is_closed & (arcs["at"] > since)).sum())


def _note_chance(
    graph: Graph, comparison: chance_measures.ChanceComparison | None
) -> list[Message]:
    """Which referrals the comparison with chance leaves out, or why there is none."""
    if comparison is None:
        missing = chance_measures.list_missing_columns(graph)
        return [message("note.chance-cannot-tell", missing=missing)]
    sensitivity = chance_measures.describe_sensitivity(comparison)
    return [sensitivity, *chance_measures.collect_exclusion_notes(comparison)]

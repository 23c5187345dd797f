"""Where should a campaign start? The customers from which a message reaches the most value."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import numpy as np
import polars as pl

from refgraph.analyses.amount_parsing import parse_amount
from refgraph.analyses.columns import select_columns
from refgraph.errors import UsageError
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.campaign import Plan, choose_starters, prepare_campaign
from refgraph.measures.conversion import tally_referrals
from refgraph.measures.member_lists import rank_parties
from refgraph.measures.members import number_parties
from refgraph.measures.starters import Limit
from refgraph.measures.tallies import build_columns, compute_ratio, measure_value, spread_total
from refgraph.model.graph import Floats, Graph, Longs
from refgraph.model.message import Message, Names, message
from refgraph.model.parameter_values import Limits
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Method, Quantity, Tallies, Tally, WeightRule
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("rank", Unit.COUNT),
    Column("customer", Unit.ID, key="campaign_customer", detail=True),
    Column("name", Unit.TEXT),
    Column("added", Unit.VALUE, "M42", key="campaign_added", inputs=True),
    Column("reached", Unit.VALUE, "M42", key="campaign_reached", inputs=True),
    Column("share", Unit.SHARE, "M42", key="campaign_share", inputs=True),
    Column("own", Unit.VALUE, key="campaign_own"),
    Column("direct", Unit.COUNT),
    Column("cost", Unit.MONEY, key="campaign_cost", asked="cost"),
)
DEFAULT_K, MAX_K, MAX_NAMES = 10, 10_000, 5
StarterCount = Annotated[int, Limits(1, MAX_K)]


@analysis(grain="party", columns=COLUMNS, order=(("rank", False),), formulas=("M42", "M41"))
def campaign(
    graph: Graph,
    *,
    k: StarterCount | None = None,
    budget: str = "",
    cost: str = "",
    probability: str = "learned",
) -> Answer:
    """Existing customers to start with, in the order in which each adds most to those before.

    A message passes along each counted referral with a chance of its own (independent cascade).
    What is reached counts with its value, 0 for former customers and losses. k: number of starters,
    10 unless ``budget`` is given. budget, cost: what they may cost together, and the column of
    customers that says what each costs. probability: a number from 0 to 1, ``in-degree`` (1 /
    referrers of the referred) or ``learned`` (share of the referred who referred somebody within
    two years, by tie; 0.1 with fewer than 20 referrals to learn from). Raises UsageError
    ``campaign-both``, ``campaign-needs-cost``, ``campaign-no-costs``, and as `parse_amount`,
    `build_cascade`.
    """
    if budget and k is not None:
        raise UsageError("campaign-both")
    if budget and not cost:
        raise UsageError("campaign-needs-cost")
    limit = Limit(budget=parse_amount(budget, "--budget")) if budget else Limit(k=k or DEFAULT_K)
    plan = choose_starters(graph, prepare_campaign(graph, probability, cost), limit)
    tallies, order = _compute_tallies(graph, plan), np.array(plan.starters.members, np.int64)
    rows = graph.parties.select(customer="id", name=graph.names).with_columns(
        **build_columns(tallies)
    )
    columns = [column for column in COLUMNS if cost or not column.asked]
    frame, headline = select_columns(rows[order], columns), _build_headline(graph, plan, limit)
    return Answer(frame, headline, tuple(_build_notes(graph, plan)), Tallies(tallies, order))


def _compute_tallies(graph: Graph, plan: Plan) -> dict[str, Tally]:
    """The figures of each starter; of other parties only those of their own."""
    cascade, order = plan.cascade, np.array(plan.starters.members, np.int64)
    own, rank = number_parties(len(graph)), rank_parties(order, len(graph))
    total = own.add_up(measure_value(graph), cascade.weight > 0)
    reached, added = np.zeros(len(graph)), np.zeros(len(graph))
    reached[order] = plan.starters.reached
    added[order] = np.diff(plan.starters.reached, prepend=0.0)
    term = replace(spread_total(total).terms[0], weight=_weigh_reached(plan, rank.numbers))
    newly = replace(term, weight=_weigh_reached(plan, rank.numbers, is_new=True))
    method: Method = "sum" if plan.starters.list_chances else "inputs"
    reached_in_all = Tally(method=method, numbers=reached, terms=(term,))
    share = compute_ratio(reached_in_all, spread_total(total))
    costs = np.zeros(len(graph)) if cascade.cost is None else cascade.cost
    return {
        "rank": rank,
        "added": Tally(method=method, numbers=added, terms=(newly,)),
        "reached": reached_in_all,
        "share": share if method == "sum" else replace(share, method=method, terms=(term,)),
        "own": own.add_up(measure_value(graph)),
        "direct": tally_referrals(graph),
        "cost": own.add_up(Quantity(scaled=costs), np.isfinite(costs)),
    }


def _weigh_reached(plan: Plan, rank: Longs, *, is_new: bool = False) -> WeightRule | None:
    """The chance that the starters down to one reach a party; is_new: less that of those before."""
    members, list_chances = plan.starters.members, plan.starters.list_chances
    if list_chances is None:
        return None

    def weigh(group: int, parties: Longs) -> Floats:
        chances = list_chances(members[: rank[group]])
        if is_new:
            chances = chances - list_chances(members[: rank[group] - 1])
        return chances[parties]

    return weigh


def _build_headline(graph: Graph, plan: Plan, limit: Limit) -> Message:
    starters, standing = plan.starters, as_of_phrase(graph)
    if not starters.members:
        return message("headline.campaign-none", standing=standing)
    return message(
        "headline.campaign",
        names=Names.shorten(graph.names.gather(list(starters.members)), MAX_NAMES),
        starters=len(starters.members),
        value=graph.value.amount(starters.total),
        interval=_describe_interval(graph, plan),
        certainty=_describe_certainty(plan),
        chance=_describe_chance(plan),
        plain=_describe_plain(graph, plan, limit),
        basis=value_basis_phrase(graph),
        standing=standing,
    )


def _describe_interval(graph: Graph, plan: Plan) -> Message | str:
    """The 95 % confidence interval of a sampled estimate; empty for a computed one."""
    starters = plan.starters
    if not starters.half_width:
        return ""
    low, high = (starters.total + sign * starters.half_width for sign in (-1, 1))
    amounts = {"low": graph.value.amount(max(low, 0.0)), "high": graph.value.amount(high)}
    return message("phrase.campaign-interval", **amounts)


def _describe_certainty(plan: Plan) -> Message:
    """How close this is to the best choice."""
    if plan.starters.method == "exact":
        return message("phrase.certainty-exact")
    return message(f"phrase.certainty-{plan.starters.method}", ratio=plan.starters.ratio)


def _describe_chance(plan: Plan) -> Message:
    """The chance of passing on, and where it comes from."""
    p, source = plan.cascade.p, plan.cascade.source
    mean = float(p.mean()) if len(p) else 0.0
    return message(f"phrase.pass-on-{source}", mean=mean, referrals=plan.cascade.history)


def _describe_plain(graph: Graph, plan: Plan, limit: Limit) -> Message:
    """What the customers with most links, and with most referrals, would reach."""
    links = plan.cascade.out_degree + np.diff(plan.cascade.in_ptr)
    scores = {"by_links": links, "by_referrals": plan.cascade.out_degree}
    reached = {
        name: graph.value.amount(plan.starters.evaluate(plan.pick_plainly(score, limit)))
        for name, score in scores.items()
    }
    return message("phrase.campaign-plain", **reached)


def _build_notes(graph: Graph, plan: Plan) -> list[Message]:
    notes = [message("note.campaign-model")]
    if plan.uncosted:
        notes.append(message("note.campaign-uncosted", customers=plan.uncosted))
    losses = int((graph.value.scaled[graph.existing] < 0).sum())
    if losses:
        notes.append(message("note.campaign-losses", customers=losses))
    if plan.cascade.source == "default":
        notes.append(message("note.campaign-default", referrals=plan.cascade.history))
    undated = graph.counted_arcs.select(pl.col("at").is_null().sum()).item()
    if plan.cascade.source == "learned" and undated:
        notes.append(message("note.campaign-undated", referrals=undated))
    return notes

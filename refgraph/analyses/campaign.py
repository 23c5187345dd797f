"""Where should a campaign start? The customers from which a message reaches the most value."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import polars as pl

from refgraph.analyses.amount_parsing import parse_amount
from refgraph.analyses.columns import build_frame
from refgraph.errors import UsageError
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.campaign import Plan, choose_starters, prepare_campaign
from refgraph.measures.starters import Limit
from refgraph.model.graph import Graph
from refgraph.model.message import Message, Names, message
from refgraph.model.parameter_values import Limits
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("rank", Unit.COUNT),
    Column("customer", Unit.ID, key="campaign_customer", detail=True),
    Column("name", Unit.TEXT),
    Column("added", Unit.VALUE, "M42", key="campaign_added"),
    Column("reached", Unit.VALUE, "M42", key="campaign_reached"),
    Column("share", Unit.SHARE, "M42", key="campaign_share"),
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
    frame = build_frame(_list_rows(graph, plan), COLUMNS)
    if not cost:
        frame = frame.drop("cost")
    return Answer(frame, _build_headline(graph, plan, limit), tuple(_build_notes(graph, plan)))


def _list_rows(graph: Graph, plan: Plan) -> list[tuple[object, ...]]:
    """One row per starter."""
    starters, total = plan.starters, float(plan.cascade.weight.sum())
    rows: list[tuple[object, ...]] = []
    before = 0.0
    for rank, (one, reached) in enumerate(zip(starters.members, starters.reached, strict=True), 1):
        cost = None if plan.cascade.cost is None else float(plan.cascade.cost[one])
        facts = (graph.parties["id"][one], graph.names[one], reached - before, reached)
        share = reached / total if total > 0 else None
        own, direct = float(graph.value.numbers[one]), int(graph.out_degree[one])
        rows.append((rank, *facts, share, own, direct, cost))
        before = reached
    return rows


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

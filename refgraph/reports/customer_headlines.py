"""The sentences of a customer page: (graph, index of the party, rows of the section) -> Message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures import party_profile
from refgraph.measures.referral_status import referred_by_unknown
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, Names, message

MAX_NAMED_REFERRERS = 3


def describe_facts(graph: Graph, party: int, facts: pl.DataFrame) -> Message:
    """Who the party is, since when, what it is worth and where it ranks by its own value."""
    row = facts.row(0, named=True)
    own_value = _index_ranks(party_profile.compute_ranks(graph, party))["own_value"]
    since = message("phrase.no-since")
    if row["since"]:
        since = message("phrase.since", day=row["since"])
    ranked = message("phrase.not-ranked")
    if own_value["rank"]:
        ranked = message("phrase.ranked", rank=own_value["rank"], of=own_value["of"])
    return message(
        "headline.customer-facts",
        name=graph.names[party],
        id=row["customer"],
        stage=Label(row["stage"]),
        since=since,
        value=graph.value.amount(own_value["amount"]),
        ranked=ranked,
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )


def describe_contacts(graph: Graph, party: int, contacts: pl.DataFrame) -> Message:
    """How many people are recorded inside it."""
    return message(
        "headline.customer-contacts",
        name=graph.names[party],
        contacts=contacts.height,
        standing=as_of_phrase(graph),
    )


def describe_events(graph: Graph, party: int, events: pl.DataFrame) -> Message:
    """How many events are recorded, and the day of the last one."""
    return message(
        "headline.customer-events",
        name=graph.names[party],
        events=events.height,
        last=events["date"][0],
        standing=as_of_phrase(graph),
    )


def describe_ranks(graph: Graph, party: int, ranks: pl.DataFrame) -> Message:
    """Its rank among recommenders by the value it referred, or that it referred nobody."""
    rank_of = _index_ranks(ranks)
    name = graph.names[party]
    if rank_of["direct"]["rank"] is None:
        return message(
            "headline.customer-no-recommender",
            name=name,
            n=rank_of["direct"]["of"],
            standing=as_of_phrase(graph),
        )
    by_value = rank_of["direct_value"]
    return message(
        "headline.customer-ranks",
        name=name,
        rank=by_value["rank"],
        of=by_value["of"],
        value=graph.value.amount(by_value["amount"]),
        closed=rank_of["closed"]["number"],
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )


def describe_referrers(graph: Graph, party: int, referrals: pl.DataFrame) -> Message:
    """Who referred it and how far the root of its chain is; otherwise why there is no chain."""
    ancestors = party_profile.list_ancestors(graph, party)
    name, standing = graph.names[party], as_of_phrase(graph)
    use = "flows" if len(ancestors) else "cut"
    direct = referrals.filter((pl.col("up") == 1) & (pl.col("use") == use))["name"].to_list()
    unnamed = max(len(direct) - MAX_NAMED_REFERRERS, 0)
    referrers = Names(tuple(direct[:MAX_NAMED_REFERRERS]), unnamed)
    if len(ancestors):
        return message(
            "headline.customer-above",
            name=name,
            referrers=referrers,
            length=len(ancestors),
            root=graph.names[int(ancestors[-1])],
            standing=standing,
        )
    if direct:
        return message("headline.customer-cut", name=name, referrers=referrers, standing=standing)
    if referred_by_unknown(graph, ("customer", *graph.scope.count))[party]:
        return message("headline.customer-unknown", name=name, standing=standing)
    return message("headline.customer-root", name=name, standing=standing)


def describe_referrals(graph: Graph, party: int, referrals: pl.DataFrame) -> Message:
    """How many parties it referred, how many of them closed, and what these are worth."""
    rank_of = _index_ranks(party_profile.compute_ranks(graph, party))
    return message(
        "headline.customer-below",
        name=graph.names[party],
        direct=rank_of["direct"]["number"],
        closed=rank_of["closed"]["number"],
        value=graph.value.amount(rank_of["direct_value"]["amount"]),
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )


def describe_descendants(graph: Graph, party: int, descendants: pl.DataFrame) -> Message:
    """How many descendants it has, in how many generations."""
    return message(
        "headline.customer-members",
        name=graph.names[party],
        members=descendants.height,
        standing=as_of_phrase(graph),
        generations=int(descendants["generation"].to_numpy().max()),
    )


def describe_findings(graph: Graph, party: int, findings: pl.DataFrame) -> Message:
    """How many findings name it."""
    return message(
        "headline.customer-findings",
        findings=findings.height,
        name=graph.names[party],
        standing=as_of_phrase(graph),
    )


def _index_ranks(ranks: pl.DataFrame) -> Mapping[str, Mapping[str, Any]]:
    """Measure -> its row."""
    return {row["measure"]: row for row in ranks.iter_rows(named=True)}

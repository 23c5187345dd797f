"""The line that opens a customer page: who it is, what it buys, its referrals, its referrers."""

from __future__ import annotations

from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures import party_profile
from refgraph.measures.quadrants import compute_quadrants
from refgraph.measures.referral_status import referred_by_unknown
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, Names, message


def build_verdict(graph: Graph, party: int) -> Message:
    """One sentence of facts that the sections below prove."""
    ranks = {row["measure"]: row for row in party_profile.compute_ranks(graph, party).to_dicts()}
    own = ranks["own_value"]
    ranked = message("phrase.not-ranked")
    if own["rank"]:
        ranked = message("phrase.ranked", rank=own["rank"], of=own["of"])
    return message(
        "page.verdict",
        name=graph.names[party],
        who=_say_who(graph, party),
        value=graph.value.amount(own["amount"]),
        ranked=ranked,
        referrals=_count_referrals(graph, ranks["direct"]["number"], ranks),
        came=_say_how_it_came(graph, party),
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )


def _say_who(graph: Graph, party: int) -> Message | Label:
    """Its stage, or that it is a key account, hidden or not."""
    row = graph.parties.row(party, named=True)
    if compute_quadrants(graph).hidden[party]:
        return message("phrase.verdict-hidden")
    if row["key"] and graph.existing[party]:
        return message("phrase.verdict-key")
    return Label(row["stage"])


def _count_referrals(graph: Graph, direct: int, ranks: dict[str, dict[str, object]]) -> Message:
    if not direct:
        return message("phrase.verdict-nobody")
    amount = ranks["direct_value"]["amount"]
    assert isinstance(amount, float)
    return message(
        "phrase.verdict-referrals",
        direct=direct,
        closed=ranks["closed"]["number"],
        value=graph.value.amount(amount),
    )


def _say_how_it_came(graph: Graph, party: int) -> Message:
    """Its counted referrers, that they are not recorded, or that there are none."""
    above = party_profile.list_referrals_above(graph, party)
    direct = above.filter(above["up"] == 1, above["use"] == "flows")["name"].to_list()
    if direct:
        return message(
            "phrase.verdict-referred", referrers=Names(tuple(direct[:3]), len(direct[3:]))
        )
    is_unknown = referred_by_unknown(graph, ("customer", *graph.scope.count))[party]
    return message("phrase.verdict-unknown" if is_unknown else "phrase.verdict-unreferred")

"""Who led each party here: a key account, an old customer, both or neither."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graph.phrases import note_key_account_rule
from refgraph.measures.reach_and_credit import find_old_referrers
from refgraph.measures.referral_status import mark_arcs_of_kinds
from refgraph.model.graph import Bools, Graph, Ints
from refgraph.model.message import Message, message

REFERRER_MIXES = ("neither", "key_only", "old_only", "both")


def is_referrer_mix_known(graph: Graph) -> bool:
    """Whether the data allows both key accounts and old customers to be recognized."""
    return graph.is_key_account_known and is_old_known(graph)


def is_old_known(graph: Graph) -> bool:
    """Whether the data has the dates by which old customers are recognized; no value is needed."""
    return graph.has("customers.joined") or graph.has("orders.at")


def came_through_old(graph: Graph, kinds: tuple[str, ...]) -> Bools:
    """bool[n]: referred by an old customer; only valid if `is_old_known`."""
    return classify_referrer_mix(graph, kinds).is_in(["old_only", "both"]).to_numpy()


def came_through_key(graph: Graph, kinds: tuple[str, ...]) -> Bools:
    """bool[n]: referred by a key account; only valid if key accounts are known."""
    return classify_referrer_mix(graph, kinds).is_in(["key_only", "both"]).to_numpy()


def note_referrer_mix(graph: Graph) -> list[Message]:
    """Notes: what a key account is, or what is missing to recognize these and old customers."""
    notes = [note_key_account_rule(graph)]
    if not is_old_known(graph):
        notes.append(message("note.old-cannot-tell"))
    return notes


def classify_referrer_mix(graph: Graph, kinds: tuple[str, ...]) -> pl.Series:
    """By party, over its referrals of these kinds: one of `REFERRER_MIXES`.

    With several referrers ``both`` may be the work of two: one a key account, one an old customer.
    """
    is_arc = mark_arcs_of_kinds(graph, kinds)
    referrer = graph.arcs["referrer"].to_numpy()[is_arc]
    referred = graph.arcs["referred"].to_numpy()[is_arc]
    is_key_account = graph.parties["key"].fill_null(False).to_numpy()[referrer]
    is_old_customer = find_old_referrers(graph)[is_arc]
    has_key = _mark_parties(graph, referred[is_key_account])
    has_old = _mark_parties(graph, referred[is_old_customer])
    return pl.Series("through", REFERRER_MIXES).gather(has_key + 2 * has_old)


def _mark_parties(graph: Graph, indices: Ints) -> Bools:
    mask = np.zeros(len(graph), np.bool_)
    mask[indices] = True
    return mask

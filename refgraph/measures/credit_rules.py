"""Credit by one of four rules; under each it adds up to the value of all parties."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl

from refgraph.kernels import credit as credits
from refgraph.kernels.credit import CreditParts
from refgraph.measures.members import Members, number_parties
from refgraph.measures.reach_and_credit import (
    Credit,
    check_totals,
    compute_direct_value,
    compute_shapley_credit,
    split_by_mixture,
    split_by_shapley,
)
from refgraph.measures.tallies import add_tallies, measure_value
from refgraph.model.graph import Floats, Graph, Longs
from refgraph.model.message import Message, message
from refgraph.model.tally import Tally

CreditRule = Literal["shapley", "conjunctive", "direct", "decay"]


def allocate_credit(graph: Graph, rule: CreditRule, delta: float = 0.5) -> Credit | None:
    """Credit of each party under a rule; None beyond the work bound.

    shapley: M14, with several referrers M15 (mixture). conjunctive: M15, each value equally over
    its owner and all distinct ancestors. direct, decay: M16; decay takes ``delta`` in 0..1, by
    distance; with several referrers the mean over the ways up (as M15, mixture). On a forest
    shapley and conjunctive are equal. Raises RefgraphError ``totals-differ`` if the credit does not
    add up to the value. The arrays belong to the caller, who may change them.
    """
    if rule == "shapley" or (rule == "conjunctive" and graph.adjacency.is_forest):
        return compute_shapley_credit(graph)
    if rule == "direct":
        own_value_of_roots = np.where(graph.adjacency.has_referrer, 0.0, graph.value.numbers)
        earned = compute_direct_value(graph).copy()
        return _build_checked_credit(graph, own_value_of_roots + earned, earned)
    parts = split_amounts(graph, graph.value.scaled, rule, delta)
    if parts is None:
        return None
    scale = graph.value.scale
    return _build_checked_credit(graph, parts.credit / scale, (parts.credit - parts.own) / scale)


def split_amounts(
    graph: Graph, amounts: Floats, rule: CreditRule, delta: float
) -> CreditParts | None:
    """Amounts of the parties, float64[n], split by a rule other than ``direct``.

    None beyond the work bound.
    """
    if rule == "decay":
        return _split_by_decay(graph, amounts, delta)
    if rule == "shapley" or graph.adjacency.is_forest:
        return split_by_shapley(graph, amounts)
    arcs = graph.adjacency
    return credits.compute_conjunctive_credit(
        arcs.in_ptr, arcs.in_src, arcs.out_ptr, arcs.out_dst, amounts
    )


def _build_checked_credit(graph: Graph, credit: Floats, earned: Floats) -> Credit:
    numbers = graph.value.numbers
    check_totals("credit", float(credit.sum()), float(numbers.sum()), float(np.abs(numbers).sum()))
    return Credit(credit, earned)


def _split_by_decay(graph: Graph, amounts: Floats, delta: float) -> CreditParts | None:
    forest, arcs = graph.forest, graph.adjacency
    if arcs.is_forest:
        by_preorder = amounts[forest.order]
        parts = credits.compute_decay_credit(
            forest.preorder_parent, forest.depth, by_preorder, delta
        )
        return CreditParts(forest.scatter(parts.credit), forest.scatter(parts.own))
    return split_by_mixture(graph, amounts, delta)


def compute_extended_revenue(graph: Graph) -> Floats:
    """M12, extended customer revenue, float64[n]: own value plus the full value of each referred.

    It counts a value once per referrer and once more for its owner.
    """
    return tally_extended_revenue(graph).numbers


def tally_extended_revenue(graph: Graph) -> Tally:
    """`compute_extended_revenue`, with the parties behind it."""
    arcs, quantity = graph.adjacency, measure_value(graph)
    own = number_parties(len(graph)).add_up(quantity)
    referred = Members("customers", graph.arc_source, len(graph), arcs.out_dst)
    return add_tallies(own, referred.add_up(quantity))


def collect_credit_notes(graph: Graph, party: Longs, frame: pl.DataFrame) -> list[Message]:
    """Notes on credit: an allocation rule and no cause; credit of non-customers; work bounds.

    party: the party of each row shown. frame: these rows, with ``credit`` and ``downstream``.
    """
    notes = [message("note.credit-is-allocation")] if frame.height else []
    others = frame["credit"].filter(pl.Series(~graph.customers[party]))
    credit_of_others = float(others.sum())
    if len(others) and credit_of_others:
        amount = graph.value.amount(credit_of_others)
        notes.append(message("note.credit-outside", parties=len(others), credit=amount))
    if frame.height and frame["credit"].null_count():
        notes.append(message("note.credit-beyond-bound"))
    if frame["downstream"].null_count():
        notes.append(message("note.reach-beyond-bound", parties=frame["downstream"].null_count()))
    return notes

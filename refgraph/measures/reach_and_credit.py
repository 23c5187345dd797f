"""Measures that several analyses share: reach, credit, direct value, old customers as referrers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.errors import RefgraphError
from refgraph.graph.memo import cached_on_first_argument
from refgraph.kernels import credit as credits
from refgraph.kernels import passes
from refgraph.kernels import reach as reaches
from refgraph.kernels.credit import CreditParts
from refgraph.kernels.topological_order import compute_longest_chains
from refgraph.measures.calendar import to_day_numbers
from refgraph.measures.members import Members
from refgraph.measures.tallies import measure_value
from refgraph.model.graph import Bools, Floats, Graph, Ints, Longs
from refgraph.model.tally import Tally

TOLERANCE = 1e-9
"""Relative rounding error up to which two totals agree."""
_UNKNOWN_DAY = -719_163
"""0001-01-01, before every order."""
_DAY_SPAN = 2**22
"""More than the number of days from 0001-01-01 to 9999-12-31."""


@dataclass(frozen=True, eq=False)
class Reach:
    """M13, by party: how far its recommendations went. Reach must not be added over customers.

    downstream int64[n]: distinct descendants along active arcs, -1 beyond the work bound. value
    float64[n]: their value, nan there. generations int32[n]: see
    `compute_generations`.
    """

    downstream: Longs
    value: Floats
    generations: Ints


@dataclass(frozen=True, eq=False)
class Credit:
    """M14, M15, by party: float64[n] each.

    credit: adds up to the value of all parties. earned: the credit less the party's part of its own
    value.
    """

    credit: Floats
    earned: Floats


def compute_generations(graph: Graph) -> Ints:
    """int32[n]: referrals on the longest chain below each party, along active arcs.

    Above 0 wherever anybody is downstream, also through a second referrer.
    """
    forest, arcs = graph.forest, graph.adjacency
    if arcs.is_forest:
        return forest.scatter(passes.compute_heights(forest.preorder_parent))
    return compute_longest_chains(arcs.in_ptr, arcs.out_ptr, arcs.out_dst)


def compute_reach(graph: Graph) -> Reach:
    """Reach of each party."""
    forest, arcs, value = graph.forest, graph.adjacency, graph.value
    generations = compute_generations(graph)
    if not arcs.is_forest:
        downstream, scaled = reaches.compute_reach(
            arcs.in_ptr, arcs.out_ptr, arcs.out_dst, value.scaled
        )
        return Reach(downstream, scaled / value.scale, generations)
    own = value.scaled[forest.order]
    below = passes.sum_up(forest.preorder_parent, own)
    below = forest.scatter(np.subtract(below, own, out=below))
    np.divide(below, value.scale, out=below)
    downstream = forest.scatter(forest.size).astype(np.int64)
    downstream -= 1
    return Reach(downstream, below, generations)


def compute_shapley_credit(graph: Graph) -> Credit | None:
    """Fair share of the value that each party helped to win (M14; M15 with several referrers).

    None beyond the work bound. Raises RefgraphError ``totals-differ`` if the credit does not add up
    to the value.
    """
    scaled = graph.value.scaled
    parts = split_by_shapley(graph, scaled)
    if parts is None:
        return None
    credit, earned = parts.credit, parts.own
    check_totals("credit", float(credit.sum()), float(scaled.sum()), float(np.abs(scaled).sum()))
    np.subtract(credit, earned, out=earned)
    for amounts in (credit, earned):
        np.divide(amounts, graph.value.scale, out=amounts)
    return Credit(credit, earned)


def split_by_shapley(graph: Graph, amounts: Floats) -> CreditParts | None:
    """Amounts of the parties, float64[n], split over them and those above them (M14, M15).

    None beyond the work bound.
    """
    forest, arcs = graph.forest, graph.adjacency
    if arcs.is_forest:
        by_preorder = amounts[forest.order]
        parents, depth = forest.preorder_parent, forest.depth
        credit = forest.scatter(credits.compute_shapley_credit(parents, depth, by_preorder))
        np.divide(by_preorder, depth + 1.0, out=by_preorder)
        return CreditParts(credit, forest.scatter(by_preorder))
    return split_by_mixture(graph, amounts)


def split_by_mixture(graph: Graph, amounts: Floats, delta: float = 1.0) -> CreditParts | None:
    """Amounts split where some have several referrers (M15); delta: 1 = Shapley, else decay (M16).

    None beyond the work bound.
    """
    arcs = graph.adjacency
    incoming = (arcs.in_ptr, arcs.in_src, arcs.in_share)
    outgoing = (arcs.out_ptr, arcs.out_dst, arcs.out_share)
    return credits.compute_mixture_credit(*incoming, *outgoing, amounts, delta)


def compute_direct_value(graph: Graph) -> Floats:
    """float64[n]: value of the parties that each party referred, by its share of each (M16).

    Adds up to the value of all referred parties. Raises RefgraphError ``totals-differ`` otherwise.
    """
    return tally_direct_value(graph).numbers


@cached_on_first_argument
def tally_direct_value(graph: Graph) -> Tally:
    """`compute_direct_value`, with the parties behind it."""
    arcs, scaled = graph.adjacency, graph.value.scaled
    referred = Members("customers", graph.arc_source, len(graph), arcs.out_dst)
    direct = referred.add_up(measure_value(graph), weight=arcs.out_share)
    assert direct.scaled is not None
    of_referred = scaled[arcs.has_referrer]
    size = float(np.abs(of_referred).sum())
    check_totals("direct_value", float(direct.scaled.sum()), float(of_referred.sum()), size)
    return direct


def check_totals(what: str, found: float, expected: float, size: float) -> None:
    """Raises RefgraphError ``totals-differ`` unless the two agree within 1e-9 of ``size``."""
    if abs(found - expected) > TOLERANCE * max(size, 1.0):
        raise RefgraphError("totals-differ", what=what, found=found, expected=expected)


@cached_on_first_argument
def find_old_referrers(graph: Graph) -> Bools:
    """bool[m], by arc: the referrer was an old customer when it referred (``[old_customer]``).

    A customer for at least ``months``, or with at least ``orders`` orders, before the day of the
    referral. An undated referral is dated by the joining of the referred party; if that is unknown
    too, false.
    """
    rule, arcs, parties = graph.settings.old_customer, graph.arcs, graph.parties
    since, referrer = parties["since"], arcs["referrer"]
    day = pl.select(pl.coalesce(arcs["at"], since.gather(arcs["referred"]))).to_series()
    is_customer = (parties["role"] == "customer").gather(referrer)
    old_from = since.gather(referrer).dt.offset_by(f"{rule.months}mo")
    is_long_customer = (old_from <= day).fill_null(False)
    is_frequent_buyer = pl.Series(_count_orders_before(graph, day) >= rule.orders)
    return (is_customer & (is_long_customer | is_frequent_buyer)).to_numpy()


def _count_orders_before(graph: Graph, day: pl.Series) -> Longs:
    """int64[m]: orders of each arc's referrer before the day of the arc; 0 if that is unknown.

    Customer and day of each order are packed into one number, so that one search finds both.
    """
    if graph.orders is None or not graph.orders.height:
        return np.zeros(len(day), np.int64)
    customer = graph.orders["customer"].cast(pl.Int64).to_numpy()
    orders = customer * _DAY_SPAN + _to_positive_days(graph.orders["at"])
    start_of_referrer = graph.arcs["referrer"].cast(pl.Int64).to_numpy() * _DAY_SPAN
    end = np.searchsorted(orders, start_of_referrer + _to_positive_days(day))
    return end - np.searchsorted(orders, start_of_referrer)


def _to_positive_days(days: pl.Series) -> Longs:
    """Days since 0001-01-01, 0 if unknown."""
    return to_day_numbers(days, _UNKNOWN_DAY) - _UNKNOWN_DAY

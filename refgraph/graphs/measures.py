"""What several analyses measure on a Graph: reach, credit, direct value, who was an old customer. Arrays by position."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.errors import RefgraphError
from refgraph.graphs.kept import kept
from refgraph.kernels import credit as credits
from refgraph.kernels import passes
from refgraph.kernels import reach as reaches
from refgraph.model.graph import Bools, Floats, Graph, Ints, Longs

TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Reach:
    """M13 by position: distinct parties reached along arcs, generations below (of primary referrers), their value.

    downstream int64[n], -1 where it passes the work bound; value float64[n], nan there; never add over customers.
    """

    downstream: Longs
    value: Floats
    generations: Ints


@dataclass(frozen=True, eq=False)
class Credit:
    """M14/M15 by position: credit float64[n] adds up to the value of all parties; earned leaves out the part of the own value."""

    credit: Floats
    earned: Floats


def reach(graph: Graph) -> Reach:
    """How far the recommendations of each party went."""
    forest, flow = graph.forest, graph.flow
    heights = forest.scatter(passes.heights(forest.place_parent))
    whole = graph.value.whole
    if flow.is_forest:
        below = passes.sums_up(forest.place_parent, whole[forest.order]) - whole[forest.order]
        return Reach(forest.scatter(forest.size.astype(np.int64) - 1), forest.scatter(below) / graph.value.scale, heights)
    downstream, below = reaches.distinct(flow.in_ptr, flow.out_ptr, flow.out_dst, whole)
    return Reach(downstream, below / graph.value.scale, heights)


def shapley(graph: Graph) -> Credit | None:
    """Fair share of the value that each party brought (M14; M15 with several referrers); None beyond the work bound.

    Raises RefgraphError ``totals-differ`` when the credit does not add up to the value: never an answer.
    """
    forest, flow, whole = graph.forest, graph.flow, graph.value.whole
    if flow.is_forest:
        placed = whole[forest.order]
        credit = forest.scatter(credits.shapley(forest.place_parent, forest.depth, placed))
        own = forest.scatter(placed / (forest.depth + 1.0))
    else:
        mixed = credits.mixture(flow.in_ptr, flow.in_src, flow.in_share, flow.out_ptr, flow.out_dst, flow.out_share, whole)
        if mixed is None:
            return None
        credit, own = mixed.credit, mixed.own
    ties("credit", float(credit.sum()), float(whole.sum()), float(np.abs(whole).sum()))
    return Credit(credit / graph.value.scale, (credit - own) / graph.value.scale)


def direct_value(graph: Graph) -> Floats:
    """Value of those whom each party referred, by its share of each (M16 direct); adds up to the value of the referred.

    Raises RefgraphError ``totals-differ`` when it does not.
    """
    flow, whole = graph.flow, graph.value.whole
    origin = np.repeat(np.arange(len(graph)), np.diff(flow.out_ptr))
    direct = np.bincount(origin, weights=whole[flow.out_dst] * flow.out_share, minlength=len(graph))
    referred = whole[np.diff(flow.in_ptr) > 0]
    ties("direct_value", float(direct.sum()), float(referred.sum()), float(np.abs(referred).sum()))
    return direct / graph.value.scale


def ties(what: str, found: float, expected: float, size: float) -> None:
    """Raises RefgraphError ``totals-differ`` unless the two agree within 1e-9 of ``size``."""
    if abs(found - expected) > TOLERANCE * max(size, 1.0):
        raise RefgraphError("totals-differ", what=what, found=found, expected=expected)


@kept
def old_referrers(graph: Graph) -> Bools:
    """bool[m], by arc: the referrer was an old customer when it referred (rule ``[old_customer]``).

    Customer for at least ``months``, or at least ``orders`` orders, before the day of the referral; an undated referral
    is taken at the day the referred party joined; without either day: false.
    """
    rule, arcs, parties = graph.settings.old_customer, graph.arcs, graph.parties
    since = parties["since"]
    day = pl.select(pl.coalesce(arcs["at"], since.gather(arcs["referred"]))).to_series()
    start = since.gather(arcs["referrer"]).dt.offset_by(f"{rule.months}mo")
    customer = (parties["role"] == "customer").gather(arcs["referrer"])
    long = (start <= day).fill_null(False)
    return (customer & (long | pl.Series(_orders_before(graph, day) >= rule.orders))).to_numpy()


def _orders_before(graph: Graph, day: pl.Series) -> Longs:
    """Orders of each arc's referrer before the day of the arc; 0 where the day is not known."""
    if graph.orders is None or not graph.orders.height:
        return np.zeros(len(day), np.int64)
    span = 2**22
    code = graph.orders["customer"].cast(pl.Int64).to_numpy() * span + _days(graph.orders["at"])
    first = graph.arcs["referrer"].cast(pl.Int64).to_numpy() * span
    return np.searchsorted(code, first + _days(day)) - np.searchsorted(code, first)


def _days(days: pl.Series) -> Longs:
    """Whole days from 0001-01-01, 0 where unknown: fits 22 bits."""
    return (days.to_physical().cast(pl.Int64) + 719_163).fill_null(0).to_numpy()

"""M45: what a reward plan would have paid on the real tree, payment by payment, to the cent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.errors import UsageError
from refgraph.measures.calendar import MAX_DAY, is_in_window, to_day_numbers
from refgraph.measures.members import list_parties
from refgraph.model.graph import Floats, Graph, Longs
from refgraph.model.message import Label
from refgraph.model.reward_plan import RewardPlan
from refgraph.model.tally import Tally
from refgraph.model.units import Unit

CENTS = 100
MAX_PAYMENTS = 30_000_000
"""A level with more payments than this is refused."""
_HALF_UP = 1e-9
"""Added before rounding, because a float may hold half a cent as slightly less."""


@dataclass(frozen=True, eq=False)
class Ledger:
    """Payments: rows in order of level, deal, receiver; int64[p] each.

    deal: index of the party that closed. receiver: of the party that is paid. level: 1 = the
    referrer of the deal, 0 = the referred party itself. cents: whole cents, above 0.
    """

    deal: Longs
    receiver: Longs
    level: Longs
    cents: Longs

    @property
    def total(self) -> float:
        """The cost of the plan, in money."""
        return int(self.cents.sum()) / CENTS

    def sum_by_receiver(self, n: int) -> Longs:
        """int64[n]: the cents that each party gets."""
        total = np.zeros(n, np.int64)
        np.add.at(total, self.receiver, self.cents)
        return total

    def tally_rewards(self, n: int, paid_before: Ledger | None = None) -> Tally:
        """The money that each party gets, deal by deal; less what another plan pays it."""
        ledgers = [(self, 1.0)] if paid_before is None else [(self, 1.0), (paid_before, -1.0)]
        receiver, deal, cents = (
            np.concatenate(column)
            for column in zip(
                *((each.receiver, each.deal, sign * each.cents) for each, sign in ledgers),
                strict=True,
            )
        )
        return list_parties(deal, receiver, n).add_up_weights(cents, CENTS)

    def tally_deals(self, n: int, *, own: bool = False) -> Tally:
        """The deals that each party is paid for; own: only those that it referred itself."""
        is_counted = self.level == 1 if own else self.level >= 1
        deal, receiver = np.divmod(
            np.unique(self.deal[is_counted] * n + self.receiver[is_counted]), max(n, 1)
        )
        return list_parties(deal, receiver, n).count()


def check_basis(graph: Graph, plan: RewardPlan) -> None:
    """Raises UsageError ``rates-no-money``, ``plan-needs-profit`` if rates have no base."""
    if plan.rates and graph.value.kind is not Unit.MONEY:
        raise UsageError("rates-no-money", basis=Label(graph.value.basis))
    if plan.kind == "profit-share" and graph.value.basis != "profit":
        raise UsageError("plan-needs-profit", basis=Label(graph.value.basis))


def find_deals(graph: Graph) -> Longs:
    """int64[d]: parties that closed and have a referrer, along counted arcs that are not cut.

    With ``--since`` or ``--until`` those whose first contract lies in the window.
    """
    is_deal = graph.customers & graph.adjacency.has_referrer
    if graph.scope.since or graph.scope.until:
        in_window = graph.parties.select(is_in_window(graph, pl.col("since"))).to_series()
        is_deal &= in_window.to_numpy()
    return np.flatnonzero(is_deal)


def build_ledger(graph: Graph, plan: RewardPlan) -> Ledger:
    """All payments of a plan.

    With several referrers each gets its share of the payment, and those above it their share of
    that. Every payment is rounded to cents, halves up. Raises UsageError ``plan-too-wide`` if one
    level has more than 30 million payments, and as `check_basis`.
    """
    check_basis(graph, plan)
    deals = find_deals(graph)
    parts = [(deals, deals, np.zeros(len(deals), np.int64), _to_cents(plan.friend, len(deals)))]
    worth = np.maximum(graph.value.scaled, 0.0)
    deal, receiver, share = deals, deals, np.ones(len(deals))
    for level, part in enumerate(plan.amounts or plan.rates, 1):
        deal, receiver, share = _climb(graph, deal, receiver, share)
        if not len(deal):
            break
        amount = part * share if plan.amounts else part * share * worth[deal] / graph.value.scale
        cents = _round_cents(amount)
        if plan.kind == "threshold":
            cents[_rank_deals(graph, deal, receiver) < plan.after] = 0
        parts.append((deal, receiver, np.full(len(deal), level), cents))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    is_paid = columns[3] > 0
    return Ledger(*(column[is_paid] for column in columns))


def _to_cents(amount: float, count: int) -> Longs:
    return np.repeat(_round_cents(np.array([amount])), count)


def _round_cents(amount: Floats) -> Longs:
    """Whole cents, halves up."""
    cents = amount * CENTS
    return np.floor(cents + 0.5 + _HALF_UP + 1e-15 * cents).astype(np.int64)


def _climb(
    graph: Graph, deal: Longs, receiver: Longs, share: Floats
) -> tuple[Longs, Longs, Floats]:
    """From the receivers of one level to their referrers; a pair that is met twice is added up."""
    arcs = graph.adjacency
    first, degree = arcs.in_ptr[receiver], np.diff(arcs.in_ptr)[receiver]
    total = int(degree.sum())
    if total > MAX_PAYMENTS:
        raise UsageError("plan-too-wide", payments=total, most=MAX_PAYMENTS)
    starts = np.cumsum(degree) - degree
    arc = np.repeat(first - starts, degree) + np.arange(total)
    deal, above = np.repeat(deal, degree), arcs.in_src[arc].astype(np.int64)
    share = np.repeat(share, degree) * arcs.in_share[arc]
    if arcs.is_forest:
        return deal, above, share
    pair, place = np.unique(deal * len(graph) + above, return_inverse=True)
    total_share = np.asarray(np.bincount(place, weights=share), np.float64)
    return pair // len(graph), pair % len(graph), total_share


def _rank_deals(graph: Graph, deal: Longs, receiver: Longs) -> Longs:
    """int64[p]: 1 for the first deal of each receiver by first contract, then by id."""
    since = to_day_numbers(graph.parties["since"], MAX_DAY)[deal]
    order = np.lexsort((deal, since, receiver))
    sorted_receiver = receiver[order]
    is_first = np.ones(len(order), bool)
    is_first[1:] = sorted_receiver[1:] != sorted_receiver[:-1]
    start = np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - start + 1
    return rank

"""A reward plan tried on the real tree: its payments, and what could be gained by abusing it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.measures.legal_alarm import LegalSigns, find_legal_signs, refuse_forbidden
from refgraph.measures.payouts import Ledger, build_ledger, find_deals
from refgraph.measures.plan_tricks import compute_collusion_gain, compute_false_name_gain
from refgraph.model.graph import Graph, Longs
from refgraph.model.reward_plan import RewardPlan
from refgraph.model.units import Unit


@dataclass(frozen=True, eq=False)
class Trial:
    """A plan tried on the real tree.

    received: int64[n], cents by party. deal_value: mean value of the deals, 0 without money.
    false_names, collusion: gains on a deal of that value.
    """

    plan: RewardPlan
    ledger: Ledger
    received: Longs
    deals: int
    deal_value: float
    false_names: float
    collusion: float
    signs: LegalSigns

    @property
    def order(self) -> Longs:
        """Indexes of those who are paid, the highest paid first, ties by id."""
        order = np.argsort(-self.received, kind="stable")
        return order[: int((self.received > 0).sum())]


def try_plan(graph: Graph, plan: RewardPlan) -> Trial:
    """The plan on the real tree. Raises as `rewards`."""
    refuse_forbidden(graph, plan)
    ledger, deals = build_ledger(graph, plan), find_deals(graph)
    worth = np.maximum(graph.value.scaled[deals], 0.0).sum() / graph.value.scale
    is_money = graph.value.kind is Unit.MONEY
    deal_value = float(worth) / len(deals) if len(deals) and is_money else 0.0
    return Trial(
        plan=plan,
        ledger=ledger,
        received=ledger.sum_by_receiver(len(graph)),
        deals=len(deals),
        deal_value=deal_value,
        false_names=compute_false_name_gain(plan, deal_value),
        collusion=compute_collusion_gain(plan, deal_value),
        signs=find_legal_signs(graph, plan),
    )

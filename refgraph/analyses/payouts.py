"""Who would be paid how much under a reward plan?"""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.analyses.columns import select_columns
from refgraph.config.plans import load_plans
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.legal_alarm import refuse_forbidden
from refgraph.measures.payouts import CENTS, Ledger, build_ledger
from refgraph.model.graph import Graph, Longs
from refgraph.model.message import Amount, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("rank", Unit.COUNT),
    Column("party", Unit.ID, key="payout_party", detail=True),
    Column("name", Unit.TEXT),
    Column("own_deals", Unit.COUNT, key="payout_own_deals"),
    Column("deals", Unit.COUNT, key="payout_deals"),
    Column("reward", Unit.MONEY, "M45", key="payout_reward"),
    Column("reward_against", Unit.MONEY, "M45", key="payout_against", asked="against"),
    Column("difference", Unit.MONEY, "M45", key="payout_difference", asked="against"),
)


@analysis(
    grain="party",
    columns=COLUMNS,
    order=(("rank", False),),
    formulas=("M45",),
    arguments=("plan",),
)
def payouts(graph: Graph, *, plan: str = "", against: str = "") -> Answer:
    """Everybody that a plan would pay, the highest paid first, ties by id.

    plan, against: files of plans; with ``against`` also those that only the other plan pays. The
    rewards of each plan add up to its cost. Raises as `rewards`.
    """
    ledgers = []
    plans = load_plans(plan, against)
    for each in plans:
        refuse_forbidden(graph, each)
        ledgers.append(build_ledger(graph, each))
    received = [ledger.sum_by_receiver(len(graph)) for ledger in ledgers]
    index = np.flatnonzero(np.any(np.array(received) > 0, axis=0))
    frame = pl.DataFrame(
        {
            "party": graph.parties["id"].gather(index),
            "name": graph.names.gather(index),
            "own_deals": _count_deals(ledgers[0], len(graph), own=True)[index],
            "deals": _count_deals(ledgers[0], len(graph))[index],
            "reward": received[0][index] / CENTS,
            "reward_against": received[-1][index] / CENTS,
            "difference": (received[-1] - received[0])[index] / CENTS,
        }
    ).sort("reward", "party", descending=[True, False])
    frame = frame.with_columns(rank=pl.int_range(1, pl.len() + 1))
    headline = message(
        "headline.payouts" if index.size else "headline.payouts-none",
        plan=plans[0].name,
        cost=Amount(ledgers[0].total, graph.units.get("money", ""), True),
        receivers=int((received[0] > 0).sum()),
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )
    columns = [column for column in COLUMNS if against or not column.asked]
    notes = (message("note.rewards-past"), message("note.rewards-lawyer"))
    return Answer(select_columns(frame, columns), headline, notes)


def _count_deals(ledger: Ledger, n: int, *, own: bool = False) -> Longs:
    """int64[n]: deals that each party is paid for; own: only those that it referred itself."""
    is_counted = ledger.level == 1 if own else ledger.level >= 1
    pairs = np.unique(ledger.deal[is_counted] * n + ledger.receiver[is_counted])
    return np.bincount(pairs % n, minlength=n) if n else np.zeros(0, np.int64)

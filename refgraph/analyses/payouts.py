"""Who would be paid how much under a reward plan?"""

from __future__ import annotations

import polars as pl

from refgraph.analyses.columns import select_columns
from refgraph.config.plans import load_plans
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.legal_alarm import refuse_forbidden
from refgraph.measures.member_lists import rank_parties
from refgraph.measures.payouts import Ledger, build_ledger
from refgraph.measures.tallies import build_columns
from refgraph.model.graph import Graph
from refgraph.model.message import Amount, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies, Tally
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
    tallies = _compute_tallies(graph, ledgers)
    is_paid = (tallies["reward"].numbers > 0) | (tallies["reward_against"].numbers > 0)
    frame = graph.parties.select("place", party="id", name=graph.names)
    frame = frame.with_columns(**build_columns(tallies)).filter(pl.Series(is_paid))
    frame = frame.sort("reward", "party", descending=[True, False])
    frame = frame.with_columns(rank=pl.int_range(1, pl.len() + 1))
    order = frame["place"].to_numpy()
    opened = Tallies(tallies | {"rank": rank_parties(order, len(graph))}, order)
    headline = message(
        "headline.payouts" if frame.height else "headline.payouts-none",
        plan=plans[0].name,
        cost=Amount(ledgers[0].total, graph.units.get("money", ""), True),
        receivers=int((tallies["reward"].numbers > 0).sum()),
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )
    columns = [column for column in COLUMNS if against or not column.asked]
    notes = (message("note.rewards-past"), message("note.rewards-lawyer"))
    return Answer(select_columns(frame, columns), headline, notes, opened)


def _compute_tallies(graph: Graph, ledgers: list[Ledger]) -> dict[str, Tally]:
    """The figures of each party: of the first plan, of the last, and the difference."""
    n, first, last = len(graph), ledgers[0], ledgers[-1]
    return {
        "own_deals": first.tally_deals(n, own=True),
        "deals": first.tally_deals(n),
        "reward": first.tally_rewards(n),
        "reward_against": last.tally_rewards(n),
        "difference": last.tally_rewards(n, first),
    }

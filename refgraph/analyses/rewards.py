"""What would a reward plan have cost, who would have gained, and how could it be abused?"""

from __future__ import annotations

from itertools import zip_longest

import numpy as np

from refgraph.analyses.columns import build_frame
from refgraph.analyses.reward_notes import build_reward_notes
from refgraph.analyses.reward_trial import Trial, try_plan
from refgraph.config.plans import load_plans
from refgraph.estimates.concentration import gini
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.legal_alarm import (
    tally_people,
)
from refgraph.measures.members import list_parties, select_members
from refgraph.measures.payouts import CENTS, find_deals
from refgraph.measures.tallies import compute_ratio, measure_value, read_figures, stack_rows
from refgraph.model.graph import Graph
from refgraph.model.message import Amount, Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.reward_plan import RewardPlan
from refgraph.model.tally import Tally
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("plan", Unit.TEXT, key="plan_name"),
    Column("kind", Unit.LABEL, key="plan_kind"),
    Column("cost", Unit.MONEY, "M45", key="plan_cost"),
    Column("deals", Unit.COUNT, key="plan_deals"),
    Column("cost_per_deal", Unit.MONEY, "M46"),
    Column("cost_share", Unit.SHARE, "M46"),
    Column("receivers", Unit.COUNT, key="plan_receivers"),
    Column("gains", Unit.TEXT, key="plan_gains"),
    Column("top_share", Unit.SHARE, key="plan_top_share", detail=True),
    Column("gini", Unit.RATIO, "M10", key="plan_gini", detail=True, inputs=True),
    Column("most_per_deal", Unit.MONEY, "M49", key="plan_most", detail=True, closed="plan"),
    Column("most_of_value", Unit.SHARE, "M49", key="plan_most_share", detail=True, closed="plan"),
    Column("false_names", Unit.MONEY, "M47", key="plan_false_names", inputs=True),
    Column("collusion", Unit.MONEY, "M48", key="plan_collusion", inputs=True),
    Column("paid_levels", Unit.DEPTH, "M38", key="plan_levels", detail=True, closed="plan"),
    Column("levels", Unit.DEPTH, "M38", key="tree_levels", detail=True, closed="position"),
    Column("people", Unit.COUNT, "M38", key="tree_people", detail=True),
    Column("legal", Unit.LABEL, "M38", key="plan_legal"),
)
MAX_NAMES = 3


@analysis(
    grain="plan",
    columns=COLUMNS,
    order=(),
    formulas=("M38", "M45", "M46", "M47", "M48", "M49"),
    arguments=("plan",),
)
def rewards(graph: Graph, *, plan: str = "", against: str = "") -> Answer:
    """One row per plan: its cost on the referrals that closed, and how it could be abused.

    plan, against: files of plans. Gains from false names and collusion are for a deal of mean
    value. gini: over all recommenders, those without a payment included. Raises UsageError
    ``plan-forbidden`` if ``[profile]`` rules the plan out, and as `load_plans`, `build_ledger`.
    """
    trials = [try_plan(graph, each) for each in load_plans(plan, against)]
    rows = [_build_row(graph, trial) for trial in trials]
    frame, headline = build_frame(read_figures(rows), COLUMNS), _build_headline(graph, trials)
    return Answer(frame, headline, build_reward_notes(graph, trials), stack_rows(rows))


def _name_kind(plan: RewardPlan) -> str:
    """The word for the kind; ``direct`` alone would be the number of direct referrals."""
    return "value-share" if plan.kind == "direct" else plan.kind


def _build_row(graph: Graph, trial: Trial) -> dict[str, object]:
    plan = trial.plan
    top = trial.order[:MAX_NAMES]
    names = [f"{graph.names[i]} {trial.received[i] / CENTS:,.0f}" for i in top.tolist()]
    more = len(trial.order) - len(top)
    return {
        "plan": plan.name,
        "kind": _name_kind(plan),
        "gains": "; ".join([*names, f"+{more}"] if more else names),
        "most_per_deal": plan.most_per_deal if plan.amounts else None,
        "most_of_value": plan.most_of_value if plan.rates else None,
        "paid_levels": plan.depth,
        "levels": trial.signs.levels,
        "people": tally_people(graph, trial.signs),
        "legal": trial.signs.sign,
        **_compute_tallies(graph, trial),
    }


def _compute_tallies(graph: Graph, trial: Trial) -> dict[str, Tally]:
    """What the plan costs, by deal and by receiver, and what false names and collusion gain."""
    ledger, n = trial.ledger, len(graph)
    is_deal, is_paid = np.zeros(n, np.bool_), trial.received > 0
    is_deal[find_deals(graph)] = True
    closed, has_value = select_members("customers", is_deal), graph.value.scaled > 0
    payments = list_parties(ledger.deal)
    cost, deals = payments.add_up_weights(ledger.cents, CENTS), closed.count()
    value = closed.add_up(measure_value(graph), has_value)
    best = np.isin(ledger.receiver, trial.order[:1])
    most = payments.add_up_weights(np.where(best, ledger.cents, 0), CENTS)
    recommenders = select_members("customers", graph.out_degree > 0)
    paid, has_deals = trial.received[graph.out_degree > 0], trial.deals > 0
    return {
        "cost": cost,
        "deals": deals,
        "cost_per_deal": compute_ratio(cost, deals),
        "cost_share": compute_ratio(cost, value).keep_known(graph.value.kind is Unit.MONEY),
        "receivers": select_members("customers", is_paid).count(),
        "top_share": compute_ratio(most, cost),
        "gini": recommenders.list_inputs(gini(paid) if ledger.total else np.nan),
        "false_names": closed.list_inputs(trial.false_names).keep_known(has_deals),
        "collusion": closed.list_inputs(trial.collusion).keep_known(has_deals),
    }


def _build_headline(graph: Graph, trials: list[Trial]) -> Message:
    first = trials[0]
    standing, basis = as_of_phrase(graph), value_basis_phrase(graph)
    if not first.deals:
        return message("headline.rewards-none", standing=standing)
    sentences: list[object] = [_describe_trial(graph, trial) for trial in trials]
    if len(trials) > 1:
        sentences.append(_compare(graph, *trials))
    names = ("first", "second", "versus")
    parts = dict(zip_longest(names, sentences, fillvalue=""))
    return message("headline.rewards", **parts, basis=basis, standing=standing)


def _describe_trial(graph: Graph, trial: Trial) -> Message:
    """Cost, cost per deal, and who gains most."""
    cost, plan = trial.ledger.total, trial.plan
    if not cost:
        return message("phrase.rewards-nothing", plan=plan.name, deals=trial.deals)
    best = int(trial.order[0])
    return message(
        "phrase.rewards-plan",
        plan=plan.name,
        kind=Label(_name_kind(plan)),
        cost=_to_money(graph, cost),
        deals=trial.deals,
        each=_to_money(graph, cost / trial.deals),
        receivers=len(trial.order),
        name=graph.names[best],
        most=_to_money(graph, int(trial.received[best]) / CENTS),
    )


def _compare(graph: Graph, first: Trial, second: Trial) -> Message:
    """How much more or less the second plan costs."""
    difference = second.ledger.total - first.ledger.total
    if not difference:
        return message("phrase.rewards-same")
    phrase = "phrase.rewards-more" if difference > 0 else "phrase.rewards-less"
    return message(phrase, other=second.plan.name, difference=_to_money(graph, abs(difference)))


def _to_money(graph: Graph, number: float) -> Amount:
    return Amount(number, graph.units.get("money", ""), True)

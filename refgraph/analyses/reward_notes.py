"""Notes on reward plans: bounds, abuse, the law, and what the figures do not say."""

from __future__ import annotations

import numpy as np

from refgraph.analyses.reward_trial import Trial
from refgraph.measures.legal_alarm import ALARM_LEVELS, ALARM_PEOPLE
from refgraph.measures.payouts import CENTS
from refgraph.model.graph import Graph
from refgraph.model.message import Amount, Message, message


def build_reward_notes(graph: Graph, trials: list[Trial]) -> tuple[Message, ...]:
    """The notes of all plans, then what holds for each of them."""
    notes = [note for trial in trials for note in _note_trial(graph, trial)]
    return (*notes, message("note.rewards-past"), message("note.rewards-lawyer"))


def _note_trial(graph: Graph, trial: Trial) -> list[Message]:
    plan, unit = trial.plan, graph.units.get("money", "")

    def money(number: float) -> Amount:
        return Amount(number, unit, True)

    notes = [_note_bound(trial, money(plan.most_per_deal))]
    if plan.budget is not None and trial.ledger.total > plan.budget:
        over = money(trial.ledger.total - plan.budget)
        notes.append(
            message("note.rewards-over", plan=plan.name, over=over, budget=money(plan.budget))
        )
    if trial.false_names > 0 or trial.collusion > 0:
        gains = {"false": money(trial.false_names), "collusion": money(trial.collusion)}
        notes.append(message("note.rewards-tricks", plan=plan.name, **gains))
    if plan.amounts and plan.pays:
        least = money(plan.most_per_deal)
        notes.append(message("note.rewards-fake-deal", plan=plan.name, least=least))
    others = int(trial.received[~graph.customers].sum())
    if others:
        parties = int(np.count_nonzero(trial.received[~graph.customers]))
        amount = money(others / CENTS)
        notes.append(message("note.rewards-others", plan=plan.name, parties=parties, amount=amount))
    return [*notes, *_note_law(trial)]


def _note_bound(trial: Trial, most: Amount) -> Message:
    """What one deal can cost at most."""
    plan = trial.plan
    if plan.rates:
        return message("note.rewards-bound-share", plan=plan.name, share=plan.most_of_value)
    return message("note.rewards-bound", plan=plan.name, most=most)


def _note_law(trial: Trial) -> list[Message]:
    """The alarm or the attention that a plan gets; nothing for others."""
    plan, signs = trial.plan, trial.signs
    if signs.sign == "legal-alarm":
        return [
            message(
                "note.rewards-alarm",
                plan=plan.name,
                levels=signs.levels,
                people=signs.people,
                least_levels=ALARM_LEVELS,
                least_people=ALARM_PEOPLE,
            )
        ]
    if signs.sign == "legal-attention":
        return [message("note.rewards-attention", plan=plan.name, levels=plan.depth)]
    return []

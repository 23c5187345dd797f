"""M38: signs that a lawyer should read a reward plan. Nothing here says that a plan is lawful."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from refgraph.errors import UsageError
from refgraph.measures.descendants import Descendants
from refgraph.measures.member_lists import Renumbered
from refgraph.measures.members import Members, list_parties
from refgraph.measures.reach_and_credit import compute_reach
from refgraph.model.graph import Graph
from refgraph.model.message import message
from refgraph.model.reward_plan import RewardPlan
from refgraph.model.tally import Tally, Term

ALARM_LEVELS, ALARM_PEOPLE = 3, 30
"""Levels and people of one organizer, itself included, from which paid recruiting raises the alarm
(the limits for prosecution in China's rules on pyramid selling)."""


@dataclass(frozen=True)
class LegalSigns:
    """What was found in the trees.

    sign: ``legal-alarm``, ``legal-attention`` (pay beyond the first level) or ``legal-none``.
    levels, people: of the organizer with the most people among those with at least three levels,
    else of the one with the most levels; the organizer counts. people: None beyond the work bound.
    organizer: its index, -1 without any party.
    """

    sign: str
    levels: int
    people: int | None
    organizer: int = -1


def find_legal_signs(graph: Graph, plan: RewardPlan) -> LegalSigns:
    """The signs of a plan on the real trees.

    Every party may be an organizer. All trees below it add up once one of them reaches the third
    level.
    """
    if not len(graph):
        return LegalSigns("legal-none", 0, 0)
    reach = compute_reach(graph)
    levels = reach.generations.astype(np.int64) + 1
    people = np.where(reach.downstream < 0, len(graph), reach.downstream + 1)
    is_deep = levels >= ALARM_LEVELS
    size = np.where(is_deep, people, 0) if is_deep.any() else levels
    organizer = int(np.argmax(size))
    has_alarm = bool((is_deep & (people >= ALARM_PEOPLE)).any()) and plan.pays
    other = "legal-attention" if plan.depth > 1 else "legal-none"
    known = int(people[organizer]) if reach.downstream[organizer] >= 0 else None
    sign = "legal-alarm" if has_alarm else other
    return LegalSigns(sign, int(levels[organizer]), known, organizer)


def tally_people(graph: Graph, signs: LegalSigns) -> Tally:
    """The people of the organizer: itself and all below it."""
    counted: Members | Renumbered = list_parties(np.zeros(0, np.int64))
    if signs.organizer >= 0:
        counted = Renumbered(Descendants(graph, first_distance=0), np.array([signs.organizer]))
    people, terms = np.array([signs.people or 0]), (Term(members=counted),)
    return Tally(method="count", numbers=people, terms=terms).keep_known(signs.people is not None)


def refuse_forbidden(graph: Graph, plan: RewardPlan) -> None:
    """Raises UsageError ``plan-forbidden`` with the rules that ``[profile]`` applies to a plan.

    A plan that pays nothing is never refused.
    """
    if not graph.settings.profile.securities or not plan.pays:
        return
    rules = [
        message("phrase.rule", id=id, text=message(f"rule.{id}"))
        for id, rule in load_rules()["securities"].items()
        if {"any", plan.kind} & set(rule.get("refuses", ()))
    ]
    raise UsageError("plan-forbidden", plan=plan.name, rules=rules)


@cache
def load_rules() -> dict[str, dict[str, dict[str, Any]]]:
    """``data/rules.toml``: profile -> id of an act -> what it rules out."""
    text = files("refgraph.data").joinpath("rules.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)

"""The sentences of `payoff`: one per question, who to call, and what no figure proves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refgraph.graph.phrases import as_of_phrase
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message

Row = Mapping[str, Any]


def build_headline(graph: Graph, rows: Mapping[str, Row], risk: Message) -> Message:
    """At most six sentences. rows: by question; risk: the headline of `at-risk`."""
    return message(
        "headline.payoff",
        worth=_say_worth(graph, rows["worth"]),
        stay=_say_ratio("stay", rows["stay"]),
        follow=_say_ratio("follow", rows["follow"]),
        recommender=_say_recommender(rows["recommender"]),
        risk=_say_risk(risk),
        standing=as_of_phrase(graph),
    )


def _get_verdict(row: Row) -> str:
    return str(row["verdict"]) if row else "not_recorded"


def _name_reason(verdict: str) -> Label:
    """Why the answer is unknown."""
    return Label("pay-no-difference" if verdict == "gap-unknown" else verdict)


def _say_worth(graph: Graph, row: Row) -> Message:
    """How much more or less the referred are worth, as a share or an amount."""
    verdict = _get_verdict(row)
    is_ratio = bool(row) and row["gap"] is not None
    if verdict in ("gap-higher", "gap-lower"):
        name = verdict.removeprefix("gap-")
        counts = {key: row[key] for key in ("referred", "others", "trees")}
        if is_ratio:
            ends = {"gap": abs(row["gap"]), "low": row["gap_low"], "high": row["gap_high"]}
            return message(f"phrase.pay-worth-ratio-{name}", **ends, **counts)
        amounts = {
            "gap": graph.value.amount(abs(row["difference"])),
            "low": graph.value.amount(row["difference_low"]),
            "high": graph.value.amount(row["difference_high"]),
        }
        return message(f"phrase.pay-worth-amount-{name}", **amounts, **counts)
    if verdict == "gap-unknown" and is_ratio:
        return message("phrase.pay-worth-unknown", smallest=row["detectable"])
    return message("phrase.pay-worth-cannot", reason=_name_reason(verdict))


def _say_ratio(question: str, row: Row) -> Message:
    """How fast the referred leave, against others or against before."""
    verdict = _get_verdict(row)
    if verdict in ("gap-higher", "gap-lower"):
        ends = {end: row[f"hazard_ratio{end}"] for end in ("", "_low", "_high")}
        shown = {"ratio": ends[""], "low": ends["_low"], "high": ends["_high"]}
        shown |= {"trees": row["trees"]}
        return message(f"phrase.pay-known-{question}", **shown)
    return message(f"phrase.pay-unknown-{question}", reason=_name_reason(verdict))


def _say_recommender(row: Row) -> Message:
    """What follows a first referral for the recommender."""
    verdict = _get_verdict(row)
    if verdict in ("gap-higher", "gap-lower") and row["gap"] is not None:
        ends = {"gap": abs(row["gap"]), "low": row["gap_low"], "high": row["gap_high"]}
        ends |= {"trees": row["trees"]}
        return message(f"phrase.pay-buys-{verdict.removeprefix('gap-')}", **ends)
    return message("phrase.pay-recommender-cannot", reason=_name_reason(verdict))


def _say_risk(risk: Message) -> Message:
    """How many show a sign of leaving, and who to call first."""
    values = risk.values
    if "signs" not in values:
        return message("phrase.pay-risk-cannot")
    counts = {"signs": values["signs"], "customers": values["customers"]}
    if not values["signs"]:
        return message("phrase.pay-risk-none", **counts)
    return message("phrase.pay-risk", names=values["names"], **counts)

"""Why is this customer that account? Every rule of ``[accounts]`` with its figures, threshold and outcome for one customer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from refgraph.graphs import account_labels
from refgraph.graphs.account_labels import REASONS, labels
from refgraph.graphs.accounts import rules
from refgraph.graphs.lookup import position
from refgraph.graphs.periods import standing
from refgraph.graphs.quadrants import KEYS
from refgraph.model.graph import Graph
from refgraph.model.message import Label, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit

COLUMNS = (Column("rule", Unit.LABEL, key="account_rule"), Column("measured", Unit.REASON), Column("threshold", Unit.REASON),
           Column("outcome", Unit.LABEL))  # fmt: skip
KINDS: dict[str, pl.DataType | type[pl.DataType]] = {
    "rule": pl.String, "measured": pl.List(pl.String), "threshold": pl.List(pl.String), "outcome": pl.String}
Line = tuple[str, pl.Expr, list[str], list[str]]
"""A rule: its name, whether it is met, the figures and the threshold in words of vocabularies and numbers."""


def explained(graph: Graph, customer: str) -> Answer:
    """One row a rule, in the order in which they are applied. outcome: yes, no, or unrecorded where a figure is missing.

    The outcomes are those of the same expressions that label all customers in `accounts`. Raises UsageError for a party that
    is not known, or by a name that several bear.
    """
    at = position(graph, customer)
    rule, name = rules(graph), graph.names[at]
    people = labels(graph)
    if people is None:
        return Answer(pl.DataFrame(schema=KINDS), message("headline.accounts-cannot-tell", standing=standing(graph)))
    row = people.with_columns(_cycle=account_labels.cycle()).row(at, named=True)
    lines = [*_criteria(rule, row), *_false(rule, row), *_reasons(graph, rule, row), *_others(rule, row)]
    met = people.select(expr.alias(rule_) for rule_, expr, _, _ in lines).row(at)
    outcomes = [{True: "yes", False: "no", None: "unrecorded"}[m] for m in met]
    frame = pl.DataFrame({"rule": [line[0] for line in lines], "measured": [line[2] for line in lines],
                          "threshold": [line[3] for line in lines], "outcome": outcomes}, schema=KINDS)
    if not row["existing"]:
        return Answer(frame, message("headline.account-none", name=name, standing=standing(graph)))
    false = message("phrase.account-false-by", reason=Label(row["false_by"])) if row["false_by"] else message(
        "phrase.account-not-false")
    hold = tuple(Label(f"rule-{r}") for r in row["key_by"] or ())
    reasons = message("phrase.account-key-by", reasons=hold) if hold else message("phrase.account-no-reason")
    return Answer(frame, message("headline.account-explained", name=name, account=Label(row["account"]), reasons=reasons,
                                 false=false, standing=standing(graph)),
                  (message("note.account-required", criteria=tuple(Label(f"rule-{c}") for c in rule["require"])),))


def _number(value: float | None, digits: int = 2, unit: str = "") -> str:
    return "–" if value is None else f"{value:,.{digits}f}{unit}"


def _share(value: float | None) -> str:
    return _number(None if value is None else 100 * value, 2, " %")


def _criteria(rule: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[Line]:
    met = account_labels.criteria(rule)
    yield "rule-frequency", met["frequency"], [_number(row["frequency"])], [f"≥ {rule['frequency']}"]
    yield "rule-volume", met["volume"], [_number(row["volume_year"], 3)], [f"> {rule['volume']}"]
    yield "rule-margin", met["margin"], [_share(row["margin"])], [f"≥ {100 * rule['margin']:g} %"]
    yield "rule-effect", met["effect"], [_share(row["effect"])], [f"≥ {100 * rule['effect']:g} %"]


def _false(rule: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[Line]:
    met = account_labels.false_rules(rule)
    longest = None if row["_cycle"] is None else rule["one_off_cycles"] * row["_cycle"]
    days = f"{row['days']} × · {_number(row['silence'], 0)}"
    cycles = f"{rule['one_off_cycles']} × {_number(row['_cycle'], 1)} = {_number(longest, 1)}"
    yield "one-off", met["one-off"], [days], [f"1 × · > {cycles}"]
    yield "bulk", met["bulk"], [_share(row["largest"])], [f"≥ {100 * rule['bulk_share']:g} %"]
    yield "no-profit", met["no-profit"], [_share(row["margin"])], [f"< {100 * rule['margin_floor']:g} %"]
    yield "exploiter", met["exploiter"], [_number(row["net"])], ["< 0"]


def _reasons(graph: Graph, rule: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[Line]:
    met = dict(zip(REASONS, account_labels.reasons_met(rule), strict=True))
    yield "rule-business", met["business"], [_number(row["volume_year"], 3)], rule["require"]
    yield "rule-nature", met["nature"], [row["region"] or "–", row["sector"] or "–"], rule["territory"] or ["–"]
    yield "rule-group", met["group"], _links(graph, row["id"]), rule["value_chain"]
    exposed = [row[c] or "–" for c in ("potential", "rival_exposure")]
    yield "rule-strategic", met["strategic"], exposed, ["both-high"]
    yield "rule-influence", met["influence"], [_number(row["keys_brought"], 0)], [f"keys-brought ≥ {KEYS}", "earned-top-tenth"]


def _links(graph: Graph, customer: str) -> list[str]:
    """The groups of a customer, each behind its relation, outside the value chain too."""
    if graph.affiliations is None:
        return ["–"]
    own = graph.affiliations.filter(pl.col("customer") == customer).sort("group", "relation", nulls_last=True)
    return [f"{relation or '–'} {group}" for group, relation in own.select("group", "relation").iter_rows()] or ["–"]


def _others(rule: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[Line]:
    silent = f"> {rule['silent_rhythms']} × {_number(row['rhythm'], 1)}"
    yield "rule-silent", pl.col("silent") == "yes", [_number(row["silence"], 0)], [silent]
    for bound, name in zip(rule["tiers"], rule["tier_names"], strict=True):
        if row["tier"] == name:
            yield "rule-tier", pl.col("tier") == name, [_number(row["revenue_year"])], [f"≥ {bound:,} ({name})"]

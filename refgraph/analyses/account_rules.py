"""``accounts --explain``: every account rule with its figures and outcome for one customer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import polars as pl

from refgraph.graph.lookup import find_party_index
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures import account_rules
from refgraph.measures.account_figures import load_rules
from refgraph.measures.account_labels import compute_labels
from refgraph.measures.account_rules import REASONS
from refgraph.measures.quadrants import MIN_KEY_ACCOUNTS
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import Variant

COLUMNS = (
    Column("rule", Unit.LABEL, key="account_rule"),
    Column("measured", Unit.REASON),
    Column("threshold", Unit.REASON),
    Column("outcome", Unit.LABEL),
)
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "rule": pl.String,
    "measured": pl.List(pl.String),
    "threshold": pl.List(pl.String),
    "outcome": pl.String,
}
OUTCOMES = {True: "yes", False: "no", None: "unrecorded"}
BLANK = "–"
"""Shown in place of a figure that is not recorded."""


class RuleLine(NamedTuple):
    """One rule: is_met decides for every customer, measured and threshold are texts for one."""

    rule: str
    is_met: pl.Expr
    measured: list[str]
    threshold: list[str]


def explain_account(graph: Graph, customer: str) -> Answer:
    """One row per rule, in the order of application, with the outcome for one customer.

    customer: an id or an unambiguous name. outcome: yes, no, or unrecorded if a figure is missing,
    by the same expressions that label all customers in `accounts`.
    Raises UsageError for an unknown or ambiguous party.
    """
    index = find_party_index(graph, customer)
    rules = load_rules(graph)
    labels = compute_labels(graph)
    if labels is None:
        headline = message("headline.accounts-cannot-tell", standing=as_of_phrase(graph))
        return Answer(pl.DataFrame(schema=SCHEMA), headline)

    labels_and_interval = labels.with_columns(_cycle=account_rules.build_sector_interval())
    row = labels_and_interval.row(index, named=True)
    lines = list(_list_rules(graph, rules, row))
    outcomes = labels.select(line.is_met.alias(line.rule) for line in lines).row(index)
    frame = pl.DataFrame(
        {
            "rule": [line.rule for line in lines],
            "measured": [line.measured for line in lines],
            "threshold": [line.threshold for line in lines],
            "outcome": [OUTCOMES[outcome] for outcome in outcomes],
        },
        schema=SCHEMA,
    )
    name = graph.names[index]
    if not row["existing"]:
        headline = message("headline.account-none", name=name, standing=as_of_phrase(graph))
        return Answer(frame, headline)
    required = tuple(Label(f"rule-{criterion}") for criterion in rules["require"])
    note = message("note.account-required", criteria=required)
    return Answer(frame, _build_headline(graph, name, row), (note,))


def _build_headline(graph: Graph, name: str, row: Mapping[str, Any]) -> Message:
    false = message("phrase.account-not-false")
    if row["false_by"]:
        false = message("phrase.account-false-by", reason=Label(row["false_by"]))
    reasons = message("phrase.account-no-reason")
    if row["key_by"]:
        labels = tuple(Label(f"rule-{reason}") for reason in row["key_by"])
        reasons = message("phrase.account-key-by", reasons=labels)
    return message(
        "headline.account-explained",
        name=name,
        account=Label(row["account"]),
        reasons=reasons,
        false=false,
        standing=as_of_phrase(graph),
    )


def _list_rules(
    graph: Graph, rules: Mapping[str, Any], row: Mapping[str, Any]
) -> Iterator[RuleLine]:
    """All rules; row: the labels and figures of the customer."""
    yield from _list_criteria(rules, row)
    yield from _list_false_rules(rules, row)
    yield from _list_reasons(graph, rules, row)
    yield from _list_other_rules(rules, row)


def _list_criteria(rules: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[RuleLine]:
    """What makes business with a customer large, steady and profitable."""
    checks = account_rules.build_criteria(rules)
    figures = {
        "frequency": (_format_number(row["frequency"]), f"≥ {rules['frequency']}"),
        "volume": (_format_number(row["volume_year"], 3), f"> {rules['volume']}"),
        "margin": (_format_share(row["margin"]), f"≥ {_format_percentage(rules['margin'])}"),
        "effect": (_format_share(row["effect"]), f"≥ {_format_percentage(rules['effect'])}"),
    }
    for name, (measured, threshold) in figures.items():
        yield RuleLine(f"rule-{name}", checks[name], [measured], [threshold])


def _list_false_rules(rules: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[RuleLine]:
    """What makes a customer only look like a key account."""
    checks = account_rules.build_false_rules(rules)
    interval, intervals = row["_cycle"], rules["one_off_cycles"]
    longest = None if interval is None else intervals * interval
    measured = [f"order-days {row['days']}", f"risk-silent {_format_number(row['silence'], 0)}"]
    limit = f"{intervals} × {_format_number(interval, 1)} = {_format_number(longest, 1)}"
    largest = _format_share(row["largest"])
    bulk_share = _format_percentage(rules["bulk_share"])
    margin = _format_share(row["margin"])
    margin_floor = _format_percentage(rules["margin_floor"])
    once = ["order-days = 1", f"risk-silent > {limit}"]
    yield RuleLine("one-off", checks["one-off"], measured, once)
    yield RuleLine("bulk", checks["bulk"], [largest], [f"≥ {bulk_share}"])
    yield RuleLine("no-profit", checks["no-profit"], [margin], [f"< {margin_floor}"])
    yield RuleLine("exploiter", checks["exploiter"], [_format_number(row["net"])], ["< 0"])


def _list_reasons(
    graph: Graph, rules: Mapping[str, Any], row: Mapping[str, Any]
) -> Iterator[RuleLine]:
    """The reasons for which a customer is a key account."""
    checks = dict(zip(REASONS, account_rules.build_reason_checks(rules), strict=True))
    volume = _format_number(row["volume_year"], 3)
    home = [row["region"] or BLANK, row["sector"] or BLANK]
    groups = _list_group_links(graph, row["id"])
    exposure = [row["potential"] or BLANK, row["rival_exposure"] or BLANK]
    referred_keys = _format_number(row["keys_brought"], 0)
    influence = [f"keys-brought ≥ {MIN_KEY_ACCOUNTS}", "earned-top-tenth"]
    yield RuleLine("rule-business", checks["business"], [volume], rules["require"])
    yield RuleLine("rule-nature", checks["nature"], home, rules["territory"] or [BLANK])
    yield RuleLine("rule-group", checks["group"], groups, rules["value_chain"])
    yield RuleLine("rule-strategic", checks["strategic"], exposure, ["both-high"])
    yield RuleLine("rule-influence", checks["influence"], [referred_keys], influence)


def _list_group_links(graph: Graph, customer: str) -> list[str]:
    """The relation and group of each affiliation, including those outside the value chain."""
    if graph.affiliations is None:
        return [BLANK]
    links = graph.affiliations.filter(pl.col("customer") == customer)
    links = links.sort("group", "relation", nulls_last=True).select("relation", "group")
    texts = [f"{relation or BLANK} {group}" for relation, group in links.iter_rows()]
    return texts or [BLANK]


def _list_other_rules(rules: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[RuleLine]:
    """Whether the customer is inactive, and the tier that it belongs to."""
    is_inactive = pl.col("silent") == "yes"
    silence = _format_number(row["silence"], 0)
    limit = f"> {rules['silent_rhythms']} × {_format_number(row['rhythm'], 1)}"
    yield RuleLine("rule-silent", is_inactive, [silence], [limit])
    revenue = _format_number(row["revenue_year"])
    for bound, name in zip(rules["tiers"], rules["tier_names"], strict=True):
        if row["tier"] == name:
            is_tier = pl.col("tier") == name
            yield RuleLine("rule-tier", is_tier, [revenue], [f"≥ {bound:,} ({name})"])


def _format_number(value: float | None, digits: int = 2) -> str:
    return BLANK if value is None else f"{value:,.{digits}f}"


def _format_share(value: float | None) -> str:
    return BLANK if value is None else f"{100 * value:,.2f} %"


def _format_percentage(share: float) -> str:
    """A threshold without trailing zeros: 0.3 is ``30 %``."""
    return f"{100 * share:g} %"


EXPLAIN = Variant(
    option="explain",
    metavar="ID",
    grain="rule",
    columns=COLUMNS,
    function=explain_account,
)
"""Registered with the analysis `accounts`."""

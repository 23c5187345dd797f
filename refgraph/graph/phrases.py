"""What every headline states: the value basis with its period, and the as-of date."""

from __future__ import annotations

from refgraph.model.graph import Graph
from refgraph.model.message import Amount, Label, Message, message


def value_basis_phrase(graph: Graph) -> Message:
    """Which value, over which period.

    "revenue 2022-01-04 to 2025-12-31", "revenue as recorded for each customer".
    """
    value = graph.value
    if value.basis == "customers":
        return message("phrase.basis-customers")
    basis = Label(value.basis)
    if value.since is None or value.until is None:
        return message("phrase.basis-column", basis=basis)
    return message("phrase.basis-orders", basis=basis, since=value.since, until=value.until)


def as_of_phrase(graph: Graph) -> Message:
    """ "as of 2025-12-31", or that the data has no dates."""
    return message("phrase.as-of", day=graph.as_of) if graph.as_of else message("phrase.no-dates")


def key_account_phrase(graph: Graph) -> Message:
    """What a key account is, by the rule ``[key_account]``.

    "a customer whose volume averages more than 100 t a year".
    """
    rule = graph.settings.key_account
    if rule is None:
        return message("phrase.key-rule-none")
    if rule.listed:
        return message("phrase.key-rule-listed", column=rule.listed)
    is_volume = rule.measure == "volume"
    unit = graph.units.get("volume" if is_volume else "money", "")
    name = "phrase.key-rule-yearly" if rule.period == "yearly_mean" else "phrase.key-rule-total"
    over = Amount(rule.over, unit, not is_volume)
    return message(name, over=over, measure=Label(rule.measure))


def note_key_account_rule(graph: Graph) -> Message:
    """Note: what a key account is, or why that is unknown and how to give a rule."""
    rule = graph.settings.key_account
    if rule is None:
        return message("note.key-no-rule")
    if graph.is_key_account_known:
        return message("note.key-rule", rule=key_account_phrase(graph))
    return message("note.key-no-value", column=rule.listed or Label(rule.measure))

"""The fields by which `referral-rate` groups customers: those a referral does not change."""

from __future__ import annotations

from typing import Literal, get_args

from refgraph.errors import UsageError
from refgraph.graph.extra_columns import read_extra_columns
from refgraph.measures.customer_size import OUTCOME_WORDS, OUTCOMES
from refgraph.model.graph import Graph
from refgraph.model.parameter_values import describe_value, suggest_nearest

FixedField = Literal["sector", "region", "ownership", "kind", "source"]
DatedField = Literal["adviser", "key", "account_tier"]
"""Fields that change; the group of a customer is that of the time."""
TIE = "tie"
KNOWN_FIELDS = (*get_args(FixedField), *get_args(DatedField), TIE)


def find_rate_field(graph: Graph, by: str) -> str:
    """A field of `KNOWN_FIELDS`, or a column of customers that refgraph does not know.

    Raises UsageError ``rate-field-is-outcome`` for what a referral can change and
    ``unknown-rate-field`` for no column.
    """
    word = by.strip()
    plain = word.lower().replace("-", "_").replace(" ", "_")
    if plain in KNOWN_FIELDS:
        return plain
    columns = list_own_columns(graph)
    matching = [name for name in columns if name.lower() == word.lower()]
    if matching and plain not in OUTCOME_WORDS:
        return matching[0]
    if plain in (*OUTCOMES, *OUTCOME_WORDS):
        raise UsageError("rate-field-is-outcome", column=describe_value(by))
    known = [*KNOWN_FIELDS, *columns]
    near = suggest_nearest(by, known)
    raise UsageError("unknown-rate-field", column=describe_value(by), known=known, near=near)


def list_own_columns(graph: Graph) -> list[str]:
    """Columns of text of the customers that refgraph does not know."""
    return read_extra_columns(graph.parties).columns


def is_rate_field_recorded(graph: Graph, by: str) -> bool:
    """Whether the data has the field, or what its value at an earlier time is computed from."""
    if by == "adviser":
        return graph.has("customers.adviser_since")
    if by == "key":
        rule = graph.settings.key_account
        return rule is not None and not rule.listed and graph.has(f"orders.{rule.measure}")
    if by == "account_tier":
        return graph.has("orders.revenue")
    if by == TIE:
        return graph.has("referrals.tie")
    return by in list_own_columns(graph) or graph.has(f"customers.{by}")

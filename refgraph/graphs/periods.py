"""What every headline must say: the value basis, its period, and the as-of day."""

from __future__ import annotations

from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message


def basis(graph: Graph) -> Message:
    """Which value, over which period: "revenue 2022-01-04 to 2025-12-31", "revenue as recorded for each customer"."""
    value = graph.value
    if value.basis == "customers":
        return message("phrase.basis-customers")
    if value.since is None or value.until is None:
        return message("phrase.basis-column", basis=Label(value.basis))
    return message("phrase.basis-orders", basis=Label(value.basis), since=value.since, until=value.until)


def standing(graph: Graph) -> Message:
    """"as of 2025-12-31", or that the data has no dates."""
    return message("phrase.as-of", day=graph.as_of) if graph.as_of else message("phrase.no-dates")

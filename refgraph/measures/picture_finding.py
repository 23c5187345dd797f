"""The title of a tree picture: who came, what became of them, beside what the root buys itself."""

from __future__ import annotations

import polars as pl

from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.picture import CLOSED_STATES


def build_finding(graph: Graph, nodes: pl.DataFrame) -> Message:
    """One sentence about the parties below the root in row 0; nodes: of the picture."""
    name, below = nodes["name"][0], nodes[1:]
    if not below.height:
        return message("picture.finding-none", name=name)
    is_closed = pl.col("state").is_in(CLOSED_STATES)
    closed, keys = below.filter(is_closed), below.filter("key")
    numbers: dict[str, object] = {
        "name": name,
        "parties": below.height,
        "closed": closed.height,
        "keys": keys.height,
    }
    if graph.value.basis == "customers":
        kind = "keys-only" if keys.height else "counts" if closed.height else "none-closed"
        return message(f"picture.finding-{kind}", **numbers)
    own = graph.value.amount(nodes["value"][0])
    if keys.height:
        value = graph.value.amount(float(keys["value"].sum()))
        return message("picture.finding-keys", **numbers, value=value, own=own)
    if closed.height:
        value = graph.value.amount(float(below["value"].sum()))
        return message("picture.finding", **numbers, value=value, own=own)
    return message("picture.finding-none-closed", **numbers)

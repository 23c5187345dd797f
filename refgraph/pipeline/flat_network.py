"""A networkx graph whose attributes fit into GraphML and GEXF files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from refgraph.errors import UsageError

RESERVED = frozenset(
    (
        *("id", "label", "type", "kind", "weight", "start", "end", "pid", "parents"),
        *("viz", "slices", "spells", "for", "key"),
    )
)
"""Attributes to which GEXF gives a meaning of its own."""
_FORBIDDEN = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ufffe\\uffff]")
"""Characters that XML cannot hold or does not return as they were."""


def flatten_network(network: Any) -> Any:
    """A graph of the same nodes and edges with text, numbers and truth values as attributes.

    Raises UsageError ``nodes-alike`` if two ids become the same text.
    """
    names = {node: _escape(str(node)) for node in network}
    if len(set(names.values())) < len(names):
        seen: set[str] = set()
        double = next(x for x in names.values() if x in seen or seen.add(x))  # type: ignore[func-returns-value]
        raise UsageError("nodes-alike", id=double)
    flat = type(network)()
    flat.add_nodes_from((names[node], _flatten(data)) for node, data in network.nodes(data=True))
    flat.add_edges_from(
        (names[source], names[target], _flatten(data))
        for source, target, data in network.edges(data=True)
    )
    return flat


def _flatten(attributes: Mapping[str, object]) -> dict[str, object]:
    flat = {}
    for name, value in attributes.items():
        key = _escape(name)
        flat[f"{key}_" if key in RESERVED else key] = _to_plain(value)
    return flat


def _to_plain(value: object) -> object:
    """A date as ISO text, a list as its length, text without control characters."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return len(value)
    return value if isinstance(value, (bool, int, float)) else _escape(str(value))


def _escape(text: str) -> str:
    """Text with control characters as ``\\x01``."""
    return _FORBIDDEN.sub(lambda match: repr(match[0])[1:-1], text)

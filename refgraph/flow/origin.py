"""Where an answer comes from: what a reader needs to trust and repeat it."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

from refgraph.engines.base import Engine
from refgraph.graphs.company import counts
from refgraph.model.graph import Graph


@cache
def _version() -> str:
    return version("refgraph")


def origin(engine: Engine, graph: Graph) -> dict[str, object]:
    """Engine, version, as-of day, value basis, and how many of everything went in."""
    found = counts(graph)
    findings = found.pop("findings")
    return {
        "refgraph": _version(),
        **engine.origin(),
        "computed": "part" if graph.company else "columns",
        "as_of": graph.as_of.isoformat() if graph.as_of else None,
        "value": graph.value.basis,
        "value_since": graph.value.since.isoformat() if graph.value.since else None,
        "value_until": graph.value.until.isoformat() if graph.value.until else None,
        **found,
        **engine.account().totals,
        "findings": findings,
    }

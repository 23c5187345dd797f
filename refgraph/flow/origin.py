"""Where an answer comes from: what a reader needs to trust and repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

from refgraph.engines.base import Engine
from refgraph.graphs.census import counts
from refgraph.model.graph import Graph


OWN = frozenset({"refgraph", "computed"})
"""Keys that tell of the engine and its way, with those of ``Engine.origin``."""


@cache
def _version() -> str:
    return version("refgraph")


def origin(engine: Engine, graph: Graph) -> dict[str, object]:
    """Engine, version, as-of day, value basis, and how many of everything went in."""
    found = counts(graph)
    findings = found.pop("findings")
    return {
        **_own(engine, "part" if graph.census else "columns"),
        "as_of": graph.as_of.isoformat() if graph.as_of else None,
        "value": graph.value.basis,
        "value_since": graph.value.since.isoformat() if graph.value.since else None,
        "value_until": graph.value.until.isoformat() if graph.value.until else None,
        **found,
        **engine.account().totals,
        "findings": findings,
    }


def again(engine: Engine, kept: Mapping[str, object]) -> dict[str, object]:
    """The origin of an answer that the engine kept with all but what is its own."""
    return {**_own(engine, "kept"), **kept}


def _own(engine: Engine, computed: str) -> dict[str, object]:
    return {"refgraph": _version(), **engine.origin(), "computed": computed}

"""The origin of an answer: what a reader needs in order to trust and repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

from refgraph.engines.base import Engine
from refgraph.graph.summary import count_records
from refgraph.model.graph import Graph

ENGINE_KEYS = frozenset({"refgraph", "computed"})
"""Keys of an origin that describe how it was computed, in addition to those of `Engine.origin`."""


@cache
def _get_version() -> str:
    return version("refgraph")


def describe_origin(engine: Engine, graph: Graph) -> dict[str, object]:
    """Engine, version, as-of date, value basis, and how many records went in."""
    counts = count_records(graph)
    findings = counts.pop("findings")
    value = graph.value
    return {
        **_describe_engine(engine, "part" if graph.whole_graph_summary else "columns"),
        "as_of": graph.as_of.isoformat() if graph.as_of else None,
        "value": value.basis,
        "value_since": value.since.isoformat() if value.since else None,
        "value_until": value.until.isoformat() if value.until else None,
        **counts,
        **engine.summarize_source().totals,
        "findings": findings,
    }


def describe_no_engine() -> dict[str, object]:
    """The origin of an answer that used no data."""
    return {"engine": "none", "refgraph": _get_version()}


def refresh_origin(engine: Engine, stored: Mapping[str, object]) -> dict[str, object]:
    """The origin of a stored answer, completed with the engine that returned it."""
    return {**_describe_engine(engine, "kept"), **stored}


def _describe_engine(engine: Engine, computed: str) -> dict[str, object]:
    return {"refgraph": _get_version(), **engine.origin(), "computed": computed}

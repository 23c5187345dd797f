"""Where an answer comes from: what a reader needs to trust and repeat it."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

from refgraph.engines.base import Engine
from refgraph.model.graph import Graph


@cache
def _version() -> str:
    return version("refgraph")


def origin(engine: Engine, graph: Graph, native: bool) -> dict[str, object]:
    """Engine, version, as-of day, value basis, and how many of everything went in."""
    ledger = engine.dataset().ledger
    stages = dict(graph.parties["stage"].value_counts().iter_rows())
    return {
        "refgraph": _version(),
        **engine.origin(),
        "computed": "native" if native else "columns",
        "as_of": graph.as_of.isoformat() if graph.as_of else None,
        "value": graph.value.basis,
        "value_since": graph.value.since.isoformat() if graph.value.since else None,
        "value_until": graph.value.until.isoformat() if graph.value.until else None,
        "parties": len(graph),
        "existing": stages.get("existing", 0),
        "former": stages.get("former", 0),
        "prospects": stages.get("prospect", 0),
        "referrals": graph.arcs.height,
        **{name: int(ledger[name].sum()) for name in ("read", "used", "set_aside", "deduplicated")},
        "findings": graph.findings.height,
    }

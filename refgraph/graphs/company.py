"""GRAPH -> COMPANY: what a part of the Graph must be told of the whole."""

from __future__ import annotations

from refgraph.graphs import keys
from refgraph.graphs.build import build
from refgraph.graphs.parties import first_day
from refgraph.model.company import Company
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope


def company(dataset: Dataset) -> Company:
    """The Company of a Dataset; it takes a Graph to tell it."""
    graph = build(dataset, Scope())
    value = graph.value
    bar = keys.bar(dataset, graph.parties, graph.orders, value, graph.as_of)
    return Company(graph.as_of, value.scale, value.since, value.until, value.missing, first_day(graph.orders),
                   keys.scale(dataset, graph.orders, value), bar, counts(graph), graph.notes)  # fmt: skip


def counts(graph: Graph) -> dict[str, int]:
    """How many of everything there are in the company of a Graph."""
    if graph.company:
        return dict(graph.company.counts)
    stages = dict(graph.parties["stage"].value_counts().iter_rows())
    return {"parties": len(graph), "existing": stages.get("existing", 0), "former": stages.get("former", 0),
            "prospects": stages.get("prospect", 0), "referrals": graph.arcs.height, "findings": graph.findings.height}

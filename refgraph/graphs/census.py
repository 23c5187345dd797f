"""GRAPH -> CENSUS: what a part of the Graph must be told of the whole."""

from __future__ import annotations

from refgraph.graphs import keys
from refgraph.graphs.parties import first_day
from refgraph.model.census import Census
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph


def census(dataset: Dataset, graph: Graph) -> Census:
    """The Census of a Dataset, by its Graph under the plain scope."""
    value = graph.value
    bar = keys.bar(dataset, graph.parties, graph.orders, value, graph.as_of)
    return Census(graph.as_of, value.scale, value.since, value.until, value.missing, first_day(graph.orders),
                   keys.scale(dataset, graph.orders, value), bar, counts(graph), graph.notes)  # fmt: skip


def counts(graph: Graph) -> dict[str, int]:
    """How many of everything there are in the company of a Graph."""
    if graph.census:
        return dict(graph.census.counts)
    stages = dict(graph.parties["stage"].value_counts().iter_rows())
    return {"parties": len(graph), "existing": stages.get("existing", 0), "former": stages.get("former", 0),
            "prospects": stages.get("prospect", 0), "referrals": graph.arcs.height, "findings": graph.findings.height}

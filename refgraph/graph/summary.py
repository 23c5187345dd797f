"""GRAPH -> WHOLE-GRAPH SUMMARY: what a subgraph needs to give the same answers as all parties."""

from __future__ import annotations

from refgraph.graph import key_accounts
from refgraph.graph.frames import read_column
from refgraph.graph.parties import find_first_order_date
from refgraph.graph.unmatched import get_unmatched_ends
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.graph_summary import WholeGraphSummary


def summarize_graph(dataset: Dataset, graph: Graph) -> WholeGraphSummary:
    """The summary of a Dataset by its Graph under the plain scope."""
    value = graph.value
    return WholeGraphSummary(
        as_of=graph.as_of,
        scale=value.scale,
        since=value.since,
        until=value.until,
        missing=value.missing,
        first=find_first_order_date(graph.orders),
        key_scale=key_accounts.find_scale(dataset, graph.orders),
        is_key_account_known=graph.is_key_account_known,
        counts=count_records(graph),
        ends={end: list(count) for end, count in get_unmatched_ends(graph).items()},
        notes=graph.notes,
    )


def count_records(graph: Graph) -> dict[str, int]:
    """Numbers of parties by stage, referrals and findings in the whole company of a Graph."""
    if graph.whole_graph_summary:
        return dict(graph.whole_graph_summary.counts)
    stages = dict(read_column(graph.parties, "stage").value_counts().iter_rows())
    return {
        "parties": len(graph),
        "existing": stages.get("existing", 0),
        "former": stages.get("former", 0),
        "prospects": stages.get("prospect", 0),
        "referrals": graph.arcs.height,
        "findings": graph.findings.height,
    }

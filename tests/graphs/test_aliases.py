"""Clusters of shared contacts are the connected components of the graph of equal values."""

from __future__ import annotations

import networkx as nx
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from refgraph.graphs.aliases import FIELDS, clusters, contacts

PHONES = st.none() | st.sampled_from([f"1380000000{k}" for k in range(6)])
MAILS = st.none() | st.sampled_from([f"m{k}@x.example" for k in range(6)])


@given(st.lists(st.tuples(MAILS, PHONES), max_size=40))
def test_as_connected_components(held: list[tuple[str | None, str | None]]) -> None:
    rows = [(k, m, p, None, None) for k, (m, p) in enumerate(held)]
    schema = {"place": pl.Int32, **dict.fromkeys(FIELDS, pl.String)}
    found = clusters(contacts(pl.DataFrame(rows, schema=schema, orient="row"))).tolist()
    graph = nx.Graph()
    graph.add_nodes_from(range(len(held)))
    for k, pair in enumerate(held):
        graph.add_edges_from((k, ("value", v)) for v in pair if v)
    expected = {v: min(x for x in part if isinstance(x, int)) for part in nx.connected_components(graph) for v in part}
    assert found == [expected[k] for k in range(len(held))]


def test_normal_forms() -> None:
    said = {"email": "  Li.Lei+News@Example.com ", "phone": "0086-138 0013 8000", "address": "北京市，云溪路 １ 号", "tax_id": "9137 ab-12"}
    told = contacts(pl.DataFrame({"place": [0], **{f: [text] for f, text in said.items()}})).row(0, named=True)
    assert told == {"place": 0, "email": "li.lei@example.com", "phone": "13800138000", "address": "北京市云溪路1号", "tax_id": "9137ab12"}

"""Flat graphs go through GraphML and GEXF files and come back with the same nodes and edges."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import toys

import refgraph
from refgraph.errors import UsageError

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
FORMATS = [(nx.write_graphml, nx.read_graphml), (nx.write_gexf, nx.read_gexf)]
for_each_format = pytest.mark.parametrize(("write", "read"), FORMATS, ids=["graphml", "gexf"])


def write_and_read(network: Any, write: Callable[..., None], read: Callable[..., Any]) -> Any:
    file = io.BytesIO()
    write(network, file)
    file.seek(0)
    return read(file)


def check_same(network: Any, back: Any) -> None:
    """The same nodes and edges, and at least the attributes of the first."""
    assert set(back) == set(network)
    assert set(back.edges) == set(network.edges)
    for node, data in network.nodes(data=True):
        assert {key: back.nodes[node][key] for key in data} == data
    for source, target, data in network.edges(data=True):
        assert {key: back.edges[source, target][key] for key in data} == data


@for_each_format
@pytest.mark.parametrize("toy", toys.TOYS)
def test_flat_graph_of_a_toy_reads_back(
    toy: str, write: Callable[..., None], read: Callable[..., Any]
) -> None:
    network = refgraph.build_graph(toys.TOYS[toy]()).to_networkx(flat=True)
    check_same(network, write_and_read(network, write, read))


@for_each_format
def test_flat_graph_of_the_sample_reads_back(
    write: Callable[..., None], read: Callable[..., Any]
) -> None:
    graph = refgraph.build_graph(refgraph.read(CASE))
    network = graph.to_networkx(flat=True)
    check_same(network, write_and_read(network, write, read))
    assert set(network.edges) == set(graph.to_networkx().edges)
    number = graph.parties.select("id", "orders").rows()
    assert {id: network.nodes[id].get("orders", 0) for id, _ in number} == dict(number)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4)


@for_each_format
@settings(max_examples=15)
@given(
    texts=st.lists(TEXTS.filter(str.strip), min_size=3, max_size=3),
    column=st.sampled_from(
        ["label", "type", "start", "end", "pid", "viz", "weight", "colour", "key"]
    ),
)
def test_flat_graph_of_odd_names_and_columns_reads_back(
    write: Callable[..., None], read: Callable[..., Any], texts: list[str], column: str
) -> None:
    people = {f"p{k}": {"name": f"x{text}y", column: f"x{text}y"} for k, text in enumerate(texts)}
    data = toys.company(
        people, [{"referrer": "p0", "referred": "p1", column: texts[2], "at": "2024-01-01"}]
    )
    network = refgraph.build_graph(data).to_networkx(flat=True)
    back = write_and_read(network, write, read)
    assert (set(back), set(back.edges)) == (set(network), set(network.edges))


def test_flat_graph_of_ids_that_become_one_text_is_refused() -> None:
    data = toys.company({"a\x01": {}, "a\\x01": {}}, [("a\x01", "a\\x01")])
    if data.customers.height < 2:
        pytest.skip("intake refuses such ids")
    with pytest.raises(UsageError) as caught:
        refgraph.build_graph(data).to_networkx(flat=True)
    assert caught.value.id == "nodes-alike"


def test_graph_that_is_not_flat_is_unchanged_and_a_wrong_flag_is_reported() -> None:
    graph = refgraph.build_graph(toys.chain())
    assert refgraph.read(graph.to_networkx()).fingerprint == toys.chain().fingerprint
    with pytest.raises(UsageError):
        graph.to_networkx(flat="yes")  # type: ignore[arg-type]

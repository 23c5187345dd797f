"""A subgraph with the summary of the whole answers about its parties as the whole graph does.

Hundreds of odd companies; ``REFGRAPH_SOAK`` multiplies their number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import networkx as nx
import polars as pl
import pytest
from support import companies, toys
from support.random_cases import choose
from support.strangers import stranger

from refgraph.analyses.path import path
from refgraph.analyses.reach import reach
from refgraph.graph import build_graph
from refgraph.graph.distances import is_connected_downward
from refgraph.graph.lookup import find_party_index
from refgraph.graph.summary import count_records, summarize_graph
from refgraph.measures.tree_picture import build_tree_picture
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.graph_summary import WholeGraphSummary, summary_from_json
from refgraph.model.message import Amount, Label, Names, message
from refgraph.model.scope import Scope
from refgraph.model.serialization import from_json_value, to_json_value
from refgraph.model.tally import Tallies

SEEDS = choose(4, 40)
VALUE_FACTS = ("basis", "unit", "scale", "since", "until", "missing")


def build_network(data: Dataset) -> nx.DiGraph:
    """All referrals, counted or not."""
    network = nx.DiGraph()
    network.add_nodes_from(data.customers["id"])
    network.add_edges_from(data.referrals.select("referrer", "referred").iter_rows())
    return network


def find_below(data: Dataset, *ids: str) -> tuple[set[str], set[str]]:
    """These parties and their descendants; and with all referrers of any of them."""
    network = build_network(data)
    below = set(ids).union(*(nx.descendants(network, id) for id in ids))
    return below, below.union(*(network.predecessors(id) for id in below))


def find_above(data: Dataset, *ids: str) -> tuple[set[str], set[str]]:
    """These parties and their ancestors, twice."""
    network = build_network(data)
    above = set(ids).union(*(nx.ancestors(network, id) for id in ids))
    return above, above


def find_connected(data: Dataset, *ids: str) -> tuple[set[str], set[str]]:
    """All parties connected with these, twice."""
    network = build_network(data).to_undirected()
    connected = set().union(*(nx.node_connected_component(network, id) for id in ids))
    return connected, connected


def build_subgraph(
    data: Dataset, referred: Iterable[str], members: Iterable[str], summary: WholeGraphSummary
) -> Graph:
    """The Graph of some members, with the referrals of some of them."""
    known = list(members)
    orders, affiliations = data.orders, data.affiliations
    subset = replace(
        data,
        customers=data.customers.filter(pl.col("id").is_in(known)),
        customer_rows=None,
        referrals=data.referrals.filter(pl.col("referred").is_in(list(referred))),
        orders=None if orders is None else orders.filter(pl.col("customer").is_in(known)),
        affiliations=None if affiliations is None else affiliations.clear(),
        findings=data.findings.clear(),
        rejects=data.rejects.clear(),
    )
    stored = json.loads(json.dumps(summary.to_json()))
    return build_graph(subset, Scope(), summary_from_json(stored))


def to_comparable(answer: Any) -> tuple[Any, ...]:
    """Everything in an answer or a picture but its rows of data, frames as schema and rows."""
    values = vars(answer).values()
    frames = [(v.schema, v.rows()) for v in values if isinstance(v, pl.DataFrame)]
    return frames, [v for v in values if not isinstance(v, (pl.DataFrame, Tallies))]


def assert_same_facts(whole: Graph, part: Graph) -> None:
    """What accompanies every answer is the same."""
    assert (part.as_of, part.notes, part.units) == (whole.as_of, whole.notes, whole.units)
    assert count_records(part) == count_records(whole)
    for name in VALUE_FACTS:
        assert getattr(part.value, name) == getattr(whole.value, name)


def assert_subgraphs_answer_alike(data: Dataset, ids: Iterable[str]) -> None:
    """Subgraphs for questions about each of these parties against the whole graph."""
    whole = build_graph(data, Scope())
    summary, all_ids = summarize_graph(data, whole), data.customers["id"].sort().to_list()
    for id in ids:
        below = build_subgraph(data, *find_below(data, id), summary)
        assert_same_facts(whole, below)
        assert_same_reach_and_pictures(whole, below, id)
        for other in {all_ids[0], all_ids[-1], all_ids[len(all_ids) // 2]} - {id}:
            connected = build_subgraph(data, *find_connected(data, id, other), summary)
            assert_same_facts(whole, connected)
            assert_same_path(whole, connected, id, other)
            above = build_subgraph(data, *find_above(data, id, other), summary)
            is_connected = is_connected_downward(whole, (id, other))
            assert is_connected_downward(above, (id, other)) is is_connected
            if is_connected:
                assert_same_facts(whole, above)
                assert_same_path(whole, above, id, other)


def assert_same_reach_and_pictures(whole: Graph, part: Graph, id: str) -> None:
    assert to_comparable(reach(part, of=(id,))) == to_comparable(reach(whole, of=(id,)))
    for depth in (None, 1):
        pictures = [
            to_comparable(build_tree_picture(graph, find_party_index(graph, id), depth))
            for graph in (part, whole)
        ]
        assert pictures[0] == pictures[1]


def assert_same_path(whole: Graph, part: Graph, start: str, end: str) -> None:
    answer = path(part, from_=start, to=end)
    assert to_comparable(answer) == to_comparable(path(whole, from_=start, to=end))


@pytest.mark.parametrize("seed", SEEDS)
def test_subgraphs_of_odd_companies_answer_as_the_whole(seed: int) -> None:
    data = stranger(seed)
    assert_subgraphs_answer_alike(data, data.customers["id"].sort()[:3])


@pytest.mark.parametrize("toy", toys.TOYS)
def test_subgraphs_of_toys_answer_as_the_whole(toy: str) -> None:
    data = toys.TOYS[toy]()
    assert_subgraphs_answer_alike(data, data.customers["id"].sort())


@pytest.mark.parametrize("seed", [1])
def test_subgraphs_of_a_generated_company_answer_as_the_whole(seed: int) -> None:
    data = companies.dataset(companies.company(size=1_500, seed=seed))
    assert_subgraphs_answer_alike(data, data.customers["id"].sort().gather_every(300))


def test_summary_to_json_and_back_is_the_same() -> None:
    summary = summarize_graph(toys.chain(), build_graph(toys.chain(), Scope()))
    assert summary_from_json(json.loads(json.dumps(summary.to_json()))) == summary


def test_message_to_json_and_back_is_the_same() -> None:
    inner = message(
        "b", names=Names(("沙钢", "x"), 3), label=Label("revenue"), nothing=None, yes=True
    )
    outer = message(
        "a",
        day=date(2026, 1, 2),
        worth=Amount(0.1 + 0.2, "元", True),
        count=3,
        share=1 / 3,
        text="…",
        inner=inner,
    )
    assert from_json_value(json.loads(json.dumps(to_json_value(outer)))) == outer

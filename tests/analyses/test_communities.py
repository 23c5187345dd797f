"""Communities: a partition, with the modularity that networkx finds, clear groups found, caps and forests said."""

from __future__ import annotations

import sys

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toys
from refgraph import analyses, flow
from refgraph.engines.offline import Offline
from refgraph.errors import UsageError
from refgraph.texts import say


def engine(arcs: list[tuple[str, str]]) -> Offline:
    return Offline(toys.worth({x: 1 for x in sorted({x for arc in arcs for x in arc})}, arcs))


def clique(names: str) -> list[tuple[str, str]]:
    return [(u, v) for u in names for v in names if u < v]


def test_two_cliques_joined_by_one_referral() -> None:
    result = flow.run(engine([*clique("abcd"), *clique("efgh"), ("a", "e")]), "communities")
    assert result.frame.select("largest", "parties", "inside", "across").rows() == [("a", 4, 6, 1), ("e", 4, 6, 1)]
    assert result.frame["name"].to_list() == ["a; b; c", "e; f; g"]
    assert not [n for n in result.notes if n.id == "note.communities-on-forest"]


def test_the_worked_number() -> None:
    result = flow.run(engine([*clique("abc"), *clique("def"), ("a", "d")]), "communities")
    assert result.frame["modularity_part"].sum() == pytest.approx(2 * (3 / 7 - (7 / 14) ** 2))
    assert result.headline.values["modularity"] == pytest.approx(5 / 14)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda p: p[0] != p[1]), max_size=25),
       st.sampled_from([0.5, 1.0, 2.0]))
def test_modularity_and_counts_equal_networkx(pairs: set[tuple[int, int]], resolution: float) -> None:
    arcs = sorted((str(u), str(v)) for u, v in pairs)
    result = flow.run(engine(arcs), "communities", {"resolution": resolution})
    graph = nx.Graph(arcs)
    if not arcs:
        assert result.frame.height == 0
        return
    members = {x: nx.node_connected_component(graph, x) for x in graph}
    assert result.frame["parties"].sum() == len(graph)
    assert result.frame["inside"].sum() + result.frame["across"].sum() / 2 == graph.number_of_edges()
    assert result.frame.height >= len({min(m) for m in members.values()})  # no community spans two components
    one = [set(graph)]
    found = result.headline.values["modularity"]
    assert isinstance(found, float)
    assert found >= nx.community.modularity(graph, one, resolution=resolution) - 1e-12
    best = nx.community.louvain_communities(nx.Graph(graph), resolution=resolution, seed=1)
    assert found >= nx.community.modularity(graph, best, resolution=resolution) - 0.1


def test_the_same_for_any_order_of_rows() -> None:
    arcs = [*clique("abcde"), *clique("fghij"), ("a", "f"), ("b", "g"), ("c", "k"), ("k", "l")]
    first, second = (flow.run(engine(told), "communities").frame for told in (arcs, arcs[::-1]))
    assert first.equals(second)


def test_on_a_forest_it_says_what_it_cannot_tell() -> None:
    result = flow.run(Offline(toys.binary()), "communities")
    assert any("little else than pieces of referral trees" in say(n, "en") for n in result.notes)


def test_beyond_the_cap_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    analyses.load("communities")
    monkeypatch.setattr(sys.modules["refgraph.analyses.communities"], "MOST", 3)
    result = flow.run(Offline(toys.star()), "communities")
    assert result.frame.height == 0
    assert say(result.headline, "en").startswith("Cannot tell communities: 4 links pass the 3")


def test_a_resolution_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="--resolution"):
        flow.run(Offline(toys.star()), "communities", {"resolution": 0.0})

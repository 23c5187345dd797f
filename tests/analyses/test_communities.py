"""Communities: a partition, with the modularity that networkx finds.

Clear groups are found; caps and forests are said.
"""

from __future__ import annotations

import sys

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import toys
from support.random_cases import cases

from refgraph import analyses, pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.model.message import Names
from refgraph.texts import format_message


def engine(arcs: list[tuple[str, str]]) -> OfflineEngine:
    return OfflineEngine(toys.worth({x: 1 for x in sorted({x for arc in arcs for x in arc})}, arcs))


def clique(names: str) -> list[tuple[str, str]]:
    return [(u, v) for u in names for v in names if u < v]


def test_communities_two_cliques_are_separated() -> None:
    result = pipeline.run(engine([*clique("abcd"), *clique("efgh"), ("a", "e")]), "communities")
    assert result.frame.select("largest", "parties", "inside", "across").rows() == [
        ("a", 4, 6, 1),
        ("e", 4, 6, 1),
    ]
    assert result.frame["name"].to_list() == ["a; b; c", "e; f; g"]
    assert result.headline.values["names"] == Names(("a", "b", "c"), more=1)
    assert not [n for n in result.notes if n.id == "note.communities-on-forest"]


def test_communities_modularity_worked_number() -> None:
    result = pipeline.run(engine([*clique("abc"), *clique("def"), ("a", "d")]), "communities")
    assert result.frame["modularity_part"].sum() == pytest.approx(2 * (3 / 7 - (7 / 14) ** 2))
    assert result.headline.values["modularity"] == pytest.approx(5 / 14)


@settings(max_examples=cases(60), deadline=None)
@given(
    st.sets(
        st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda p: p[0] != p[1]), max_size=25
    ),
    st.sampled_from([0.5, 1.0, 2.0]),
)
def test_communities_modularity_and_counts_equal_networkx(
    pairs: set[tuple[int, int]], resolution: float
) -> None:
    arcs = sorted((str(u), str(v)) for u, v in pairs)
    result = pipeline.run(engine(arcs), "communities", {"resolution": resolution})
    graph = nx.Graph(arcs)
    if not arcs:
        assert result.frame.height == 0
        return
    members = {x: nx.node_connected_component(graph, x) for x in graph}
    assert result.frame["parties"].sum() == len(graph)
    assert (
        result.frame["inside"].sum() + result.frame["across"].sum() / 2 == graph.number_of_edges()
    )
    assert result.frame.height >= len(
        {min(m) for m in members.values()}
    )  # no community spans two components
    one = [set(graph)]
    found = result.headline.values["modularity"]
    assert isinstance(found, float)
    assert found >= nx.community.modularity(graph, one, resolution=resolution) - 1e-12
    best = nx.community.louvain_communities(nx.Graph(graph), resolution=resolution, seed=1)
    assert found >= nx.community.modularity(graph, best, resolution=resolution) - 0.1


def test_communities_are_in_order_of_parties_value_and_name() -> None:
    """Four cliques: one of four parties, then three of three, worth 9, 5 and 5."""
    worth = {"d": 1, "a": 5, "c": 9, "b": 5}
    sizes = {"d": 4, "a": 3, "c": 3, "b": 3}
    values = {f"{x}{k}": worth[x] * (k == 0) for x in worth for k in range(sizes[x])}
    arcs = [(p, q) for p in values for q in values if p[0] == q[0] and p < q]
    frame = pipeline.run(OfflineEngine(toys.worth(values, arcs)), "communities").frame
    assert frame["largest"].to_list() == ["d0", "c0", "a0", "b0"]
    assert frame["parties"].to_list() == [4, 3, 3, 3]


def test_communities_any_row_order_gives_the_same() -> None:
    arcs = [*clique("abcde"), *clique("fghij"), ("a", "f"), ("b", "g"), ("c", "k"), ("k", "l")]
    first, second = (
        pipeline.run(engine(reported), "communities").frame for reported in (arcs, arcs[::-1])
    )
    assert first.equals(second)


def test_communities_on_forest_adds_a_note() -> None:
    result = pipeline.run(OfflineEngine(toys.binary()), "communities")
    assert any("mostly pieces of referral trees" in format_message(n, "en") for n in result.notes)


def test_communities_too_many_links_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    analyses.load("communities")
    monkeypatch.setattr(sys.modules["refgraph.analyses.communities"], "MAX_LINKS", 3)
    result = pipeline.run(OfflineEngine(toys.star()), "communities")
    assert result.frame.height == 0
    assert format_message(result.headline, "en").startswith(
        "Communities were not computed: 4 links exceed the limit of 3"
    )


def test_communities_resolution_of_zero_raises_usage_error() -> None:
    with pytest.raises(UsageError, match="resolution a number above 0"):
        pipeline.run(OfflineEngine(toys.star()), "communities", {"resolution": 0.0})

"""Influence against networkx on random forests, networks of several referrers, and loops."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau
from support import l96, oracles, toys
from support.random_cases import cases

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.texts import load_texts

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
IDS = "abcdefghi"
Arcs = set[tuple[str, str]]


@st.composite
def networks(draw: st.DrawFn) -> tuple[str, Arcs]:
    """Any referrals between up to nine parties; half of the time a forest."""
    ids = IDS[: draw(st.integers(2, len(IDS)))]
    pairs = st.tuples(st.sampled_from(ids), st.sampled_from(ids)).filter(lambda p: p[0] != p[1])
    arcs = draw(st.sets(pairs, max_size=14))
    if draw(st.booleans()):
        arcs = set({v: (u, v) for u, v in sorted((min(p), max(p)) for p in arcs)}.values())
    return ids, arcs


def engine(ids: str, arcs: Arcs) -> OfflineEngine:
    return OfflineEngine(
        toys.company({x: {"revenue": k + 1} for k, x in enumerate(ids)}, sorted(arcs))
    )


@settings(max_examples=cases(150), deadline=None)
@given(networks(), st.sampled_from([0.0, 0.3, 0.5, 1.0]))
def test_influence_random_networks_equal_networkx(network: tuple[str, Arcs], delta: float) -> None:
    ids, arcs = network
    left = oracles.cut(arcs, {})
    whole, below = nx.DiGraph(list(arcs)), nx.DiGraph(list(left))
    whole.add_nodes_from(ids)
    below.add_nodes_from(ids)
    general = left != arcs or any(d > 1 for _, d in below.in_degree())
    frame = pipeline.run(engine(ids, arcs), "influence", {"delta": delta}).frame
    assert set(frame["customer"]) == {u for u, _ in arcs}
    rank = nx.pagerank(whole.reverse(), alpha=0.85, tol=1e-12, max_iter=1000)
    between = nx.betweenness_centrality(whole, normalized=False)
    constraint, size = (f(nx.Graph(whole)) for f in (nx.constraint, nx.effective_size))
    for row in frame.iter_rows(named=True):
        x = row["customer"]
        far = nx.single_source_shortest_path_length(below, x)
        assert row["decayed"] == pytest.approx(sum(delta**d for y, d in far.items() if y != x))
        assert (row["direct"], row["downstream"]) == (whole.out_degree(x), len(far) - 1)
        assert row["downstream_value"] == sum(ids.index(y) + 1 for y in far if y != x)
        found = [row[c] for c in ("pagerank", "betweenness", "constraint", "effective_size")]
        expected = [rank[x], between[x], constraint[x], size[x]]
        assert found == (pytest.approx(expected, rel=1e-7, abs=1e-9) if general else [None] * 4)


@settings(max_examples=cases(50), deadline=None)
@given(networks())
def test_influence_on_forest_network_measures_follow_from_reach(network: tuple[str, Arcs]) -> None:
    """On a forest three measures stay blank, because they repeat others; checked with networkx.

    PageRank is decayed reach rescaled, roots have no betweenness and the constraint is 1 / degree.
    """
    ids, arcs = network
    tree = {v: (u, v) for u, v in sorted((min(p), max(p)) for p in arcs)}.values()
    graph = nx.DiGraph(list(tree))
    graph.add_nodes_from(ids)
    rank = nx.pagerank(graph.reverse(), alpha=0.85, tol=1e-13, max_iter=2000)
    frame = pipeline.run(engine(ids, set(tree)), "influence", {"delta": 0.85}).frame
    if not frame.height:
        return
    scale = {
        r["customer"]: rank[r["customer"]] / (1 + r["decayed"]) for r in frame.iter_rows(named=True)
    }
    assert list(scale.values()) == pytest.approx(
        [next(iter(scale.values()))] * len(scale), rel=1e-6
    )
    between, constraint = nx.betweenness_centrality(graph), nx.constraint(nx.Graph(graph))
    for x in frame["customer"]:
        if graph.in_degree(x) == 0:
            assert between[x] == 0
        assert constraint[x] == pytest.approx(1 / nx.Graph(graph).degree(x))


def test_influence_agreement_note_names_the_ends_of_scipy_kendall_tau() -> None:
    result = pipeline.run(pipeline.open_source(CASE), "influence")
    (note,) = [n for n in result.notes if n.id == "note.agreement"]
    names = [c.name for c in result.columns if f"by-{c.name}" in load_texts("en")["label"]]
    assert len(names) == 8
    columns = {
        name: result.frame[name].to_numpy() * (-1 if name == "constraint" else 1) for name in names
    }
    taus = {
        frozenset((a, b)): kendalltau(columns[a], columns[b]).statistic
        for a, b in combinations(names, 2)
    }
    for end, pair, choose in (("least", "ab", min), ("most", "cd", max)):
        named = frozenset(note.values[x].word.removeprefix("by-") for x in pair)  # type: ignore[attr-defined]
        assert note.values[end] == pytest.approx(choose(taus.values()))
        assert taus[named] == pytest.approx(choose(taus.values()))


@pytest.mark.parametrize(
    "by", ["decayed", "direct", "downstream", "direct_value", "downstream_value"]
)
def test_influence_classic_case_ranks_hidden_key_account_first(by: str) -> None:
    frame = pipeline.run(pipeline.open_source(CASE), "influence", {"by": by}).frame
    assert frame["customer"][0] == l96.HIDDEN
    assert frame[by].to_list() == sorted(frame[by].to_list(), reverse=True)


def test_influence_by_constraint_ranks_the_smallest_first() -> None:
    frame = pipeline.run(pipeline.open_source(CASE), "influence", {"by": "constraint"}).frame
    assert frame["constraint"].to_list() == sorted(frame["constraint"].to_list())
    assert (frame["customer"][0], frame["constraint"][0]) == (l96.HIDDEN, pytest.approx(1 / 8))


def test_influence_forest_by_network_measure_raises_usage_error() -> None:
    with pytest.raises(UsageError, match="pagerank"):
        pipeline.run(OfflineEngine(toys.chain()), "influence", {"by": "pagerank"})
    assert [n.id for n in pipeline.run(OfflineEngine(toys.chain()), "influence").notes][
        0
    ] == "note.influence-forest"
    chain = pipeline.run(OfflineEngine(toys.chain()), "influence").frame
    assert chain.select("customer", "decayed").rows() == [("a", 0.75), ("b", 0.5)]

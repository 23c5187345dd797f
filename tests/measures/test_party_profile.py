"""Profile of one party: ancestors, descendants and ranks, against networkx and the oracles."""

from __future__ import annotations

from fractions import Fraction

import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import oracles, toys
from support.random_cases import cases

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.graph.lookup import find_party_index
from refgraph.measures import party_profile
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope

IDS = "abcdefgh"
Pairs = set[tuple[str, str]]


def build_engine(pairs: Pairs, worth: dict[str, int]) -> OfflineEngine:
    return OfflineEngine(toys.worth(dict(worth), sorted(pairs)))


@st.composite
def companies(draw: st.DrawFn) -> tuple[Pairs, dict[str, int]]:
    """Eight parties, each referred by up to two before it: several referrers, no cycles."""
    order = draw(st.permutations(IDS))
    pairs = set()
    for j in range(1, len(order)):
        for i in draw(st.sets(st.integers(0, j - 1), max_size=2)):
            pairs.add((order[i], order[j]))
    return pairs, {x: draw(st.integers(0, 5)) for x in IDS}


def build_primary_forest(pairs: Pairs) -> nx.DiGraph:
    """The first referrer of each party by id: all have equal shares and no dates."""
    forest = nx.DiGraph()
    forest.add_nodes_from(IDS)
    for referred in {v for _, v in pairs}:
        forest.add_edge(min(u for u, v in pairs if v == referred), referred)
    return forest


def list_path_from_root(forest: nx.DiGraph, id: str) -> list[str]:
    root = next(x for x in {id, *nx.ancestors(forest, id)} if forest.in_degree(x) == 0)
    return list(nx.shortest_path(forest, root, id))


@settings(max_examples=cases(60), deadline=None)
@given(companies())
def test_profile_of_any_company_has_the_ancestors_and_descendants_of_networkx(
    company: tuple[Pairs, dict[str, int]],
) -> None:
    pairs, worth = company
    graph, forest = build_engine(pairs, worth).graph(Scope()), build_primary_forest(pairs)
    for party, id in enumerate(IDS):
        ancestors = list_path_from_root(forest, id)[-2::-1]
        assert [IDS[p] for p in party_profile.list_ancestors(graph, party)] == ancestors
        above = party_profile.list_referrals_above(graph, party)
        assert above.filter("primary")["customer"].to_list() == ancestors
        direct = above.filter(pl.col("up") == 1)
        assert set(direct["customer"]) == {u for u, v in pairs if v == id}
        below = party_profile.list_referrals_below(graph, party).select("customer", "value")
        assert dict(below.iter_rows()) == {v: worth[v] for u, v in pairs if u == id}
        descendants = party_profile.list_descendants(graph, party)
        distances = nx.single_source_shortest_path_length(forest, id)
        expected = {x: distance for x, distance in distances.items() if distance}
        assert dict(descendants.select("customer", "generation").iter_rows()) == expected


def get_ranks(graph: Graph, party: int) -> dict[str, dict[str, object]]:
    """Measure -> its row."""
    rows = party_profile.compute_ranks(graph, party).iter_rows(named=True)
    return {row["measure"]: row for row in rows}


@settings(max_examples=cases(30), deadline=None)
@given(companies())
def test_compute_ranks_of_any_company_agrees_with_recommenders_and_oracles(
    company: tuple[Pairs, dict[str, int]],
) -> None:
    pairs, worth = company
    engine = build_engine(pairs, worth)
    graph = engine.graph(Scope())
    rankings = {
        by: pipeline.run(engine, "recommenders", {"by": by}).frame
        for by in ("direct_value", "credit_earned", "direct", "closed", "downstream")
    }
    exact = {x: Fraction(w) for x, w in worth.items()}
    credit, direct = oracles.credit(pairs, exact), oracles.direct_value(pairs, exact)
    by_value = sorted(IDS, key=lambda x: (-worth[x], x))
    parts = 0.0
    for party, id in enumerate(IDS):
        rows = get_ranks(graph, party)
        for by, ranking in rankings.items():
            rank = dict(ranking.select("customer", "rank").iter_rows()).get(id)
            assert (rows[by]["rank"], rows[by]["of"]) == (rank, ranking.height), by
        assert rows["own_value"]["rank"] == by_value.index(id) + 1
        assert rows["credit"]["amount"] == pytest.approx(float(credit[id]))
        assert rows["direct_value"]["amount"] == pytest.approx(float(direct[id]))
        assert rows["downstream"]["part"] is rows["downstream_value"]["part"] is None
        part = rows["credit"]["part"]
        assert part is None or isinstance(part, float)
        parts += part or 0.0
    assert parts == pytest.approx(1 if any(worth.values()) else 0)


def test_profile_of_a_chain_of_a_hundred_thousand_lists_all_of_it() -> None:
    n = 100_000
    ids = [f"{k:06}" for k in range(n)]
    data = toys.company(dict.fromkeys(ids, {}), list(zip(ids, ids[1:], strict=False)))
    graph = OfflineEngine(data).graph(Scope())
    assert party_profile.list_ancestors(graph, n - 1).tolist() == list(range(n - 2, -1, -1))
    assert party_profile.list_referrals_above(graph, n - 1)["up"].to_list() == list(range(1, n))
    assert party_profile.list_descendants(graph, 0)["generation"].to_list() == list(range(1, n))


def test_profile_of_a_cycle_shows_the_cut_referral_and_the_findings() -> None:
    graph = OfflineEngine(toys.loop()).graph(Scope())
    party = find_party_index(graph, "a")
    above = party_profile.list_referrals_above(graph, party)
    assert above.select("customer", "use", "primary").rows() == [("c", "cut", False)]
    findings = party_profile.list_findings(graph, party)
    assert set(findings["code"]) == {"referral-loop", "loop-cut"}
    cut = findings.filter(pl.col("code") == "loop-cut")
    assert cut.select("others", "file", "line").rows() == [("c", "referrals.csv", 4)]

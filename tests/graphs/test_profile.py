"""One party's page against networkx on random companies: the line above, everyone below, ranks as ``recommenders`` gives them."""

from __future__ import annotations

from fractions import Fraction

import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracles
import toys
from refgraph import flow
from refgraph.engines.offline import Offline
from refgraph.graphs import profile
from refgraph.graphs.lookup import position
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope

IDS = "abcdefgh"


def graph_of(pairs: set[tuple[str, str]], worth: dict[str, int]) -> tuple[Offline, Graph]:
    engine = Offline(toys.worth(dict(worth), sorted(pairs)))
    return engine, engine.graph(Scope())


@st.composite
def companies(draw: st.DrawFn) -> tuple[set[tuple[str, str]], dict[str, int]]:
    """Up to eight parties, each referred by any of those before it: several referrers, no loops."""
    order = draw(st.permutations(IDS))
    pairs = {(order[i], order[j]) for j in range(1, len(order)) for i in draw(st.sets(st.integers(0, j - 1), max_size=2))}
    return pairs, {x: draw(st.integers(0, 5)) for x in IDS}


@settings(max_examples=60, deadline=None)
@given(companies())
def test_line_above_and_everyone_below(company: tuple[set[tuple[str, str]], dict[str, int]]) -> None:
    pairs, worth = company
    _, graph = graph_of(pairs, worth)
    primary = nx.DiGraph([(min(u for u, w in pairs if w == v), v) for v in {v for _, v in pairs}])
    primary.add_nodes_from(IDS)
    for k, id in enumerate(IDS):
        root = next(x for x in {id, *nx.ancestors(primary, id)} if primary.in_degree(x) == 0)
        path = nx.shortest_path(primary, root, id)
        assert [IDS[p] for p in profile.line_up(graph, k)] == path[-2::-1]
        above = profile.above(graph, k)
        assert above.filter("primary")["customer"].to_list() == path[-2::-1]
        assert set(above.filter(pl.col("up") == 1)["customer"]) == {u for u, v in pairs if v == id}
        assert dict(profile.below(graph, k).select("customer", "value").iter_rows()) == {v: worth[v] for u, v in pairs if u == id}
        below = {x: d for x, d in nx.single_source_shortest_path_length(primary, id).items() if d}
        assert dict(profile.subtree(graph, k).select("customer", "generation").iter_rows()) == below


@settings(max_examples=30, deadline=None)
@given(companies())
def test_ranks_are_those_of_recommenders_and_values_those_of_the_oracle(
    company: tuple[set[tuple[str, str]], dict[str, int]]
) -> None:
    pairs, worth = company
    engine, graph = graph_of(pairs, worth)
    lists = {by: flow.run(engine, "recommenders", {"by": by}).frame for by in
             ("direct_value", "credit_earned", "direct", "closed", "downstream")}  # fmt: skip
    exact = {x: Fraction(w) for x, w in worth.items()}
    credit, direct = oracles.credit(pairs, exact), oracles.direct_value(pairs, exact)
    for k, id in enumerate(IDS):
        rows = {row["measure"]: row for row in profile.ranks(graph, k).iter_rows(named=True)}
        for by, frame in lists.items():
            assert (rows[by]["rank"], rows[by]["of"]) == (
                dict(frame.select("customer", "rank").iter_rows()).get(id), frame.height), by
        assert rows["own_value"]["rank"] == sorted(IDS, key=lambda x: (-worth[x], x)).index(id) + 1
        assert rows["credit"]["amount"] == pytest.approx(float(credit[id]))
        assert rows["direct_value"]["amount"] == pytest.approx(float(direct[id]))
        assert rows["downstream"]["part"] is rows["downstream_value"]["part"] is None
    total = [dict(profile.ranks(graph, k).select("measure", "part").iter_rows())["credit"] for k in range(len(IDS))]
    assert sum(x or 0 for x in total) == pytest.approx(1 if any(worth.values()) else 0)


def test_a_chain_of_a_hundred_thousand_is_one_pass() -> None:
    n = 100_000
    ids = [f"{k:06}" for k in range(n)]
    engine = Offline(toys.company(dict.fromkeys(ids, {}), list(zip(ids, ids[1:], strict=False))))
    graph = engine.graph(Scope())
    assert profile.line_up(graph, n - 1).tolist() == list(range(n - 2, -1, -1))
    assert profile.above(graph, n - 1)["up"].to_list() == list(range(1, n))
    assert profile.subtree(graph, 0)["generation"].to_list() == list(range(1, n))


def test_a_loop_is_told() -> None:
    engine = Offline(toys.loop())
    graph = engine.graph(Scope())
    above = profile.above(graph, position(graph, "a"))
    assert above.select("customer", "use", "primary").rows() == [("c", "cut", False)]
    found = profile.found(graph, position(graph, "a"))
    assert set(found["code"]) == {"referral-loop", "loop-cut"}
    assert found.filter(pl.col("code") == "loop-cut").select("others", "file", "line").rows() == [("c", "referrals.csv", 4)]

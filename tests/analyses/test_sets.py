"""`without`, `reach`, `path` and `common` against networkx on random graphs.

The classic case is checked by hand.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import l96, oracles, toys
from support.l96_recount import Case
from support.random_cases import cases
from test_recommenders import companies

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.pipeline.opening import Opener

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"
Company = tuple[dict[str, int], dict[str, str | None], set[tuple[str, str]]]


def build_both(company: Company) -> tuple[OfflineEngine, nx.DiGraph]:
    """The company behind an engine, and its graph with loops cut."""
    worth, joined, arcs = company
    graph = nx.DiGraph()
    graph.add_nodes_from(worth)
    graph.add_edges_from(oracles.cut(arcs, joined))
    return OfflineEngine(
        toys.company(
            {x: {"revenue": w, "joined": joined[x]} for x, w in worth.items()}, sorted(arcs)
        )
    ), graph


@settings(max_examples=cases(100), deadline=None)
@given(companies(), st.data())
def test_without_and_reach_equal_networkx(company: Company, data: st.DataObject) -> None:
    worth, (engine, graph) = company[0], build_both(company)
    of = data.draw(st.sets(st.sampled_from(sorted(worth)), min_size=1, max_size=3))
    far = nx.multi_source_dijkstra_path_length(graph, of)
    result = pipeline.run(engine, "without", {"of": tuple(of), "follow": 0.3})
    rows = {r["part"]: r for r in result.frame.iter_rows(named=True)}
    parts = {
        "own": of,
        "direct": {x for x, d in far.items() if d == 1},
        "downstream": set(far) - of,
        "upper_bound": set(far),
        "remaining": set(worth) - set(far),
        "total": set(worth),
    }
    for part, members in parts.items():
        assert (rows[part]["parties"], rows[part]["value"]) == (
            len(members),
            sum(worth[x] for x in members),
        )
    assert rows["following"]["value"] == pytest.approx(
        sum(0.3**d * worth[x] for x, d in far.items())
    )
    found = pipeline.run(engine, "reach", {"of": tuple(of)}).frame
    assert found["parties"].to_list() == [
        sum(d == k for d in far.values()) for k in range(max(far.values()) + 1)
    ]
    assert found["value_so_far"][-1] == sum(worth[x] for x in set(far) - of)


@settings(max_examples=cases(100), deadline=None)
@given(companies(), st.data())
def test_path_equals_networkx(company: Company, data: st.DataObject) -> None:
    ids = sorted(company[0])
    if len(ids) < 2:
        return
    engine, graph = build_both(company)
    a, b = data.draw(st.permutations(ids))[:2]
    result = pipeline.run(engine, "path", {"from_": a, "to": b})
    steps = result.frame["party"].to_list()
    if nx.has_path(graph, a, b):
        every = list(nx.all_shortest_paths(graph, a, b))
        assert result.headline.id == "headline.path" and steps in every
        if len(every) > 1:
            assert result.headline.values["others"].values["ways"] == len(every)  # type: ignore[attr-defined]
    elif nx.has_path(graph, b, a):
        assert result.headline.id == "headline.path-back" and steps[::-1] in list(
            nx.all_shortest_paths(graph, b, a)
        )
    elif nx.has_path(graph.to_undirected(), a, b):
        assert result.headline.id == "headline.path-around"
        assert steps in list(nx.all_shortest_paths(graph.to_undirected(), a, b))
        for u, v, way in zip(steps, steps[1:], result.frame["direction"][1:], strict=False):
            assert graph.has_edge(u, v) == (way == "along")
    else:
        assert (result.headline.id, steps) == ("headline.path-none", [])


@settings(max_examples=cases(100), deadline=None)
@given(companies(), st.data())
def test_common_equals_networkx(company: Company, data: st.DataObject) -> None:
    ids = sorted(company[0])
    if len(ids) < 2:
        return
    engine, graph = build_both(company)
    a, b = data.draw(st.permutations(ids))[:2]
    both = (nx.ancestors(graph, a) | {a}) & (nx.ancestors(graph, b) | {b})
    lowest = {x for x in both if not both & nx.descendants(graph, x)}
    rows = pipeline.run(engine, "common", {"of": (a, b)}).frame.to_dicts()
    assert {r["recommender"] for r in rows} == lowest
    for r in rows:
        assert r["to_first"] == nx.shortest_path_length(graph, r["recommender"], a)
        assert r["to_second"] == nx.shortest_path_length(graph, r["recommender"], b)
    assert rows == sorted(rows, key=lambda r: (r["to_first"] + r["to_second"], r["recommender"]))


def test_without_classic_case_hidden_account_equals_recount() -> None:
    case, recount = pipeline.open_source(SAMPLES / "l96"), Case("l96")
    rows = {
        r["part"]: r
        for r in pipeline.run(case, "without", {"of": (l96.HIDDEN,)}).frame.iter_rows(named=True)
    }
    brought = {a["被推荐人"] for a in recount.counted if a["推荐人"] == l96.HIDDEN}
    assert brought >= l96.HIDDEN_BROUGHT
    assert rows["direct"]["parties"] == len(brought)
    late = {
        c: sum(
            round(float(o["销售额(万元)"]) * 10000) for o in orders if o["订单日期"] >= "2025-01-01"
        )
        for c, orders in recount.orders.items()
        if c in l96.EXISTING
    }
    assert rows["direct"]["last_12_months"] == sum(late.get(c, 0) for c in brought)
    assert rows["own"]["last_12_months"] == late[l96.HIDDEN]
    assert rows["total"]["last_12_months"] == sum(late.values())
    assert rows["total"]["existing"] == 96
    assert rows["upper_bound"]["share_12_months"] + rows["remaining"][
        "share_12_months"
    ] == pytest.approx(1)


def test_path_and_common_classic_case_longest_chain_and_double_claim() -> None:
    case = pipeline.open_source(SAMPLES / "l96")
    first, last = l96.LONGEST_CHAIN[0], l96.LONGEST_CHAIN[-1]
    assert (
        pipeline.run(case, "path", {"from_": first, "to": last}).frame["party"].to_list()
        == l96.LONGEST_CHAIN
    )
    assert (
        pipeline.run(case, "path", {"from_": "河北钢铁", "to": last}).frame["party"].to_list()
        == l96.LONGEST_CHAIN
    )
    a, b = sorted(l96.CLAIMANTS)
    around = pipeline.run(case, "path", {"from_": a, "to": b})
    assert (around.headline.id, around.frame["party"].to_list()) == (
        "headline.path-around",
        [a, l96.DOUBLE_CLAIM, b],
    )
    one, two = sorted(l96.HIDDEN_BROUGHT)[:2]
    assert pipeline.run(case, "common", {"of": (one, two)}).frame.row(0)[0] == l96.HIDDEN


def test_path_shows_the_day_of_the_referral_that_leads_to_each_step() -> None:
    days = [date(2019, 1, 1), date(2020, 2, 2), date(2021, 3, 3)]
    referrals = [
        {"referrer": one, "referred": two, "at": day.isoformat()}
        for one, two, day in zip("abc", "bcd", days, strict=True)
    ]
    engine = OfflineEngine(toys.company({x: {} for x in "abcd"}, referrals))
    found = pipeline.run(engine, "path", {"from_": "a", "to": "d"})
    assert found.frame["date"].to_list() == [None, *days]
    assert isinstance(found.opener, Opener)
    for party, day in zip("bcd", days, strict=True):
        assert found.opener.open(party, "date").frame["date"].to_list() == [day]


def test_sets_chain_of_three_gives_worked_numbers() -> None:
    rows = {
        r["part"]: r["value"]
        for r in pipeline.run(
            OfflineEngine(toys.chain()), "without", {"of": ("a",), "follow": 0.5}
        ).frame.to_dicts()
    }
    assert [
        rows[p] for p in ("own", "direct", "downstream", "upper_bound", "following", "total")
    ] == [10, 10, 20, 30, 17.5, 30]


@pytest.mark.parametrize(
    ("name", "given_", "id"),
    [
        ("without", {}, "nobody-named"),
        ("reach", {}, "nobody-named"),
        ("without", {"of": ("a",), "follow": 1.5}, "out-of-range"),
        ("common", {"of": ("a",)}, "two-parties"),
        ("common", {"of": ("a", "a")}, "same-party"),
        ("path", {}, "path-ends"),
        ("path", {"from_": "a", "to": "a"}, "same-party"),
        ("reach", {"of": ("nobody",)}, "unknown-party"),
        ("compare", {}, "two-parties"),
        ("compare", {"by": "recommender_tier", "of": ("none", "big")}, "unknown-group"),
    ],
)
def test_sets_invalid_parties_raise_usage_error(
    name: str, given_: dict[str, object], id: str
) -> None:
    with pytest.raises(UsageError) as error:
        pipeline.run(OfflineEngine(toys.chain()), name, given_)
    assert error.value.id == id

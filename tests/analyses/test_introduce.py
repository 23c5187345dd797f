"""Introductions: the best ways against all simple paths of networkx, strength, who is left out."""

from __future__ import annotations

from datetime import date, timedelta

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import toys
from support.random_cases import cases

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.graph import build_graph
from refgraph.measures.introductions import Step, Way, build_network, find_ways, rate_strength
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result
from refgraph.model.scope import Scope

AS_OF = date(2025, 12, 31)


def run(data: Dataset, **parameters: object) -> Result:
    return pipeline.run(OfflineEngine(data), "introduce", parameters)


@given(st.data(), st.integers(2, 7), st.integers(1, 6))
@settings(max_examples=cases(1000), deadline=None)
def test_ways_are_the_best_of_all_simple_paths(data: st.DataObject, n: int, count: int) -> None:
    node = st.integers(0, n - 1)
    pairs = data.draw(st.sets(st.tuples(node, node).filter(lambda p: p[0] != p[1]), max_size=14))
    score = {pair: data.draw(st.sampled_from([0.25, 0.5, 1.0])) for pair in sorted(pairs)}
    starts, target = data.draw(st.sets(node)), data.draw(node)
    network: dict[int, dict[int, Step]] = {}
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n))
    for (first, second), one in score.items():
        step = Step(one, "referred", None, None, False)
        network.setdefault(second, {})[first] = step
        graph.add_edge(first, second)
    expected = []
    for start in starts - {target}:
        for path in nx.all_simple_paths(graph, start, target, cutoff=4):
            product = float(np.prod([score[a, b] for a, b in zip(path, path[1:], strict=False)]))
            expected.append((-product, len(path) - 1, tuple(path)))
    found, is_complete = find_ways(network, starts, [target], count)
    assert is_complete
    assert [(-w.score, len(w.steps), w.parties) for w in found] == sorted(expected)[:count]


def build(contacts: list[dict[str, object]] | None = None) -> Dataset:
    """a, b, c are customers; a referred b and p, b referred q, c is at odds with p."""
    people = {x: {"status": "closed", "joined": "2010-01-01", "sector": "s"} for x in "abc"}
    people |= {x: {"status": "prospect", "sector": "t"} for x in "pqr"}
    rows = [("a", "b", "2024-06-01"), ("a", "p", "2019-01-01"), ("b", "q", "2024-12-31")]
    referrals = [{"referrer": u, "referred": v, "at": at, "tie": "同学"} for u, v, at in rows]
    referrals.append({"referrer": "c", "referred": "p", "at": "2025-12-31", "tie": "有仇"})
    return toys.company(people, referrals, contacts=contacts or [])


def test_way_to_a_prospect_names_each_step_and_leaves_out_who_is_at_odds() -> None:
    frame = run(build(), to="p", ways=9).frame
    steps = frame.select("rank", "step", "from_id", "reason", "to_id").rows()
    assert steps == [
        (1, 1, "a", "step-referred", "p"),
        (2, 1, "b", "step-was-referred", "a"),
        (2, 2, "a", "step-referred", "p"),
    ]
    assert frame["tie"].to_list() == ["同学"] * 3


def test_scores_are_closing_rates_that_halve_every_two_years() -> None:
    graph = build_graph(build(), Scope())
    network = build_network(graph, np.array([4], np.int32))
    mean = (1 + 2.5) / (4 + 5)
    rate = (1 + 5 * mean) / (3 + 5)
    assert network[4][1].score == pytest.approx(rate * 0.5 ** ((365 / 365.25) / 2))


def test_sector_reaches_all_who_are_no_customers() -> None:
    result = run(build(), to_sector="t", ways=1)
    assert result.frame.select("from_id", "to_id").rows() == [("b", "q")]
    assert result.headline.values["targets"] == 3
    assert run(build(), to_sector="s").headline.id == "headline.introduce-customers"
    assert run(build(), to="a").headline.id == "headline.introduce-customers"
    assert run(build(), to="r").headline.id == "headline.introduce-none"


def make_way(*steps: tuple[float | None, bool, float | None]) -> Way:
    """Steps as (years since the referral, closed, years since a meeting)."""

    def go_back(years: float | None) -> date | None:
        return None if years is None else AS_OF - timedelta(days=round(years * 365.25))

    made = tuple(Step(1.0, "referred", None, go_back(a), c, go_back(m)) for a, c, m in steps)
    return Way(tuple(range(len(steps) + 1)), made, 1.0)


@pytest.mark.parametrize(
    ("steps", "strength"),
    [
        ([(1.9, True, None)], "strong"),
        ([(1.9, False, None)], "moderate"),
        ([(9.0, False, 1.0)], "strong"),
        ([(2.1, True, None)], "moderate"),
        ([(1.0, True, None)] * 3, "moderate"),
        ([(1.0, True, None)] * 4, "weak"),
        ([(1.0, True, None), (5.1, True, None)], "weak"),
        ([(None, True, None)], "weak"),
    ],
)
def test_strength_by_steps_dates_and_meetings(
    steps: list[tuple[float | None, bool, float | None]], strength: str
) -> None:
    assert rate_strength(make_way(*steps), AS_OF) == strength


@pytest.mark.parametrize(
    ("parameters", "fault"),
    [
        ({}, "introduce-target"),
        ({"to": "p", "to_sector": "t"}, "introduce-target"),
        ({"to": "nobody"}, "unknown-party"),
        ({"to_region": "nowhere"}, "unknown-target"),
        ({"to": "p", "ways": 0}, "out-of-range"),
    ],
)
def test_bad_targets_are_refused(parameters: dict[str, object], fault: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(build(), **parameters)
    assert caught.value.id == fault


def build_with_people() -> Dataset:
    """As `build`, and 张三 is a contact of a and r, 李四 (two numbers) of b and p, 王五 of q."""
    rows = [
        ("张三", "a", "138 0013 8000", "2020-01-01"),
        ("张三", "r", "+86 13800138000", "2024-12-31"),
        ("李四", "b", "13800138001", ""),
        ("李四", "p", "13800138002", ""),
        ("王五", "q", "", ""),
        ("赵六", "c", "13800138003", ""),
        ("赵六", "p", "13800138003", ""),
    ]
    columns = ["person", "party", "phone", "since"]
    return build([dict(zip(columns, row, strict=True)) for row in rows])


def test_one_person_at_both_sides_is_a_step_and_is_named() -> None:
    frame = run(build_with_people(), to="r").frame
    first = frame.row(0, named=True)
    assert (first["from_id"], first["reason"], first["to_id"]) == ("a", "step-same-person", "r")
    assert (first["contact"], first["tie"], first["to_contact"]) == ("张三", "张三", "张三")
    assert (first["at"], first["met"]) == (None, date(2024, 12, 31))


def test_people_of_one_name_and_parties_at_odds_are_no_steps() -> None:
    frame = run(build_with_people(), to="p", ways=9).frame
    assert "step-same-person" not in frame["reason"].to_list()
    assert "c" not in frame["from_id"].to_list()


def test_every_way_begins_with_the_person_or_party_named() -> None:
    data = build_with_people()
    frame = run(data, to="q", start="李四", ways=9).frame
    firsts = frame.filter(pl.col("step") == 1)
    assert set(firsts["from_id"]) <= {"b", "p"} and set(firsts["contact"]) == {"李四"}
    assert frame.filter(pl.col("to_id") == "q")["to_contact"].unique().to_list() == ["王五"]
    assert set(
        run(data, to="q", start="a", ways=9).frame.filter(pl.col("step") == 1)["from_id"]
    ) == {"a"}
    assert run(data, to="q", start="c").headline.id == "headline.introduce-none-from"
    with pytest.raises(UsageError) as caught:
        run(data, to="q", start="nobody")
    assert caught.value.id == "unknown-start"


@pytest.mark.parametrize(("written", "meant"), [("李四四", "李四"), ("B", "b")])
def test_unknown_start_names_the_nearest_people_and_parties(written: str, meant: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(build_with_people(), to="q", start=written)
    assert caught.value.id == "unknown-start"
    assert meant in caught.value.values["near"].values["names"]


def test_unknown_sector_names_the_nearest_ones() -> None:
    parties = {"a": {"sector": "Machinery"}, "b": {"sector": "Steel"}}
    with pytest.raises(UsageError) as caught:
        run(toys.company(parties, [("a", "b")]), to_sector="machine")
    assert caught.value.values["near"].values["names"] == ["Machinery"]

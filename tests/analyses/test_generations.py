"""Generations tie with reach, rates pay what a hand calculation pays, bad rates are refused."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import toys
from support.dated import Facts, draw_dated
from support.random_cases import cases
from support.small_graphs import PAIRS, PEOPLE, build_small_graph, referral

from refgraph import analyses, pipeline
from refgraph.analyses.rate_parsing import parse_rates
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.model.result import Result


def run(engine: OfflineEngine, name: str, **parameters: object) -> Result:
    return pipeline.run(engine, name, parameters)


@given(st.sets(PAIRS, max_size=12), st.integers(1, 6))
@settings(max_examples=cases(200), deadline=None)
def test_generations_of_every_party_are_those_of_reach(
    pairs: set[tuple[str, str]], levels: int
) -> None:
    graph = build_small_graph([referral(pair) for pair in sorted(pairs)])
    found = analyses.load("generations").function(graph, levels=levels).frame
    for party in PEOPLE:
        rows = analyses.load("reach").function(graph, of=(party,)).frame.slice(1, levels)
        mine = found.filter(found["recommender"] == party)
        assert mine["generation"].to_list() == rows["generation"].to_list()
        assert mine["parties"].to_list() == rows["parties"].to_list()
        assert mine["closed"].to_list() == rows["customers"].to_list()
        assert mine["value"].to_list() == rows["value"].to_list()


def test_rates_pay_each_generation_of_each_recommender() -> None:
    result = run(OfflineEngine(toys.chain()), "generations", rates="3%, 1%")
    paid = result.frame.select("recommender", "generation", "parties", "value", "reward").rows()
    assert paid == [("a", 1, 1, 10, 0.3), ("a", 2, 1, 10, 0.1), ("b", 1, 1, 10, 0.3)]
    payout = result.headline.values["payout"].values
    assert (payout["receivers"], payout["name"]) == (2, "a")
    assert payout["total"].number == pytest.approx(0.7)


def test_a_loss_earns_no_reward() -> None:
    data = toys.worth({"a": 1, "b": -50, "c": 20}, [("a", "b"), ("b", "c")])
    frame = run(OfflineEngine(data), "generations", rates="10%,10%").frame
    assert frame["reward"].to_list() == [2.0, 0.0, 2.0]


def test_deeper_generations_are_left_out_with_a_note() -> None:
    result = run(OfflineEngine(toys.chain()), "generations", levels=1)
    assert result.frame["generation"].to_list() == [1, 1]
    note = next(note for note in result.notes if note.id == "note.generations-deeper")
    assert note.values == {"recommenders": 1, "levels": 1}


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=4), st.sampled_from([",", "，", " ; "]))
def test_rates_as_percent_and_as_shares_are_the_same(tenths: list[int], separator: str) -> None:
    if sum(tenths) > 1000:
        return
    shares = [Fraction(tenth, 1000) for tenth in tenths]
    percent = separator.join(f"{float(share * 100):.1f}%" for share in shares)
    plain = separator.join(f"{float(share):.3f}" for share in shares)
    assert parse_rates(percent, "rates") == pytest.approx(list(map(float, shares)))
    assert parse_rates(plain, "rates") == pytest.approx(list(map(float, shares)))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("x", "not-a-rate"),
        ("3%,,x", "not-a-rate"),
        ("-1%", "not-a-rate"),
        ("nan", "not-a-rate"),
        ("1e3%", "not-a-rate"),
        ("٣%", "not-a-rate"),
        (",", "not-a-rate"),
        ("3", "rate-above-whole"),
        ("101%", "rate-above-whole"),
        ("60%,41%", "rates-above-whole"),
    ],
)
def test_bad_rates_are_refused(text: str, fault: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(OfflineEngine(toys.chain()), "generations", rates=text)
    assert caught.value.id == fault


def test_rates_without_money_are_refused() -> None:
    data = toys.company({"a": {}, "b": {}}, [("a", "b")])
    with pytest.raises(UsageError) as caught:
        run(OfflineEngine(data), "generations", rates="3%")
    assert caught.value.id == "rates-no-money"


def list_in_time(facts: Facts, start: str) -> dict[str, int]:
    """Party -> fewest referrals of a chain with rising dates, every chain tried."""
    best = {start: 0}

    def follow(party: str, last: date, length: int) -> None:
        for u, v, day in facts.arcs:
            if u == party and day > last:
                best[v] = min(best.get(v, length + 1), length + 1)
                follow(v, day, length + 1)

    follow(start, date.min, 0)
    return best


@given(draw_dated())
@settings(max_examples=cases(200), deadline=None)
def test_reach_in_time_agrees_with_all_chains(facts: Facts) -> None:
    engine = facts.engine()
    for start in facts.people:
        result = run(engine, "reach", of=(start,), in_time=True)
        best = list_in_time(facts, start)
        sizes = [list(best.values()).count(k) for k in range(max(best.values()) + 1)]
        assert result.frame["parties"].to_list() == sizes
        reached = run(engine, "reach", of=(start,)).frame["parties"].sum()
        note = next(note for note in result.notes if note.id == "note.reach-in-time")
        assert note.values["parties"] == reached - len(best)


def test_reach_in_time_leaves_out_undated_and_falling_referrals() -> None:
    data = toys.company(
        {x: {"revenue": 1} for x in "abcd"},
        [
            {"referrer": "a", "referred": "b", "at": "2021-01-01"},
            {"referrer": "b", "referred": "c", "at": "2021-01-01"},
            {"referrer": "b", "referred": "d", "at": None},
        ],
    )
    result = run(OfflineEngine(data), "reach", of=("a",), in_time=True)
    assert result.frame["names"].to_list() == ["a", "b"]
    note = next(note for note in result.notes if note.id == "note.reach-in-time")
    assert note.values == {"parties": 2, "undated": 1}

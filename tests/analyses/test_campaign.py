"""Campaigns: the manual graph, learned chances, budgets, plain rankings, bad input."""

from __future__ import annotations

import pytest
from support import toys

from refgraph import pipeline
from refgraph.analyses.amount_parsing import parse_amount
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.graph import build_graph
from refgraph.measures.cascade import build_cascade
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result
from refgraph.model.scope import Scope

PEOPLE = (
    "Alice",
    "Jimmy",
    "Ethan",
    "Lara",
    "Amir",
    "Willie",
    "Ceri",
    "Michael",
    "Mohammed",
    "Jack",
)
LINKS = {
    "Jack": ("Alice",),
    "Alice": ("Jimmy", "Ethan", "Lara", "Amir", "Willie"),
    "Ceri": ("Ethan",),
    "Michael": ("Mohammed", "Ethan"),
    "Ethan": ("Jimmy", "Jack", "Lara", "Mohammed"),
    "Lara": ("Amir",),
}
"""The example graph of a graph data science manual, where sampling reports 3.76."""


def run(data: Dataset, **parameters: object) -> Result:
    return pipeline.run(OfflineEngine(data), "campaign", parameters)


def build_manual_graph() -> Dataset:
    pairs = [(u, v) for u, targets in LINKS.items() for v in targets]
    return toys.company({name: {} for name in PEOPLE}, pairs)


def test_manual_graph_starts_with_alice_ethan_and_michael() -> None:
    result = run(build_manual_graph(), k=3, probability="0.1")
    assert result.frame["customer"].to_list() == ["Alice", "Ethan", "Michael"]
    reached = result.frame["reached"].to_list()
    assert reached == pytest.approx([1.54781, 2.79710, 3.88710], abs=5e-6)
    assert result.headline.values["certainty"].id == "phrase.certainty-exact"


def test_in_degree_and_percent_set_the_chance_of_each_referral() -> None:
    graph = build_graph(toys.two_referrers(), Scope())
    everybody = graph.existing
    for word, chance in (("in-degree", 0.5), ("20%", 0.2), ("1", 1.0)):
        cascade = build_cascade(graph, word, graph.value.numbers, everybody, None)
        assert cascade.p.tolist() == [chance, chance]


def build_history(passes: int, referrals: int) -> Dataset:
    """One recommender of many; so many of them referred somebody a year later."""
    people = {"a": {"joined": "2010-01-01", "status": "closed"}}
    rows = []
    for k in range(referrals):
        people[f"b{k:02d}"] = {"joined": "2012-01-01", "status": "closed"}
        rows.append({"referrer": "a", "referred": f"b{k:02d}", "at": "2012-01-01", "tie": "同学"})
        if k < passes:
            people[f"c{k:02d}"] = {"joined": "2013-01-01", "status": "closed"}
            at = "2013-01-01" if k else "2015-06-01"
            rows.append({"referrer": f"b{k:02d}", "referred": f"c{k:02d}", "at": at, "tie": "朋友"})
    people["z"] = {"joined": "2024-01-01", "status": "closed"}
    return toys.company(people, rows)


def test_chances_are_learned_by_tie_from_referrals_with_two_years_of_follow_up() -> None:
    graph = build_graph(build_history(10, 30), Scope())
    cascade = build_cascade(graph, "learned", graph.value.numbers, graph.existing, None)
    assert (cascade.source, cascade.history) == ("learned", 40)
    mean = (9 + 10 * 0.1) / (40 + 10)  # the first passed on later than within two years
    schoolmates, friends = (9 + 10 * mean) / 40, 10 * mean / 20
    found = dict(zip(cascade.in_src.tolist(), cascade.p.tolist(), strict=True))
    assert found[0] == pytest.approx(schoolmates)
    assert found[1] == pytest.approx(friends)


def test_too_little_history_falls_back_to_a_tenth_and_says_so() -> None:
    result = run(build_history(0, 19))
    assert result.headline.values["chance"].id == "phrase.pass-on-default"
    assert "note.campaign-default" in {note.id for note in result.notes}


def test_budget_buys_what_it_can_and_leaves_out_who_has_no_cost() -> None:
    costs = {"a": "100", "b": "0", "c": "", "d": "30", "e": "40"}
    people = {x: {"revenue": 10, "visit cost": costs[x]} for x in "abcde"}
    data = toys.company(people, [("a", "b"), ("a", "c")])
    result = run(data, budget="70", cost="visit cost", probability="0.5")
    assert sorted(result.frame["customer"].to_list()) == ["d", "e"]
    assert result.frame["cost"].sum() == 70
    note = next(note for note in result.notes if note.id == "note.campaign-uncosted")
    assert note.values["customers"] == 2


def test_plain_rankings_reach_what_their_members_reach() -> None:
    plain = run(toys.star(), k=1, probability="1").headline.values["plain"].values
    assert plain["by_links"].number == plain["by_referrals"].number == 15


@pytest.mark.parametrize(
    ("parameters", "fault"),
    [
        ({"probability": "often"}, "bad-chance"),
        ({"probability": "1.2"}, "bad-chance"),
        ({"probability": "nan"}, "bad-chance"),
        ({"probability": "-1%"}, "bad-chance"),
        ({"k": 0}, "out-of-range"),
        ({"k": 3, "budget": "5", "cost": "x"}, "campaign-both"),
        ({"budget": "5"}, "campaign-needs-cost"),
        ({"budget": "5", "cost": "nothing"}, "unknown-cost"),
        ({"budget": "five", "cost": "x"}, "not-an-amount"),
        ({"budget": "0", "cost": "x"}, "not-an-amount"),
    ],
)
def test_bad_options_are_refused(parameters: dict[str, object], fault: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(toys.star(), **parameters)
    assert caught.value.id == fault


def test_costs_that_are_all_missing_are_refused() -> None:
    data = toys.company({x: {"revenue": 1, "fee": "0"} for x in "ab"}, [("a", "b")])
    with pytest.raises(UsageError) as caught:
        run(data, budget="5", cost="fee")
    assert caught.value.id == "campaign-no-costs"


def test_nobody_to_start_with_is_said() -> None:
    data = toys.worth({"a": -1, "b": 0}, [("a", "b")])
    assert run(data).headline.id == "headline.campaign-none"


@pytest.mark.parametrize(
    ("text", "amount"),
    [("5万", 50000), ("5 万元", 50000), ("1,200,000", 1200000), ("2.5k", 2500), ("3百万", 3000000)],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: float) -> None:
    assert parse_amount(text, "budget") == amount

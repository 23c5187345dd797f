"""Reward plans: worked numbers, the ledger against exact fractions, abuse, the law, bad plans."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support import toys

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.graph import build_graph
from refgraph.measures.legal_alarm import find_legal_signs, load_rules
from refgraph.measures.payouts import build_ledger
from refgraph.measures.plan_tricks import compute_collusion_gain, compute_false_name_gain
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result
from refgraph.model.reward_plan import RewardPlan
from refgraph.model.scope import Scope
from refgraph.model.settings import ProfileSettings, Settings

ROOT = Path(__file__).parent.parent.parent
PLANS = ROOT / "sample_data" / "plans"
FLAT = RewardPlan(name="flat", kind="flat", amount=500)
GEOMETRIC = RewardPlan(name="geometric", kind="geometric", base=0.2, decay=0.5)
RECURSIVE = RewardPlan(name="recursive", kind="recursive", amount=4000)
DIRECT = RewardPlan(name="direct", kind="direct", rate=0.1)
THRESHOLD = RewardPlan(name="threshold", kind="threshold", amount=100, after=3)


def pay(data: Dataset, plan: RewardPlan, scope: Scope = Scope()) -> dict[str, float]:
    """Party -> what it is paid."""
    graph = build_graph(data, scope)
    cents = build_ledger(graph, plan).sum_by_receiver(len(graph)) / 100
    return {id: c for id, c in zip(graph.parties["id"], cents.tolist(), strict=True) if c}


def run(data: Dataset, plan: Path, name: str = "rewards", **more: object) -> Result:
    return pipeline.run(OfflineEngine(data), name, {"plan": str(plan), **more})


def write(folder: Path, *lines: str) -> Path:
    path = folder / "plan.toml"
    path.write_text("\n".join(["[plan]", *lines]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("plan", "paid"),
    [
        (FLAT, {"a": 500, "b": 500}),
        (
            RewardPlan(name="", kind="two-sided", amount=300, friend=200),
            {"a": 300, "b": 500, "c": 200},
        ),
        (GEOMETRIC, {"a": 5, "b": 10}),
        (RECURSIVE, {"a": 2000 + 1000, "b": 2000}),
        (DIRECT, {"b": 10}),
        (THRESHOLD, {}),
    ],
)
def test_worked_numbers_on_a_chain(plan: RewardPlan, paid: dict[str, float]) -> None:
    assert pay(toys.worth({"a": 0, "b": 0, "c": 100}, [("a", "b"), ("b", "c")]), plan) == paid


def test_threshold_pays_from_its_deal_on_in_order_of_contracts() -> None:
    people = {x: {"revenue": 1, "joined": f"202{k}-01-01"} for k, x in enumerate("abcdef")}
    data = toys.company(people, [("a", x) for x in "bcdef"])
    assert pay(data, THRESHOLD) == {"a": 300}
    window = Scope(as_of="2025-12-31", since="2024-01-01")
    assert pay(data, THRESHOLD, window) == {}
    assert pay(data, FLAT, window) == {"a": 1000}


def test_two_referrers_share_a_payment_and_those_above_share_theirs() -> None:
    data = toys.worth({x: 100 for x in "abcd"}, [("a", "b"), ("b", "d"), ("c", "d")])
    plan = RewardPlan(name="", kind="geometric", base=1, decay=0.25)
    assert pay(data, plan) == {"a": 25 + 3.13, "b": 12.5, "c": 12.5}


def test_prospects_are_no_deals_and_losses_pay_nothing() -> None:
    data = toys.company(
        {
            "a": {"status": "closed", "revenue": 5},
            "b": {"status": "prospect"},
            "c": {"status": "closed", "revenue": -70},
        },
        [("a", "b"), ("a", "c")],
    )
    assert pay(data, DIRECT) == {}
    assert pay(data, FLAT) == {"a": 500}


def test_false_names_gain_what_the_published_mechanisms_lose() -> None:
    assert compute_false_name_gain(GEOMETRIC, 1.0, 1) == pytest.approx(0.15 - 0.10)
    assert compute_false_name_gain(GEOMETRIC, 1.0, 3) == pytest.approx(0.1875 - 0.10)
    assert compute_false_name_gain(GEOMETRIC, 1.0) == pytest.approx(0.1875 - 0.10)
    assert compute_false_name_gain(RECURSIVE, 0.0, 1) == 3000 - 2000
    assert compute_false_name_gain(DIRECT, 1.0) == 0
    assert compute_false_name_gain(FLAT, 1.0) == 0
    assert compute_false_name_gain(THRESHOLD, 1.0) == 0


def test_collusion_pools_deals_and_stacks_names() -> None:
    assert compute_collusion_gain(THRESHOLD, 0.0, 2) == 200
    assert compute_collusion_gain(THRESHOLD, 0.0, 3) == 400
    assert compute_collusion_gain(THRESHOLD, 0.0) == 400
    assert compute_collusion_gain(FLAT, 0.0) == 0
    assert compute_collusion_gain(RECURSIVE, 0.0, 2) == 2 * 3000 - 2 * 2000
    assert compute_collusion_gain(GEOMETRIC, 1.0, 2) == pytest.approx(2 * 0.05)


def build_organizer(people: int, levels: int) -> Dataset:
    """One organizer with so many people in all, itself included, in so many levels."""
    spine = [(f"{k:02d}", f"{k + 1:02d}") for k in range(levels - 1)]
    rest = [("00", f"{k:02d}") for k in range(levels, people)]
    return toys.worth({f"{k:02d}": 1 for k in range(people)}, [*spine, *rest])


@pytest.mark.parametrize(
    ("people", "levels", "sign"),
    [(30, 3, "alarm"), (29, 3, "none"), (30, 2, "none"), (31, 4, "alarm")],
)
def test_alarm_at_exactly_three_levels_and_thirty_people(
    people: int, levels: int, sign: str
) -> None:
    graph = build_graph(build_organizer(people, levels), Scope())
    found = find_legal_signs(graph, FLAT)
    assert (found.sign, found.levels, found.people) == (f"legal-{sign}", levels, people)
    other = "attention" if sign == "none" else sign
    assert find_legal_signs(graph, GEOMETRIC).sign == f"legal-{other}"
    free = RewardPlan(name="", kind="flat", amount=0)
    assert find_legal_signs(graph, free).sign == "legal-none"


def test_securities_refuse_what_pays_and_cite_the_rule(tmp_path: Path) -> None:
    profile = Settings(profile=ProfileSettings(securities=True))
    data = toys.company({x: {"profit": 10} for x in "ab"}, [("a", "b")], settings=profile)
    for lines, rules in (
        (('kind = "profit-share"', "rate = 0.1"), ["F3", "F8"]),
        (('kind = "flat"', "amount = 1"), ["F8"]),
    ):
        for name in ("rewards", "payouts"):
            with pytest.raises(UsageError) as caught:
                run(data, write(tmp_path, *lines), name)
            assert caught.value.id == "plan-forbidden"
            assert [rule.values["id"] for rule in caught.value.values["rules"]] == rules
    free = write(tmp_path, 'kind = "flat"', "amount = 0")
    assert run(data, free).frame["cost"].to_list() == [0.0]


def test_rules_list_six_permitted_and_nine_forbidden_acts() -> None:
    ids = list(load_rules()["securities"])
    assert ids == [f"P{k}" for k in range(1, 7)] + [f"F{k}" for k in range(1, 10)]


def test_plans_that_need_money_or_profit_are_refused_without() -> None:
    no_value = toys.company({"a": {}, "b": {}}, [("a", "b")])
    with pytest.raises(UsageError) as caught:
        build_ledger(build_graph(no_value, Scope()), DIRECT)
    assert caught.value.id == "rates-no-money"
    share = RewardPlan(name="", kind="profit-share", rate=0.1)
    with pytest.raises(UsageError) as caught:
        build_ledger(build_graph(toys.pair(), Scope()), share)
    assert caught.value.id == "plan-needs-profit"


def test_two_plans_stand_side_by_side_with_their_difference() -> None:
    data = pipeline.open_source(ROOT / "sample_data" / "l96").dataset()
    flat, two = PLANS / "flat.toml", PLANS / "two-sided.toml"
    result = run(data, flat, against=str(two))
    rows = result.frame.to_dicts()
    assert [row["kind"] for row in rows] == ["flat", "two-sided"]
    assert rows[0]["cost"] == 500 * rows[0]["deals"] == rows[1]["cost"]
    assert result.headline.values["versus"].id == "phrase.rewards-same"
    paid = run(data, flat, "payouts", against=str(two)).frame
    assert paid["reward"].sum() == rows[0]["cost"]
    assert paid["reward_against"].sum() == rows[1]["cost"]
    assert np.isclose(paid["difference"].sum(), 0)


def test_a_budget_that_is_exceeded_is_noted(tmp_path: Path) -> None:
    plan = write(tmp_path, 'kind = "flat"', "amount = 500", "budget = 999")
    notes = {note.id: note for note in run(toys.chain(), plan).notes}
    assert notes["note.rewards-over"].values["over"].number == 1
    assert "note.rewards-over" not in {n.id for n in run(toys.pair(), plan).notes}


def test_no_deal_costs_nothing() -> None:
    result = run(
        toys.company({"a": {}, "b": {"status": "prospect"}}, [("a", "b")]), PLANS / "flat.toml"
    )
    assert result.headline.id == "headline.rewards-none"
    assert result.frame["cost"].to_list() == [0.0]

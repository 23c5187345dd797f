"""`value-gap --group recommenders`: landmarks counted one by one, planted effects, the placebo."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from support import toys
from support.gap_customers import draw_customers, get_row, run

from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.measures.landmarks import CONTROLS, list_landmarks
from refgraph.model.dataset import Dataset
from refgraph.model.scope import Scope

QUARTERS = [date(y, m, 1) for y in range(2018, 2024) for m in (1, 4, 7, 10)]


def draw_company(
    seed: int, *, n: int, effect: float = 1.0, growing: float = 1.0, early: str = ""
) -> Dataset:
    """Orders each month of six years; a tenth make a first referral in 2021.

    early: the first of them made one on this day already. Their orders are ``effect`` times larger
    from the referral of 2021 on, and ``growing`` times in the year before.
    """
    dice = np.random.default_rng(seed)
    people: dict[str, dict[str, object]] = {}
    referrals: list[dict[str, object]] = []
    orders: list[dict[str, object]] = []
    for k in range(n):
        key, level = f"c{k:04}", dice.lognormal(3, 0.6)
        first = date(2021, 1, 5) + timedelta(days=int(dice.integers(0, 340)))
        is_recommender = k % 10 == 0
        people[key] = {"status": "closed", "joined": "2017-01-01", "left": None, "employees": 5}
        people[key]["employees"] = 1 + int(level * dice.lognormal(0, 0.3))
        if is_recommender:
            new = f"n{k:04}"
            people[new] = {"status": "closed", "joined": first.isoformat(), "employees": 5}
            referrals.append({"referrer": key, "referred": new, "at": first.isoformat()})
        for month in range(72):
            day = date(2018 + month // 12, 1 + month % 12, 15)
            factor = effect if is_recommender and day > first else 1.0
            is_before = is_recommender and first - timedelta(days=365) <= day <= first
            amount = level * factor * (growing if is_before else 1.0) * dice.lognormal(0, 0.3)
            orders.append({"customer": key, "at": day.isoformat(), "revenue": round(amount, 2)})
    if early:
        people["old"] = {"status": "closed", "joined": early, "employees": 5}
        referrals.append({"referrer": "c0000", "referred": "old", "at": early})
    orders += [{"customer": "c0000", "at": d, "revenue": 1} for d in ("2018-01-01", "2023-12-31")]
    return toys.company(people, referrals, orders)


def list_first_referrals(data: Dataset) -> tuple[dict[str, date], dict[tuple[str, date], date]]:
    """The first referral of each recommender; (recommender, start of its quarter) -> the end."""
    first: dict[str, date] = {}
    for row in data.referrals.iter_rows(named=True):
        first[row["referrer"]] = min(row["at"], first.get(row["referrer"], row["at"]))
    ends = dict(zip(QUARTERS, [*QUARTERS[1:], date(2024, 1, 1)], strict=True))
    return first, {
        (key, start): end
        for start, end in ends.items()
        for key, day in first.items()
        if start <= day < end
    }


def test_landmarks_equal_customers_and_orders_counted_one_by_one() -> None:
    data = draw_company(1, n=40)
    graph = OfflineEngine(data).graph(Scope())
    marks = list_landmarks(graph)
    assert marks is not None
    ids, orders = graph.parties["id"].to_list(), data.orders
    assert orders is not None
    sold = [(r["customer"], r["at"], r["revenue"]) for r in orders.iter_rows(named=True)]
    first, treated = list_first_referrals(data)

    def add(key: str, start: date, end: date) -> float:
        return sum(a for c, d, a in sold if c == key and start <= d < end)

    found = {}
    for i, customer in enumerate(marks.customer.tolist()):
        start = date(1970, 1, 1) + timedelta(days=int(marks.quarter[i]))
        found[ids[customer], start] = (
            bool(marks.is_treated[i]),
            marks.before[i],
            marks.earlier[i],
            marks.after[i],
        )
    assert {k for k, v in found.items() if v[0]} == set(treated)
    year = timedelta(days=365)
    for (key, start), (is_treated, before, earlier, after) in found.items():
        end = treated.get((key, start)) or min(q for q in QUARTERS if q > start)
        assert is_treated or first.get(key, end) >= end
        expected = [
            add(key, start - year, start),
            add(key, start - 2 * year, start - year),
            add(key, end, end + year),
        ]
        assert (before, earlier, after) == pytest.approx(expected)


def test_a_referral_before_the_window_is_the_first_one_all_the_same() -> None:
    scope = Scope(since=date(2019, 1, 1))
    for early, is_treated in (("", True), ("2018-06-01", False)):
        graph = OfflineEngine(draw_company(1, n=40, early=early)).graph(scope)
        marks = list_landmarks(graph)
        assert marks is not None
        treated = graph.parties["id"].gather(marks.customer[marks.is_treated]).to_list()
        assert len(treated) == 3 + is_treated
        assert ("c0000" in treated) == is_treated


def test_others_are_drawn_and_weighted_to_stand_for_all_others() -> None:
    graph = OfflineEngine(draw_company(2, n=300)).graph(Scope())
    marks = list_landmarks(graph)
    assert marks is not None
    for quarter in np.unique(marks.quarter):
        here = marks.quarter == quarter
        treated = int((here & marks.is_treated).sum())
        others = marks.weight[here & ~marks.is_treated]
        assert len(others) <= CONTROLS * treated
        assert others.sum() == pytest.approx(round(float(others.sum())))
        assert 260 <= others.sum() <= 300


def estimate(**parameters: Any) -> tuple[dict[str, Any], dict[str, Any], str]:
    result = run(draw_company(**parameters), group="recommenders")
    effect, placebo = (get_row(result, f"gap-{name}") for name in ("recommending", "placebo"))
    return effect, placebo, result.headline.id


def test_planted_effect_of_recommending_is_found() -> None:
    effect, placebo, headline = estimate(seed=3, n=200, effect=1.5)
    assert effect["gap_low"] <= 0.5 <= effect["gap_high"] and effect["verdict"] == "gap-higher"
    assert placebo["verdict"] == "gap-unknown" and headline == "headline.recommender-gap"


def test_effect_of_recommending_that_is_not_there_is_rarely_found() -> None:
    """Large simulations: in 4 % of companies; 3 of 8 would be a chance of 1 in 300."""
    effects = [estimate(seed=100 + seed, n=200)[0] for seed in range(8)]
    known = [effect for effect in effects if effect["gap"] is not None]
    assert sum(effect["verdict"] != "gap-unknown" for effect in known) <= 2
    assert np.mean([effect["gap"] for effect in known]) == pytest.approx(0.0, abs=0.05)


def test_recommenders_who_were_growing_before_have_no_effect_reported() -> None:
    _, placebo, headline = estimate(seed=5, n=200, growing=1.6)
    assert placebo["verdict"] == "gap-higher"
    assert headline == "headline.recommender-gap-before"


def test_recommenders_without_orders_or_by_another_outcome_are_refused() -> None:
    people, referrals = draw_customers()
    data = toys.company(people, referrals)
    result = run(data, group="recommenders")
    assert result.headline.id == "headline.recommender-gap-cannot"
    with pytest.raises(UsageError) as fault:
        run(data, group="recommenders", outcome="profit")
    assert fault.value.id == "recommenders-outcome"

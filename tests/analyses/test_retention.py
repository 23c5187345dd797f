"""`retention`: states day by day, hazards planted and recovered, and every reason for no number."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from support import toys
from support.dated import Facts, draw_dated
from support.random_cases import cases
from support.spell_days import YEAR, assert_spells_hold_each_day, name_months_since

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.measures.retention_spells import build_spells
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result
from refgraph.texts import LANGUAGES, format_message


def find_state(facts: Facts, party: str, day: date) -> str:
    """The state of a customer on a day, by its referrers one by one; empty if it has none."""
    timely = [u for u, v, at in facts.arcs if v == party and at <= facts.joined(party)]
    if not any(v == party for _, v, _ in facts.arcs):
        return "stay-others"
    if not timely:
        return ""
    days = [facts.left(u) for u in timely]
    if None in days:
        return "stay-active"
    last = max(d for d in days if d is not None)
    if day <= last - YEAR:
        return "stay-active"
    if day <= last:
        return "stay-lead"
    return name_months_since(last, day)


@given(draw_dated())
@settings(max_examples=cases(100))
def test_spells_hold_each_day_of_each_customer_in_its_state(facts: Facts) -> None:
    assert_spells_hold_each_day(facts, build_spells, find_state)


def draw_pairs(
    seed: int, *, pairs: int, active: float = 1.0, gone: float = 1.0, others: int = 300
) -> Dataset:
    """Referrers, one referred customer each, and others; all leave at 15 % a year.

    The referred leave at ``active`` times that rate while their referrer is there, and at ``gone``
    times the former rate after it has left.
    """
    dice = np.random.default_rng(seed)
    people: dict[str, dict[str, object]] = {}
    referrals: list[dict[str, object]] = []

    def add(key: str, joined: date, years: float) -> None:
        left = joined + timedelta(days=max(int(365 * years), 1))
        facts = left.isoformat() if left <= date(2020, 1, 1) else None
        people[key] = {"status": "closed", "joined": joined.isoformat(), "left": facts}
        people[key] |= {"employees": int(dice.integers(5, 500))}

    for k in range(pairs + others):
        joined = date(2010, 1, 1) + timedelta(days=int(dice.integers(0, 700)))
        years = float(dice.exponential(1 / 0.15))
        add(f"a{k:05}", joined, years)
        if k < pairs:
            wait = float(dice.uniform(0.1, 1.0))
            alone = max(years - wait, 0.0)  # how long the referrer still stays
            stay = float(dice.exponential(1 / (0.15 * active)))
            if stay > alone:
                stay = alone + float(dice.exponential(1 / (0.15 * active * gone)))
            after = joined + timedelta(days=int(365 * wait))
            add(f"b{k:05}", after, stay)
            referrals.append({"referrer": f"a{k:05}", "referred": f"b{k:05}", "at": joined})
    referrals[0] |= {"at": "2010-01-01"}
    people["z"] = {"status": "closed", "joined": "2020-01-01", "left": None, "employees": 5}
    return toys.company(people, referrals)


def run(data: Dataset, **parameters: object) -> Result:
    result = pipeline.run(OfflineEngine(data), "retention", parameters)
    for text in (result.headline, *result.notes):
        assert all(format_message(text, lang) for lang in LANGUAGES)
    return result


def get_row(result: Result, state: str, against: str) -> dict[str, Any]:
    frame = result.frame
    rows = frame.filter((frame["state"] == state) & (frame["against"] == against))
    return rows.row(0, named=True)


def test_planted_hazards_are_inside_their_intervals_and_leaving_is_seen_to_follow() -> None:
    result = run(draw_pairs(1, pairs=1600, active=0.7, gone=2.5, others=1200))
    active = get_row(result, "stay-active", "stay-others")
    assert active["hazard_ratio_low"] <= 0.7 <= active["hazard_ratio_high"] < 1
    upper = get_row(result, "stay-gone", "stay-active")
    assert upper["hazard_ratio_low"] <= 2.5 <= upper["hazard_ratio_high"]
    placebo = get_row(result, "stay-lead", "stay-active")
    assert placebo["verdict"] == "gap-unknown"
    after = result.headline.values["after"]
    assert getattr(after, "id", "") == "phrase.stay-after-follows"


def test_hazards_without_any_effect_are_unknown() -> None:
    result = run(draw_pairs(2, pairs=1200, others=800))
    for state, against in (("active", "others"), ("lead", "active"), ("gone", "lead")):
        row = get_row(result, f"stay-{state}", f"stay-{against}")
        assert row["hazard_ratio_low"] <= 1 <= row["hazard_ratio_high"], state
    assert result.headline.id == "headline.retention-unknown"


def test_share_that_stays_and_loss_per_year_are_those_of_the_planted_rate() -> None:
    row = get_row(run(draw_pairs(3, pairs=10, others=2000)), "stay-others", "none")
    for years in (1, 3, 5):
        assert row[f"stay_{years}"] == pytest.approx(np.exp(-0.15 * years), abs=0.04)
    assert row["loss_rate"] == pytest.approx(0.15, abs=0.01)


def test_below_a_thousand_referred_only_the_time_with_the_referrer_is_reported() -> None:
    result = run(draw_pairs(4, pairs=300))
    assert get_row(result, "stay-active", "stay-others")["hazard_ratio"] is not None
    assert get_row(result, "stay-gone", "stay-active")["verdict"] == "stay-too-few-referred"
    after = result.headline.values["after"]
    assert getattr(after, "id", "") == "phrase.stay-after-few"


PERSON = {"status": "closed", "joined": "2015-01-01", "left": None}
LEAVER = {**PERSON, "left": "2017-01-01"}


@pytest.mark.parametrize(
    ("reason", "people", "referrals"),
    [
        ("no-left", {"a": PERSON, "b": PERSON}, [("a", "b")]),
        ("no-dates", {"a": {"status": "closed"}, "b": {"status": "closed"}}, [("a", "b")]),
        ("no-followed", {"a": PERSON, "b": {**PERSON, "left": "2019-12-30"}}, [("a", "b")]),
        ("nobody-referred", {"a": LEAVER, "p": {"status": "prospect"}}, [("a", "p")]),
        (
            "all-referred",
            {"a": {"status": "closed"}, "b": LEAVER, "c": {**PERSON, "joined": "2020-01-01"}},
            [("a", "b"), ("a", "c")],
        ),
    ],
)
def test_data_that_allow_no_answer_say_why(
    reason: str, people: dict[str, dict[str, object]], referrals: list[tuple[str, str]]
) -> None:
    late = {} if reason in ("no-dates", "all-referred") else {"z": {**PERSON}}
    late = {key: {**person, "joined": "2020-01-01"} for key, person in late.items()}
    result = run(toys.company(people | late, referrals))
    assert result.headline.id == "headline.retention-cannot" and not result.frame.height
    assert getattr(result.headline.values["reason"], "id", "") == f"phrase.unfollowed-{reason}"


def test_few_customers_have_no_hazard_ratio_but_the_counts() -> None:
    people = {f"c{k}": LEAVER if k % 2 else PERSON for k in range(12)}
    referrals = [("c0", f"c{k}") for k in range(1, 6)]
    data = toys.company(people | {"z": {**PERSON, "joined": "2020-01-01"}}, referrals)
    result = run(data)
    assert result.frame["hazard_ratio"].null_count() == result.frame.height
    row = get_row(result, "stay-active", "stay-others")
    assert (row["verdict"], row["customers"], row["leavers"]) == ("stay-too-few", 5, 3)


def test_curve_of_retention_passes_through_its_years() -> None:
    data = draw_pairs(3, pairs=120, others=150)
    plain, curve = run(data).frame, run(data, curve=True).frame
    known = 0
    for row in plain.iter_rows(named=True):
        points = curve.filter(pl.col("state") == row["state"], pl.col("against") == row["against"])
        for years in (1, 3, 5):
            at = points.filter(pl.col("years") == years)["staying"].to_list()
            expected = row[f"stay_{years}"]
            assert (at or [None])[0] == (expected and pytest.approx(expected, abs=1e-12))
            known += expected is not None
        inside = points.filter(pl.col("staying_low").is_not_null())
        assert (inside["staying_low"] <= inside["staying"]).all()
        assert (inside["staying"] <= inside["staying_high"]).all()
    assert known >= 6

"""`churn`: recommenders day by day, contagion planted each way, and every reason for no number."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from support import toys
from support.dated import Facts, draw_dated
from support.leaving_pairs import Leaving, draw_leaving
from support.random_cases import cases
from support.spell_days import YEAR, assert_spells_hold_each_day, name_months_since

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.measures.recommender_spells import build_recommender_spells
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result
from refgraph.texts import LANGUAGES, format_message


def find_state(facts: Facts, party: str, day: date) -> str:
    """The state of a recommender on a day, by the customers it referred one by one."""
    referred = [v for u, v, at in facts.arcs if u == party and at <= facts.joined(v)]
    if not referred or day <= min(facts.joined(v) for v in referred):
        return "stay-others"
    leavings = [d for v in referred for d in [facts.left(v)] if d]
    past = [d for d in leavings if d < day]
    if past:
        return name_months_since(max(past), day)
    return "stay-lead" if any(day > d - YEAR for d in leavings) else "stay-active"


@given(draw_dated())
@settings(max_examples=cases(100))
def test_spells_hold_each_day_of_each_recommender_in_its_state(facts: Facts) -> None:
    assert_spells_hold_each_day(facts, build_recommender_spells, find_state)


def run(data: Dataset) -> Result:
    result = pipeline.run(OfflineEngine(data), "churn")
    for text in (result.headline, *result.notes):
        assert all(format_message(text, lang) for lang in LANGUAGES)
    return result


def get_row(result: Result, neighbor: str, state: str, against: str) -> dict[str, Any]:
    frame = result.frame
    is_wanted = (frame["neighbor"] == neighbor) & (frame["state"] == state)
    return frame.filter(is_wanted & (frame["against"] == against)).row(0, named=True)


def get_sentences(result: Result) -> list[str]:
    return [getattr(result.headline.values[name], "id", "") for name in ("first", "second")]


def test_contagion_one_way_is_found_that_way_and_unknown_the_other() -> None:
    plan = Leaving(pairs=3_000, others=500, forward=2.2)
    result = run(draw_leaving(np.random.default_rng(1), plan))
    row = get_row(result, "churn-referrer", "near-gone", "near-active")
    assert row["hazard_ratio_low"] <= 2.2 <= row["hazard_ratio_high"]
    assert get_sentences(result) == ["phrase.churn-told-follows", "phrase.churn-range-unknown"]


def test_contagion_towards_the_recommender_is_found() -> None:
    plan = Leaving(pairs=3_000, others=500, backward=2.2)
    result = run(draw_leaving(np.random.default_rng(2), plan))
    row = get_row(result, "churn-referred", "near-gone", "near-active")
    assert row["hazard_ratio_low"] <= 2.2 <= row["hazard_ratio_high"]
    assert get_sentences(result)[1] == "phrase.churn-told-follows"


def test_leaving_without_contagion_is_unknown_both_ways() -> None:
    result = run(draw_leaving(np.random.default_rng(3), Leaving(pairs=2_000, others=500)))
    assert get_sentences(result) == ["phrase.churn-told-unknown", "phrase.churn-told-unknown"]


def test_homophily_is_reported_as_leaving_together_and_not_as_following() -> None:
    plan = Leaving(pairs=4_000, others=500, spread=0.8, hop=0.7)
    result = run(draw_leaving(np.random.default_rng(4), plan))
    placebo = get_row(result, "churn-referrer", "near-lead", "near-active")
    assert placebo["verdict"] == "gap-higher"
    assert get_sentences(result)[0] == "phrase.churn-range-unknown"


def test_few_customers_and_no_leaver_have_a_reason() -> None:
    result = run(draw_leaving(np.random.default_rng(5), Leaving(pairs=100)))
    assert get_sentences(result) == ["phrase.churn-few", "phrase.churn-few"]
    result = run(toys.company({"a": {}, "b": {}}, [("a", "b")]))
    assert result.headline.id == "headline.churn-cannot" and not result.frame.height


@pytest.mark.parametrize("neighbor", ["churn-referrer", "churn-referred"])
def test_leavers_and_customers_of_a_state_are_those_of_the_pairs(neighbor: str) -> None:
    result = run(draw_leaving(np.random.default_rng(6), Leaving(pairs=1_200)))
    rows = result.frame.filter(result.frame["neighbor"] == neighbor)
    months = rows.filter(rows["state"].str.starts_with("near-gone-"))
    gone = rows.filter(rows["state"] == "near-gone")
    assert set(gone["leavers"]) == {months["leavers"].sum()}

"""`payoff`: each sentence is the answer of its analysis, and there are at most six."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from support import toys
from support.gap_customers import change, draw_customers, drop
from support.leaving_pairs import Leaving, draw_leaving

from refgraph import pipeline
from refgraph.analyses.payoff import find_following, find_recommender
from refgraph.engines.offline import OfflineEngine
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result
from refgraph.texts import LANGUAGES, format_message


def run(data: Dataset) -> Result:
    result = pipeline.run(OfflineEngine(data), "payoff")
    for lang in LANGUAGES:
        text = format_message(result.headline, lang)
        stops = text.count("。") if lang == "zh" else text.count(". ") + 1
        assert 3 <= stops <= 6, text
    return result


def get_phrases(result: Result) -> dict[str, str]:
    return {name: getattr(value, "id", "") for name, value in result.headline.values.items()}


def test_clear_value_gap_is_reported_with_the_figures_of_value_gap() -> None:
    people, referrals = draw_customers(3, 300)
    for row in referrals:
        person = people[str(row["referred"])]
        person["revenue"] = 4 * float(str(person["revenue"]))
    result = run(toys.company(people, referrals))
    gap = pipeline.run(OfflineEngine(toys.company(people, referrals)), "value-gap").frame
    adjusted = gap.filter(gap["method"] == "gap-adjusted").row(0, named=True)
    row = result.frame.row(0, named=True)
    assert row["answer"] == "gap-higher"
    assert row["ratio"] == 1 + adjusted["gap"] and row["ratio_low"] == 1 + adjusted["gap_low"]
    assert get_phrases(result)["worth"] == "phrase.pay-worth-ratio-higher"
    assert result.headline.values["worth"].values["trees"] == adjusted["trees"]  # type: ignore[attr-defined]


def test_unknown_value_gap_is_reported_with_the_smallest_that_would_show() -> None:
    result = run(toys.company(*draw_customers(1, 60)))
    assert get_phrases(result)["worth"] == "phrase.pay-worth-unknown"
    assert result.frame["detectable"][0] > 1


def test_losses_have_a_gap_in_money() -> None:
    people, referrals = draw_customers(5, 200)
    people = change(people, revenue=None)
    dice = np.random.default_rng(5)
    for key, person in people.items():
        is_referred = any(row["referred"] == key for row in referrals)
        person["revenue"] = round(float(dice.normal(50 if is_referred else -50, 5)), 2)
    result = run(toys.company(people, referrals))
    assert get_phrases(result)["worth"] == "phrase.pay-worth-amount-higher"


def test_contagion_is_reported_as_leaving_that_follows() -> None:
    plan = Leaving(pairs=3_000, others=2_000, active=0.6, forward=2.5)
    result = run(draw_leaving(np.random.default_rng(1), plan))
    phrases = get_phrases(result)
    assert phrases["stay"] == "phrase.pay-known-stay"
    assert phrases["follow"] == "phrase.pay-known-follow"
    row = result.frame.row(2, named=True)
    assert row["ratio_low"] <= 2.5 <= row["ratio_high"]


@pytest.mark.parametrize("columns", [(), ("employees",), ("joined", "left"), ("revenue",)])
def test_data_that_lack_something_have_a_reason_in_each_row(columns: tuple[str, ...]) -> None:
    people, referrals = draw_customers(1, 40)
    result = run(toys.company(drop(people, *columns), referrals))
    assert result.frame["answer"].null_count() == 0


def test_recommenders_who_differed_before_have_no_effect() -> None:
    for verdicts, expected in (
        (("gap-higher", "gap-higher"), "pay-before"),
        (("gap-too-few-trees", "gap-unknown"), "gap-too-few-trees"),
        (("gap-higher", "gap-no-spread"), "gap-no-spread"),
    ):
        methods = ("gap-recommending", "gap-placebo")
        frame = pl.DataFrame({"method": methods, "verdict": verdicts, "gap": [0.2, 0.3]})
        assert find_recommender(frame) == {"verdict": expected}


def test_lower_end_below_one_is_unknown_and_never_protection() -> None:
    states = [
        ("near-gone", "near-lead"),
        ("near-gone", "near-active"),
        ("near-lead", "near-active"),
    ]
    frame = pl.DataFrame(
        {
            "neighbor": ["churn-referrer"] * 3,
            "state": [state for state, _ in states],
            "against": [against for _, against in states],
            "verdict": ["gap-lower", "gap-unknown", "gap-higher"],
            "hazard_ratio": [0.6, 1.1, 1.8],
            "hazard_ratio_low": [0.5, 0.9, 1.5],
            "hazard_ratio_high": [0.7, 1.3, 2.1],
            "trees": [40, 40, 40],
        }
    )
    assert find_following(frame)["verdict"] == "gap-unknown"

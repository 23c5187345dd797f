"""`retention --group recommenders`: planted loyalty found, none found where there is none."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from support import toys

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result
from refgraph.texts import LANGUAGES, format_message


def draw_company(seed: int, *, n: int, ratio: float, growing: float = 1.0) -> Dataset:
    """Orders each quarter of six years; half make a first referral in 2020 or 2021.

    From 2020 on all leave at 25 % a year, recommenders from their first referral on at ``ratio``
    times that; they bought ``growing`` times as much in the year before it.
    """
    dice = np.random.default_rng(seed)
    people: dict[str, dict[str, object]] = {}
    referrals: list[dict[str, object]] = []
    orders: list[dict[str, object]] = []
    for k in range(n):
        key, level = f"c{k:04}", float(dice.lognormal(3, 0.4))
        first = date(2020, 1, 5) + timedelta(days=int(dice.integers(0, 700)))
        left = date(2020, 1, 1) + timedelta(days=int(365 * dice.exponential(4)))
        is_recommender = k % 2 == 0 and left > first
        if is_recommender:
            left = first + timedelta(days=1 + int(365 * dice.exponential(4 / ratio)))
            people[f"n{k:04}"] = {"status": "prospect"}
            referrals.append({"referrer": key, "referred": f"n{k:04}", "at": first.isoformat()})
        left_text = left.isoformat() if left < date(2023, 12, 31) else None
        people[key] = {"status": "closed", "joined": "2017-01-01", "left": left_text}
        people[key]["employees"] = 1 + int(level)
        for quarter in range(24):
            day = date(2018 + quarter // 4, 2 + 3 * (quarter % 4), 15)
            is_before = is_recommender and first - timedelta(days=365) <= day <= first
            amount = level * (growing if is_before else 1.0) * float(dice.lognormal(0, 0.3))
            if day < left:
                row = {"customer": key, "at": day.isoformat(), "revenue": round(amount, 2)}
                orders.append(row)
    people["z"] = {"status": "closed", "joined": "2017-01-01", "employees": 5}
    orders += [{"customer": "z", "at": d, "revenue": 1} for d in ("2018-01-01", "2023-12-31")]
    return toys.company(people, referrals, orders)


def run(data: Dataset) -> Result:
    result = pipeline.run(OfflineEngine(data), "retention", {"group": "recommenders"})
    for text in (result.headline, *result.notes):
        assert all(format_message(text, lang) for lang in LANGUAGES)
    return result


def test_recommenders_who_stay_longer_are_found() -> None:
    result = run(draw_company(1, n=900, ratio=0.4))
    row = result.frame.row(0, named=True)
    truth = (1 - np.exp(-0.1)) / (1 - np.exp(-0.25))  # chances of leaving within a year
    assert row["hazard_ratio_low"] <= truth <= row["hazard_ratio_high"] < 1
    assert result.headline.id == "headline.recommender-stay"
    assert result.frame["loss_rate"].to_list() == pytest.approx([0.095, 0.22], abs=0.04)


def test_recommenders_who_leave_like_others_are_unknown() -> None:
    result = run(draw_company(4, n=600, ratio=1.0))
    assert result.headline.id == "headline.recommender-stay-unknown"


def test_recommenders_who_bought_more_before_have_no_effect() -> None:
    result = run(draw_company(3, n=600, ratio=0.4, growing=1.6))
    assert result.headline.id == "headline.recommender-stay-before"
    assert result.frame["hazard_ratio"].null_count() == 2
    assert result.frame["verdict"][0] == "pay-before"


def test_data_without_leavers_or_orders_say_why() -> None:
    people: dict[str, dict[str, object]] = {"a": {"joined": "2017-01-01"}, "b": {}}
    result = run(toys.company(people, [("a", "b")]))
    assert getattr(result.headline.values["reason"], "id", "") == "phrase.staying-no-left"
    people["c"] = {"joined": "2017-01-01", "left": "2018-01-01"}
    people["z"] = {"joined": "2020-01-01"}
    result = run(toys.company(people, [("a", "b")]))
    assert getattr(result.headline.values["reason"], "id", "") == "phrase.staying-no-orders"

"""The luck line on generated companies: false alarms at the stated rate where nobody has a gift, and gifts found."""

from __future__ import annotations

from functools import cache
from math import sqrt

import numpy as np
import polars as pl
import pytest

from refgraph import generator
from refgraph.engines.offline import Offline
from refgraph.flow import run
from refgraph.flow.generating import dataset
from refgraph.model.result import Result

MANY = pytest.mark.parametrize("companies", [40, pytest.param(200, marks=pytest.mark.slow)])


@cache
def results(heterogeneity: float, companies: int, size: int) -> list[Result]:
    """The luck line of many small companies; heterogeneity 0: referrals dealt at random among the customers present."""
    made = [generator.plain(size=size, seed=k, heterogeneity=heterogeneity, referral_share=0.4, order_years=0, history_years=12)
            for k in range(companies)]
    return [run(Offline(dataset(generator.build(plan))), "luck") for plan in made]


def lines(heterogeneity: float, companies: int, size: int = 120) -> list[pl.DataFrame]:
    """Their rows."""
    return [result.frame for result in results(heterogeneity, companies, size)]


def present(heterogeneity: float, companies: int, size: int = 120) -> list[int]:
    """How many customers each of them compared."""
    return [int(str(result.headline.values["customers"])) for result in results(heterogeneity, companies, size)]


@MANY
def test_false_alarms_at_the_stated_rate_where_nobody_has_a_gift(companies: int) -> None:
    alarms = np.array([frame["beyond_luck"].any() for frame in lines(0.0, companies)])
    assert min(frame.height for frame in lines(0.0, companies)) > 5
    assert alarms.mean() <= 0.05 + 3 * sqrt(0.05 * 0.95 / companies)


@MANY
def test_the_first_and_third_rank_get_what_the_deals_say(companies: int) -> None:
    for rank in (1, 3):
        rows = [frame.row(rank - 1, named=True) for frame in lines(0.0, companies)]
        off = np.array([row["batches"] - row["rank_by_luck"] for row in rows])
        assert abs(off.mean()) <= 4 * off.std(ddof=1) / sqrt(companies)
        inside = np.mean([row["rank_by_luck_low"] <= row["batches"] <= row["rank_by_luck_high"] for row in rows])
        assert inside >= 0.95 - 3 * sqrt(0.05 * 0.95 / companies)


@MANY
def test_small_p_are_no_more_frequent_than_they_say(companies: int) -> None:
    small = sum(int((frame["p_value"] <= 0.01).sum()) for frame in lines(0.0, companies))
    customers = sum(present(0.0, companies))
    assert small <= 0.01 * customers + 3 * sqrt(0.01 * customers)


def test_gifts_are_found() -> None:
    found = np.array([frame["beyond_luck"].any() for frame in lines(4.0, 12, 400)])
    assert found.mean() >= 0.8

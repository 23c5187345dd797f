"""The chance line on generated companies.

False alarms come at the stated rate where nobody has a gift, and gifts are found.
"""

from __future__ import annotations

from functools import cache
from math import sqrt

import numpy as np
import polars as pl
import pytest
from support.companies import read_company

from refgraph import generator
from refgraph.engines.offline import OfflineEngine
from refgraph.model.result import Result
from refgraph.pipeline import run

MANY = pytest.mark.parametrize("companies", [40, pytest.param(200, marks=pytest.mark.slow)])


@cache
def results(heterogeneity: float, companies: int, size: int) -> list[Result]:
    """The chance line of many small companies.

    heterogeneity 0: referrals are dealt at random among the customers present.
    """
    made = [
        generator.make_plain_plan(
            size=size,
            seed=k,
            heterogeneity=heterogeneity,
            referral_share=0.4,
            order_years=0,
            history_years=12,
        )
        for k in range(companies)
    ]
    return [
        run(OfflineEngine(read_company(generator.build_company(plan))), "chance") for plan in made
    ]


def lines(heterogeneity: float, companies: int, size: int = 120) -> list[pl.DataFrame]:
    """Their rows."""
    return [result.frame for result in results(heterogeneity, companies, size)]


def count_compared(heterogeneity: float, companies: int, size: int = 120) -> list[int]:
    """How many customers each of them compared."""
    return [
        int(str(note.values["customers"]))
        for result in results(heterogeneity, companies, size)
        for note in result.notes
        if note.id == "note.chance-compared"
    ]


@MANY
def test_chance_without_gifts_false_alarms_stay_at_stated_rate(companies: int) -> None:
    alarms = np.array([frame["above_chance"].any() for frame in lines(0.0, companies)])
    assert min(frame.height for frame in lines(0.0, companies)) > 5
    assert alarms.mean() <= 0.05 + 3 * sqrt(0.05 * 0.95 / companies)


@MANY
def test_chance_top_ranks_fall_into_simulated_interval(companies: int) -> None:
    for rank in (1, 3):
        rows = [frame.row(rank - 1, named=True) for frame in lines(0.0, companies)]
        off = np.array([row["occasions"] - row["rank_by_chance"] for row in rows])
        assert abs(off.mean()) <= 4 * off.std(ddof=1) / sqrt(companies)
        inside = np.mean(
            [
                row["rank_by_chance_low"] <= row["occasions"] <= row["rank_by_chance_high"]
                for row in rows
            ]
        )
        assert inside >= 0.95 - 3 * sqrt(0.05 * 0.95 / companies)


@MANY
def test_chance_small_p_values_are_not_too_frequent(companies: int) -> None:
    small = sum(int((frame["p_value"] <= 0.01).sum()) for frame in lines(0.0, companies))
    customers = sum(count_compared(0.0, companies))
    assert small <= 0.01 * customers + 3 * sqrt(0.01 * customers)


def test_chance_planted_gifts_are_found() -> None:
    found = np.array([frame["above_chance"].any() for frame in lines(4.0, 12, 400)])
    assert found.mean() >= 0.8

"""The forecast of referrals on companies with planted rates: rankings and intervals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.random_cases import choose
from support.referring_companies import KINDS, Planted, plant

from refgraph.measures import referral_forecast
from refgraph.measures.referral_forecast import Forecast, forecast_referrals

TOP = 50


def forecast(planted: Planted) -> Forecast:
    made = forecast_referrals(planted.history, planted.now)
    assert made is not None
    return made


def judge(planted: Planted, made: Forecast, score: np.ndarray) -> float:
    best = np.argsort(-score, kind="stable")[:TOP]
    return float((planted.came[made.customer][best] > 0).mean())


@pytest.mark.parametrize("kind", KINDS)
def test_list_is_no_worse_than_simple_rankings(kind: str) -> None:
    shares = []
    for seed in choose(5, 60):
        planted = plant(kind, seed)
        made, history = forecast(planted), planted.history
        n = len(history.joined)
        is_recent = history.day > planted.now - 365
        last_year = np.bincount(history.recommender[is_recent], minlength=n)[made.customer]
        so_far = np.bincount(history.recommender, minlength=n)[made.customer]
        true = planted.true[made.customer]
        scores = (made.referrals, last_year, so_far, true)
        shares.append([judge(planted, made, score) for score in scores])
    model, last_year, so_far, true = np.mean(shares, axis=0)
    assert model >= max(last_year, so_far) - 0.01
    assert true >= model
    if kind == "tenure":
        assert model >= 1.1 * max(last_year, so_far)


@pytest.mark.parametrize("kind", KINDS)
def test_intervals_of_sums_hold_what_came(kind: str) -> None:
    """A sample; `scripts/coverage` has 1,000 companies of each kind, all within 75-85 %."""
    held, total = [], []
    for seed in choose(12, 100):
        planted = plant(kind, 1000 + seed)
        made = forecast(planted)
        ranked = np.argsort(-made.referrals, kind="stable")
        came = planted.came[made.customer]
        for group in (ranked, ranked[:TOP], *np.array_split(ranked, 10)):
            low, high = made.bound_sum(group)
            held.append(low <= came[group].sum() <= high)
        total.append(made.referrals.sum() / planted.true[made.customer].sum())
    assert 0.7 <= np.mean(held) <= 0.9
    assert np.mean(total) == pytest.approx(1.0, abs=0.06)


def test_rates_of_other_years_do_not_move_the_forecast_of_a_band() -> None:
    """The slope of the log of the expected occasions, against differences."""
    planted = plant("tenure", 3, n=400)
    made, fit = forecast(planted), forecast(planted).fit
    past = referral_forecast._count_past(planted.history, planted.now)
    customer = made.customer
    x, years = planted.history.x[customer], past.years[customer]
    ahead = np.array([[0.0, 0.0, 0.3, 0.6, 0.0]]).repeat(len(customer), 0)

    def predict(bands: np.ndarray) -> np.ndarray:
        moved = replace(fit, bands=bands)
        seen = moved.predict_mean(years, x)
        return moved.predict_mean(ahead, x) * moved.weigh_history(made.past, seen)

    slope = referral_forecast._compute_slope(fit, ahead, x, years)
    for band in range(5):
        step = np.eye(5)[band] * 1e-6
        change = np.log(predict(fit.bands + step) / predict(fit.bands - step)) / 2e-6
        assert slope[:, band] == pytest.approx(change, abs=1e-5)


def test_too_few_occasions_give_no_forecast() -> None:
    planted = plant("gamma", 1, n=20, years=2)
    assert len(planted.history.day) < 10
    assert forecast_referrals(planted.history, planted.now) is None


def test_the_future_changes_no_forecast() -> None:
    planted = plant("gamma", 2, n=300)
    then = planted.now - 365
    history = planted.history
    cut = history.__class__(
        joined=history.joined,
        left=history.left,
        recommender=history.recommender[history.day <= then],
        day=history.day[history.day <= then],
        begin=history.begin,
        x=history.x,
    )
    whole, past = forecast_referrals(history, then), forecast_referrals(cut, then)
    assert whole is not None and past is not None
    assert whole.referrals.tolist() == past.referrals.tolist()


def test_intervals_lie_around_what_is_expected_where_some_name_several_at_once() -> None:
    planted = plant("gamma", 4)
    history = planted.history
    often = np.flatnonzero(np.bincount(history.recommender, minlength=2000) >= 3)[:50]
    is_often = np.isin(history.recommender, often)
    repeats = np.where(is_often, 4, 1)
    made = forecast_referrals(
        replace(
            history,
            recommender=np.repeat(history.recommender, repeats),
            day=np.repeat(history.day, repeats),
        ),
        planted.now,
    )
    assert made is not None
    group = np.flatnonzero(np.isin(made.customer, often))
    expected = made.referrals[group].sum()
    low, high = made.bound_sum(group)
    assert expected > 1.5 * made.occasions[group].sum()
    assert low < expected < high
    assert (low + high) / 2 == pytest.approx(expected, rel=0.15)

"""Counts with gamma-distributed rates: against statsmodels, and what history weighs."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from refgraph.estimates import referral_counts
from refgraph.estimates.mean_difference import compare_means
from refgraph.estimates.referral_counts import bound_total, fit_counts, list_factors


def draw_company(seed: int, n: int = 4000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    dice = np.random.default_rng(seed)
    years = dice.uniform(0.5, 8.0, (n, 1))
    x = dice.normal(size=(n, 2))
    mean = years[:, 0] * np.exp(-1.5 + x @ [0.4, -0.3])
    count = dice.poisson(mean * dice.gamma(0.8, 1 / 0.8, n)).astype(float)
    return count, years, x - x.mean(0)


@pytest.mark.parametrize("seed", [1, 2])
def test_one_band_without_a_pull_agrees_with_statsmodels(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(referral_counts, "RIDGE", 0.0)
    count, years, x = draw_company(seed)
    found = fit_counts(count[:, None], years, x)
    family = sm.families.NegativeBinomial(alpha=1 / found.shape)
    offset = np.log(years[:, 0])
    expected = sm.GLM(count, sm.add_constant(x), family=family, offset=offset).fit()
    assert found.bands[0] == pytest.approx(expected.params[0], abs=1e-5)
    assert found.effects == pytest.approx(expected.params[1:], abs=1e-5)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(expected.bse, rel=1e-3)
    model = sm.NegativeBinomial(count, sm.add_constant(x), offset=offset).fit(disp=0)
    assert 1 / found.shape == pytest.approx(model.params[-1], rel=1e-3)


def test_bands_find_planted_rates() -> None:
    dice = np.random.default_rng(3)
    years = dice.uniform(0, 3, (20_000, 3))
    count = dice.poisson(years * [0.6, 0.2, 0.05]).astype(float)
    found = fit_counts(count, years, np.zeros((20_000, 0)))
    assert np.exp(found.bands) == pytest.approx([0.6, 0.2, 0.05], rel=0.05)
    assert found.shape > 10


def test_information_is_minus_the_second_derivative_of_the_likelihood() -> None:
    """On average: the mean over companies of differences of the log likelihood."""
    dice = np.random.default_rng(8)
    years, shape = dice.uniform(0.5, 3, (300, 2)), 0.7
    x = dice.normal(size=(300, 1))
    theta = np.array([-1.0, -0.3, 0.4])
    means = years * np.exp(theta[:2]) * np.exp(x @ theta[2:])[:, None]

    def compute_likelihood(theta: np.ndarray, count: np.ndarray) -> float:
        means = years * np.exp(theta[:2]) * np.exp(x @ theta[2:])[:, None]
        mean, total = means.sum(1), count.sum(1)
        return float((count * np.log(means)).sum() - ((shape + total) * np.log(shape + mean)).sum())

    step, sums = 1e-3, np.zeros((3, 3))
    for _ in range(400):
        count = dice.poisson(means * dice.gamma(shape, 1 / shape, 300)[:, None]).astype(float)
        for a, b in np.ndindex(3, 3):
            e, f = np.eye(3)[a] * step, np.eye(3)[b] * step
            parts = (theta + e + f, theta + e - f, theta - e + f, theta - e - f)
            signs = (1, -1, -1, 1)
            sums[a, b] -= sum(
                s * compute_likelihood(t, count) for s, t in zip(signs, parts, strict=True)
            ) / (4 * step**2)
    none = np.zeros((3, 3))
    _, information = referral_counts._step(theta, count, years, x, shape, none)
    assert information == pytest.approx(sums / 400, rel=0.05, abs=1.0)


def test_weighted_history_is_the_mean_of_the_gamma_posterior() -> None:
    found = referral_counts.CountFit(np.zeros(1), np.zeros(0), 0.7, np.eye(1))
    count, mean = np.array([0.0, 1.0, 5.0]), np.array([2.0, 0.0, 1.5])
    posterior = [
        stats.gamma(0.7 + k, scale=1 / (0.7 + m)).mean() for k, m in zip(count, mean, strict=True)
    ]
    assert found.weigh_history(count, mean).tolist() == pytest.approx(posterior)


def test_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        fit_counts(np.zeros(3), np.ones((3, 1)), np.zeros((3, 0)))


@pytest.mark.parametrize(("mean", "variance"), [(0.4, 0.4), (6.0, 6.0), (6.0, 15.0), (80.0, 400.0)])
def test_bounds_of_a_total_are_those_of_drawn_totals(mean: float, variance: float) -> None:
    dice = np.random.default_rng(4)
    factors = list_factors(0.3, 200)
    low, high = bound_total(mean * factors, variance * factors, 0.1, 0.9)
    means = mean * dice.choice(factors, 200_000)
    if variance > mean:
        scale = variance / mean - 1
        means = dice.gamma(means / scale, scale)
    drawn = dice.poisson(means)

    def compute_mid(k: float) -> float:
        return float((drawn < k).mean() + (drawn == k).mean() / 2)

    assert compute_mid(low) >= 0.098 and (low == 0 or compute_mid(low - 1) <= 0.102)
    assert compute_mid(high) <= 0.902 and compute_mid(high + 1) >= 0.898
    assert (low, high) == (int(low), int(high)) and 0 <= low <= high


def test_huge_and_empty_totals_have_bounds() -> None:
    low, high = bound_total(np.array([1e7]), np.array([1e7]), 0.1, 0.9)
    assert (low - 1e7) / 1e7**0.5 == pytest.approx(-1.2816, abs=0.01)
    assert (high - 1e7) / 1e7**0.5 == pytest.approx(1.2816, abs=0.01)
    assert bound_total(np.zeros(3), np.zeros(3), 0.1, 0.9) == (0.0, 0.0)


def test_factors_have_mean_one() -> None:
    assert list_factors(0.2, 200).mean() == pytest.approx(1.0, abs=1e-3)
    assert list_factors(0.0, 3).tolist() == [1.0, 1.0, 1.0]


def test_mean_difference_is_that_of_welch() -> None:
    dice = np.random.default_rng(5)
    first, second = dice.poisson(0.4, 80), dice.poisson(0.2, 30)
    found = compare_means(first, second)
    expected = stats.ttest_ind(first, second, equal_var=False).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.value == pytest.approx(first.mean() - second.mean())
    assert found.detectable > found.high - found.value
    with pytest.raises(ValueError, match="two"):
        compare_means([1], [1, 2])


def test_planted_uplift_is_read_without_bias() -> None:
    dice = np.random.default_rng(6)
    found = [
        compare_means(dice.poisson(0.5, 200), dice.poisson(0.3, 50)).value for _ in range(1000)
    ]
    assert np.mean(found) == pytest.approx(0.2, abs=4 * np.std(found) / np.sqrt(1000))

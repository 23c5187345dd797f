"""Ratios against CR2 by explicit matrices and a bootstrap; Poisson rates against scipy's law."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from refgraph.estimates.ratio import compute_rate_interval, compute_ratio_interval


def compute_cr2_by_matrices(
    y: np.ndarray, x: np.ndarray, cluster: np.ndarray
) -> tuple[float, float, float]:
    """Ratio, standard error and dof: weighted regression of y/x on a constant, CR2 in full."""
    root = np.sqrt(x)
    design, outcome = root[:, None], np.where(x > 0, y / np.where(root > 0, root, 1), 0.0)
    bread = np.linalg.inv(design.T @ design)
    estimate = bread @ design.T @ outcome
    residual = outcome - design @ estimate
    parts = []
    for c in np.unique(cluster):
        rows = np.flatnonzero(cluster == c)
        hat = design[rows] @ bread @ design[rows].T
        values, vectors = np.linalg.eigh(np.eye(len(rows)) - hat)
        half = vectors @ np.diag(values**-0.5) @ vectors.T
        parts.append(float((bread @ design[rows].T @ half @ residual[rows])[0]) ** 2)
    variance = sum(parts)
    return float(estimate[0]), math.sqrt(variance), variance**2 / sum(p**2 for p in parts)


@pytest.mark.parametrize("seed", range(30))
def test_ratio_interval_random_clusters_equals_cr2_by_matrices(seed: int) -> None:
    dice = np.random.default_rng(seed)
    n = int(dice.integers(12, 60))
    cluster = dice.integers(0, n // 2, n)
    x = dice.lognormal(0, 1, n) * (dice.random(n) > 0.1)
    y = x * (dice.random(n) < 0.4)
    found = compute_ratio_interval(y, x, cluster)
    ratio, error, dof = compute_cr2_by_matrices(y, x, cluster)
    assert found.ratio == pytest.approx(ratio)
    if dof < 3:
        assert math.isnan(found.low)
        return
    half = stats.t.ppf(0.975, dof) * error
    assert found.dof == pytest.approx(dof)
    assert (found.low, found.high) == pytest.approx((ratio - half, ratio + half))


def test_ratio_interval_many_clusters_agrees_with_a_bootstrap_of_clusters() -> None:
    dice = np.random.default_rng(96)
    cluster = np.repeat(np.arange(400), dice.integers(1, 6, 400))
    x = dice.lognormal(0, 0.8, len(cluster))
    y = x * (dice.random(400) < 0.3)[cluster]
    found = compute_ratio_interval(y, x, cluster)
    sums = np.array([[y[cluster == c].sum(), x[cluster == c].sum()] for c in range(400)])
    drawn = sums[dice.integers(0, 400, (2000, 400))].sum(axis=1)
    spread = float(np.std(drawn[:, 0] / drawn[:, 1]))
    half = (found.high - found.low) / 2 / stats.t.ppf(0.975, found.dof)
    assert half == pytest.approx(spread, rel=0.06)


def test_ratio_interval_without_independent_clusters_is_unknown() -> None:
    assert math.isnan(compute_ratio_interval([1, 0, 1], [1, 1, 1], [0, 0, 0]).low)
    assert math.isnan(compute_ratio_interval([1, 1, 1, 1, 1], [1] * 5, range(5)).low)
    assert math.isnan(compute_ratio_interval([1, 0, 0, 0, 0], [1, 1, -1, 1, 1], range(5)).low)
    assert math.isnan(compute_ratio_interval([], [], []).ratio)
    assert math.isnan(compute_ratio_interval([3, 0], [-5, 2], [0, 1]).ratio)
    one_giant = compute_ratio_interval([1000, 1, 0, 0], [1000, 1, 1, 1], range(4))
    assert one_giant.dof < 3 and math.isnan(one_giant.high)


@pytest.mark.parametrize("events", [0, 1, 5, 60])
def test_rate_interval_has_two_and_a_half_percent_in_each_tail(events: int) -> None:
    low, high = compute_rate_interval(events, 8.0)
    assert stats.poisson.cdf(events, 8 * high) == pytest.approx(0.025)
    if events:
        assert stats.poisson.sf(events - 1, 8 * low) == pytest.approx(0.025)
    else:
        assert low == 0.0
    assert math.isnan(compute_rate_interval(events, 0.0)[0])


def test_ratio_interval_has_the_unit_of_y_and_ignores_empty_clusters() -> None:
    y, x, cluster = [1, 0, 1, 0, 1, 0, 0, 1], [1] * 8, list(range(8))
    whole = compute_ratio_interval(y, x, cluster)
    parts = compute_ratio_interval([1e-6 * number for number in y], x, cluster)
    assert parts[:3] == pytest.approx([1e-6 * end for end in whole[:3]], rel=1e-9)
    assert parts.dof == pytest.approx(whole.dof)
    padded = compute_ratio_interval([*y, 0, 0], [*x, 0, 0], [*cluster, 8, 9])
    assert padded == pytest.approx(whole)


@pytest.mark.parametrize("unit", [1e-15, 1e15])
def test_ratio_interval_of_tiny_and_of_huge_amounts_is_that_of_the_ratio(unit: float) -> None:
    y, x, cluster = [1, 0, 1, 0, 1, 0, 0, 1], [1] * 8, list(range(8))
    whole = compute_ratio_interval(y, x, cluster)
    scaled = [unit * number for number in y]
    of_parts = compute_ratio_interval(scaled, x, cluster)
    assert of_parts[:3] == pytest.approx([unit * end for end in whole[:3]], rel=1e-9)
    assert of_parts.dof == pytest.approx(whole.dof)
    same_unit = compute_ratio_interval(scaled, [unit] * 8, cluster)
    assert same_unit == pytest.approx(whole, rel=1e-9)


@pytest.mark.parametrize("unit", [1e-15, 1.0, 1e15])
def test_ratio_interval_of_equal_ratios_is_unknown_in_any_unit(unit: float) -> None:
    x = [0.1, 0.7, 1.3, 2.9, 0.3]
    assert math.isnan(compute_ratio_interval([unit * 0.3 * n for n in x], x, range(5)).low)

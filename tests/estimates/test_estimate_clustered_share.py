"""Shares of clustered counts, against matrices, analysis of variance and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import linalg, stats

from refgraph.estimates.clustered_share import compare_shares, measure_share
from refgraph.estimates.proportion import newcombe

CLUSTER = st.integers(1, 6).flatmap(lambda m: st.tuples(st.integers(0, m), st.just(m)))


def measure_by_matrices(hits: list[int], sizes: list[int]) -> float:
    """Variance CR2 of a mean by the formula for any regression, over that of independent counts."""
    y = np.concatenate([[1.0] * k + [0.0] * (m - k) for k, m in zip(hits, sizes, strict=True)])
    n, p, meat, start = len(y), y.mean(), 0.0, 0
    for m in sizes:
        adjusted = linalg.sqrtm(np.linalg.inv(np.eye(m) - np.ones((m, m)) / n)).real
        meat += float((adjusted @ (y[start : start + m] - p)).sum()) ** 2
        start += m
    return meat / n**2 / (p * (1 - p) / n)


def correlate_by_variance(hits: list[int], sizes: list[int]) -> float:
    groups = [[1.0] * k + [0.0] * (m - k) for k, m in zip(hits, sizes, strict=True)]
    f = stats.f_oneway(*groups).statistic
    n = sum(sizes)
    size = (n - sum(m * m for m in sizes) / n) / (len(sizes) - 1)
    return 1.0 if math.isinf(f) else (f - 1) / (f - 1 + size)


@given(st.lists(CLUSTER, min_size=2, max_size=12))
def test_measure_share_equals_matrices_and_analysis_of_variance(
    clusters: list[tuple[int, int]],
) -> None:
    hits, sizes = [k for k, _ in clusters], [m for _, m in clusters]
    found, n = measure_share(hits, sizes), sum(sizes)
    weight = sum(m * m for m in sizes) / n
    assert (found.k, found.n, found.clusters) == (sum(hits), n, pytest.approx(n / weight))
    assert found.largest == pytest.approx(max(sizes) / n)
    expected = 1 + 0.05 * (weight - 1)
    if 0 < found.k < n:
        expected = max(1.0, measure_by_matrices(hits, sizes))
        if n > len(sizes):
            correlation = max(0.0, correlate_by_variance(hits, sizes))
            expected = max(expected, 1 + correlation * (weight - 1))
    assert found.design_effect == pytest.approx(expected)
    assert found.effective == pytest.approx(n / expected)


def test_compare_shares_of_independent_counts_is_newcombe_with_t() -> None:
    first, second = (
        measure_share([1] * 56 + [0] * 14, [1] * 70),
        measure_share([1, 0] * 40, [1] * 80),
    )
    critical = (float(stats.t.ppf(0.975, 69)), float(stats.t.ppf(0.975, 79)))
    scale = first.design_effect, second.design_effect
    assert scale == (pytest.approx(70 / 69), pytest.approx(80 / 79))
    counts = (56 / scale[0], 70 / scale[0], 40 / scale[1], 80 / scale[1])
    found = compare_shares(first, second)
    assert found == newcombe(*counts, critical=critical)
    plain = newcombe(56, 70, 40, 80)
    assert found is not None and found.low < plain.low and found.high > plain.high


@pytest.mark.parametrize(("clusters", "is_known"), [(4, False), (5, True)])
def test_compare_shares_needs_five_effective_clusters(clusters: int, is_known: bool) -> None:
    first, second = (
        measure_share([2] * clusters, [4] * clusters),
        measure_share([1, 0] * 9, [1] * 18),
    )
    assert (compare_shares(first, second) is not None) is is_known
    assert (compare_shares(second, first) is not None) is is_known


def test_no_clusters_and_one_cluster_have_no_interval() -> None:
    nothing, one = measure_share([], []), measure_share([3], [9])
    many = measure_share([1, 0] * 9, [1] * 18)
    assert nothing.n == 0 and math.isnan(nothing.design_effect)
    assert math.isinf(one.design_effect) and one.effective == 0
    assert compare_shares(nothing, many) is None and compare_shares(many, one) is None
    with pytest.raises(ValueError, match="hits"):
        measure_share([2], [1])


def test_interval_covers_the_truth_where_that_of_independent_counts_does_not() -> None:
    """Correlation 0.2 within clusters, true shares 0.4 and 0.2; 95 % by name."""
    draw = np.random.default_rng(28)
    covered = {"clusters": 0, "plain": 0}
    runs = 300
    for _ in range(runs):
        sizes = np.minimum(draw.zipf(1.8, 90), 40)
        hits = draw.binomial(sizes, draw.beta(0.4 * 4, 0.6 * 4, 90))
        others = draw.binomial(1, 0.2, 200)
        found = compare_shares(measure_share(hits, sizes), measure_share(others, np.ones(200)))
        plain = newcombe(int(hits.sum()), int(sizes.sum()), int(others.sum()), 200)
        assert found is not None
        covered["clusters"] += found.low <= 0.2 <= found.high
        covered["plain"] += plain.low <= 0.2 <= plain.high
    assert covered["clusters"] / runs > 0.91 and covered["plain"] / runs < 0.85

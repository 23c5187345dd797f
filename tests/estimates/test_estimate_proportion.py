"""Wilson and Newcombe against scipy, the score equation and published values."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from refgraph.estimates.normal import Z95, critical_value, normal_quantile
from refgraph.estimates.proportion import newcombe, wilson, wilson_array

COUNTS = st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
CONFIDENCE = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.9999])


@pytest.mark.parametrize(
    "k, n, low, high",
    [
        (30, 96, 0.2285, 0.4109),
        (29, 96, 0.2193, 0.4001),
        (16, 30, 0.361, 0.698),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_equals_worked_and_published_values(k: int, n: int, low: float, high: float) -> None:
    digits = 3 if n == 30 else 4
    assert tuple(round(x, digits) for x in wilson(k, n)) == (low, high)


@given(COUNTS, CONFIDENCE)
def test_wilson_equals_scipy(counts: tuple[int, int], confidence: float) -> None:
    k, n = counts
    expected = stats.binomtest(k, n).proportion_ci(confidence, method="wilson")
    assert wilson(k, n, confidence) == pytest.approx(
        (expected.low, expected.high), rel=1e-9, abs=1e-12
    )


@given(COUNTS)
def test_wilson_limits_solve_the_score_equation(counts: tuple[int, int]) -> None:
    k, n = counts
    for end in wilson(k, n):
        assert (k / n - end) ** 2 * n == pytest.approx(Z95**2 * end * (1 - end), rel=1e-6, abs=1e-9)


@given(COUNTS)
def test_wilson_limits_are_ordered_and_exact_at_the_ends(counts: tuple[int, int]) -> None:
    k, n = counts
    low, high = wilson(k, n)
    assert 0.0 <= low <= k / n <= high <= 1.0
    assert (low == 0.0) == (k == 0) and (high == 1.0) == (k == n)


def test_wilson_of_tiny_share_keeps_its_digits() -> None:
    low, high = wilson(1, 10**12)
    assert low == pytest.approx(0.17655e-12, rel=1e-3) and high == pytest.approx(
        5.6643e-12, rel=1e-3
    )


@given(st.lists(COUNTS, max_size=30), CONFIDENCE)
def test_wilson_array_equals_wilson_exactly(
    pairs: list[tuple[int, int]], confidence: float
) -> None:
    low, high = wilson_array([k for k, _ in pairs], [n for _, n in pairs], confidence)
    assert list(zip(low.tolist(), high.tolist(), strict=False)) == [
        wilson(k, n, confidence) for k, n in pairs
    ]


def test_intervals_of_nothing_counted_are_nan() -> None:
    assert all(map(math.isnan, wilson(0, 0))) and all(map(math.isnan, newcombe(0, 0, 1, 2)))
    assert all(map(math.isnan, newcombe(1, 2, 0, 0)))
    low, high = wilson_array(np.array([0, 3]), np.array([0, 3]))
    assert np.isnan([low[0], high[0]]).all() and high[1] == 1.0


@pytest.mark.parametrize(
    "first, second, expected",
    [
        ((56, 70), (48, 80), (0.2000, 0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.6000, 0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.5714, 0.0582, 0.8062)),
        ((5, 56), (0, 29), (0.0893, -0.0381, 0.1926)),
        ((0, 10), (0, 20), (0.0000, -0.1611, 0.2775)),
        ((0, 10), (0, 10), (0.0000, -0.2775, 0.2775)),
        ((10, 10), (0, 20), (1.0000, 0.6791, 1.0000)),
        ((10, 10), (0, 10), (1.0000, 0.6075, 1.0000)),
    ],
)
def test_newcombe_equals_table_two_of_1998(
    first: tuple[int, int], second: tuple[int, int], expected: tuple[float, float, float]
) -> None:
    assert tuple(round(x, 4) for x in newcombe(*first, *second)) == expected


@given(COUNTS, COUNTS)
def test_newcombe_of_exchanged_groups_changes_sign(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    forward, backward = newcombe(*first, *second), newcombe(*second, *first)
    assert forward == pytest.approx(
        (-backward.difference, -backward.high, -backward.low), abs=1e-12
    )
    assert -1.0 <= forward.low <= forward.difference <= forward.high <= 1.0


@pytest.mark.parametrize("k, n", [(-1, 5), (6, 5), (1, 0), (math.nan, 5), (1, math.inf)])
def test_wilson_of_impossible_counts_is_refused(k: float, n: float) -> None:
    with pytest.raises(ValueError):
        wilson(k, n)
    with pytest.raises(ValueError):
        wilson_array([1, k], [2, n])


@given(st.floats(1e-12, 1 - 1e-12))
def test_normal_quantile_equals_scipy(p: float) -> None:
    assert normal_quantile(p) == pytest.approx(stats.norm.ppf(p), rel=1e-9, abs=1e-12)
    assert critical_value(0.95) == Z95 == normal_quantile(0.975)


@pytest.mark.parametrize("confidence", [0.0, 1.0, -1.0, math.nan])
def test_intervals_with_impossible_confidence_are_refused(confidence: float) -> None:
    with pytest.raises(ValueError):
        wilson(1, 2, confidence)
    for call in (critical_value, normal_quantile):
        with pytest.raises(ValueError):
            call(confidence)

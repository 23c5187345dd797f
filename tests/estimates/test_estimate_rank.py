"""Scores against counts, Kendall's tau against counting all pairs."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refgraph.estimates import rank
from refgraph.estimates.rank import kendall_tau_b, quantile_scores

TIED = st.lists(st.integers(0, 12).map(float), min_size=1, max_size=40)


def compute_tau_by_pairs(x: list[float], y: list[float]) -> float:
    """Concordant less discordant over all pairs."""
    signs = [
        (np.sign(a - c), np.sign(b - d))
        for (a, b), (c, d) in combinations(zip(x, y, strict=False), 2)
    ]
    both = math.sqrt(sum(s != 0 for s, _ in signs) * sum(t != 0 for _, t in signs))
    return float(sum(s * t for s, t in signs) / both) if both else math.nan


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=25))
def test_kendall_tau_b_equals_count_of_pairs(pairs: list[tuple[int, int]]) -> None:
    x, y = [float(a) for a, _ in pairs], [float(b) for _, b in pairs]
    assert kendall_tau_b(x, y) == pytest.approx(compute_tau_by_pairs(x, y), abs=1e-12, nan_ok=True)
    assert kendall_tau_b([*x, math.nan], [*y, 1.0]) == pytest.approx(
        kendall_tau_b(x, y), nan_ok=True
    )


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from([-math.inf, 0.1, 0.2, 0.3, 7.0, math.inf])),
        min_size=2,
        max_size=60,
    )
)
def test_kendall_tau_b_by_pairs_equals_by_sorting(pairs: list[tuple[int, float]]) -> None:
    x, y = (np.array(side, np.float64) for side in zip(*pairs, strict=True))
    if x.min() < x.max() and y.min() < y.max():
        assert rank._tau_b_by_pairs(x, y) == rank._tau_b_by_sorting(x, y)


def test_kendall_tau_b_of_different_lengths_is_refused() -> None:
    with pytest.raises(ValueError):
        kendall_tau_b([1.0], [1.0, 2.0])
    assert kendall_tau_b(np.arange(50), -np.arange(50)) == -1.0


@given(TIED, st.integers(1, 9))
def test_quantile_scores_follow_the_middle_of_each_tie(x: list[float], scores: int) -> None:
    result = quantile_scores(x, scores)
    for value, score in zip(x, result.tolist(), strict=False):
        twice = 2 * sum(v < value for v in x) + sum(v == value for v in x)  # 2 (midrank - 1/2)
        assert (score - 1) * 2 * len(x) < twice * scores <= score * 2 * len(x)


@given(TIED, st.randoms())
def test_quantile_scores_do_not_depend_on_row_order(x: list[float], random: object) -> None:
    order = list(range(len(x)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert quantile_scores([x[i] for i in order]).tolist() == quantile_scores(x)[order].tolist()


@given(st.integers(1, 60))
def test_quantile_scores_without_ties_are_even(n: int) -> None:
    sizes = np.bincount(quantile_scores(np.arange(5 * n)), minlength=6)
    assert sizes.tolist() == [0, n, n, n, n, n]


def test_quantile_scores_of_missing_values_are_zero() -> None:
    assert quantile_scores([math.nan, 1.0, 2.0]).tolist() == [0, 2, 4]
    assert quantile_scores([math.nan]).tolist() == [0]
    with pytest.raises(ValueError):
        quantile_scores([1.0], 0)

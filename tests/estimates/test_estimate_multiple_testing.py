"""Benjamini-Hochberg against scipy, and against the definition in exact fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from refgraph.estimates.multiple_testing import benjamini_hochberg

P = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=40)


def select_by_definition(p: list[float], q: float, m: int) -> list[bool]:
    """The largest i whose p passes, found by trying all, in fractions."""
    ordered = sorted(map(Fraction, p))
    passed = [x for i, x in enumerate(ordered, 1) if x * m <= Fraction(q) * i]
    return [bool(passed) and Fraction(x) <= passed[-1] for x in p]


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_benjamini_hochberg_equals_scipy(seed: int, looks: int) -> None:
    p = np.random.default_rng(seed).uniform(size=looks) ** 4
    assert benjamini_hochberg(p).tolist() == (stats.false_discovery_control(p) <= 0.05).tolist()


@given(
    st.lists(st.integers(0, 1024), min_size=1, max_size=40),
    st.integers(0, 30),
    st.sampled_from([0.0625, 0.25, 1.0]),
)
def test_benjamini_hochberg_with_ties_and_unlisted_tests_follows_definition(
    steps: list[int], more: int, q: float
) -> None:
    p = [s / 1024 for s in steps]
    assert benjamini_hochberg(p, q, len(p) + more).tolist() == select_by_definition(
        p, q, len(p) + more
    )


@given(P, st.integers(0, 50))
def test_benjamini_hochberg_counts_unlisted_tests_as_ones(p: list[float], more: int) -> None:
    assert (
        benjamini_hochberg(p, m=len(p) + more).tolist()
        == benjamini_hochberg([*p, *[1.0] * more])[: len(p)].tolist()
    )


@given(P, st.randoms())
def test_benjamini_hochberg_does_not_depend_on_order(p: list[float], random: object) -> None:
    order = list(range(len(p)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert (
        benjamini_hochberg([p[i] for i in order]).tolist() == benjamini_hochberg(p)[order].tolist()
    )


def test_benjamini_hochberg_of_1995_example_equals_published_count() -> None:
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.324,
        0.4262,
        0.5719,
        0.6528,
        0.759,
        1.0,
    ]
    assert benjamini_hochberg(p).sum() == 4


def test_benjamini_hochberg_does_not_count_nan() -> None:
    assert benjamini_hochberg([np.nan, 0.04, np.nan]).tolist() == [False, True, False]
    assert benjamini_hochberg([]).tolist() == [] and benjamini_hochberg([np.nan]).tolist() == [
        False
    ]


@pytest.mark.parametrize("arguments", [([1.1],), ([-0.1],), ([0.1, 0.2], 0.05, 1), ([0.1], 1.5)])
def test_benjamini_hochberg_with_impossible_arguments_is_refused(
    arguments: tuple[object, ...],
) -> None:
    with pytest.raises(ValueError):
        benjamini_hochberg(*arguments)  # type: ignore[arg-type]

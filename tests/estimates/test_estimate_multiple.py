"""Benjamini-Hochberg against scipy, and against the definition in exact fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from refgraph.estimates.multiple import bh

P = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=40)


def by_definition(p: list[float], q: float, m: int) -> list[bool]:
    """The largest i whose p passes, found by trying all, in fractions."""
    ordered = sorted(map(Fraction, p))
    passed = [x for i, x in enumerate(ordered, 1) if x * m <= Fraction(q) * i]
    return [bool(passed) and Fraction(x) <= passed[-1] for x in p]


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_the_mask_is_that_of_scipy(seed: int, looks: int) -> None:
    p = np.random.default_rng(seed).uniform(size=looks) ** 4
    assert bh(p).tolist() == (stats.false_discovery_control(p) <= 0.05).tolist()


@given(
    st.lists(st.integers(0, 1024), min_size=1, max_size=40), st.integers(0, 30),
    st.sampled_from([0.0625, 0.25, 1.0]),
)
def test_the_definition_with_ties_and_more_looks(steps: list[int], more: int, q: float) -> None:
    p = [s / 1024 for s in steps]
    assert bh(p, q, len(p) + more).tolist() == by_definition(p, q, len(p) + more)


@given(P, st.integers(0, 50))
def test_looks_not_listed_count_as_ones(p: list[float], more: int) -> None:
    assert bh(p, m=len(p) + more).tolist() == bh([*p, *[1.0] * more])[: len(p)].tolist()


@given(P, st.randoms())
def test_order_does_not_matter(p: list[float], random: object) -> None:
    order = list(range(len(p)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert bh([p[i] for i in order]).tolist() == bh(p)[order].tolist()


def test_benjamini_and_hochberg_1995_example() -> None:
    p = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .324, .4262, .5719, .6528, .759, 1.0]
    assert bh(p).sum() == 4


def test_nan_is_no_look() -> None:
    assert bh([np.nan, 0.04, np.nan]).tolist() == [False, True, False]
    assert bh([]).tolist() == [] and bh([np.nan]).tolist() == [False]


@pytest.mark.parametrize("arguments", [([1.1],), ([-0.1],), ([0.1, 0.2], 0.05, 1), ([0.1], 1.5)])
def test_impossible_arguments(arguments: tuple[object, ...]) -> None:
    with pytest.raises(ValueError):
        bh(*arguments)  # type: ignore[arg-type]

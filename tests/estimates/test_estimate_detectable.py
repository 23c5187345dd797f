"""The smallest detectable gap against the power of the test and the worked numbers; cost of credit."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from refgraph.estimates.compound import credit_cost
from refgraph.estimates.detectable import detectable_gap, needed_each


def test_worked_numbers() -> None:
    assert round(100 * detectable_gap(30, 66, 1.0), 1) == 61.7
    assert needed_each(0.16, 1.0) == 614 and needed_each(0.16, 0.5) == 154


SIDE = st.integers(2, 5000)


@given(SIDE, SIDE, st.floats(0.05, 5.0), st.floats(0.3, 0.99), st.floats(0.6, 0.99))
def test_the_gap_is_found_with_the_power_asked(
    n1: int, n2: int, cv: float, power: float, confidence: float
) -> None:
    gap = detectable_gap(n1, n2, cv, confidence, power)
    noise = cv * math.sqrt(1 / n1 + 1 / n2)
    found = stats.norm.sf(stats.norm.isf((1 - confidence) / 2), loc=gap / noise)
    assert found == pytest.approx(power, rel=1e-9)


@given(st.floats(0.02, 2.0), st.floats(0.1, 3.0))
def test_needed_is_the_least_that_finds_the_gap(gap: float, cv: float) -> None:
    n = needed_each(gap, cv)
    assert detectable_gap(n, n, cv) <= gap * (1 + 1e-12)
    assert n == 1 or detectable_gap(n - 1, n - 1, cv) > gap * (1 - 1e-12)


def test_an_empty_side_finds_nothing() -> None:
    assert detectable_gap(0, 66, 1.0) == math.inf == detectable_gap(30, 0, 1.0)
    assert detectable_gap(30, 66, 0.0) == 0.0


@pytest.mark.parametrize("call", [
    lambda: detectable_gap(-1, 5, 1.0), lambda: detectable_gap(5, 5, -1.0),
    lambda: detectable_gap(5, 5, math.nan), lambda: detectable_gap(5, 5, 1.0, power=1.0),
    lambda: needed_each(0.0, 1.0), lambda: needed_each(0.1, math.inf), lambda: credit_cost(1, -0.1),
    lambda: credit_cost(1, math.inf), lambda: credit_cost(1, 0.1, 0.0),
])
def test_impossible_arguments(call: object) -> None:
    with pytest.raises(ValueError):
        call()  # type: ignore[operator]


def test_cost_of_credit() -> None:
    cost = credit_cost(np.array([120.0, 0.0, 365.0, np.nan, -30.0]), 0.06)
    assert cost[:3].tolist() == pytest.approx([120 * 0.06 / 365, 0.0, 0.06])
    assert round(100 * cost[0], 2) == 1.97
    assert math.isnan(cost[3]) and cost[4] < 0

"""The smallest detectable difference against the power of the test and hand counts."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from refgraph.estimates.power import minimum_detectable_difference, required_group_size


def test_power_equals_worked_numbers() -> None:
    assert round(100 * minimum_detectable_difference(30, 66, 1.0), 1) == 61.7
    assert required_group_size(0.16, 1.0) == 614 and required_group_size(0.16, 0.5) == 154


SIDE = st.integers(2, 5000)


@given(SIDE, SIDE, st.floats(0.05, 5.0), st.floats(0.3, 0.99), st.floats(0.6, 0.99))
def test_minimum_detectable_difference_is_found_with_requested_power(
    n1: int, n2: int, cv: float, power: float, confidence: float
) -> None:
    gap = minimum_detectable_difference(n1, n2, cv, confidence, power)
    noise = cv * math.sqrt(1 / n1 + 1 / n2)
    found = stats.norm.sf(stats.norm.isf((1 - confidence) / 2), loc=gap / noise)
    assert found == pytest.approx(power, rel=1e-9)


@given(st.floats(0.02, 2.0), st.floats(0.1, 3.0))
def test_required_group_size_is_the_least_that_finds_the_gap(gap: float, cv: float) -> None:
    n = required_group_size(gap, cv)
    assert minimum_detectable_difference(n, n, cv) <= gap * (1 + 1e-12)
    assert n == 1 or minimum_detectable_difference(n - 1, n - 1, cv) > gap * (1 - 1e-12)


def test_minimum_detectable_difference_of_empty_group_is_infinite() -> None:
    assert (
        minimum_detectable_difference(0, 66, 1.0)
        == math.inf
        == minimum_detectable_difference(30, 0, 1.0)
    )
    assert minimum_detectable_difference(30, 66, 0.0) == 0.0


@pytest.mark.parametrize(
    "call",
    [
        lambda: minimum_detectable_difference(-1, 5, 1.0),
        lambda: minimum_detectable_difference(5, 5, -1.0),
        lambda: minimum_detectable_difference(5, 5, math.nan),
        lambda: minimum_detectable_difference(5, 5, 1.0, power=1.0),
        lambda: required_group_size(0.0, 1.0),
        lambda: required_group_size(0.1, math.inf),
    ],
)
def test_power_with_impossible_arguments_is_refused(call: object) -> None:
    with pytest.raises(ValueError):
        call()  # type: ignore[operator]

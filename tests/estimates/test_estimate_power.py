"""The smallest detectable difference against the power of the test and hand counts."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from refgraph.estimates.power import minimum_detectable_difference


def test_power_equals_worked_numbers() -> None:
    assert round(100 * minimum_detectable_difference(30, 66, 1.0), 1) == 61.7


SIDE = st.integers(2, 5000)


@given(SIDE, SIDE, st.floats(0.05, 5.0), st.floats(0.3, 0.99), st.floats(0.6, 0.99))
def test_minimum_detectable_difference_is_found_with_requested_power(
    n1: int, n2: int, cv: float, power: float, confidence: float
) -> None:
    gap = minimum_detectable_difference(n1, n2, cv, confidence, power)
    noise = cv * math.sqrt(1 / n1 + 1 / n2)
    found = stats.norm.sf(stats.norm.isf((1 - confidence) / 2), loc=gap / noise)
    assert found == pytest.approx(power, rel=1e-9)


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
    ],
)
def test_power_with_impossible_arguments_is_refused(call: object) -> None:
    with pytest.raises(ValueError):
        call()  # type: ignore[operator]

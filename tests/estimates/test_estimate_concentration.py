"""Concentration against sums in fractions, mean differences, and the Pareto law."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from refgraph.estimates.concentration import (
    gini,
    smallest_share_for,
    whale_curve,
)

VALUES = st.lists(st.integers(-50, 200), min_size=1, max_size=40)


def compute_curve_at(x: list[int], share: Fraction) -> Fraction:
    """Cumulative share at a share of customers, linear between customers, in fractions."""
    ordered = sorted(x, reverse=True)
    whole, part = divmod(share * len(x), 1)
    extra = part * ordered[int(whole)] if part else Fraction(0)
    return (sum(ordered[: int(whole)]) + extra) / Fraction(sum(x))


@given(st.floats(1e-6, 1e12), st.integers(1, 3000))
def test_concentration_of_equal_values_is_none(value: float, n: int) -> None:
    assert gini([value] * n) == 0.0 if n > 1 else math.isnan(gini([value]))
    assert smallest_share_for([value] * n) == pytest.approx(0.8, rel=1e-11)


@given(VALUES, st.integers(1, 64))
def test_smallest_share_for_is_the_first_crossing_of_the_curve(x: list[int], step: int) -> None:
    assume(sum(x) > 0)
    part = Fraction(step, 64)
    first = smallest_share_for(x, step / 64)
    assert float(compute_curve_at(x, Fraction(first))) == pytest.approx(step / 64, abs=1e-9)
    for k in range(math.ceil(first * len(x) - 1e-9)):
        assert compute_curve_at(x, Fraction(k, len(x))) < part


@given(VALUES)
def test_gini_is_half_the_relative_mean_difference(x: list[int]) -> None:
    gains = [v for v in x if v >= 0]
    if sum(x) <= 0 or len(gains) < 2:
        assert math.isnan(gini(x))
        return
    spread = sum(abs(a - b) for a in gains for b in gains)
    assert gini(x) == pytest.approx(float(Fraction(spread, 2 * len(gains) * sum(gains))), abs=1e-12)


@given(VALUES)
def test_whale_curve_equals_sums(x: list[int]) -> None:
    assume(sum(x) > 0)
    ordered = sorted(x, reverse=True)
    customers, curve = whale_curve(x)
    assert customers[0] == curve[0] == 0.0 and customers[-1] == curve[-1] == 1.0
    assert curve == pytest.approx([sum(ordered[:i]) / sum(x) for i in range(len(x) + 1)])
    assert whale_curve([0.1] * 10)[1][-1] == 1.0


@pytest.mark.parametrize("x", [[], [0.0, 0.0], [-5.0, 2.0], [math.nan]])
def test_concentration_without_a_total_is_nan(x: list[float]) -> None:
    assert math.isnan(smallest_share_for(x))
    assert np.isnan(whale_curve(x)[1]).all()


def test_curve_with_losses_exceeds_one() -> None:
    x = [60.0, 60.0, -10.0, -10.0, math.nan]
    assert whale_curve(x)[1].max() == pytest.approx(1.2)
    assert smallest_share_for(x, 1.0) == pytest.approx(100 / 60 / 4)


def test_concentration_of_a_pareto_law_equals_its_formulas() -> None:
    """Arnold 1983: the best share t of a law with exponent a brings t^(1 - 1/a)."""
    n, steep = 200_000, 3.0
    law = ((np.arange(n) + 0.5) / n) ** (-1 / steep)
    assert smallest_share_for(law, 0.4 ** (1 - 1 / steep)) == pytest.approx(0.4, abs=1e-3)
    assert gini(law) == pytest.approx(1 / (2 * steep - 1), abs=1e-3)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.randoms())
def test_concentration_does_not_depend_on_row_order(x: list[float], random: object) -> None:
    shuffled = x.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for number in (smallest_share_for, gini):
        assert np.array(number(x)).tobytes() == np.array(number(shuffled)).tobytes()


@pytest.mark.parametrize(
    "call",
    [
        lambda: smallest_share_for([1.0], 0.0),
    ],
)
def test_concentration_with_impossible_arguments_is_refused(call: object) -> None:
    with pytest.raises(ValueError):
        call()  # type: ignore[operator]

"""Concentration against sums in fractions, mean differences, and the Pareto law."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from refgraph.estimates.concentration import (
    concentration_ratio,
    gini,
    pareto_alpha,
    pareto_top_share,
    smallest_share_for,
    summarize_losses,
    top_share,
    whale_curve,
)

VALUES = st.lists(st.integers(-50, 200), min_size=1, max_size=40)


def compute_curve_at(x: list[int], share: Fraction) -> Fraction:
    """Cumulative share at a share of customers, linear between customers, in fractions."""
    ordered = sorted(x, reverse=True)
    whole, part = divmod(share * len(x), 1)
    extra = part * ordered[int(whole)] if part else Fraction(0)
    return (sum(ordered[: int(whole)]) + extra) / Fraction(sum(x))


@given(VALUES, st.integers(0, 64))
def test_top_share_equals_the_curve_in_fractions(x: list[int], step: int) -> None:
    assume(sum(x) > 0)
    expected = float(compute_curve_at(x, Fraction(step, 64)))
    assert top_share(x, step / 64) == pytest.approx(expected, rel=1e-10, abs=1e-10)


@given(st.floats(1e-6, 1e12), st.integers(1, 3000))
def test_concentration_of_equal_values_is_none(value: float, n: int) -> None:
    assert top_share([value] * n) == 0.2
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
    assert summarize_losses(x) == (sum(v < 0 for v in x), sum(v for v in x if v < 0))


@given(VALUES, st.integers(0, 45))
def test_concentration_ratio_and_whale_curve_equal_sums(x: list[int], k: int) -> None:
    assume(sum(x) > 0)
    ordered = sorted(x, reverse=True)
    assert concentration_ratio(x, k) == pytest.approx(sum(ordered[:k]) / sum(x))
    customers, curve = whale_curve(x)
    assert customers[0] == curve[0] == 0.0 and customers[-1] == curve[-1] == 1.0
    assert curve == pytest.approx([sum(ordered[:i]) / sum(x) for i in range(len(x) + 1)])
    assert whale_curve([0.1] * 10)[1][-1] == 1.0


@pytest.mark.parametrize("x", [[], [0.0, 0.0], [-5.0, 2.0], [math.nan]])
def test_concentration_without_a_total_is_nan(x: list[float]) -> None:
    for number in (top_share(x), smallest_share_for(x), concentration_ratio(x, 2)):
        assert math.isnan(number)
    assert np.isnan(whale_curve(x)[1]).all()


def test_top_share_with_losses_exceeds_one() -> None:
    x = [60.0, 60.0, -10.0, -10.0, math.nan]
    assert top_share(x, 0.5) == pytest.approx(1.2) and whale_curve(x)[1].max() == pytest.approx(1.2)
    assert smallest_share_for(x, 1.0) == pytest.approx(100 / 60 / 4) and summarize_losses(x) == (
        2,
        -20.0,
    )


def test_pareto_alpha_of_80_20_equals_published_value() -> None:
    alpha = pareto_alpha(0.2, 0.8)
    assert alpha == pytest.approx(math.log(5) / math.log(4))
    assert pareto_top_share(alpha, 0.2) == pytest.approx(0.8)
    n, steep = 200_000, 3.0
    law = ((np.arange(n) + 0.5) / n) ** (-1 / steep)
    assert top_share(law) == pytest.approx(pareto_top_share(steep), abs=1e-4)
    assert smallest_share_for(law, pareto_top_share(steep, 0.4)) == pytest.approx(0.4, abs=1e-3)
    assert gini(law) == pytest.approx(1 / (2 * steep - 1), abs=1e-3)


@given(st.floats(0.01, 0.9), st.floats(1.01, 20.0))
def test_pareto_alpha_inverts_pareto_top_share(top: float, alpha: float) -> None:
    assert pareto_alpha(top, pareto_top_share(alpha, top)) == pytest.approx(alpha, rel=1e-6)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.randoms())
def test_concentration_does_not_depend_on_row_order(x: list[float], random: object) -> None:
    shuffled = x.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for number in (top_share, smallest_share_for, gini, summarize_losses):
        assert np.array(number(x)).tobytes() == np.array(number(shuffled)).tobytes()


@pytest.mark.parametrize(
    "call",
    [
        lambda: top_share([1.0], 1.5),
        lambda: smallest_share_for([1.0], 0.0),
        lambda: concentration_ratio([1.0], -1),
        lambda: pareto_alpha(0.8, 0.2),
        lambda: pareto_top_share(1.0),
        lambda: pareto_top_share(2.0, -0.1),
    ],
)
def test_concentration_with_impossible_arguments_is_refused(call: object) -> None:
    with pytest.raises(ValueError):
        call()  # type: ignore[operator]

"""Medians and quantiles against the standard library, numpy and a loop over groups."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refgraph.estimates.quantile import compute_grouped_median, median, quantile

VALUES = st.lists(st.one_of(st.floats(-1e9, 1e9), st.just(math.nan)), max_size=40)


def drop_missing(x: list[float]) -> list[float]:
    return [v for v in x if not math.isnan(v)]


@given(VALUES)
def test_median_equals_the_standard_library(x: list[float]) -> None:
    known = drop_missing(x)
    assert median(x) == pytest.approx(statistics.median(known) if known else math.nan, nan_ok=True)


@given(VALUES, st.floats(0.0, 1.0))
def test_quantile_is_linear_between_neighbours(x: list[float], q: float) -> None:
    known = sorted(drop_missing(x))
    if not known:
        assert math.isnan(quantile(x, q))
        return
    place = q * (len(known) - 1)
    low, high = known[math.floor(place)], known[min(math.floor(place) + 1, len(known) - 1)]
    expected = low + (place - math.floor(place)) * (high - low)
    assert quantile(x, q) == pytest.approx(expected, rel=1e-9, abs=1e-6)


@given(
    st.lists(st.tuples(st.integers(-1, 6), st.floats(-1e9, 1e9) | st.just(math.nan)), max_size=60)
)
def test_grouped_median_is_the_median_of_each_group(rows: list[tuple[int, float]]) -> None:
    result = compute_grouped_median(
        np.array([g for g, _ in rows], np.int64), [x for _, x in rows], 7
    )
    expected = [median([x for g, x in rows if g == group]) for group in range(7)]
    assert np.array_equal(result, expected, equal_nan=True)


ZEROS = st.sampled_from([0.0, -0.0, 1.0, math.nan])


@given(st.lists(st.tuples(st.integers(0, 3), ZEROS), max_size=20), st.randoms())
def test_quantiles_do_not_depend_on_row_order(
    rows: list[tuple[int, float]], random: object
) -> None:
    shuffled = rows.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    columns = [(np.array([g for g, _ in r], np.int32), [x for _, x in r]) for r in (rows, shuffled)]
    first, second = (compute_grouped_median(group, x, 4) for group, x in columns)
    assert first.tobytes() == second.tobytes()
    bits = {np.float64(median([x for _, x in r])).tobytes() for r in (rows, shuffled)}
    assert len(bits) == 1


def test_quantiles_of_empty_inputs_are_nan() -> None:
    assert math.isnan(median([])) and math.isnan(quantile([math.nan], 0.5))
    assert np.isnan(compute_grouped_median(np.zeros(0, np.int64), [], 3)).all()
    assert compute_grouped_median(np.zeros(0, np.int64), [], 0).shape == (0,)


@pytest.mark.parametrize(
    "call",
    [
        lambda: quantile([1.0], 1.1),
        lambda: quantile([1.0], math.nan),
        lambda: compute_grouped_median(np.array([3]), [1.0], 3),
        lambda: compute_grouped_median(np.array([0, 1]), [1.0], 3),
    ],
)
def test_quantiles_with_impossible_arguments_are_refused(call: object) -> None:
    with pytest.raises(ValueError):
        call()  # type: ignore[operator]

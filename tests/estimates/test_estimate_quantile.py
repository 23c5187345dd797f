"""Medians by group against the standard library."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refgraph.estimates.quantile import compute_grouped_median


def find_median(x: list[float]) -> float:
    known = [v for v in x if not math.isnan(v)]
    return statistics.median(known) if known else math.nan


@given(
    st.lists(st.tuples(st.integers(-1, 6), st.floats(-1e9, 1e9) | st.just(math.nan)), max_size=60)
)
def test_grouped_median_is_the_median_of_each_group(rows: list[tuple[int, float]]) -> None:
    result = compute_grouped_median(
        np.array([g for g, _ in rows], np.int64), [x for _, x in rows], 7
    )
    expected = [find_median([x for g, x in rows if g == group]) for group in range(7)]
    assert np.array_equal(result, expected, equal_nan=True)


ZEROS = st.sampled_from([0.0, -0.0, 1.0, math.nan])


@given(st.lists(st.tuples(st.integers(0, 3), ZEROS), max_size=20), st.randoms())
def test_grouped_medians_do_not_depend_on_row_order(
    rows: list[tuple[int, float]], random: object
) -> None:
    shuffled = rows.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    columns = [(np.array([g for g, _ in r], np.int32), [x for _, x in r]) for r in (rows, shuffled)]
    first, second = (compute_grouped_median(group, x, 4) for group, x in columns)
    assert first.tobytes() == second.tobytes()


def test_grouped_medians_of_empty_inputs_are_nan() -> None:
    assert np.isnan(compute_grouped_median(np.zeros(0, np.int64), [], 3)).all()
    assert compute_grouped_median(np.zeros(0, np.int64), [], 0).shape == (0,)


@pytest.mark.parametrize(
    "call",
    [
        lambda: compute_grouped_median(np.array([3]), [1.0], 3),
        lambda: compute_grouped_median(np.array([0, 1]), [1.0], 3),
    ],
)
def test_grouped_medians_with_impossible_arguments_are_refused(call: object) -> None:
    with pytest.raises(ValueError):
        call()  # type: ignore[operator]

"""Bounds against filling in the unknown both ways."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refgraph.estimates.bounds import share_bounds


def test_the_classic_case() -> None:
    assert share_bounds(30, 10, 96) == (30 / 96, 40 / 96)


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=60))
def test_no_way_of_filling_in_leaves_the_bounds(sources: list[bool | None]) -> None:
    least, most = ([fill if s is None else s for s in sources] for fill in (False, True))
    expected = (sum(least) / len(least), sum(most) / len(most))
    assert share_bounds(sources.count(True), sources.count(None), len(sources)) == expected


def test_what_cannot_be_bounded_is_nan() -> None:
    low, high = share_bounds(30, None, 96)
    assert low == 0.3125 and math.isnan(high)
    assert all(map(math.isnan, share_bounds(0, 0, 0)))


@pytest.mark.parametrize("counts", [(-1, 0, 5), (1, -1, 5), (3, 3, 5), (6, None, 5), (1, 0, 0)])
def test_impossible_counts_are_refused(counts: tuple[int, int | None, int]) -> None:
    with pytest.raises(ValueError):
        share_bounds(*counts)

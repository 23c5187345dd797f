"""Bounds against filling in the unknown both ways."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refgraph.estimates.bounds import share_bounds


def test_share_bounds_of_classic_case_equal_published_shares() -> None:
    assert share_bounds(30, 10, 96) == (30 / 96, 40 / 96)


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=60))
def test_share_bounds_equal_extremes_of_all_fillings(sources: list[bool | None]) -> None:
    least, most = ([fill if s is None else s for s in sources] for fill in (False, True))
    expected = (sum(least) / len(least), sum(most) / len(most))
    assert share_bounds(sources.count(True), sources.count(None), len(sources)) == expected


def test_share_bounds_without_source_or_customers_are_nan() -> None:
    low, high = share_bounds(30, None, 96)
    assert low == 0.3125 and math.isnan(high)
    assert all(map(math.isnan, share_bounds(0, 0, 0)))


@pytest.mark.parametrize("counts", [(-1, 0, 5), (1, -1, 5), (3, 3, 5), (6, None, 5), (1, 0, 0)])
def test_share_bounds_of_impossible_counts_are_refused(counts: tuple[int, int | None, int]) -> None:
    with pytest.raises(ValueError):
        share_bounds(*counts)

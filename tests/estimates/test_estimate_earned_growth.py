"""Earned growth against its definition, account by account."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.random_cases import cases

from refgraph.estimates.earned_growth import compute_earned_growth

Account = tuple[int, int, str]
"""Value of last year and of this year, and whether it is old, new or neither."""


def grow(accounts: list[Account]) -> tuple[float, float, float]:
    """NRR, ENC and earned growth, from the definition."""
    last = sum(before for before, _, _ in accounts)
    retained, gained = (
        sum(now for _, now, kind in accounts if kind == wanted) for wanted in ("old", "new")
    )
    return retained / last, gained / last, (retained + gained - last) / last


def compute(accounts: list[Account]) -> tuple[float, ...]:
    last, now, kinds = zip(*accounts, strict=True)
    return compute_earned_growth(
        last, now, [kind == "old" for kind in kinds], [kind == "new" for kind in kinds]
    )


@pytest.mark.filterwarnings("error")
@settings(max_examples=cases(100))
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from(["old", "new", "none"])),
        min_size=1,
        max_size=6,
    )
)
def test_earned_growth_and_its_range_without_any_one_account_follow_the_definition(
    accounts: list[Account],
) -> None:
    found = compute(accounts)
    if not sum(before for before, _, _ in accounts):
        assert all(math.isnan(number) for number in found)
        return
    assert found[:3] == pytest.approx(grow(accounts))
    others = [accounts[:k] + accounts[k + 1 :] for k in range(len(accounts))]
    if all(sum(before for before, _, _ in rest) for rest in others):
        growths = [grow(rest)[2] for rest in others]
        assert found[3:] == pytest.approx((min(growths), max(growths)))
    else:
        assert math.isnan(found[3])
        assert math.isnan(found[4])


def test_account_that_is_both_old_and_new_is_refused() -> None:
    with pytest.raises(ValueError, match="both"):
        compute_earned_growth([1], [1], [True], [True])
    with pytest.raises(ValueError, match="each"):
        compute_earned_growth([1, 2], [1], [True], [False])

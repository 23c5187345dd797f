"""Any small plan makes a company that holds its counts, or is refused with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.planted import assert_counts_hold, assert_faults_hold, assert_shares_hold
from support.random_cases import cases

from refgraph.errors import UsageError
from refgraph.generator import Plan, build_company, make_plain_plan

SHARES = st.floats(0.0, 0.3)


@given(
    size=st.integers(10, 400),
    seed=st.integers(0, 2**63 - 1),
    referral_share=st.floats(0.0, 0.9),
    missing_sources=SHARES,
    nameless=SHARES,
    strangers=SHARES,
    staff=SHARES,
    loops=st.integers(0, 3),
    loop_length=st.integers(2, 6),
    self_referrals=st.integers(0, 4),
    heterogeneity=st.floats(0.0, 5.0),
    chain=st.none() | st.floats(0.0, 0.95),
    several=st.floats(0.0, 0.5),
    churn=st.floats(0.0, 1.0),
    retention=st.floats(0.0, 10.0),
    farms=st.sampled_from([0.0, 0.05]),
    bursts=st.integers(0, 3),
    conversion=st.floats(0.05, 1.0),
    history_years=st.integers(2, 60),
    growth=st.floats(1.0, 5.0),
    order_years=st.integers(0, 60),
    shared_contacts=st.floats(0.0, 0.2),
)
@settings(max_examples=cases(30), deadline=None)
def test_small_company_holds_its_counts_or_is_refused(**knobs: Any) -> None:
    try:
        company = build_company(make_plain_plan(**knobs))
    except UsageError as error:
        assert error.id in ("generate-too-much", "generate-too-few-referred")
        return
    assert_counts_hold(company)
    assert_shares_hold(company)
    assert_faults_hold(company)


@pytest.mark.parametrize("size", [10, 10_000_000])
def test_plan_at_the_ends_of_a_range_is_accepted(size: int) -> None:
    assert Plan(size=size).size == size


@pytest.mark.parametrize(
    "knobs",
    [{"size": 9}, {"size": 10_000_001}, {"referral_share": 0.91}, {"seed": -1}, {"chain": 0.96}],
)
def test_plan_beyond_a_range_is_refused(knobs: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as error:
        Plan(**knobs)
    assert error.value.id == "generate-range"


def test_plan_with_several_faults_lists_them_all() -> None:
    with pytest.raises(UsageError) as error:
        Plan(size=1, churn=2.0, value_gap=-1.0)
    faults = (error.value, *error.value.others)
    assert [fault.values["knob"] for fault in faults] == ["--size", "--churn", "--value-gap"]


def test_company_with_too_few_referred_is_refused() -> None:
    with pytest.raises(UsageError) as error:
        build_company(make_plain_plan(size=100, loops=7, loop_length=10))
    assert (error.value.id, error.value.values["planted"]) == ("generate-too-few-referred", 70)


def test_company_without_room_for_its_quotas_is_refused() -> None:
    with pytest.raises(UsageError) as error:
        build_company(make_plain_plan(size=1000, referral_share=0.8, missing_sources=0.3))
    assert error.value.id == "generate-too-much"

"""The size by which `value-gap` compares: any column of numbers fixed before the referral."""

from __future__ import annotations

import numpy as np
import pytest
from support import toys
from support.gap_customers import Rows, change, draw_customers, drop, get_row, run

from refgraph.errors import UsageError
from refgraph.estimates.power import minimum_detectable_difference


@pytest.mark.parametrize("column", ["employees", "注册资本", "Floor space"])
def test_size_may_be_any_column_of_numbers(column: str) -> None:
    people, referrals = draw_customers(6)
    for key, person in people.items():
        size = person.pop("employees")
        people[key][column] = f"{int(str(size)) * 1000:,}" if column == "Floor space" else size
    named = None if column != "Floor space" else "floor space"
    result = run(toys.company(people, referrals), size=named)
    assert get_row(result, "gap-adjusted")["gap"] is not None
    people, referrals = draw_customers(6)
    expected = get_row(run(toys.company(people, referrals)), "gap-adjusted")["gap"]
    assert get_row(result, "gap-adjusted")["gap"] == pytest.approx(expected)


@pytest.mark.parametrize("column", ["revenue", "Volume", "first order", "tier", "首单金额"])
def test_size_that_a_referral_can_change_is_refused(column: str) -> None:
    people, referrals = draw_customers()
    with pytest.raises(UsageError) as fault:
        run(toys.company(people, referrals), size=column)
    assert fault.value.id == "size-is-outcome"


def test_size_that_is_no_column_of_numbers_is_refused_with_the_nearest() -> None:
    people, referrals = draw_customers()
    for name in ("employes", "sector"):
        with pytest.raises(UsageError) as fault:
            run(toys.company(people, referrals), size=name)
        assert (fault.value.id, fault.value.values["known"]) == ("unknown-size", ["employees"])


@pytest.mark.parametrize(
    ("verdict", "people", "referrals"),
    [
        ("no-size", drop(draw_customers()[0], "employees"), draw_customers()[1]),
        ("size-constant", change(draw_customers()[0], employees=50), draw_customers()[1]),
        ("size-missing", change(draw_customers()[0], employees="0"), draw_customers()[1]),
    ],
)
def test_size_that_says_nothing_leaves_the_raw_gap_and_the_reason(
    verdict: str, people: Rows, referrals: list[dict[str, object]]
) -> None:
    result = run(toys.company(people, referrals))
    assert get_row(result, "gap-adjusted")["verdict"] == f"gap-{verdict}"
    assert result.headline.id.startswith("headline.value-gap-raw")
    assert getattr(result.headline.values["reason"], "id", "") == f"phrase.gap-{verdict}"
    note = next(n for n in result.notes if n.id == "note.gap-floor")
    revenue = np.array([float(str(p["revenue"])) for p in people.values()])
    floor = minimum_detectable_difference(20, 40, float(revenue.std() / revenue.mean()))
    assert note.values["floor"] == pytest.approx(floor)

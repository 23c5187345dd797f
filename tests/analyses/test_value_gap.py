"""`value-gap`: outcomes counted again by hand, who is compared, and every reason for no number."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest
from support import toys
from support.gap_customers import (
    START,
    Rows,
    change,
    draw_customers,
    drop,
    get_row,
    list_notes,
    run,
)

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError


def test_raw_gap_equals_the_means_and_the_adjusted_one_is_reported() -> None:
    people, referrals = draw_customers()
    result = run(toys.company(people, referrals))
    hit = {str(r["referred"]) for r in referrals}
    sides = [
        [float(str(c["revenue"])) for k, c in people.items() if (k in hit) is s]
        for s in (True, False)
    ]
    row = get_row(result, "gap-raw")
    assert row["gap"] == pytest.approx(np.mean(sides[0]) / np.mean(sides[1]) - 1)
    assert (row["referred"], row["others"]) == (len(sides[0]), len(sides[1])) == (20, 40)
    main = get_row(result, "gap-adjusted")
    assert main["gap_low"] <= main["gap"] <= main["gap_high"]
    assert result.headline.id in ("headline.value-gap", "headline.value-gap-unknown")
    assert get_row(result, "gap-spline")["verdict"] == "gap-below-spline"
    assert get_row(result, "gap-year-1")["verdict"] == "gap-no-years"


@pytest.mark.parametrize(("least", "is_ratio"), [(1, True), (-400, False)])
def test_gap_by_year_is_a_difference_where_years_can_be_negative(
    least: int, is_ratio: bool
) -> None:
    people, referrals = draw_customers(2, 90)
    dice = np.random.default_rng(2)
    orders: list[dict[str, object]] = []
    for key, person in people.items():
        for day in dice.integers(0, 1200, 8).tolist():
            at = date.fromisoformat(str(person["joined"])) + timedelta(days=day)
            amount = int(dice.integers(least, 500))
            orders.append({"customer": key, "at": at.isoformat(), "revenue": amount})
    result = run(toys.company(people, referrals, orders))
    for method in ("gap-year-1", "gap-per-year"):
        row = get_row(result, method)
        shown, other = ("gap", "difference") if is_ratio else ("difference", "gap")
        assert row[f"{shown}_low"] < row[shown] < row[f"{shown}_high"]
        assert row[other] is None
        assert (row["unit"] == "share") == is_ratio


def test_first_year_value_equals_the_orders_of_365_days_counted_one_by_one() -> None:
    people, referrals = draw_customers(2, 90)
    dice = np.random.default_rng(2)
    orders: list[dict[str, object]] = []
    for key in people:
        for _ in range(6):
            day = START + timedelta(days=int(dice.integers(0, 2000)))
            amount = int(dice.integers(1, 100))
            orders.append({"customer": key, "at": day.isoformat(), "revenue": amount})
    orders += [{"customer": "c00", "at": d, "revenue": 1} for d in ("2018-01-01", "2024-01-01")]
    result = run(toys.company(people, referrals, orders), outcome="first-year")
    hit = {str(r["referred"]) for r in referrals}
    sums: dict[bool, list[int]] = {True: [], False: []}
    for key, person in people.items():
        joined = date.fromisoformat(str(person["joined"]))
        if joined + timedelta(days=365) <= date(2024, 1, 2):
            within = [
                int(str(o["revenue"]))
                for o in orders
                if o["customer"] == key
                and 0 <= (date.fromisoformat(str(o["at"])) - joined).days < 365
            ]
            sums[key in hit].append(sum(within))
    row = get_row(result, "gap-raw")
    assert row["gap"] == pytest.approx(np.mean(sums[True]) / np.mean(sums[False]) - 1)
    assert (row["referred"], row["others"]) == (len(sums[True]), len(sums[False]))


def add(orders: list[dict[str, object]], column: str) -> float:
    return sum(float(str(order[column])) for order in orders)


def test_margin_is_the_difference_of_profit_per_revenue_in_the_orders() -> None:
    people, referrals = draw_customers(3)
    dice = np.random.default_rng(3)
    orders: list[dict[str, object]] = [
        {"customer": k, "at": "2023-05-01", "revenue": r, "profit": round(r * p, 2)}
        for k in people
        for r, p in [(int(dice.integers(50, 150)), float(dice.normal(0.1, 0.1)))]
    ]
    data = toys.company(people, referrals, orders)
    hit = {str(r["referred"]) for r in referrals}
    sums = {s: [o for o in orders if (o["customer"] in hit) is s] for s in (True, False)}
    ratio = {
        s: sum(o["profit"] for o in os) / sum(o["revenue"] for o in os) for s, os in sums.items()
    }  # type: ignore[misc]
    row = get_row(run(data, outcome="margin"), "gap-raw")
    assert row["difference"] == pytest.approx(ratio[True] - ratio[False])
    assert (row["gap"], row["unit"]) == (None, "share")
    profit = {s: add(os, "profit") / len(os) for s, os in sums.items()}
    row = get_row(run(data, outcome="profit"), "gap-raw")
    assert row["difference"] == pytest.approx(profit[True] - profit[False])
    row = get_row(run(data, outcome="orders"), "gap-raw")
    assert (row["verdict"], row["gap"]) == ("gap-no-spread", None)


def test_customers_with_only_late_referrals_are_left_out_and_counted() -> None:
    people, referrals = draw_customers(4)
    late = str(referrals[0]["referred"])
    referrals[0] |= {"at": "2026-01-01"}
    result = run(toys.company(people, referrals))
    assert (get_row(result, "gap-raw")["referred"], get_row(result, "gap-raw")["others"]) == (
        19,
        40,
    )
    note = next(n for n in result.notes if n.id == "note.gap-late")
    assert note.values["customers"] == 1
    earlier = {"referrer": "c00", "referred": late, "at": people[late]["joined"]}
    both = run(toys.company(people, [*referrals, earlier]))
    assert get_row(both, "gap-raw")["referred"] == 20


def test_customers_who_left_before_the_first_order_are_not_compared() -> None:
    people, referrals = draw_customers(5)
    for key in people:
        people[key] |= {"joined": "2018-02-01"}
    people["c00"] |= {"left": "2020-01-01"}
    people["c01"] |= {"left": "2022-06-01"}
    orders = [{"customer": k, "at": "2022-01-01", "revenue": 5} for k in list(people)[1:]]
    row = get_row(run(toys.company(people, referrals, orders)), "gap-raw")
    assert (row["referred"], row["others"]) == (20, 39)


def refer_everybody(people: Rows) -> list[dict[str, object]]:
    return [{"referrer": "x1", "referred": key} for key in people]


NINE = [r for r in draw_customers()[1] if str(r["referred"]) < "c27"]
ONE_TREE = [
    {"referrer": "c00", "referred": f"c{k:02}", "at": None if k < 20 else "2030-01-01"}
    for k in range(1, 60)
]


@pytest.mark.parametrize(
    ("reason", "people", "referrals"),
    [
        (
            "nobody-referred",
            draw_customers()[0] | {"p1": {"status": "prospect"}},
            [{"referrer": "c00", "referred": "p1"}],
        ),
        (
            "all-referred",
            draw_customers()[0] | {"x1": {"status": "closed", "role": "outside"}},
            refer_everybody(draw_customers()[0]),
        ),
        ("too-few", draw_customers()[0], NINE),
        ("no-value", drop(draw_customers()[0], "revenue"), draw_customers()[1]),
        ("zero-side", change(draw_customers()[0], revenue=0), draw_customers()[1]),
    ],
)
def test_data_that_allow_no_comparison_are_unknown_with_the_reason(
    reason: str, people: Rows, referrals: list[dict[str, object]]
) -> None:
    result = run(toys.company(people, referrals))
    assert result.headline.id == "headline.value-gap-cannot"
    assert getattr(result.headline.values["reason"], "id", "") == f"phrase.gap-{reason}"
    assert result.frame["gap"].null_count() == result.frame.height


def test_one_tree_has_no_interval() -> None:
    people, _ = draw_customers()
    data = toys.company(change(people, joined="2020-01-01"), ONE_TREE)
    assert get_row(run(data), "gap-raw")["verdict"] in ("gap-too-few", "gap-too-few-trees")
    half = [{"referrer": "c00", "referred": f"c{k:02}"} for k in range(1, 30)]
    row = get_row(run(toys.company(people, half)), "gap-raw")
    assert row["trees"] == 31 and row["verdict"] != "gap-higher"


def test_sector_that_is_all_referred_is_pooled_or_reported_as_inseparable() -> None:
    people, referrals = draw_customers(7)
    hit = {str(r["referred"]) for r in referrals}
    for key, person in people.items():
        person["sector"] = "steel" if key in hit else "ships"
    pooled = get_row(run(toys.company(people, referrals)), "gap-adjusted")
    assert pooled["gap"] is not None
    for key, person in people.items():
        person["employees"] = 10 if key in hit else 1000
    row = get_row(run(toys.company(people, referrals)), "gap-adjusted")
    assert (row["verdict"], row["gap"]) == ("gap-same-as-groups", None)


def test_data_without_dates_or_former_customers_says_so() -> None:
    people, referrals = draw_customers(8)
    result = run(toys.company(drop(people, "joined", "left", "sector"), referrals))
    expected = {"note.gap-no-dates", "note.gap-no-left", "note.gap-no-sector"}
    assert expected <= list_notes(result)
    assert getattr(result.headline.values["alike"], "id", "") == "phrase.alike-size"
    full = run(toys.company(people, referrals))
    assert getattr(full.headline.values["alike"], "id", "") == "phrase.alike-size-sector-year"


def test_amounts_below_zero_are_compared_as_differences() -> None:
    people, referrals = draw_customers(9)
    people["c00"]["revenue"] = -5
    result = run(toys.company(people, referrals))
    row = get_row(result, "gap-adjusted")
    assert row["gap"] is None and row["difference"] is not None
    assert math.isfinite(row["difference_detectable"])


def test_compare_of_the_referred_points_to_value_gap() -> None:
    people, referrals = draw_customers()
    engine = OfflineEngine(toys.company(people, referrals))
    with pytest.raises(UsageError) as fault:
        pipeline.run(engine, "compare", {"of": ("referred", "others")})
    assert fault.value.id == "compare-referred"

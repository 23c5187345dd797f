"""`referral-rate`: customer-years and occasions counted one by one, planted rates, advisers."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from support import toys
from support.dated import Facts, draw_dated
from support.random_cases import cases

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result
from refgraph.model.scope import Scope
from refgraph.model.settings import KeyAccountRule, Settings
from refgraph.texts import LANGUAGES, format_message


def run(engine: OfflineEngine, by: str) -> Result:
    result = pipeline.run(engine, "referral-rate", {"by": by})
    for text in (result.headline, *result.notes):
        assert all(format_message(text, lang) for lang in LANGUAGES)
    return result


def count_occasions(days: list[date]) -> list[date]:
    """First days: each occasion holds what follows within 30 days of its first."""
    firsts: list[date] = []
    for day in sorted(days):
        if not firsts or (day - firsts[-1]).days > 30:
            firsts.append(day)
    return firsts


@given(draw_dated())
@settings(max_examples=cases(100))
def test_years_and_occasions_of_sectors_equal_those_counted_one_by_one(facts: Facts) -> None:
    if not facts.arcs:
        return
    result = run(facts.engine(), "sector")
    begin, as_of = min(day for *_, day in facts.arcs), facts.as_of()
    years: dict[str, float] = {}
    occasions: dict[str, int] = {}
    for party, person in facts.people.items():
        joined, left = facts.joined(party), facts.left(party)
        last = min(left or as_of, as_of)
        watched = (last - max(joined, begin)).days
        if watched <= 0:
            continue
        sector = str(person["sector"] or "not_recorded")
        mine = [d for u, _, d in facts.arcs if u == party and joined <= d <= last and d != left]
        years[sector] = years.get(sector, 0.0) + watched / 365.25
        occasions[sector] = occasions.get(sector, 0) + len(count_occasions(mine))
    found = {row["group"]: row for row in result.frame.iter_rows(named=True)}
    assert set(found) == set(years)
    for sector, row in found.items():
        assert row["customer_years"] == pytest.approx(years[sector])
        assert row["occasions"] == occasions[sector]
        assert row["rate"] == pytest.approx(occasions[sector] / years[sector])


def draw_company(
    seed: int, *, n: int, ratio: float, by: str = "sector", groups: int = 2
) -> Dataset:
    """Customers who refer 0.4 times a year, unevenly (gamma); the first group ``ratio`` times that.

    by adviser: everybody of the first group becomes one after three years, and refers so from then.
    """
    dice = np.random.default_rng(seed)
    people: dict[str, dict[str, object]] = {}
    referrals: list[dict[str, object]] = []
    start = date(2015, 1, 1)
    for k in range(n):
        key, group = f"c{k:04}", k % groups
        appointed = start + timedelta(days=3 * 365)
        people[key] = {"status": "closed", "joined": start.isoformat(), "sector": f"s{group}"}
        if by == "adviser" and group == 0:
            people[key]["adviser_since"] = appointed.isoformat()
        activity = 0.4 * float(dice.gamma(1.0, 1.0))
        for year in range(6):
            is_raised = group == 0 and (by != "adviser" or year >= 3)
            for _ in range(int(dice.poisson(activity * (ratio if is_raised else 1.0)))):
                day = start + timedelta(days=365 * year + int(dice.integers(0, 365)))
                new = f"n{len(referrals):05}"
                people[new] = {"status": "prospect"}
                referrals.append({"referrer": key, "referred": new, "at": day.isoformat()})
    referrals.append({"referrer": "c0001", "referred": "c0000", "at": start.isoformat()})
    people["z"] = {"status": "closed", "joined": "2020-12-30", "sector": "s1"}
    return toys.company(people, referrals)


def get_row(result: Result, group: str) -> dict[str, Any]:
    return result.frame.filter(result.frame["group"] == group).row(0, named=True)


@pytest.mark.parametrize(("by", "group"), [("sector", "s0"), ("adviser", "adviser")])
def test_planted_rate_three_times_as_high_is_found(by: str, group: str) -> None:
    result = run(OfflineEngine(draw_company(1, n=200, ratio=3.0, by=by)), by)
    row = get_row(result, group)
    assert row["ratio_low"] <= 3.0 <= row["ratio_high"] and row["verdict"] == "gap-higher"
    assert result.headline.id == "headline.referral-rate"
    others = result.frame.filter(result.frame["group"] != group)
    rate = others["occasions"].sum() / others["customer_years"].sum()
    assert row["ratio"] == pytest.approx(row["rate"] / rate)


def test_rates_that_do_not_differ_are_rarely_marked() -> None:
    """At most 3 of 30 companies with 5 groups each, where 1.5 are to be expected."""
    marked = [
        run(OfflineEngine(draw_company(seed, n=120, ratio=1.0, groups=5)), "sector").headline.id
        for seed in range(30)
    ]
    assert marked.count("headline.referral-rate") <= 3


def test_few_occasions_have_a_rate_but_no_ratio() -> None:
    result = run(OfflineEngine(draw_company(2, n=12, ratio=1.0)), "sector")
    row = get_row(result, "s0")
    assert (row["ratio"], row["verdict"]) == (None, "rate-too-few")
    assert math.isfinite(row["rate"])
    assert result.headline.id == "headline.referral-rate-few"


def test_field_or_dates_that_are_not_recorded_are_named() -> None:
    undated = toys.company({"a": {"sector": "x"}, "b": {"sector": "y"}}, [("a", "b")])
    result = run(OfflineEngine(undated), "sector")
    assert result.headline.id == "headline.referral-rate-no-records"
    result = run(OfflineEngine(undated), "adviser")
    assert result.headline.id == "headline.referral-rate-no-field"


def draw_tiers(seed: int, *, ratio: float, after: bool = False) -> Dataset:
    """150 large and 150 small buyers; the large refer ``ratio`` times as often.

    after: everybody who refers buys much from the next year on, so that referring makes the tier.
    """
    dice = np.random.default_rng(seed)
    people: dict[str, dict[str, object]] = {}
    referrals: list[dict[str, object]] = []
    orders: list[dict[str, object]] = []
    for k in range(300):
        key, is_large = f"c{k:03}", k % 2 == 0
        people[key] = {"status": "closed", "joined": "2014-01-01"}
        activity = 0.3 if after else 0.3 * float(dice.gamma(1.0, 1.0))
        activity *= ratio if is_large else 1.0
        has_referred = False
        for year in range(2014, 2021):
            amount = 900_000 if (has_referred if after else is_large) else 100_000
            orders.append({"customer": key, "at": f"{year}-03-01", "revenue": amount})
            for _ in range(int(dice.poisson(activity)) if year > 2014 else 0):
                new, day = f"n{len(referrals):04}", int(dice.integers(1, 29))
                people[new] = {"status": "prospect"}
                at = f"{year}-{int(dice.integers(1, 13)):02}-{day:02}"
                tie = "同学" if is_large else "朋友"
                referrals.append({"referrer": key, "referred": new, "at": at, "tie": tie})
                has_referred = True
    people["z"] = {"status": "closed", "joined": "2020-12-31"}
    people["first"] = {"status": "prospect"}
    referrals.append({"referrer": "c000", "referred": "first", "at": "2014-01-01", "tie": "同学"})
    return toys.company(people, referrals, orders)


def test_tier_is_that_of_the_orders_before_each_year() -> None:
    result = run(OfflineEngine(draw_tiers(1, ratio=3.0)), "account-tier")
    row = get_row(result, "散户")
    assert row["ratio_low"] <= 3.0 <= row["ratio_high"] and row["verdict"] == "gap-higher"
    assert row["customer_years"] == pytest.approx(150 * 6, rel=0.01)  # 2014 has no year before


def test_buying_more_after_a_referral_does_not_make_large_buyers_refer_more() -> None:
    result = run(OfflineEngine(draw_tiers(5, ratio=1.0, after=True)), "account-tier")
    row = get_row(result, "散户")
    assert row["verdict"] == "gap-unknown" and row["ratio_low"] <= 1.0 <= row["ratio_high"]


def test_rates_by_relationship_share_the_years_of_all_customers() -> None:
    engine = OfflineEngine(draw_tiers(3, ratio=3.0))
    result = run(engine, "tie")
    assert result.headline.id == "headline.referral-rate-tie-clear"
    assert len(set(result.frame["customer_years"])) == 1
    counted = {row["group"]: row["occasions"] for row in result.frame.iter_rows(named=True)}
    arcs = engine.graph(Scope()).arcs
    days: dict[tuple[str, int], list[date]] = {}
    for arc in arcs.filter(arcs["at"].is_not_null()).iter_rows(named=True):
        days.setdefault((arc["tie"], arc["referrer"]), []).append(arc["at"])
    expected: dict[str, int] = {}
    for (tie, _), mine in days.items():
        expected[tie] = expected.get(tie, 0) + len(count_occasions(mine))
    assert sorted(counted.values()) == sorted(expected.values())
    referrers = [sum(tie == other for other, _ in days) for tie in expected]
    assert sorted(result.frame["customers"]) == sorted(referrers)
    assert result.frame["ratio"].null_count() == result.frame.height


def test_own_column_groups_and_a_column_that_a_referral_changes_is_refused() -> None:
    people: dict[str, dict[str, object]] = {
        f"c{k}": {"joined": "2015-01-01", "team": "red" if k % 2 else " blue "} for k in range(8)
    }
    people["z"] = {"joined": "2019-01-01", "team": "red"}
    engine = OfflineEngine(
        toys.company(people, [{"referrer": "c0", "referred": "c1", "at": "2016-01-01"}])
    )
    result = run(engine, "Team")
    assert set(result.frame["group"]) == {"red", "blue"}
    assert "note.referral-rate-own" in {note.id for note in result.notes}
    for word, fault in (("客户等级", "rate-field-is-outcome"), ("nix", "unknown-rate-field")):
        with pytest.raises(UsageError) as error:
            run(engine, word)
        assert error.value.id == fault


def test_list_of_key_accounts_without_dates_is_no_group() -> None:
    rule = KeyAccountRule(listed="level", words=("KA",))
    people: dict[str, dict[str, object]] = {
        "a": {"joined": "2015-01-01", "level": "KA"},
        "b": {"joined": "2016-01-01"},
    }
    data = toys.company(people, [("a", "b")], settings=Settings(key_account=rule))
    assert run(OfflineEngine(data), "key").headline.id == "headline.referral-rate-no-list"

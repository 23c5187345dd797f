"""`growth`, `cohorts` and `time-to-refer` against plain counts.

On random companies and on the classic case.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from support import l96, toys
from support.dated import Facts, draw_dated
from support.l96_recount import Case
from support.random_cases import cases

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.measures.calendar import YEAR
from refgraph.model.scope import Scope

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"
COHORTS = import_module("refgraph.analyses.cohorts")
TIME_TO_REFER = import_module("refgraph.analyses.time_to_refer")


@pytest.fixture(scope="module")
def case() -> OfflineEngine:
    return pipeline.open_source(SAMPLES / "l96")


def test_growth_classic_case_counts_new_customers(case: OfflineEngine) -> None:
    facts = Case("l96")
    rows = {int(r["year"]): r for r in pipeline.run(case, "growth").frame.iter_rows(named=True)}
    assert list(rows) == list(range(2025, 2000, -1))
    referred = {a["被推荐人"] for a in facts.counted}
    for year, row in rows.items():
        new = {x for x in l96.EXISTING | l96.FORMER if facts.joined(x).year == year}
        assert row["new_customers"] == len(new)
        assert row["by_referral"] == len(new & referred)
        assert row["no_source"] == len(new & l96.NO_SOURCE)
        assert row["other_ways"] == len(new) - row["by_referral"] - row["no_source"]
        assert row["referrals"] == sum(a["推荐日期"][:4] == str(year) for a in facts.counted)
    assert rows[2025]["customers_end"] == 96
    assert rows[2025]["tree_size"] == pytest.approx(96 / 66)
    assert rows[2025]["participation"] == 30 / 96
    assert rows[2025]["bring_new"] == rows[2025]["referrals"] / rows[2024]["customers_end"]
    assert rows[2025]["generations"] == 4


def sum_by_customer(facts: Case, year: int) -> dict[str, Fraction | int]:
    """Customer -> revenue of a year, in 10 000 yuan."""
    return {
        c: sum(Fraction(o["销售额(万元)"]) for o in orders if o["订单日期"][:4] == str(year))
        for c, orders in facts.orders.items()
    }


def find_buyers(facts: Case, year: int) -> set[str]:
    """Customers with an order in a year."""
    return {
        c
        for c, orders in facts.orders.items()
        if any(o["订单日期"][:4] == str(year) for o in orders)
    }


def test_growth_classic_case_value_equals_recount(case: OfflineEngine) -> None:
    facts = Case("l96")
    referred = {a["被推荐人"] for a in facts.counted}
    years = {y: sum_by_customer(facts, y) for y in range(2022, 2026)}
    for row in pipeline.run(case, "growth").frame.iter_rows(named=True):
        year = int(row["year"])
        if year < 2022:
            assert row["value"] is None and row["earned_growth"] is None
            continue
        assert row["value"] == float(sum(years[year].values()) * 10000)
        assert row["referred_value"] == float(
            sum(v for c, v in years[year].items() if c in referred) * 10000
        )
        if year == 2022:
            assert row["earned_growth"] is None
            continue
        last, now = years[year - 1], years[year]
        bought = find_buyers(facts, year - 1)
        new = {c for c in now if facts.joined(c).year == year and c in referred} - bought

        def compute_earned(out: str | None, last=last, now=now, bought=bought, new=new) -> Fraction:  # type: ignore[no-untyped-def]
            before = sum(v for c, v in last.items() if c != out)
            return sum(now[c] for c in (bought | new) - {out} if c in now) / before - 1

        assert row["earned_growth"] == pytest.approx(float(compute_earned(None)), rel=1e-12)
        each = [compute_earned(c) for c in facts.orders]
        assert (row["earned_growth_low"], row["earned_growth_high"]) == pytest.approx(
            (float(min(each)), float(max(each)))
        )
        assert row["retention"] + row["earned_new"] - 1 == pytest.approx(
            row["earned_growth"], abs=1e-12
        )


@settings(max_examples=cases(60), deadline=None)
@given(draw_dated())
def test_growth_random_companies_equal_recount(facts: Facts) -> None:
    end, referred = facts.as_of(), {v for _, v, _ in facts.arcs}
    for row in pipeline.run(facts.engine(), "growth").frame.iter_rows(named=True):
        last = min(date(int(row["year"]), 12, 31), end)
        here = [
            x
            for x in facts.people
            if facts.joined(x) <= last and not ((d := facts.left(x)) and d <= last)
        ]
        new = [x for x in facts.people if facts.joined(x).year == last.year]
        assert (row["new_customers"], row["by_referral"]) == (
            len(new),
            len(referred.intersection(new)),
        )
        assert row["customers_end"] == len(here)
        assert row["referrals"] == sum(d.year == last.year for *_, d in facts.arcs)
        assert row["leaving"] == sum(
            (d := facts.left(x)) is not None and d.year == last.year for x in facts.people
        )
        made, came = ({arc[k] for arc in facts.arcs if arc[2] <= last} for k in (0, 1))
        assert row["participation"] == (len(made.intersection(here)) / len(here) if here else None)
        roots = len(here) - len(came.intersection(here))
        assert row["tree_size"] == (len(here) / roots if roots else None)
        sold = [(c, r) for c, d, r in facts.orders if d.year == last.year]
        assert row["value"] == (sum(r for _, r in sold) if sold else None)
        assert row["referred_value"] == (sum(r for c, r in sold if c in referred) if sold else None)


def test_earned_growth_excludes_won_back_customers() -> None:
    people = {
        x: {"joined": f"{y}-01-01"} for x, y in (("stays", 2018), ("back", 2018), ("new", 2021))
    }
    orders = [
        ("stays", "2020-01-01", 100),
        ("stays", "2021-06-01", 85),
        ("back", "2018-01-05", 9),
        ("back", "2021-06-01", 70),
        ("new", "2021-05-01", 25),
        ("stays", "2021-12-31", 0),
    ]
    facts = [{"referrer": "stays", "referred": x, "at": "2018-01-01"} for x in ("new", "back")]
    data = toys.company(
        people, facts, [{"customer": c, "at": d, "revenue": r} for c, d, r in orders]
    )
    row = pipeline.run(OfflineEngine(data), "growth").frame.row(0, named=True)
    assert (row["retention"], row["earned_new"], row["earned_growth"]) == pytest.approx(
        (0.85, 0.25, 0.1)
    )
    assert row["earned_growth_low"] is None  # all of last year hangs on one account


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("growth", "headline.growth-none"),
        ("cohorts", "headline.cohorts-none"),
        ("time-to-refer", "headline.time-to-refer-none"),
    ],
)
def test_dated_analyses_without_dates_are_empty(name: str, id: str) -> None:
    result = pipeline.run(OfflineEngine(toys.chain()), name)
    assert (result.headline.id, result.frame.height) == (id, 0)


@settings(max_examples=cases(60), deadline=None)
@given(draw_dated())
def test_cohorts_random_companies_equal_recount(facts: Facts) -> None:
    end, begin = facts.as_of(), min((d for *_, d in facts.arcs), default=None)
    with patch.object(COHORTS, "MIN_AT_RISK", 1):
        rows = pipeline.run(facts.engine(), "cohorts").frame.to_dicts()
    assert [int(r["cohort"]) for r in rows] == sorted(
        {facts.joined(x).year for x in facts.people}, reverse=True
    )
    for row in rows:
        mine = [x for x in facts.people if facts.joined(x).year == int(row["cohort"])]
        assert (row["customers"], row["still_customers"]) == (
            len(mine),
            sum(facts.left(x) is None for x in mine),
        )
        assert row["referrals"] == sum(u in mine for u, _, _ in facts.arcs)
        for k in (1, 2, 3):
            seen = begin is not None and all(
                facts.joined(x) >= begin and (end - facts.joined(x)).days >= k * YEAR for x in mine
            )
            watched = [
                x for x in mine if ((facts.left(x) or end) - facts.joined(x)).days >= k * YEAR
            ]
            made = [
                d
                for u, _, d in facts.arcs
                if u in watched
                and 0 <= (d - facts.joined(u)).days <= k * YEAR
                and (facts.left(u) is None or d < facts.left(u))
            ]
            is_known = seen and watched
            assert row[f"within_{k}"] == (len(made) / len(watched) if is_known else None)


@settings(max_examples=cases(60), deadline=None)
@given(draw_dated())
def test_time_to_refer_random_companies_equal_plain_product(facts: Facts) -> None:
    with patch.object(TIME_TO_REFER, "MIN_AT_RISK", 0):
        result = pipeline.run(facts.engine(), "time-to-refer")
    if not facts.arcs:
        assert result.frame.height == 0
        return
    begin, end = min(d for *_, d in facts.arcs), facts.as_of()
    lives = []  # entry, exit, event in days since joining
    for x in facts.people:
        joined, out = facts.joined(x), min(facts.left(x) or end, end)
        gone, mine = facts.left(x) or date.max, [d for u, _, d in facts.arcs if u == x]
        made = sorted((d - joined).days for d in mine if joined <= d <= end and d < gone)
        lives.append(((begin - joined).days, made[0] if made else (out - joined).days, bool(made)))
    watched = [(a, b, e) for a, b, e in lives if b > a or a <= 0]
    for row, years in zip(result.frame.iter_rows(named=True), (1, 3, 5, 10), strict=False):
        alive = Fraction(1)
        for t in sorted({b for _, b, e in watched if e and b <= years * YEAR}):
            risk = sum((a < t or a <= 0) and t <= b for a, b, _ in watched)
            alive *= 1 - Fraction(sum(e and b == t for _, b, e in watched), risk)
        if row["referred_by_then"] is not None:
            assert row["referred_by_then"] == pytest.approx(float(1 - alive), abs=1e-12)
        else:
            assert max((b for _, b, _ in watched), default=0) < years * YEAR


def test_growth_window_limits_the_years(case: OfflineEngine) -> None:
    frame = pipeline.run(
        case, "growth", {}, Scope(since=date(2023, 1, 1), until=date(2024, 6, 30))
    ).frame
    assert frame["year"].to_list() == ["2024", "2023"]
    assert frame["referrals"].sum() == sum(
        "2023-01-01" <= a["推荐日期"] <= "2024-06-30" for a in Case("l96").counted
    )


def test_growth_undated_referral_counts_from_joining() -> None:
    people = {"a": {"joined": "2019-05-05"}, "b": {"joined": "2021-05-05"}}
    rows = pipeline.run(OfflineEngine(toys.company(people, [("a", "b")])), "growth").frame
    assert rows.select("year", "participation", "tree_size").rows() == [
        ("2021", 0.5, 2.0),
        ("2020", 0.0, 1.0),
        ("2019", 0.0, 1.0),
    ]

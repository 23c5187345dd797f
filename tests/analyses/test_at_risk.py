"""Shares over time and medians need ten at risk; who was not watched does not count as watched."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from support.toys import company

from refgraph.engines.offline import OfflineEngine
from refgraph.model.dataset import Dataset
from refgraph.model.scope import Scope
from refgraph.pipeline import open_source, run

L96 = Path(__file__).parent.parent.parent / "sample_data" / "l96"
People = dict[str, dict[str, object]]


def make_two_a_year() -> Dataset:
    """Forty customers from 2001 to 2020, and one first referral that is counted."""
    people: People = {
        f"c{k:02d}": {"status": "closed", "joined": f"{2001 + k // 2}-0{1 + 5 * (k % 2)}-01"}
        for k in range(40)
    }
    rows = [("c00", "c01", "2001-12-01"), ("c02", "c39", "2020-06-01")]
    return company(
        people, [dict(zip(("referrer", "referred", "at"), r, strict=True)) for r in rows]
    )


def make_company_of_2015(size: int, early: int) -> Dataset:
    """A root that refers all on the day they join in 2015; ``early`` of them leave after a year.

    Those who leave refer twice before, all others once in their third year.
    """
    people: People = {"root": {"status": "closed", "joined": "2014-01-01"}}
    rows: list[dict[str, object]] = []
    for k in range(size):
        id, leaves = f"m{k:02d}", k < early
        left = "2016-03-01" if leaves else None
        people[id] = {"status": "closed", "joined": "2015-02-01", "left": left}
        rows.append({"referrer": "root", "referred": id, "at": "2015-01-01"})
        days = ("2015-06-01", "2015-07-01") if leaves else ("2017-06-01",)
        for number, day in enumerate(days):
            people[f"{id}-{number}"] = {"status": "closed", "joined": "2019-06-01"}
            rows.append({"referrer": id, "referred": f"{id}-{number}", "at": day})
    return company(people, rows)


def test_median_from_one_customer_at_risk_is_not_reached() -> None:
    result = run(OfflineEngine(make_two_a_year()), "time-to-refer")
    assert result.headline.values["reached"].id == "phrase.half-not-reached"
    assert result.headline.values["first"] == 1
    assert "note.few-at-risk" in {note.id for note in result.notes}


def test_who_referred_before_the_window_makes_no_first_referral_in_it() -> None:
    people: People = {f"c{k}": {"status": "closed", "joined": "2010-01-01"} for k in range(4)}
    days = (("c0", "c1", "2011-01-01"), ("c0", "c2", "2016-01-01"), ("c1", "c3", "2017-01-01"))
    rows = [dict(zip(("referrer", "referred", "at"), row, strict=True)) for row in days]
    result = run(
        OfflineEngine(company(people, rows)), "time-to-refer", {}, Scope(since=date(2015, 1, 1))
    )
    assert result.headline.values["first"] == 1
    assert result.frame["first_referrals"].sum() == 1
    assert result.frame["referrals"].sum() == 2


def test_median_of_the_sample_needs_ten_at_risk() -> None:
    result = run(open_source(L96), "time-to-refer")
    assert result.headline.values["reached"].id == "phrase.half-not-reached"
    assert result.frame["referred_by_then"].null_count() == 1  # the open bracket


def test_share_after_a_cycle_of_two_is_unknown() -> None:
    people: People = {"A": {"joined": "2015-01-01"}, "B": {"joined": "2016-01-01"}}
    rows = [
        {"referrer": "A", "referred": "B", "at": "2015-06-01"},
        {"referrer": "B", "referred": "A", "at": "2017-01-01"},
    ]
    result = run(OfflineEngine(company(people, rows)), "time-to-refer")
    assert result.frame["referred_by_then"].null_count() == result.frame.height
    assert result.headline.values["by1"].id == "phrase.share-unknown"


@pytest.mark.parametrize(("late", "expected"), [(0, "phrase.half-by-open"), (20, "phrase.half-by")])
def test_median_of_forty_carries_its_interval(late: int, expected: str) -> None:
    people: People = {f"c{k:02d}": {"joined": "2015-01-01"} for k in range(40)}
    people |= {"z": {"joined": "2020-01-01"}}
    rows = [{"referrer": "z", "referred": "c00", "at": "2014-06-01"}]
    for k in range(20 + late // 2):
        day = f"{2015 + k // 12}-{1 + k % 12:02d}-15"
        people[f"n{k:02d}"] = {"joined": "2020-01-01"}
        rows.append({"referrer": f"c{k:02d}", "referred": f"n{k:02d}", "at": day})
    reached = run(OfflineEngine(company(people, rows)), "time-to-refer").headline.values["reached"]
    assert reached.id == expected
    assert reached.values["years"] == pytest.approx(1.62, abs=0.005)  # the twentieth, 2016-08-15
    assert reached.values["low"] < reached.values["years"]


def test_cohort_leaves_out_those_who_left_before_the_span_ended() -> None:
    rows = run(OfflineEngine(make_company_of_2015(12, 2)), "cohorts").frame.to_dicts()
    cohort = next(row for row in rows if row["cohort"] == "2015")
    assert (cohort["customers"], cohort["within_1"], cohort["within_3"]) == (12, 4 / 12, 1.0)


def test_cohort_of_fewer_than_ten_watched_has_no_rate() -> None:
    rows = run(OfflineEngine(make_company_of_2015(11, 2)), "cohorts").frame.to_dicts()
    cohort = next(row for row in rows if row["cohort"] == "2015")
    assert cohort["within_1"] == 4 / 11
    assert cohort["within_3"] is None

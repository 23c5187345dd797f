"""Open referred prospects: who they are on the classic case.

How steps are told is shown on a toy of twelve.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from support import l96
from support.toys import company

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.model.result import Result
from refgraph.model.scope import Scope

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"


def classic(**scope: date) -> Result:
    return pipeline.run(pipeline.open_source(CASE), "prospects", scope=Scope(**scope))


def group_by_step(result: Result) -> dict[str, set[str]]:
    return {
        step: set(result.frame.filter(step=step)["customer"])
        for step in result.frame["step"].unique()
    }


def test_prospects_classic_case_lists_planted_prospects() -> None:
    result = classic()
    assert set(result.frame["customer"]) == l96.OPEN
    assert group_by_step(result) == {
        "overdue": l96.OVERDUE,
        "done": l96.DONE_2025,
        "planned": l96.TO_COME | l96.DONE_2026,
        "unplanned": l96.UNPLANNED,
    }
    assert result.frame["customer"].to_list()[:2] == ["C106", "C111"]
    assert result.frame["days_overdue"].to_list()[:2] == [22, 8]
    assert result.headline.values["planned"] == 9


def test_prospects_later_date_makes_other_steps_overdue() -> None:
    later = group_by_step(classic(as_of=date(2026, 1, 31)))
    assert later["done"] == l96.DONE_2025 | l96.DONE_2026
    assert later["overdue"] == l96.OVERDUE | {"C108"}


def test_prospects_headline_counts_planned_done_and_overdue() -> None:
    steps = {
        f"p{k:02d}": {
            "status": "prospect",
            "due": "2024-03-01",
            "done": "2024-02-20" if k < 9 else "",
        }
        for k in range(12)
    }
    lost = {
        "q1": {"status": "lost", "due": "2024-01-01"},
        "q2": {"status": "void", "due": "2024-01-01"},
    }
    cold = {"q3": {"status": "prospect", "due": "2024-01-01"}}
    people = {"a": {"status": "closed", "joined": "2020-01-01"}, **steps, **lost, **cold}
    named = [{"referrer": "a", "referred": p, "at": "2024-01-01"} for p in (*steps, *lost)]
    result = pipeline.run(
        OfflineEngine(company(people, named)), "prospects", scope=Scope(as_of=date(2024, 3, 15))
    )
    said = result.headline.values
    assert (said["prospects"], said["planned"], said["done"], said["overdue"]) == (12, 12, 9, 3)
    assert set(result.frame["days_overdue"].drop_nulls()) == {14}
    on_the_day = pipeline.run(
        OfflineEngine(company(people, named)), "prospects", scope=Scope(as_of=date(2024, 3, 1))
    )
    assert on_the_day.headline.values["overdue"] == 0


def test_prospects_two_referrers_are_ordered_by_share() -> None:
    people = {"a": {"name": "甲"}, "b": {"name": "乙"}, "p": {"status": "prospect"}}
    named = [
        {"referrer": "a", "referred": "p", "share": "0.3"},
        {"referrer": "b", "referred": "p", "share": "0.7"},
    ]
    frame = pipeline.run(
        OfflineEngine(
            company(
                people
                | {
                    "a": {"name": "甲", "status": "closed"},
                    "b": {"name": "乙", "status": "closed"},
                },
                named,
            )
        ),
        "prospects",
    ).frame
    assert frame["referrer_name"].to_list() == ["乙; 甲"]
    assert frame["days_open"].to_list() == [None]


def test_prospects_without_a_status_are_shown_as_prospects() -> None:
    people: dict[str, dict[str, object]] = {
        "a": {"status": "closed", "joined": "2020-01-01"},
        "b": {},
        "c": {"status": "negotiating"},
    }
    data = company(people, [("a", "b"), ("a", "c")])
    frame = pipeline.run(OfflineEngine(data), "prospects").frame
    assert frame.select("customer", "status").rows() == [("b", "prospect"), ("c", "negotiating")]

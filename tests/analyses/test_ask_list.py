"""Who to ask: who is left out and why, timing, contacts, plans, and what asking added."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from support.toys import raw

from refgraph import intake, pipeline, renderers
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import DataError, FileError, UsageError
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings

ROOT = Path(__file__).parent.parent.parent
LAST = "2025-12-31"


def build(
    customers: dict[str, dict[str, object]] | None = None,
    events: list[dict[str, object]] | None = None,
    contacts: list[dict[str, object]] | None = None,
    ties: dict[str, str] | None = None,
) -> Dataset:
    """Twenty customers; each of the first twelve referred another in another year."""
    changed = customers or {}
    old = {"status": "closed", "joined": "2010-01-01"}
    ids = [f"c{k:02d}" for k in range(20)]
    people = [{"id": id, **old, **changed.get(id, {})} for id in ids]
    people += [
        {"id": f"n{k:02d}", "status": "closed", "joined": f"{2012 + k}-03-01"} for k in range(12)
    ]
    referrals = [
        {
            "referrer": f"c{k:02d}",
            "referred": f"n{k:02d}",
            "at": f"{2012 + k}-01-01",
            "tie": (ties or {}).get(f"c{k:02d}", "同学"),
        }
        for k in range(12)
    ]
    orders = [{"customer": "c00", "at": f"2025-{m:02d}-01", "revenue": 1} for m in range(1, 13)]
    orders += [{"customer": "c01", "at": f"2024-{m:02d}-01", "revenue": 1} for m in range(1, 5)]
    orders += [{"customer": "c19", "at": LAST, "revenue": 1}]
    tables = {"customers": people, "referrals": referrals, "orders": orders}
    tables |= {"events": events} if events else {}
    tables |= {"contacts": contacts} if contacts else {}
    columns = {
        name: list(dict.fromkeys(c for row in rows for c in row)) for name, rows in tables.items()
    }
    made = {name: [raw(f"{name}.csv", rows, columns[name])] for name, rows in tables.items()}
    return intake.build_dataset(made, Settings())


def run(data: Dataset, scope: Scope = Scope(), **parameters: object) -> Result:
    return pipeline.run(OfflineEngine(data), "ask", parameters, scope)


def find(result: Result, customer: str) -> dict[str, object]:
    return result.frame.row(by_predicate=pl.col("customer") == customer, named=True)


def test_who_has_referred_ranks_before_who_has_not() -> None:
    frame = run(build()).frame
    assert frame.height == 32
    best = frame.head(12)["customer"].to_list()
    assert set(best) == {f"c{k:02d}" for k in range(12)}
    assert (frame["referrals"] > 0).all() and (frame["chance"] < 1).all()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"events": [{"party": "c03", "at": "2025-11-01", "kind": "投诉"}]}, "open-complaint"),
        ({"ties": {"c03": "合不来"}}, "at-odds"),
        ({"ties": {"c03": "有仇"}}, "at-odds"),
    ],
)
def test_barred_customers_are_never_listed(change: dict[str, object], reason: str) -> None:
    result = run(build(**change))  # type: ignore[arg-type]
    assert "c03" not in result.frame["customer"].to_list()
    notes = [note for note in result.notes if note.id == "note.ask-barred"]
    assert [note.values["reason"].word for note in notes] == [reason]


def test_consent_that_is_recorded_is_needed() -> None:
    given = {f"c{k:02d}": {"consent": "是"} for k in range(3)} | {"c03": {"consent": "否"}}
    assert set(run(build(given)).frame["customer"]) == {"c00", "c01", "c02"}


@pytest.mark.parametrize(
    "events",
    [
        [("2025-01-01", "投诉")],
        [("2025-11-01", "投诉"), ("2025-11-20", "表扬")],
    ],
)
def test_old_or_settled_complaints_bar_nobody(events: list[tuple[str, str]]) -> None:
    rows = [{"party": "c03", "at": at, "kind": kind} for at, kind in events]
    assert "c03" in run(build(events=rows)).frame["customer"].to_list()


def test_timing_follows_orders_good_events_and_earlier_requests() -> None:
    events = [
        {"party": "c00", "at": "2025-12-01", "kind": "请求推荐"},
        {"party": "c02", "at": "2025-12-20", "kind": "表扬"},
    ]
    result = run(build(events=events))
    assert find(result, "c00")["timing"] == "ask-later"
    assert find(result, "c00")["ask_from"] == date(2026, 3, 1)
    assert find(result, "c01")["timing"] == "ask-next-order"
    assert find(result, "c02")["timing"] == "ask-now"
    assert "ask-good-event 2025-12-20" in find(result, "c02")["why"]  # type: ignore[operator]
    assert find(run(build()), "c00")["timing"] == "ask-now"


def test_contact_is_who_is_known_longest() -> None:
    contacts = [
        {"person": "李四", "party": "c00", "title": "经理", "since": "2015-01-01"},
        {"person": "张三", "party": "c00", "title": "", "since": "2020-01-01"},
        {"person": "王五", "party": "c01", "title": "", "since": ""},
    ]
    result = run(build(contacts=contacts))
    assert find(result, "c00")["contact"] == "李四 (经理)"
    assert find(result, "c01")["contact"] == "王五"
    assert find(result, "c02")["contact"] is None


def test_unknown_is_an_answer_without_history() -> None:
    few = run(build(), Scope(as_of="2015-12-31"))
    assert few.headline.id == "headline.ask-too-few" and not few.frame.height
    assert run(build(), Scope(as_of="2011-12-31")).headline.id == "headline.ask-no-dates"


def test_plan_holds_back_a_share_and_its_result_is_read(tmp_path: Path) -> None:
    plan = run(build(), Scope(as_of="2023-06-30"), holdout=0.25, seed=3)
    assert plan.frame["group"].value_counts(sort=True)["count"].to_list() == [24, 8]
    again = run(build(), Scope(as_of="2023-06-30"), holdout=0.25, seed=3)
    other = run(build(), Scope(as_of="2023-06-30"), holdout=0.25, seed=4)
    assert plan.frame.equals(again.frame) and not plan.frame.equals(other.frame)
    path = tmp_path / "plan.csv"
    path.write_bytes(renderers.render(plan, "csv", "en"))
    result = pipeline.run_variant(OfflineEngine(build()), "ask", "result", str(path))
    assert result.frame["customers"].to_list()[:2] == [24, 8]
    assert result.frame["referrals"].sum() == 0
    early = Scope(as_of="2023-06-30")
    engine = OfflineEngine(build())
    assert pipeline.run_variant(engine, "ask", "result", str(path), early).headline.id == (
        "headline.ask-result-early"
    )


def test_result_counts_referrals_after_the_plan_by_group(tmp_path: Path) -> None:
    rows = [f"c{k:02d},{'ask' if k % 2 else 'hold'},2019-06-30" for k in range(12)]
    path = tmp_path / "plan.csv"
    path.write_text("\n".join(["customer,group,planned", *rows, "zz,ask,2019-06-30"]))
    result = pipeline.run_variant(OfflineEngine(build()), "ask", "result", str(path))
    assert result.frame["referrals"].to_list()[:2] == [2, 2]  # c09, c11; c08, c10
    assert result.frame["customers"].to_list()[:2] == [6, 6]
    missing = next(note for note in result.notes if note.id == "note.ask-result-missing")
    assert missing.values["customers"] == 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("customer,group\nc00,ask\n", "ask-plan-columns"),
        ("", "ask-plan-columns"),
        ("customer,group,planned\nc00,maybe,2020-01-01\n", "ask-plan-words"),
        ("customer,group,planned\nc00,ask,soon\n", "ask-plan-words"),
        ("customer,group,planned\nc00,ask,2020-01-01\nc01,hold,2020-01-02\n", "ask-plan-words"),
        ("customer,group,planned\n", "ask-plan-words"),
    ],
)
def test_files_that_are_no_plan_are_refused(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        pipeline.run_variant(OfflineEngine(build()), "ask", "result", str(path))
    assert caught.value.id == fault


def test_a_missing_plan_and_a_bad_share_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        pipeline.run_variant(OfflineEngine(build()), "ask", "result", str(tmp_path / "none"))
    with pytest.raises(UsageError):
        run(build(), holdout=1.2)


def test_touches_before_a_first_referral_are_summarised_by_kind() -> None:
    """c00..c11 joined in 2010; each was visited k % 3 times before its referral, once after it."""
    events = [{"party": "c19", "at": "2009-01-01", "kind": "表扬"}]
    for k in range(12):
        events += [
            {"party": f"c{k:02d}", "at": f"2011-0{m + 1}-01", "kind": "拜访"} for m in range(k % 3)
        ]
        events += [{"party": f"c{k:02d}", "at": f"{2012 + k}-01-01", "kind": "拜访"}]
    note = next(n for n in run(build(events=events)).notes if n.id == "note.ask-touches")
    assert note.values["customers"] == 12
    found = {m.values["kind"].word: m.values["times"] for m in note.values["medians"]}
    assert found == {"visit": 1.0, "praise": 0.0}


def test_touches_of_customers_older_than_the_records_are_unknown() -> None:
    events = [{"party": "c00", "at": "2011-01-01", "kind": "拜访"}]
    note = next(n for n in run(build(events=events)).notes if n.id.startswith("note.ask-touches"))
    assert note.id == "note.ask-touches-few" and note.values["customers"] == 0

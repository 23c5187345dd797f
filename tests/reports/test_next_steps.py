"""What to do next: who is in the list, in which order, why, and from which day on."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import polars as pl
from support.program import call
from support.toys import raw

from refgraph import intake
from refgraph.engines.offline import OfflineEngine
from refgraph.model.dataset import Dataset
from refgraph.model.message import Message
from refgraph.model.result import Result
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings
from refgraph.pipeline import run
from refgraph.reports.next_steps import ACTIONS, build_next_steps

ROOT = Path(__file__).parent.parent.parent
DAY = date(2025, 12, 31)


def build(events: list[dict[str, str]] | None = None, people: bool = True) -> Dataset:
    """Twelve customers who referred somebody, three prospects, one customer that went silent."""
    customers = [{"id": f"c{k:02d}", "status": "closed", "joined": "2010-01-01"} for k in range(12)]
    customers += [
        {"id": f"n{k:02d}", "status": "closed", "joined": f"{2012 + k}-03-01"} for k in range(12)
    ]
    steps = (("报价", "2025-12-09", ""), ("拜访", "2026-02-01", ""), ("", "", ""))
    customers += [
        {"id": f"p{k}", "status": "contacted", "next_step": step, "due": due, "done": done}
        for k, (step, due, done) in enumerate(steps)
    ]
    referrals = [
        {"referrer": f"c{k:02d}", "referred": f"n{k:02d}", "at": f"{2012 + k}-01-01"}
        for k in range(12)
    ]
    referrals += [{"referrer": "c00", "referred": f"p{k}", "at": "2025-10-01"} for k in range(3)]
    orders = [
        {"customer": f"c{k:02d}", "at": f"2025-{month:02d}-15", "revenue": "10"}
        for k in range(11)
        for month in range(1, 13)
    ]
    orders += [
        {"customer": "c11", "at": f"2024-{month:02d}-15", "revenue": "10"} for month in range(1, 13)
    ]
    orders += [{"customer": "c00", "at": DAY.isoformat(), "revenue": "1"}]
    tables = {"customers": customers, "referrals": referrals, "orders": orders}
    tables |= {"events": events} if events else {}
    if people:
        tables["contacts"] = [{"person": "张三", "party": "c00", "title": "经理", "since": ""}]
    made = {
        name: [raw(f"{name}.csv", rows, list(dict.fromkeys(c for row in rows for c in row)))]
        for name, rows in tables.items()
    }
    return intake.build_dataset(made, Settings())


def build_steps(data: Dataset) -> Result:
    engine = OfflineEngine(data)
    return build_next_steps(
        engine.graph(Scope()), {name: run(engine, name, {}) for name in ACTIONS}
    )


def find(steps: Result, action: str, customer: str) -> dict[str, object]:
    is_row = (pl.col("action") == action) & (pl.col("customer") == customer)
    return steps.frame.row(by_predicate=is_row, named=True)


def test_rows_are_the_first_of_each_list() -> None:
    data = build()
    steps = build_steps(data).frame
    for name, (action, most) in ACTIONS.items():
        listed = run(OfflineEngine(data), name, {}).frame
        if name == "ask":
            listed = listed.sort(pl.col("timing") != "ask-now", maintain_order=True)
        chosen = steps.filter(pl.col("action") == action)["customer"].to_list()
        assert chosen == listed["customer"].head(most).to_list() and chosen
    assert steps.filter(pl.col("action") == "next-ask").height == 10


def test_every_row_has_a_reason_and_says_when() -> None:
    frame = build_steps(build()).frame
    assert frame["why"].list.len().min() >= 1  # type: ignore[operator]
    waiting = frame.filter(pl.col("date").is_null())
    assert set(waiting["timing"]) <= {"ask-next-order"}


def test_prospects_are_called_by_their_next_step() -> None:
    steps = build_steps(build())
    overdue = find(steps, "next-call", "p0")
    assert overdue["why"] == ["next-referred-by c00", "next-overdue 2025-12-09 报价"]
    assert (overdue["timing"], overdue["date"]) == ("ask-now", DAY)
    planned = find(steps, "next-call", "p1")
    assert planned["why"] == ["next-referred-by c00", "next-planned 2026-02-01 拜访"]
    assert (planned["timing"], planned["date"]) == ("ask-later", date(2026, 2, 1))
    unplanned = find(steps, "next-call", "p2")
    assert unplanned["why"] == ["next-referred-by c00", "next-unplanned"]
    assert (unplanned["timing"], unplanned["date"]) == ("ask-now", DAY)


def test_who_was_asked_lately_comes_after_the_others() -> None:
    events = [{"party": "c00", "at": "2025-12-01", "kind": "请求推荐"}]
    asked = build_steps(build(events)).frame.filter(pl.col("action") == "next-ask")
    assert "c00" not in asked["customer"].to_list()
    assert asked["timing"].to_list() == ["ask-now"] * 10


def test_people_are_named_where_they_are_known() -> None:
    assert find(build_steps(build()), "next-ask", "c00")["contact"] == "张三 (经理)"
    assert find(build_steps(build(people=False)), "next-ask", "c00")["contact"] is None


def test_headline_names_the_first_and_nobody_is_said_plainly() -> None:
    headline = str(build_steps(build()).headline)
    assert "ask c" in headline and "; call p0" in headline and "; look after c11" in headline
    columns = ["id", "status", "source"]
    alone = {"customers": [raw("customers.csv", [{"id": "a", "status": "closed"}], columns)]}
    steps = build_steps(intake.build_dataset(alone, Settings()))
    assert isinstance(steps.headline, Message) and steps.headline.id == "headline.next-steps-none"
    assert not steps.frame.height


def test_folder_holds_the_list_as_a_file_and_the_page_in_both_languages(tmp_path: Path) -> None:
    out = tmp_path / "out"
    call("report", str(ROOT / "sample_data" / "l96"), "-o", f"{out}/")
    with (out / "next-steps.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["action"] for row in rows].count("next-ask") == 10
    page = (out / "report.html").read_text(encoding="utf-8")
    assert ">ask<" in page and ">请其推荐<" in page and ">What to do next<" in page

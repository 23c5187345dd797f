"""The chance line: exact tails, the mark over all customers, what is left out.

The classic case is counted again by hand.
"""

from __future__ import annotations

import csv
import os
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import l96, toys
from support.occasion_oracles import find_descendants, find_occasions
from support.random_cases import cases

from refgraph import analyses, pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.model.message import Message
from refgraph.texts import format_message

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
START = date(2020, 1, 1)
IDS = "abcdefgh"
People = dict[str, tuple[int | None, int | None]]
Facts = list[tuple[str, str, int | None]]


def tail(chances: list[Fraction], count: int) -> Fraction:
    """P(at least ``count`` hits), by adding one chance after another."""
    at = [Fraction(1)]
    for p in chances:
        at = [
            (at[k] if k < len(at) else 0) * (1 - p) + (at[k - 1] * p if k else 0)
            for k in range(len(at) + 1)
        ]
    return sum(at[count:], Fraction(0))


def compute_chance(
    people: People, facts: Facts, days: int = 30
) -> dict[str, tuple[int, int, Fraction, Fraction]]:
    """Recommender -> (occasions, referrals, expected occasions, p), customer by customer."""

    def is_there(x: str, day: int) -> bool:
        joined, left = people[x]
        return (joined is None or joined <= day) and (left is None or day < left)

    mine = [(u, v, day) for u, v, day in facts if day is not None and is_there(u, day)]
    below = find_descendants(facts)
    able = []  # who could have made each occasion: present, not referred on it, nor below those
    for day, u, referred in find_occasions(mine, days):
        excluded = set().union(*(below(v) for v in referred))
        able.append((u, {y for y in people if is_there(y, day) and y not in excluded}))
    out = {}
    for x in {u for u, _ in able}:
        chances = [Fraction(1, len(here)) for _, here in able if x in here]
        made = sum(u == x for u, _ in able)
        out[x] = (
            made,
            sum(u == x for u, _, _ in mine),
            sum(chances, Fraction(0)),
            tail(chances, made),
        )
    return out


def day(number: int | None) -> str | None:
    return None if number is None else (START + timedelta(number)).isoformat()


def company(people: People, facts: Facts) -> OfflineEngine:
    rows = {x: {"joined": day(joined), "left": day(left)} for x, (joined, left) in people.items()}
    return OfflineEngine(
        toys.company(rows, [{"referrer": u, "referred": v, "at": day(at)} for u, v, at in facts])
    )


@st.composite
def companies(draw: st.DrawFn) -> tuple[People, Facts]:
    """Up to eight customers, some without a day, some gone, and acyclic referrals on any days."""
    ids = IDS[: draw(st.integers(2, len(IDS)))]
    joined = {x: draw(st.one_of(st.none(), st.integers(0, 6))) for x in ids}
    left = {x: draw(st.one_of(st.none(), st.none(), st.integers(7, 12))) for x in ids}
    pairs = st.tuples(st.sampled_from(ids), st.sampled_from(ids)).filter(lambda p: p[0] < p[1])
    facts = [
        (u, v, draw(st.one_of(st.none(), st.integers(0, 14))))
        for u, v in sorted(draw(st.sets(pairs, max_size=12)))
    ]
    people = {x: (joined[x], left[x]) for x in ids} | {"z": (14, None)}
    return people, facts


@settings(max_examples=cases(100), deadline=None)
@given(companies(), st.sampled_from([0, 1, 2, 5, 30, 365]))
def test_chance_tails_equal_the_oracle(made: tuple[People, Facts], days: int) -> None:
    people, facts = made
    result = pipeline.run(company(people, facts), "chance", {"occasion": days})
    frame, is_dated = result.frame, any(at is not None for _, _, at in facts)
    expected = compute_chance(people, facts, days) if is_dated else {}
    marks = {
        length: find_marked(compute_chance(people, facts, length), len(people))
        if is_dated
        else set()
        for length in (1, 7, 30, 90)
    }
    for note in notes(result.notes, "note.chance-sensitivity"):
        assert [note.values[f"marked_{k}"] for k in marks] == [len(m) for m in marks.values()]
    assert set(frame["customer"]) == set(expected)
    for row in frame.iter_rows(named=True):
        occasions, referrals, mean, p = expected[row["customer"]]
        assert (row["occasions"], row["referrals"]) == (occasions, referrals)
        assert row["expected"] == pytest.approx(float(mean), rel=1e-12)
        assert row["p_value"] == pytest.approx(float(p), rel=1e-9)
    assert {r["customer"] for r in frame.iter_rows(named=True) if r["above_chance"]} == (
        find_marked(expected, len(people)) & marks[90]
    )


def find_marked(
    expected: dict[str, tuple[int, int, Fraction, Fraction]], customers: int
) -> set[str]:
    """Benjamini–Hochberg 5 % over all customers, in fractions."""
    ranked = sorted(p for _, _, _, p in expected.values())
    passed = [p for k, p in enumerate(ranked, 1) if p <= Fraction(k, 20 * customers)]
    return {x for x, (_, _, _, p) in expected.items() if passed and p <= max(passed)}


def test_chance_classic_case_equals_recount() -> None:
    people = {}
    with (CASE / "customers.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["成交状态"] == "已成交" and row["角色"] == "客户":
                days = [row["首次合同日期"], row["流失日期"]]
                joined, left = (date.fromisoformat(d).toordinal() if d else None for d in days)
                people[row["客户编号"]] = (joined, left)
    with (CASE / "referrals.csv").open(encoding="utf-8-sig", newline="") as stream:
        facts = [
            (row["推荐人"], row["被推荐人"], date.fromisoformat(row["推荐日期"]).toordinal())
            for row in csv.DictReader(stream)
            if row["推荐人"] in people and row["被推荐人"].startswith("C")
        ]
    expected = compute_chance(people, facts)
    result = pipeline.run(pipeline.open_source(CASE), "chance")
    found = {r["customer"]: r for r in result.frame.iter_rows(named=True)}
    assert (
        set(found)
        == set(expected)
        == set(l96.RECOMMENDERS) | (set(l96.NAMING_PROSPECTS) & set(expected))
    )
    for x, (occasions, _, mean, p) in expected.items():
        assert found[x]["occasions"] == occasions
        assert found[x]["expected"] == pytest.approx(float(mean), rel=1e-12)
        assert found[x]["p_value"] == pytest.approx(float(p), rel=1e-9)
    assert (
        [x for x, r in found.items() if r["above_chance"]]
        == [l96.HIDDEN]
        == list(find_marked(expected, len(people)))
    )
    assert "寻梅坞五金制品有限公司 referred significantly more than expected" in format_message(
        result.headline, "en"
    )


def test_chance_any_number_of_threads_simulates_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = []
    for threads in (1, 2, 8):
        monkeypatch.setattr(os, "cpu_count", lambda threads=threads: threads)
        frames.append(pipeline.run(pipeline.open_source(CASE), "chance").frame)
    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])


def test_chance_counts_referrals_that_cannot_be_compared() -> None:
    people: People = {"a": (0, 20), "b": (5, None), "c": (9, None), "d": (30, None)}
    facts: Facts = [("a", "b", 3), ("a", "c", 25), ("b", "c", None), ("c", "d", 8)]
    result = pipeline.run(company(people, facts), "chance")
    assert result.frame.select("customer", "occasions").rows() == [("a", 1)]
    (note,) = [n for n in result.notes if n.id == "note.chance-left-out"]
    assert note.values == {"outside": 2, "undated": 1, "others": 0}
    engine = OfflineEngine(
        toys.company(
            {"a": {"joined": "2020-01-01"}, "b": {"joined": "2021-01-01"}},
            [
                {"referrer": "stranger", "referred": "b", "at": "2020-06-01"},
                {"referrer": "a", "referred": "b", "at": "2020-06-01"},
            ],
        )
    )
    assert (
        notes(pipeline.run(engine, "chance").notes, "note.chance-left-out")[0].values["others"] == 1
    )


def notes(all: tuple[Message, ...], id: str) -> list[Message]:
    return [n for n in all if n.id == id]


def test_chance_referrals_of_one_day_are_one_occasion() -> None:
    people: People = {x: (k, None) for k, x in enumerate(IDS)}
    rows = pipeline.run(company(people, [("a", x, 10) for x in "bcdefgh"]), "chance").frame.row(
        0, named=True
    )
    assert (rows["referrals"], rows["occasions"], rows["p_value"], rows["above_chance"]) == (
        7,
        1,
        1.0,  # the seven others were referred, so nobody else could have made it
        False,
    )


def test_chance_without_dates_is_empty() -> None:
    result = pipeline.run(OfflineEngine(toys.star()), "chance")
    assert result.frame.height == 0
    assert format_message(result.headline, "en").startswith(
        "Referrals above chance are unknown: the data lacks referrals.at"
    )
    asked = pipeline.run(OfflineEngine(toys.star()), "recommenders", {"chance": True})
    assert asked.frame["above_chance"].to_list() == [None]
    assert notes(asked.notes, "note.chance-cannot-tell")[0].values["missing"] == [
        "referrals.at",
        "customers.joined",
    ]


def test_recommenders_with_chance_add_the_column() -> None:
    engine = pipeline.open_source(CASE)
    plain, asked = (
        pipeline.run(engine, "recommenders", {"chance": chance}) for chance in (False, True)
    )
    assert "above_chance" not in plain.frame.columns
    assert [c.name for c in asked.columns] == [
        c.name for c in analyses.load("recommenders").columns
    ]
    assert asked.frame.drop("above_chance").equals(plain.frame)
    assert asked.frame.filter("above_chance")["customer"].to_list() == [l96.HIDDEN]

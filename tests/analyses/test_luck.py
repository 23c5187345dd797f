"""The luck line: exact tails, the mark over all customers, what is left out, and the classic case counted again by hand."""

from __future__ import annotations

import csv
import os
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import l96
import toys
from refgraph import analyses, flow
from refgraph.engines.offline import Offline
from refgraph.model.message import Message
from refgraph.texts import say

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
START = date(2020, 1, 1)
IDS = "abcdefgh"
People = dict[str, tuple[int | None, int | None]]
Told = list[tuple[str, str, int | None]]


def tail(chances: list[Fraction], count: int) -> Fraction:
    """P(at least ``count`` hits), by adding one chance after another."""
    at = [Fraction(1)]
    for p in chances:
        at = [(at[k] if k < len(at) else 0) * (1 - p) + (at[k - 1] * p if k else 0) for k in range(len(at) + 1)]
    return sum(at[count:], Fraction(0))


def luck_of(people: People, told: Told) -> dict[str, tuple[int, int, Fraction, Fraction]]:
    """Recommender -> (batches, referrals, expected batches, p), by going through every day and customer."""

    def there(x: str, day: int) -> bool:
        joined, left = people[x]
        return (joined is None or joined < day) and (left is None or day < left)

    mine = [(u, day) for u, _, day in told if day is not None and there(u, day)]
    batches = sorted({(day, u) for u, day in mine})
    out = {}
    for x in {u for _, u in batches}:
        chances = [Fraction(1, sum(there(y, day) for y in people)) for day, _ in batches if there(x, day)]
        made = sum(u == x for _, u in batches)
        out[x] = (made, sum(u == x for u, _ in mine), sum(chances, Fraction(0)), tail(chances, made))
    return out


def day(number: int | None) -> str | None:
    return None if number is None else (START + timedelta(number)).isoformat()


def company(people: People, told: Told) -> Offline:
    rows = {x: {"joined": day(joined), "left": day(left)} for x, (joined, left) in people.items()}
    return Offline(toys.company(rows, [{"referrer": u, "referred": v, "at": day(at)} for u, v, at in told]))


@st.composite
def companies(draw: st.DrawFn) -> tuple[People, Told]:
    """Up to eight customers, some without a day, some gone, and acyclic referrals on any days."""
    ids = IDS[: draw(st.integers(2, len(IDS)))]
    joined = {x: draw(st.one_of(st.none(), st.integers(0, 6))) for x in ids}
    left = {x: draw(st.one_of(st.none(), st.none(), st.integers(7, 12))) for x in ids}
    pairs = st.tuples(st.sampled_from(ids), st.sampled_from(ids)).filter(lambda p: p[0] < p[1])
    told = [(u, v, draw(st.one_of(st.none(), st.integers(0, 14)))) for u, v in sorted(draw(st.sets(pairs, max_size=12)))]
    people = {x: (joined[x], left[x]) for x in ids} | {"z": (14, None)}
    return people, told


@settings(max_examples=100, deadline=None)
@given(companies())
def test_tails_equal_the_oracle(made: tuple[People, Told]) -> None:
    people, told = made
    frame = flow.run(company(people, told), "luck").frame
    expected = luck_of(people, told) if any(at is not None for _, _, at in told) else {}
    assert set(frame["customer"]) == set(expected)
    for row in frame.iter_rows(named=True):
        batches, referrals, mean, p = expected[row["customer"]]
        assert (row["batches"], row["referrals"]) == (batches, referrals)
        assert row["expected"] == pytest.approx(float(mean), rel=1e-12)
        assert row["p_value"] == pytest.approx(float(p), rel=1e-9)
    assert {r["customer"] for r in frame.iter_rows(named=True) if r["beyond_luck"]} == marked(expected, len(people))


def marked(expected: dict[str, tuple[int, int, Fraction, Fraction]], customers: int) -> set[str]:
    """Benjamini–Hochberg 5 % over all customers, in fractions."""
    ranked = sorted(p for _, _, _, p in expected.values())
    passed = [p for k, p in enumerate(ranked, 1) if p <= Fraction(k, 20 * customers)]
    return {x for x, (_, _, _, p) in expected.items() if passed and p <= max(passed)}


def test_the_classic_case_counted_from_its_files() -> None:
    people, told = {}, []
    with (CASE / "customers.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["成交状态"] == "已成交" and row["角色"] == "客户":
                days = [row["首次合同日期"], row["流失日期"]]
                joined, left = (date.fromisoformat(d).toordinal() if d else None for d in days)
                people[row["客户编号"]] = (joined, left)
    with (CASE / "referrals.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["推荐人"] in people and row["被推荐人"].startswith("C"):
                told.append((row["推荐人"], row["被推荐人"], date.fromisoformat(row["推荐日期"]).toordinal()))
    expected = luck_of(people, told)
    result = flow.run(flow.open_source(CASE), "luck")
    found = {r["customer"]: r for r in result.frame.iter_rows(named=True)}
    assert set(found) == set(expected) == set(l96.RECOMMENDERS) | (set(l96.NAMING_PROSPECTS) & set(expected))
    for x, (batches, _, mean, p) in expected.items():
        assert found[x]["batches"] == batches
        assert found[x]["expected"] == pytest.approx(float(mean), rel=1e-12)
        assert found[x]["p_value"] == pytest.approx(float(p), rel=1e-9)
    assert [x for x, r in found.items() if r["beyond_luck"]] == [l96.HIDDEN] == list(marked(expected, len(people)))
    assert "寻梅坞五金制品有限公司 brought more than luck gives" in say(result.headline, "en")


def test_any_number_of_threads_deals_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = []
    for threads in (1, 2, 8):
        monkeypatch.setattr(os, "cpu_count", lambda threads=threads: threads)
        frames.append(flow.run(flow.open_source(CASE), "luck").frame)
    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])


def test_what_cannot_be_compared_is_counted() -> None:
    people: People = {"a": (0, 20), "b": (5, None), "c": (9, None), "d": (30, None)}
    told: Told = [("a", "b", 3), ("a", "c", 25), ("b", "c", None), ("c", "d", 9)]
    result = flow.run(company(people, told), "luck")
    assert result.frame.select("customer", "batches").rows() == [("a", 1)]
    (note,) = [n for n in result.notes if n.id == "note.luck-left-out"]
    assert note.values == {"outside": 2, "undated": 1, "others": 0}
    engine = Offline(toys.company({"a": {"joined": "2020-01-01"}, "b": {"joined": "2021-01-01"}},
                                  [{"referrer": "nobody", "referred": "b", "at": "2020-06-01"}]))
    assert notes(flow.run(engine, "luck").notes, "note.luck-left-out")[0].values["others"] == 1


def notes(all: tuple[Message, ...], id: str) -> list[Message]:
    return [n for n in all if n.id == id]


def test_all_referrals_of_one_day_are_one_batch() -> None:
    people: People = {x: (k, None) for k, x in enumerate(IDS)}
    rows = flow.run(company(people, [("a", x, 10) for x in "bcdefgh"]), "luck").frame.row(0, named=True)
    assert (rows["referrals"], rows["batches"], rows["p_value"], rows["beyond_luck"]) == (7, 1, pytest.approx(1 / 8), False)


def test_without_dates_nothing_can_be_told() -> None:
    result = flow.run(Offline(toys.star()), "luck")
    assert result.frame.height == 0
    assert say(result.headline, "en").startswith("Cannot tell who brought more than luck gives: the data lacks referrals.at")
    asked = flow.run(Offline(toys.star()), "recommenders", {"luck": True})
    assert asked.frame["beyond_luck"].to_list() == [None]
    assert notes(asked.notes, "note.luck-cannot-tell")[0].values["missing"] == ["referrals.at", "customers.joined"]


def test_recommenders_say_it_when_asked() -> None:
    engine = flow.open_source(CASE)
    plain, asked = (flow.run(engine, "recommenders", {"luck": luck}) for luck in (False, True))
    assert "beyond_luck" not in plain.frame.columns
    assert [c.name for c in asked.columns] == [c.name for c in analyses.load("recommenders").columns]
    assert asked.frame.drop("beyond_luck").equals(plain.frame)
    assert asked.frame.filter("beyond_luck")["customer"].to_list() == [l96.HIDDEN]

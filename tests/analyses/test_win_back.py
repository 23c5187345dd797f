"""`win-back`: who is back, from when on, by exit and by who led them back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from support import toys
from support.dated import Facts, draw_dated
from support.random_cases import cases

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.model.result import Result
from refgraph.model.scope import Scope
from refgraph.texts import LANGUAGES, format_message

LAST = {"z": {"joined": "2020-12-31"}}


def run(engine: OfflineEngine, scope: Scope = Scope()) -> Result:
    result = pipeline.run(engine, "win-back", scope=scope)
    for text in (result.headline, *result.notes):
        assert all(format_message(text, lang) for lang in LANGUAGES)
    return result


def get_row(result: Result, group: str) -> dict[str, Any]:
    return result.frame.filter(result.frame["group"] == group).row(0, named=True)


def leaver(left: str, returned: str | None = None, to: str | None = None) -> dict[str, object]:
    row: dict[str, object] = {"joined": "2015-01-01", "left": left, "left_to": to}
    return row | {"returned": returned}


def test_three_of_ten_are_the_published_interval() -> None:
    people = {
        f"c{k}": leaver("2018-01-01", "2018-06-01" if k < 3 else None) for k in range(10)
    } | LAST
    row = get_row(run(OfflineEngine(toys.company(people, []))), "exit-all")
    assert (row["left"], row["returned"], row["rate"]) == (10, 3, 0.3)
    assert (round(row["rate_low"], 4), round(row["rate_high"], 4)) == (0.1078, 0.6032)
    assert row["within_12"] is None  # 7 are still away, and 10 are needed


@given(draw_dated(returns=True))
@settings(max_examples=cases(100))
def test_who_is_back_is_existing_again_and_counted_once(facts: Facts) -> None:
    engine = facts.engine()
    graph = engine.graph(Scope())
    stages = dict(graph.parties.select("id", "stage").iter_rows())
    back, away = set(), set()
    for x in facts.people:
        left = facts.left(x)
        if not left:
            assert stages[x] == "existing"
            continue
        later = [d for c, d, _ in facts.orders if c == x and d > left + timedelta(days=90)]
        (back if later else away).add(x)
        assert stages[x] == ("existing" if later else "former")
    result = run(engine)
    if not back | away:
        assert result.headline.id == "headline.win-back-cannot"
        return
    row = get_row(result, "exit-all")
    assert (row["left"], row["returned"]) == (len(back | away), len(back))


def test_share_back_within_a_year_is_that_of_all_if_all_are_watched() -> None:
    people: dict[str, dict[str, object]] = dict(LAST)
    for k in range(60):
        day = date(2016, 1, 1) + timedelta(days=k)
        wait = 100 if k < 15 else 500 if k < 30 else None
        back = (day + timedelta(days=wait)).isoformat() if wait else None
        people[f"c{k:02}"] = leaver(day.isoformat(), back)
    row = get_row(run(OfflineEngine(toys.company(people, []))), "exit-all")
    assert (row["within_12"], row["within_24"], row["rate"]) == pytest.approx((0.25, 0.5, 0.5))
    assert row["within_12_low"] < 0.25 < row["within_12_high"]


def test_exits_and_leaders_are_distinguished() -> None:
    people: dict[str, dict[str, object]] = {
        "a": leaver("2018-01-01", "2019-01-01", "竞争对手"),
        "b": leaver("2018-01-01", None, "自立门户"),
        "c": leaver("2018-01-01", "2019-05-01", "搬迁"),
        "d": leaver("2018-01-01"),
        "e": {"joined": "2015-01-01"},
        "s": {"role": "staff"},
    } | LAST
    referrals: list[dict[str, object]] = [
        {"referrer": "e", "referred": "a", "at": "2018-10-01"},
        {"referrer": "e", "referred": "c", "at": "2017-10-01"},
        {"referrer": "s", "referred": "d", "at": "2018-10-01"},
    ]
    result = run(OfflineEngine(toys.company(people, referrals)))
    counts = {r["group"]: (r["left"], r["returned"]) for r in result.frame.iter_rows(named=True)}
    assert counts == {
        "exit-all": (4, 2),
        "exit-rival": (1, 1),
        "exit-own": (1, 0),
        "exit-other": (1, 1),
        "exit-not-recorded": (1, 0),
        "led-customer": (4, 1),
        "led-nobody": (4, 1),
    }


def test_customer_that_returns_later_is_former_on_an_earlier_day() -> None:
    people = {"a": leaver("2018-01-01", "2019-01-01")} | LAST
    engine = OfflineEngine(toys.company(people, []))
    stages = [
        engine.graph(Scope(as_of=date(year, 6, 1))).parties["stage"][0]
        for year in (2017, 2018, 2019)
    ]
    assert stages == ["existing", "former", "existing"]
    assert get_row(run(engine, Scope(as_of=date(2018, 6, 1))), "exit-all")["returned"] == 0


def test_last_invoice_is_no_return() -> None:
    people = {"a": leaver("2018-01-01")} | LAST
    orders: list[dict[str, object]] = [
        {"customer": "a", "at": day, "revenue": 5} for day in ("2017-05-01", "2018-03-30")
    ]
    engine = OfflineEngine(toys.company(people, [], orders))
    assert get_row(run(engine), "exit-all")["returned"] == 0
    orders.append({"customer": "a", "at": "2018-04-02", "revenue": 5})
    engine = OfflineEngine(toys.company(people, [], orders))
    assert get_row(run(engine), "exit-all")["returned"] == 1

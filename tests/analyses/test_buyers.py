"""Quadrants and RFM: by their definitions on random companies, by hand, and on the classic case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import l96, l96_recount, toys
from support.random_cases import cases

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.model.message import Label
from refgraph.model.scope import Scope
from refgraph.model.settings import KeyAccountRule, Settings
from refgraph.texts import format_message

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
IDS = "abcdefghijkl"
QUADRANTS = {
    (True, True): "champion",
    (True, False): "affluent",
    (False, True): "advocate",
    (False, False): "miser",
}
"""(Buys much, brings much) -> quadrant."""


def credit_by_hand(own: dict[str, int], above: dict[str, str]) -> dict[str, float]:
    """Credit earned in a forest: the worth of each party, in equal parts to it and those above."""
    earned = {x: 0.0 for x in own}
    for x in own:
        line, y = [], x
        while y in above:
            y = above[y]
            line.append(y)
        for y in line:
            earned[y] += own[x] / (len(line) + 1)
    return earned


@settings(max_examples=cases(100), deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.data())
def test_quadrants_random_companies_equal_the_definition(
    worth: list[int], data: st.DataObject
) -> None:
    ids = IDS[: len(worth)]
    above = {
        ids[k]: ids[data.draw(st.integers(0, k - 1))]
        for k in range(1, len(worth))
        if data.draw(st.booleans())
    }
    rule = Settings(key_account=KeyAccountRule("revenue", 20, "total"))
    people = {x: {"revenue": w} for x, w in zip(ids, worth, strict=True)}
    frame = pipeline.run(
        OfflineEngine(toys.company(people, [(u, v) for v, u in above.items()], settings=rule)),
        "quadrants",
    ).frame
    own = dict(zip(ids, worth, strict=True))
    direct = {x: sum(own[v] for v, u in above.items() if u == x) for x in ids}
    cuts = [median([w for w in x.values() if w > 0] or [1e9]) for x in (own, direct)]
    earned = credit_by_hand(own, above)
    for row in frame.iter_rows(named=True):
        x = row["customer"]
        high = own[x] >= cuts[0], direct[x] >= cuts[1]
        assert row["quadrant"] == QUADRANTS[high]
        keys = sum(own[v] > 20 for v, u in above.items() if u == x)
        assert row["keys_brought"] == keys
        assert row["credit_earned"] == pytest.approx(earned[x])
        rank = 1 + sum(e > row["credit_earned"] + 1e-6 for e in earned.values())
        seats = max(1, sum(e > 0 for e in earned.values()) // 10)
        is_top = earned[x] > 0 and rank <= seats
        assert row["hidden"] == (not high[0] and (keys >= 2 or is_top))


def test_quadrants_classic_case_finds_the_hidden_key_account() -> None:
    result = pipeline.run(pipeline.open_source(CASE), "quadrants")
    (row,) = result.frame.filter("hidden").iter_rows(named=True)
    case = l96_recount.Case("l96")
    assert (row["customer"], row["quadrant"], row["keys_brought"]) == (
        l96.HIDDEN,
        "advocate",
        len(l96.HIDDEN_BROUGHT),
    )
    assert set(row["keys_named"].split("; ")) == {
        case.people[x]["客户名称"] for x in l96.HIDDEN_BROUGHT
    }
    assert result.frame.height == len(l96.EXISTING)
    own = {x: case.sum_orders(x, l96_recount.BASES["revenue"]) for x in l96.EXISTING}
    cut = median([w for w in own.values() if w > 0])
    high = set(result.frame.filter(pl.col("quadrant").is_in(["champion", "affluent"]))["customer"])
    assert high == {x for x, w in own.items() if w >= cut}
    assert "it referred 6 key accounts" in format_message(result.headline, "en")


def test_quadrants_without_its_referrals_nobody_is_hidden() -> None:
    data = pipeline.open_source(CASE).dataset()
    less = replace(data, referrals=data.referrals.filter(pl.col("referrer") != l96.HIDDEN))
    result = pipeline.run(OfflineEngine(less), "quadrants")
    assert not result.frame["hidden"].any()
    assert format_message(result.headline, "en").startswith("No hidden key accounts")


def test_quadrants_without_value_are_empty() -> None:
    result = pipeline.run(
        OfflineEngine(toys.company({"a": {}, "b": {}}, [("a", "b")])), "quadrants"
    )
    assert result.frame.height == 0
    assert format_message(result.headline, "en").startswith("Quadrants are unknown")


def test_rfm_classic_case_equals_recount() -> None:
    case = l96_recount.Case("l96")
    result = pipeline.run(pipeline.open_source(CASE), "rfm")
    frame = result.frame
    assert set(frame["customer"]) == {x for x in l96.EXISTING if case.orders.get(x)}
    measures = {
        x: (
            -(l96_recount.AS_OF - case.days(x)[-1]).days,
            len(case.days(x)),
            case.sum_orders(x, "销售额(万元)"),
        )
        for x in frame["customer"]
    }
    for row in frame.iter_rows(named=True):
        for name, mine, all in zip(
            "rfm", measures[row["customer"]], zip(*measures.values(), strict=True), strict=True
        ):
            below, equal = sum(a < mine for a in all), sum(a == mine for a in all)
            assert row[name] == -(
                -5 * (2 * below + equal) // (2 * len(all))
            )  # the fifth where the middle of the equals lies
        assert row["score"] == row["r"] + row["f"] + row["m"]
    assert frame.filter(pl.col("customer") == l96.ONE_OFF)["orders"].to_list() == [1]
    silent = frame.filter(pl.col("customer") == l96.SILENT).row(0, named=True)
    assert silent["r"] == 1
    best = {row["customer"]: row["own_value"] for row in frame.to_dicts() if row["score"] > 12}
    values = result.headline.values
    assert (values["best"], values["floor"], values["customers"]) == (len(best), 13, len(measures))
    assert values["share"] == pytest.approx(sum(best.values()) / frame["own_value"].sum())
    assert 13 in frame["score"].to_list()


def test_rfm_window_scores_only_its_orders() -> None:
    orders = [
        {"customer": "a", "at": "2020-05-01", "revenue": 5},
        {"customer": "a", "at": "2021-05-01", "revenue": 5},
        {"customer": "b", "at": "2020-06-01", "revenue": 7},
    ]
    engine = OfflineEngine(toys.company({"a": {}, "b": {}, "c": {}}, [("a", "b")], orders))
    result = pipeline.run(engine, "rfm", {}, Scope(until=date(2020, 12, 31)))
    assert result.frame.select("customer", "r", "f", "m", "orders").rows() == [
        ("b", 4, 3, 4, 1),
        ("a", 2, 3, 2, 1),
    ]
    assert [n.values["customers"] for n in result.notes if n.id == "note.rfm-silent"] == [1]


def test_rfm_window_includes_its_first_and_its_last_day() -> None:
    days = ("2020-05-01", "2020-05-02", "2020-06-01", "2020-06-02")
    orders = [{"customer": "a", "at": day, "revenue": 5} for day in days]
    engine = OfflineEngine(toys.company({"a": {}}, [], orders))
    scope = Scope(since=date(2020, 5, 2), until=date(2020, 6, 1))
    frame = pipeline.run(engine, "rfm", {}, scope).frame
    assert frame.select("orders", "own_value").rows() == [(2, 10.0)]


@pytest.mark.parametrize(("revenue", "share"), [("0.5", 1.0), ("0", None)])
def test_rfm_share_of_value_needs_a_value_above_0_however_small(
    revenue: str, share: float | None
) -> None:
    orders = [{"customer": "a", "at": "2020-01-01", "revenue": revenue}]
    data = toys.company({"a": {"joined": "2019-01-01"}}, [("a", "a2")], orders)
    values = pipeline.run(OfflineEngine(data), "rfm").headline.values
    assert values["customers"] == 1 and values["best"] in (0, 1)
    assert values["share"] == (share if share is None else share * values["best"])


def test_rfm_without_orders_is_empty() -> None:
    result = pipeline.run(OfflineEngine(toys.pair()), "rfm")
    assert result.frame.height == 0
    assert result.headline.values["missing"] == [Label("orders")]

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

import l96
import l96_recount
import toys
from refgraph import flow
from refgraph.engines.offline import Offline
from refgraph.model.scope import Scope
from refgraph.model.settings import KeyAccountRule, Settings
from refgraph.texts import say

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
IDS = "abcdefghijkl"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.data())
def test_quadrants_by_their_definition(worth: list[int], data: st.DataObject) -> None:
    ids = IDS[: len(worth)]
    above = {ids[k]: ids[data.draw(st.integers(0, k - 1))] for k in range(1, len(worth)) if data.draw(st.booleans())}
    rule = Settings(key_account=KeyAccountRule("revenue", 20, "total"))
    people = {x: {"revenue": w} for x, w in zip(ids, worth, strict=True)}
    frame = flow.run(Offline(toys.company(people, [(u, v) for v, u in above.items()], settings=rule)), "quadrants").frame
    own = dict(zip(ids, worth, strict=True))
    direct = {x: sum(own[v] for v, u in above.items() if u == x) for x in ids}
    cuts = [median([w for w in x.values() if w > 0] or [1e9]) for x in (own, direct)]
    earned = {x: 0.0 for x in ids}
    for x in ids:
        line, y = [], x
        while y in above:
            y = above[y]
            line.append(y)
        for y in line:
            earned[y] += own[x] / (len(line) + 1)
    for row in frame.iter_rows(named=True):
        x = row["customer"]
        high = own[x] >= cuts[0], direct[x] >= cuts[1]
        words = {(True, True): "champion", (True, False): "affluent", (False, True): "advocate", (False, False): "miser"}
        assert row["quadrant"] == words[high]
        keys = sum(own[v] > 20 for v, u in above.items() if u == x)
        assert row["keys_brought"] == keys
        assert row["credit_earned"] == pytest.approx(earned[x])
        as_much = sum(e >= row["credit_earned"] - 1e-9 for e in earned.values())
        assert row["hidden"] == (not high[0] and (keys >= 2 or (earned[x] > 0 and as_much <= len(ids) / 10)))


def test_the_one_hidden_key_account_of_the_classic_case() -> None:
    result = flow.run(flow.open_source(CASE), "quadrants")
    (row,) = result.frame.filter("hidden").iter_rows(named=True)
    case = l96_recount.Case("l96")
    assert (row["customer"], row["quadrant"], row["keys_brought"]) == (l96.HIDDEN, "advocate", len(l96.HIDDEN_BROUGHT))
    assert set(row["keys_named"].split("; ")) == {case.people[x]["客户名称"] for x in l96.HIDDEN_BROUGHT}
    assert result.frame.height == len(l96.EXISTING)
    own = {x: case.total(x, l96_recount.BASES["revenue"]) for x in l96.EXISTING}
    cut = median([w for w in own.values() if w > 0])
    high = set(result.frame.filter(pl.col("quadrant").is_in(["champion", "affluent"]))["customer"])
    assert high == {x for x, w in own.items() if w >= cut}
    assert "it brought 6 key accounts" in say(result.headline, "en")


def test_it_is_gone_without_its_referrals() -> None:
    data = flow.open_source(CASE).dataset()
    less = replace(data, referrals=data.referrals.filter(pl.col("referrer") != l96.HIDDEN))
    result = flow.run(Offline(less), "quadrants")
    assert not result.frame["hidden"].any()
    assert say(result.headline, "en").startswith("There is no hidden key account")


def test_without_a_value_nobody_is_placed() -> None:
    result = flow.run(Offline(toys.company({"a": {}, "b": {}}, [("a", "b")])), "quadrants")
    assert result.frame.height == 0
    assert say(result.headline, "en").startswith("Cannot tell who buys much")


def test_rfm_of_the_classic_case_counted_again() -> None:
    case = l96_recount.Case("l96")
    frame = flow.run(flow.open_source(CASE), "rfm").frame
    assert set(frame["customer"]) == {x for x in l96.EXISTING if case.orders.get(x)}
    measures = {x: (-(l96_recount.AS_OF - case.days(x)[-1]).days, len(case.days(x)), case.total(x, "销售额(万元)"))
                for x in frame["customer"]}
    for row in frame.iter_rows(named=True):
        for name, mine, all in zip("rfm", measures[row["customer"]], zip(*measures.values(), strict=True), strict=True):
            below, equal = sum(a < mine for a in all), sum(a == mine for a in all)
            assert row[name] == -(-5 * (2 * below + equal) // (2 * len(all)))  # the fifth where the middle of the equals lies
        assert row["score"] == row["r"] + row["f"] + row["m"]
    assert frame.filter(pl.col("customer") == l96.ONE_OFF)["orders"].to_list() == [1]
    silent = frame.filter(pl.col("customer") == l96.SILENT).row(0, named=True)
    assert silent["r"] == 1


def test_a_window_scores_the_orders_in_it() -> None:
    orders = [{"customer": "a", "at": "2020-05-01", "revenue": 5}, {"customer": "a", "at": "2021-05-01", "revenue": 5},
              {"customer": "b", "at": "2020-06-01", "revenue": 7}]
    engine = Offline(toys.company({"a": {}, "b": {}, "c": {}}, [("a", "b")], orders))
    result = flow.run(engine, "rfm", {}, Scope(until=date(2020, 12, 31)))
    assert result.frame.select("customer", "r", "f", "m", "orders").rows() == [("b", 4, 3, 4, 1), ("a", 2, 3, 2, 1)]
    assert [n.values["customers"] for n in result.notes if n.id == "note.rfm-silent"] == [1]


def test_without_orders_nobody_is_scored() -> None:
    result = flow.run(Offline(toys.pair()), "rfm")
    assert result.frame.height == 0
    assert "the data lacks orders" in say(result.headline, "en")

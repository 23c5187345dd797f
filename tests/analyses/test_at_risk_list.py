"""`at-risk`: signs counted one by one, planted silence and contagion found, losses as worked."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from support import toys
from support.dated import Facts, draw_dated
from support.random_cases import cases

import refgraph
from refgraph import pipeline
from refgraph.analyses.at_risk_loss import Following, compute_loss
from refgraph.engines.offline import OfflineEngine
from refgraph.measures.calendar import MAX_DAY, to_day_number
from refgraph.measures.leaving_model import LeavingModel, fit_leaving
from refgraph.measures.leaving_signs import SignReader
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.result import Result
from refgraph.model.scope import Scope
from refgraph.texts import LANGUAGES, format_message

DAY = timedelta(days=1)


@given(draw_dated())
@settings(max_examples=cases(100))
def test_signs_on_any_day_are_those_of_what_was_known_then(facts: Facts) -> None:
    if not facts.orders:
        return
    graph = facts.engine().graph(Scope())
    day = facts.as_of() - 400 * DAY
    reader, ids = SignReader(graph), graph.parties["id"].to_list()
    present = reader.list_present(to_day_number(day))
    assert [ids[k] for k in present] == [
        x
        for x in ids
        if facts.joined(x) <= day and not (facts.left(x) and facts.left(x) <= day)  # type: ignore[operator]
    ]
    signs = reader.read(present, to_day_number(day))
    first = min(d for _, d, _ in facts.orders)
    for row, x in enumerate(ids[k] for k in present):
        mine = sorted((d, r) for c, d, r in facts.orders if c == x and d <= day)
        last = mine[-1][0] if mine else max(first, facts.joined(x))
        assert signs.silent[row] == max((day - last).days, 0)
        year = day - 365 * DAY
        assert signs.recent[row] == pytest.approx(sum(r for d, r in mine if d > year))
        before = [r for d, r in mine if year - 365 * DAY < d <= year]
        assert signs.earlier[row] == pytest.approx(sum(before))
        leavings = [
            facts.left(v)
            for u, v, at in facts.arcs
            if u == x and at <= facts.joined(v) and facts.left(v)
        ]
        recent = [d for d in leavings if d and day - 730 * DAY < d <= day]
        expected = to_day_number(max(recent)) if recent else MAX_DAY
        assert signs.referred_left[row] == expected


def draw_company(seed: int, *, silence: bool = False, contagion: float = 1.0) -> Dataset:
    """2,400 customers over eight years; half of them referred; they leave at 10 % a year.

    silence: who leaves orders nothing in the half year before. contagion: after its referrer has
    left, a customer leaves at that many times the rate.
    """
    dice = np.random.default_rng(seed)
    start, days, half = np.datetime64("2012-01-01"), 8 * 365, 1_200
    joined = np.concatenate([dice.integers(0, 300, half), dice.integers(300, 600, half)])
    left = joined + 365 * dice.exponential(10.0, 2 * half)
    gone = np.maximum(left[:half], joined[half:])
    after = gone + 365 * dice.exponential(10.0 / contagion, half)
    left[half:] = np.where(left[half:] > gone, after, left[half:])
    ids = pl.Series([f"c{k:04}" for k in range(2 * half)])
    last = np.minimum(left.astype(int), days)
    until = last - 180 * (silence & (left < days))
    many = np.maximum((until - joined) // 60 + 1, 0)
    who = np.repeat(np.arange(2 * half), many)
    step = np.arange(len(who)) - np.repeat(np.cumsum(many) - many, many)
    at = np.minimum(joined[who] + 60 * step + dice.integers(0, 20, len(who)), until[who])
    at[-1] = days
    has_left = left <= days
    customers = pl.DataFrame(
        {
            "id": ids,
            "joined": pl.Series(start + joined).cast(pl.Date),
            "left": pl.Series(start + last).cast(pl.Date),
        }
    ).with_columns(left=pl.when(pl.Series(has_left)).then("left"))
    orders = pl.DataFrame(
        {
            "customer": ids.gather(who),
            "at": pl.Series(start + at).cast(pl.Date),
            "revenue": dice.integers(50, 150, len(who)),
        }
    )
    referrals = pl.DataFrame({"referrer": ids.head(half), "referred": ids.tail(half)})
    return refgraph.read(customers, referrals=referrals, orders=orders)


def fit(data: Dataset) -> LeavingModel:
    graph = OfflineEngine(data).graph(Scope())
    reader = SignReader(graph)
    assert graph.as_of is not None
    signs = reader.read(np.flatnonzero(graph.existing), to_day_number(graph.as_of))
    model = fit_leaving(graph, reader, signs)
    assert model is not None and model.test is not None
    return model


def test_list_of_a_year_ago_finds_those_who_had_fallen_silent() -> None:
    model = fit(draw_company(1, silence=True))
    assert model.test is not None and model.with_orders
    assert model.test.found / model.test.leavers > 0.2


def test_neighbors_help_to_find_leavers_where_leaving_spreads() -> None:
    test = fit(draw_company(2, contagion=5.0)).test
    assert test is not None and test.found > 1.3 * test.found_alone


def test_neighbors_do_not_help_where_nobody_follows() -> None:
    tests = [fit(draw_company(seed)).test for seed in range(3, 6)]
    lifts = [test.found / max(test.found_alone, 1) for test in tests if test]
    assert 0.6 < float(np.mean(lifts)) < 1.5


def test_mean_chance_is_the_share_that_leaves_in_a_year() -> None:
    model = fit(draw_company(7))
    assert float(model.chance.mean()) == pytest.approx(0.095, abs=0.015)
    assert bool(((model.low < model.chance) & (model.chance < model.high)).all())


def run(data: Dataset, **parameters: object) -> Result:
    result = pipeline.run(OfflineEngine(data), "at-risk", parameters)
    for text in (result.headline, *result.notes):
        assert all(format_message(text, lang) for lang in LANGUAGES)
    return result


def chain() -> Dataset:
    """A referred B, B referred C; worth 100, 50 and 20 in the last year; C fell silent."""
    people: dict[str, dict[str, object]] = {
        x: {"joined": "2015-01-01", "left": None, "contact": f"Mr {x}"} for x in "abc"
    }
    orders: list[dict[str, object]] = [
        {"customer": x, "at": f"20{year}-{month:02}-01", "revenue": amount}
        for x, amount in (("a", 25), ("b", 12.5), ("c", 20))
        for year in (18, 19)
        for month in ((1, 4, 7, 10) if x != "c" or year == 18 else (1,))
    ]
    orders.append({"customer": "a", "at": "2019-12-31", "revenue": 0})
    return toys.company(people, [("a", "b"), ("b", "c")], orders)


def test_customers_without_leavers_are_in_order_of_silence_times_value() -> None:
    result = run(chain(), follow=0.5, only="all")
    frame = result.frame
    assert frame["customer"].to_list() == ["c", "b", "a"]
    assert frame["own"].to_list() == [20, 50, 100]
    assert frame["downstream"].to_list() == [0, 20, 70]
    assert frame["direct"].to_list() == [0, 20, 50]
    assert frame["scenario"].to_list() == [20, 60, 130]
    assert frame["loss_if"].to_list() == [20, 50, 100]
    assert frame["chance"].null_count() == 3
    assert frame["why"].to_list()[0][0].startswith("risk-silent 364 > 2 × ")
    called = run(chain())
    assert called.frame["customer"].to_list() == ["c"]
    assert called.frame["contact"].to_list() == ["Mr c"]
    without = pipeline.run(OfflineEngine(chain()), "without", {"of": ("a",), "follow": 0.5}).frame
    row = without.filter(without["part"] == "following").row(0, named=True)
    assert row["last_12_months"] == 130


def test_loss_with_following_is_that_of_the_worked_example() -> None:
    graph = OfflineEngine(chain()).graph(Scope())
    signs = SignReader(graph).read(np.arange(3), _get_last_day(graph))
    chance = np.array([0.2, 0.1, 0.0])
    model = LeavingModel(chance, chance, chance, 20, 1, True, None)
    loss = compute_loss(graph, signs, model, Following(1.8, 1.8), 0.1)
    assert loss["loss_if"].numbers.tolist() == pytest.approx([100 + 50 * (0.9 - 0.9**1.8), 50, 20])
    assert round(float(loss["loss_if"].numbers[0]), 2) == 103.64


def _get_last_day(graph: Graph) -> int:
    assert graph.as_of is not None
    return to_day_number(graph.as_of)


def test_data_without_dates_or_orders_say_what_is_missing() -> None:
    undated = toys.company({"a": {}, "b": {}}, [("a", "b")])
    assert run(undated).headline.id == "headline.at-risk-cannot"
    people: dict[str, dict[str, object]] = {
        "a": {"joined": "2015-01-01", "left": "2018-01-01", "revenue": 5},
        "b": {"joined": date(2016, 1, 1).isoformat(), "left": None, "revenue": 7},
        "o": {"joined": "2012-01-01", "left": "2014-01-01", "revenue": 5},
        "z": {"joined": "2019-01-01", "left": None, "revenue": 9},
    }
    result = run(toys.company(people, [("a", "b"), ("o", "z")]))  # o left too long ago for a sign
    assert result.frame["customer"].to_list() == ["b"]
    assert result.frame["why"].to_list() == [["risk-referrer-left 2018-01-01"]]
    assert "note.risk-no-orders" in {note.id for note in result.notes}

"""Concentration of value and of recommending.

By fractions on random companies, by hand, and on the classic case.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import l96, l96_recount, toys
from support.random_cases import cases

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.model.scope import Scope
from refgraph.texts import format_message

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
Row = dict[str, object]


def curve(x: list[Fraction], share: Fraction) -> Fraction:
    """Part of the total that the best ``share`` bring, a part of one counting as such."""
    best, left, total = sorted(x, reverse=True), share * len(x), Fraction(0)
    for each in best:
        total += min(left, Fraction(1)) * each
        left = max(left - 1, Fraction(0))
    return total / sum(x)


def find_least_share(x: list[Fraction], part: Fraction) -> Fraction:
    """Least share of the parties that brings ``part``."""
    goal, share = part * sum(x), Fraction(0)
    for each in sorted(x, reverse=True):
        if goal <= each:
            return (share + goal / each) / len(x)
        goal, share = goal - each, share + 1
    raise AssertionError


def gini(x: list[Fraction]) -> Fraction:
    """Mean absolute difference of all pairs, halved, over the mean; of values not below 0."""
    some = [a for a in x if a >= 0]
    return sum((abs(a - b) for a in some for b in some), Fraction(0)) / (2 * len(some) * sum(some))


def rows(data: OfflineEngine, **parameters: object) -> dict[str, Row]:
    return {
        r["measure"]: r
        for r in pipeline.run(data, "concentration", parameters).frame.iter_rows(named=True)
    }


@settings(max_examples=cases(100), deadline=None)
@given(st.lists(st.integers(-5, 40), min_size=1, max_size=12), st.data())
def test_concentration_random_values_equal_the_definitions(
    worth: list[int], data: st.DataObject
) -> None:
    ids = [chr(97 + k) for k in range(len(worth))]
    above = [data.draw(st.integers(-1, k - 1)) for k in range(len(worth))]
    arcs = [(ids[p], ids[k]) for k, p in enumerate(above) if p >= 0]
    found = rows(OfflineEngine(toys.worth(dict(zip(ids, worth, strict=True)), arcs)))
    value = {x: Fraction(w) for x, w in zip(ids, worth, strict=True)}
    who = sorted({u for u, _ in arcs})
    expected = {
        "own-value": list(value.values()),
        "direct-value": [sum((value[v] for u, v in arcs if u == x), Fraction(0)) for x in who],
        "referred-parties": [Fraction(sum(u == x for u, _ in arcs)) for x in who],
    }
    for measure, x in expected.items():
        row = found[measure]
        assert row["parties"] == len(x)
        assert (row["losers"], row["direct"]) == (
            sum(a < 0 for a in x),
            sum(x) if measure == "referred-parties" else None,
        )
        if sum(x) <= 0:
            assert (row["top_20"], row["brings_80"], row["cr_1"]) == (None, None, None)
            continue
        top, bring = float(curve(x, Fraction(1, 5))), float(find_least_share(x, Fraction(4, 5)))
        if len(x) >= 5:
            assert [row["top_20"], row["brings_80"]] == pytest.approx([top, bring], rel=1e-12)
        else:
            assert (row["top_20"], row["brings_80"]) == (None, None)
        if sum(a >= 0 for a in x) < 2:
            assert row["gini"] is None
        else:
            assert row["gini"] == pytest.approx(float(gini(x)), rel=1e-12, abs=1e-15)
        for k in (1, 3, 10):
            assert row[f"cr_{k}"] == pytest.approx(
                float(sum(sorted(x)[::-1][:k]) / sum(x)), rel=1e-12
            )


def test_concentration_equal_values_give_20_and_80_percent() -> None:
    row = rows(OfflineEngine(toys.worth(dict.fromkeys("abcdefghij", 7), [])))["own-value"]
    assert (row["top_20"], row["brings_80"], row["gini"]) == (0.2, 0.8, 0.0)


def test_concentration_whale_curve_exceeds_one_with_losses() -> None:
    data = OfflineEngine(
        toys.company(
            {x: {"profit": p} for x, p in zip("abcde", (60, 60, 0, -10, -10), strict=True)}, []
        )
    )
    frame = pipeline.run(data, "concentration", {"curve": True}).frame
    points = {
        round(100 * r["top"]): r["part"]
        for r in frame.filter(frame["measure"] == "own-value").iter_rows(named=True)
    }
    assert len(points) == 21
    assert [points[k] for k in (0, 10, 20, 40, 60, 80, 100)] == pytest.approx(
        [0, 0.3, 0.6, 1.2, 1.2, 1.1, 1]
    )
    assert format_message(pipeline.run(data, "concentration").notes[0], "en").startswith(
        "2 customers lose money, -20 in all"
    )


def test_concentration_without_value_measures_only_referrals() -> None:
    result = pipeline.run(pipeline.open_source(CASE), "concentration", {}, Scope(value="customers"))
    assert result.frame["measure"].to_list() == ["referred-parties"]
    assert format_message(result.headline, "en").startswith(
        "Concentration of value is unknown: no value is recorded. The top 20 % of 31"
    )


def test_concentration_classic_case_equals_recount() -> None:
    case = l96_recount.Case("l96")
    revenue = [
        10_000 * case.sum_orders(x, l96_recount.BASES["revenue"]) for x in sorted(l96.EXISTING)
    ]
    row = rows(pipeline.open_source(CASE))["own-value"]
    assert (row["parties"], row["value"]) == (96, pytest.approx(float(sum(revenue))))
    assert row["top_20"] == pytest.approx(float(curve(revenue, Fraction(1, 5))), rel=1e-12)
    assert row["brings_80"] == pytest.approx(
        float(find_least_share(revenue, Fraction(4, 5))), rel=1e-12
    )
    assert row["gini"] == pytest.approx(float(gini(revenue)), rel=1e-12)


def test_concentration_one_customer_with_everything_is_near_one_not_equal() -> None:
    worth = {f"c{k}": 100 if not k else 0 for k in range(10)}
    result = pipeline.run(OfflineEngine(toys.worth(worth, [])), "concentration")
    row = result.frame.row(0, named=True)
    assert (row["gini"], row["top_20"], row["cr_1"]) == (pytest.approx(0.9), 1.0, 1.0)
    (note,) = [n for n in result.notes if n.id == "note.gini-small"]
    assert note.values == {"parties": 10, "limit": 0.9}


def test_concentration_of_one_recommender_tells_the_share_of_the_first() -> None:
    data = OfflineEngine(toys.worth({"A": 5, "B": 50, "C": 60}, [("A", "B"), ("A", "C")]))
    result = pipeline.run(data, "concentration")
    rest = result.headline.values["rest"]
    assert rest.id == "phrase.concentration-brought-few"
    assert rest.values == {"recommenders": 1, "share": 1.0}
    head = result.headline.values["head"]
    assert (head.id, head.values["share"]) == ("phrase.concentration-own-few", 60 / 115)
    for row in result.frame.iter_rows(named=True):
        assert (row["top_20"], row["brings_80"]) == (None, None)
    assert result.frame["gini"].to_list()[1:] == [None, None]
    assert "The first of 1 recommender accounts for 100.0 %" in format_message(
        result.headline, "en"
    )


def test_concentration_total_of_zero_or_less_has_no_gini() -> None:
    row = rows(OfflineEngine(toys.worth({"a": 5, "b": 3, "c": -9}, [])))["own-value"]
    assert (row["gini"], row["cr_1"], row["losers"], row["losses"]) == (None, None, 1, -9.0)

"""Concentration of value and of recommending: by fractions on random companies, by hand, on the classic case."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import l96
import l96_recount
import toys
from refgraph import flow
from refgraph.engines.offline import Offline
from refgraph.model.scope import Scope
from refgraph.texts import say

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
Row = dict[str, object]


def curve(x: list[Fraction], share: Fraction) -> Fraction:
    """Part of the total that the best ``share`` bring, a part of one counting as such."""
    best, left, total = sorted(x, reverse=True), share * len(x), Fraction(0)
    for each in best:
        total += min(left, Fraction(1)) * each
        left = max(left - 1, Fraction(0))
    return total / sum(x)


def brings(x: list[Fraction], part: Fraction) -> Fraction:
    """Least share of the parties that brings ``part``."""
    goal, share = part * sum(x), Fraction(0)
    for each in sorted(x, reverse=True):
        if goal <= each:
            return (share + goal / each) / len(x)
        goal, share = goal - each, share + 1
    raise AssertionError


def gini(x: list[Fraction]) -> Fraction:
    """Mean absolute difference of all pairs, halved, over the mean; of values above 0."""
    some = [a for a in x if a > 0]
    return sum((abs(a - b) for a in some for b in some), Fraction(0)) / (2 * len(some) * sum(some))


def rows(data: Offline, **parameters: object) -> dict[str, Row]:
    return {r["measure"]: r for r in flow.run(data, "concentration", parameters).frame.iter_rows(named=True)}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-5, 40), min_size=1, max_size=12), st.data())
def test_measures_equal_their_definitions(worth: list[int], data: st.DataObject) -> None:
    ids = [chr(97 + k) for k in range(len(worth))]
    above = [data.draw(st.integers(-1, k - 1)) for k in range(len(worth))]
    arcs = [(ids[p], ids[k]) for k, p in enumerate(above) if p >= 0]
    found = rows(Offline(toys.worth(dict(zip(ids, worth, strict=True)), arcs)))
    value = {x: Fraction(w) for x, w in zip(ids, worth, strict=True)}
    who = sorted({u for u, _ in arcs})
    expected = {"own-value": list(value.values()), "direct-value": [sum((value[v] for u, v in arcs if u == x), Fraction(0)) for x in who],
                "referred-parties": [Fraction(sum(u == x for u, _ in arcs)) for x in who]}  # fmt: skip
    for measure, x in expected.items():
        row = found[measure]
        assert row["parties"] == len(x)
        assert (row["losers"], row["direct"]) == (sum(a < 0 for a in x), sum(x) if measure == "referred-parties" else None)
        if sum(x) <= 0:
            assert (row["top_20"], row["brings_80"], row["cr_1"]) == (None, None, None)
            continue
        assert row["top_20"] == pytest.approx(float(curve(x, Fraction(1, 5))), rel=1e-12)
        assert row["brings_80"] == pytest.approx(float(brings(x, Fraction(4, 5))), rel=1e-12)
        assert row["gini"] == pytest.approx(float(gini(x)), rel=1e-12, abs=1e-15)
        for k in (1, 3, 10):
            assert row[f"cr_{k}"] == pytest.approx(float(sum(sorted(x)[::-1][:k]) / sum(x)), rel=1e-12)


def test_equal_values_give_twenty_and_eighty() -> None:
    row = rows(Offline(toys.worth(dict.fromkeys("abcdefghij", 7), [])))["own-value"]
    assert (row["top_20"], row["brings_80"], row["gini"]) == (0.2, 0.8, 0.0)


def test_the_whale_curve_passes_one_where_customers_lose() -> None:
    data = Offline(toys.company({x: {"profit": p} for x, p in zip("abcde", (60, 60, 0, -10, -10), strict=True)}, []))
    frame = flow.run(data, "concentration", {"curve": True}).frame
    points = {round(100 * r["top"]): r["part"] for r in frame.filter(frame["measure"] == "own-value").iter_rows(named=True)}
    assert len(points) == 21
    assert [points[k] for k in (0, 10, 20, 40, 60, 80, 100)] == pytest.approx([0, 0.3, 0.6, 1.2, 1.2, 1.1, 1])
    assert say(flow.run(data, "concentration").notes[0], "en").startswith("2 customers lose money, -20 in all")


def test_without_a_value_only_recommending_can_be_told() -> None:
    result = flow.run(flow.open_source(CASE), "concentration", {}, Scope(value="customers"))
    assert result.frame["measure"].to_list() == ["referred-parties"]
    assert say(result.headline, "en").startswith("No value is recorded, so its concentration cannot be told; the top 20 % of 31")


def test_the_classic_case_by_a_recount_of_its_files() -> None:
    case = l96_recount.Case("l96")
    revenue = [10_000 * case.total(x, l96_recount.BASES["revenue"]) for x in sorted(l96.EXISTING)]
    row = rows(flow.open_source(CASE))["own-value"]
    assert (row["parties"], row["value"]) == (96, pytest.approx(float(sum(revenue))))
    assert row["top_20"] == pytest.approx(float(curve(revenue, Fraction(1, 5))), rel=1e-12)
    assert row["brings_80"] == pytest.approx(float(brings(revenue, Fraction(4, 5))), rel=1e-12)
    assert row["gini"] == pytest.approx(float(gini(revenue)), rel=1e-12)

"""`compare` against the other analyses, the oracles, and Newcombe's published numbers."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import companies as companies_support
from support import l96, oracles, toys
from support.random_cases import cases
from test_recommenders import companies

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.estimates.proportion import newcombe

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"
Company = tuple[dict[str, int], dict[str, str | None], set[tuple[str, str]]]


def elements(engine: OfflineEngine, **asked: object) -> dict[str, dict[str, float]]:
    """Rows by element."""
    return {
        r["element"]: r for r in pipeline.run(engine, "compare", asked).frame.iter_rows(named=True)
    }


@settings(max_examples=cases(80), deadline=None)
@given(companies(), st.data())
def test_compare_two_parties_equal_the_oracles(company: Company, data: st.DataObject) -> None:
    worth, joined, arcs = company
    if len(worth) < 2:
        return
    pair = data.draw(st.permutations(sorted(worth)))[:2]
    engine = OfflineEngine(
        toys.company(
            {x: {"revenue": w, "joined": joined[x]} for x, w in worth.items()}, sorted(arcs)
        )
    )
    rows, left = elements(engine, of=tuple(pair)), oracles.cut(arcs, joined)
    exact = {x: Fraction(w) for x, w in worth.items()}
    reach, direct, credit = (
        f(left, exact) for f in (oracles.reach, oracles.direct_value, oracles.credit)
    )
    for side, x in zip(("first", "second"), pair, strict=True):
        assert rows["own_value"][side] == worth[x]
        assert rows["direct"][side] == sum(u == x for u, _ in arcs)
        assert (rows["downstream"][side], rows["downstream_value"][side]) == (
            reach[x][0],
            float(reach[x][1]),
        )
        assert rows["direct_value"][side] == pytest.approx(float(direct[x]))
        assert rows["credit"][side] == pytest.approx(float(credit[x]))
        assert rows["value_rank"][side] == 1 + sorted(worth, key=lambda y: (-worth[y], y)).index(x)
    assert all(
        r["difference"] == r["first"] - r["second"]
        for r in rows.values()
        if r["first"] is not None and r["second"] is not None
    )


def test_compare_groups_classic_case_equal_recount() -> None:
    rows = elements(
        pipeline.open_source(SAMPLES / "l96"), by="key", of=("key_account", "other_account")
    )
    assert (rows["customers"]["first"], rows["customers"]["second"]) == (30, 66)
    both = len(l96.LARGE_AND_REFERRED)
    assert rows["referred_share"]["first"] == both / 30
    expected = newcombe(both, 30, 30 - both, 66)
    found = rows["referred_share"]
    assert (
        found["difference"],
        found["difference_low"],
        found["difference_high"],
    ) == pytest.approx(tuple(expected))
    assert rows["former"]["second"] == 4
    assert (
        rows["closed"]["first"] + rows["closed"]["second"] == 33
    )  # 31 arcs to the existing referred, 2 to former ones


def test_compare_newcombe_interval_equals_publication() -> None:
    people = {"a": {"sector": "x"}, "b": {"sector": "y"}}
    people |= {
        f"{u}{k:02d}": {"sector": "z", "status": "closed" if k < won else "lost"}
        for u, won, n in (("a", 56, 70), ("b", 48, 80))
        for k in range(n)
    }
    reported = [(x[0], x) for x in people if len(x) > 1]
    for id in "ab":
        people[id]["status"] = "closed"
    row = elements(OfflineEngine(toys.company(people, reported)), by="sector", of=("x", "y"))[
        "conversion"
    ]
    assert (row["difference"], row["difference_low"], row["difference_high"]) == pytest.approx(
        (0.2, 0.0524, 0.3339), abs=5e-5
    )


def test_compare_group_credit_adds_up() -> None:
    people = {x: {"revenue": 10, "sector": "x" if x in "ab" else "y"} for x in "abcd"}
    rows = elements(
        OfflineEngine(toys.company(people, [("a", "b"), ("b", "c"), ("a", "d")])),
        by="sector",
        of=("x", "y"),
    )
    assert rows["credit"]["first"] + rows["credit"]["second"] == pytest.approx(40)
    assert (rows["downstream"]["first"], rows["downstream"]["second"]) == (2, 0)
    assert rows["conversion"]["first"] is None


def test_compare_missing_field_is_empty() -> None:
    result = pipeline.run(
        OfflineEngine(toys.chain()), "compare", {"by": "region", "of": ("north", "south")}
    )
    assert (result.headline.id, result.frame.height) == ("headline.flows-cannot-tell", 0)


def test_compare_party_with_two_referrers_of_a_group_counts_once() -> None:
    people: dict[str, dict[str, object]] = {
        x: {"sector": "S" if x in "AB" else "T", "status": "closed", "joined": "2020-03-01"}
        for x in "ABCDE"
    }
    reported = [
        {"referrer": u, "referred": v, "at": at}
        for u, v, at in (
            ("A", "C", "2020-01-01"),
            ("B", "C", "2020-02-01"),
            ("D", "E", "2020-01-01"),
            ("D", "C", "2020-01-01"),
        )
    ]
    engine = OfflineEngine(toys.company(people, reported))
    rows = elements(engine, by="sector", of=("S", "T"))
    for element, first, second in (("direct", 1, 2), ("closed", 1, 2), ("conversion", 1.0, 1.0)):
        assert (rows[element]["first"], rows[element]["second"]) == (first, second)
    expected = newcombe(1, 1, 2, 2)
    found = rows["conversion"]
    assert (found["difference_low"], found["difference_high"]) == (expected.low, expected.high)
    assert rows["median_days_to_close"]["first"] == 60.0
    notes = pipeline.run(engine, "compare", {"by": "sector", "of": ("S", "T")}).notes
    assert [n.values for n in notes if n.id == "note.compare-shared"] == [{"parties": 1}]


def test_compare_groups_of_a_company_with_forks_equal_a_recount() -> None:
    made = companies_support.company(size=400, seed=2, several=0.4, loops=2)
    data = companies_support.dataset(made)
    graph = companies_support.graph(made)
    ids = graph.parties["id"].to_list()
    sector = dict(zip(ids, graph.parties["sector"].to_list(), strict=True))
    one, two = sorted({str(x) for x in sector.values() if x})[:2]
    stage = dict(zip(ids, graph.parties["stage"].to_list(), strict=True))
    rows = elements(OfflineEngine(data), by="sector", of=(one, two))
    pairs = graph.arcs.filter("counted").select("referrer", "referred").iter_rows()
    brought: dict[str, set[str]] = {one: set(), two: set()}
    for u, v in pairs:
        if sector[ids[u]] in brought:
            brought[str(sector[ids[u]])].add(ids[v])
    closed = {w: {x for x in b if stage[x] in ("existing", "former")} for w, b in brought.items()}
    for side, word in (("first", one), ("second", two)):
        assert rows["direct"][side] == len(brought[word])
        assert rows["closed"][side] == len(closed[word])

"""From prospect to customer: the classic case by member ids.

Counts against a plain recount, and when nothing can be told.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import l96, toys

from refgraph import pipeline
from refgraph.analyses.funnel import STAGES
from refgraph.engines.offline import OfflineEngine
from refgraph.estimates.proportion import newcombe, wilson
from refgraph.model.result import Result
from refgraph.model.settings import Settings

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
WORDS = ("prospect", "contacted", "negotiating", "closed", "lost", "void", "")


def rows(result: Result) -> dict[str, dict[str, object]]:
    return {row["group"]: row for row in result.frame.iter_rows(named=True)}


def test_funnel_classic_case_counts_stages() -> None:
    result = pipeline.run(pipeline.open_source(CASE), "funnel")
    told = rows(result)
    open_ = ("prospect", "contacted", "negotiating")
    assert told["everyone"]["parties"] == len(l96.EXISTING | l96.FORMER | l96.PROSPECTS)
    assert told["everyone"]["closed"] == len(l96.EXISTING | l96.FORMER)
    assert sum(int(str(told["was-referred"][s])) for s in open_) == len(l96.OPEN)
    assert told["was-referred"]["lost"] == told["everyone"]["lost"] == len(l96.LOST)
    assert sum(int(str(told["not-referred"][s])) for s in open_) == len(l96.COLD)
    assert result.headline.values["apart"].id == "phrase.funnel-no-lost"
    assert set(result.frame["difference"]) == {None}, (
        "no party that was not referred is recorded as lost"
    )


@given(
    st.lists(st.tuples(st.sampled_from(WORDS), st.booleans()), max_size=25),
    st.integers(0, 8),
    st.integers(0, 8),
)
def test_funnel_random_companies_equal_recount(
    people: list[tuple[str, bool]], lost: int, lost_referred: int
) -> None:
    people = people + [("lost", False)] * lost + [("lost", True)] * lost_referred
    table: dict[str, dict[str, object]] = {
        f"c{k:02d}": {"status": status} for k, (status, _) in enumerate(people)
    }
    named = [("a", f"c{k:02d}") for k, (_, referred) in enumerate(people) if referred]
    told = rows(
        pipeline.run(
            OfflineEngine(toys.company({"a": {"status": "closed"}} | table, named)), "funnel"
        )
    )
    counts = {True: dict.fromkeys(STAGES, 0), False: dict.fromkeys(STAGES, 0) | {"closed": 1}}
    for status, referred in people:
        if status != "void":
            counts[referred][status or "prospect"] += 1
    for group, referred in (("was-referred", True), ("not-referred", False)):
        expected, row = counts[referred], told[group]
        assert {s: row[s] for s in STAGES} == expected and row["parties"] == sum(expected.values())
        decided = expected["closed"] + expected["lost"]
        assert row["conversion"] == (expected["closed"] / decided if decided else None)
        if decided:
            assert (row["conversion_low"], row["conversion_high"]) == pytest.approx(
                wilson(expected["closed"], decided)
            )
    assert {s: told["everyone"][s] for s in STAGES} == {
        s: counts[True][s] + counts[False][s] for s in STAGES
    }
    sides = [(c["closed"], c["closed"] + c["lost"]) for c in (counts[True], counts[False])]
    gap = [told["was-referred"][f"difference{end}"] for end in ("", "_low", "_high")]
    if min(sides[0][1], sides[1][1]) < 5 or not counts[False]["lost"]:
        assert gap == [None] * 3
    else:
        assert gap == pytest.approx(list(newcombe(*sides[0], *sides[1])))


def test_funnel_through_key_and_old_are_subsets_of_referred() -> None:
    told = rows(pipeline.run(pipeline.open_source(CASE), "funnel"))
    effect = pipeline.run(pipeline.open_source(CASE), "effect").frame.row(0, named=True)
    former = 2  # the referred among those who left
    assert told["through-key"]["closed"] >= effect["key_only"] + effect["both"]
    assert told["through-old"]["closed"] <= effect["old_only"] + effect["both"] + former
    assert told["was-referred"]["closed"] == effect["referred"] + former


def test_funnel_without_status_has_no_conversion() -> None:
    result = pipeline.run(OfflineEngine(toys.chain()), "funnel")
    assert result.headline.id == "headline.funnel-cannot-tell"
    assert set(result.frame["conversion"]) == {None}


@pytest.mark.parametrize("complete", [False, True])
def test_funnel_difference_is_told_only_if_all_prospects_are_recorded(complete: bool) -> None:
    """Others who enter the books when they close make any difference a selection."""
    people: dict[str, dict[str, object]] = {"r": {"status": "closed", "joined": "2019-01-01"}}
    for k in range(40):
        lost, closed = {"status": "lost"}, {"status": "closed", "joined": "2020-01-01"}
        people[f"a{k}"] = lost if k % 2 else closed
        people[f"b{k}"] = lost if k < 6 else closed
    rules = Settings.from_tables({"funnel": {"complete": complete}})
    data = toys.company(people, [("r", f"a{k}") for k in range(40)], settings=rules)
    apart = pipeline.run(OfflineEngine(data), "funnel").headline.values["apart"]
    assert apart.id == ("phrase.funnel-clear" if complete else "phrase.funnel-selection")
    assert ("difference" in apart.values) is complete

"""From prospect to customer: the classic case by member ids.

Counts against a plain recount, and when nothing can be told.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import l96, toys

from refgraph import pipeline
from refgraph.analyses.funnel import STAGES
from refgraph.engines.offline import OfflineEngine
from refgraph.estimates.clustered_share import compare_shares, measure_share
from refgraph.estimates.proportion import wilson
from refgraph.model.dataset import Dataset
from refgraph.model.message import message
from refgraph.model.result import Result
from refgraph.model.settings import Settings
from refgraph.texts import format_message

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
WORDS = ("prospect", "contacted", "negotiating", "closed", "lost", "void", "")


def rows(result: Result) -> dict[str, dict[str, object]]:
    return {row["group"]: row for row in result.frame.iter_rows(named=True)}


def test_funnel_classic_case_counts_stages() -> None:
    result = pipeline.run(pipeline.open_source(CASE), "funnel")
    groups = rows(result)
    open_ = ("prospect", "contacted", "negotiating")
    assert groups["everyone"]["parties"] == len(l96.EXISTING | l96.FORMER | l96.PROSPECTS)
    assert groups["everyone"]["closed"] == len(l96.EXISTING | l96.FORMER)
    assert sum(int(str(groups["was-referred"][s])) for s in open_) == len(l96.OPEN)
    assert groups["was-referred"]["lost"] == groups["everyone"]["lost"] == len(l96.LOST)
    assert sum(int(str(groups["not-referred"][s])) for s in open_) == len(l96.COLD)
    assert result.headline.values["apart"].id == "phrase.not-compared-no-lost"
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
    referrers = {f"r{k}": {"status": "closed"} for k in range(7)}
    named = [(f"r{k % 7}", f"c{k:02d}") for k, (_, referred) in enumerate(people) if referred]
    rules = Settings.from_tables({"funnel": {"complete": True}})
    data = toys.company(referrers | table, named, settings=rules)
    groups = rows(pipeline.run(OfflineEngine(data), "funnel"))
    counts = {True: dict.fromkeys(STAGES, 0), False: dict.fromkeys(STAGES, 0) | {"closed": 7}}
    hits, sizes = [0] * 7, [0] * 7
    for k, (status, referred) in enumerate(people):
        hits[k % 7] += referred and status == "closed"
        sizes[k % 7] += referred and status in ("closed", "lost")
        if status != "void":
            counts[referred][status or "prospect"] += 1
    for group, referred in (("was-referred", True), ("not-referred", False)):
        expected, row = counts[referred], groups[group]
        assert {s: row[s] for s in STAGES} == expected and row["parties"] == sum(expected.values())
        decided = expected["closed"] + expected["lost"]
        assert row["conversion"] == (expected["closed"] / decided if decided else None)
        if decided:
            assert (row["conversion_low"], row["conversion_high"]) == pytest.approx(
                wilson(expected["closed"], decided)
            )
    assert {s: groups["everyone"][s] for s in STAGES} == {
        s: counts[True][s] + counts[False][s] for s in STAGES
    }
    others = [1] * counts[False]["closed"] + [0] * counts[False]["lost"]
    expected_gap = compare_shares(
        measure_share(hits, sizes), measure_share(others, [1] * len(others))
    )
    if min(counts[True]["lost"], counts[False]["lost"]) < 5:
        expected_gap = None
    gap = [groups["was-referred"][f"difference{end}"] for end in ("", "_low", "_high")]
    assert gap == (pytest.approx(list(expected_gap)) if expected_gap else [None] * 3)


def test_funnel_through_key_and_old_are_subsets_of_referred() -> None:
    groups = rows(pipeline.run(pipeline.open_source(CASE), "funnel"))
    effect = pipeline.run(pipeline.open_source(CASE), "effect").frame.row(0, named=True)
    former = 2  # the referred among those who left
    assert groups["through-key"]["closed"] >= effect["key_only"] + effect["both"]
    assert groups["through-old"]["closed"] <= effect["old_only"] + effect["both"] + former
    assert groups["was-referred"]["closed"] == effect["referred"] + former


def test_funnel_without_status_has_no_conversion() -> None:
    result = pipeline.run(OfflineEngine(toys.chain()), "funnel")
    assert result.headline.id == "headline.funnel-cannot-tell"
    assert set(result.frame["conversion"]) == {None}


def build_leads(
    entered: dict[str, int], *, complete: bool = False, referrers: int = 10, lost: int = 6
) -> Dataset:
    """40 referred (20 closed), and 40 others (all closed except ``lost`` of them).

    entered: of each side, how many of the closed were recorded before the day of the contract; the
    others were on that day.
    """
    people: dict[str, dict[str, object]] = {
        f"r{k}": {"status": "closed", "joined": "2019-01-01", "entered_at": "2018-06-01"}
        for k in range(referrers)
    }
    for side, losses in (("a", 20), ("b", lost)):
        for k in range(40):
            closed = {"status": "closed", "joined": "2020-01-01"}
            early = k - losses < entered.get(side, 0)
            closed["entered_at"] = "2019-12-31" if early else "2020-01-01"
            people[f"{side}{k}"] = {"status": "lost"} if k < losses else closed  # type: ignore[assignment]
    rules = Settings.from_tables({"funnel": {"complete": complete}})
    arcs = [(f"r{k % referrers}", f"a{k}") for k in range(40)]
    return toys.company(people, arcs, settings=rules)


@pytest.mark.parametrize(
    ("entered", "options", "reason"),
    [
        ({}, {}, "selection"),
        ({}, {"complete": True}, ""),
        ({"a": 16, "b": 26}, {}, ""),
        ({"a": 15, "b": 34}, {}, "selection"),
        ({"a": 20, "b": 24}, {}, "selection"),
        ({}, {"complete": True, "lost": 5}, ""),
        ({}, {"complete": True, "lost": 4}, "few-lost"),
        ({}, {"complete": True, "lost": 0}, "no-lost"),
        ({}, {"complete": True, "referrers": 5}, ""),
        ({}, {"complete": True, "referrers": 4}, "few-clusters"),
    ],
)
def test_funnel_difference_is_reported_only_if_prospects_are_recorded_before_they_close(
    entered: dict[str, int], options: dict[str, Any], reason: str
) -> None:
    """M28: 80 % of 20 closed are 16; of the 44 others (10 referrers, entered early) 35.2."""
    result = pipeline.run(OfflineEngine(build_leads(entered, **options)), "funnel")
    apart: Any = result.headline.values["apart"]
    assert apart.id == (f"phrase.not-compared-{reason}" if reason else "phrase.funnel-clear")
    row = rows(result)["was-referred"]
    assert (row["difference"] is None) is bool(reason)
    notes = {note.id: note.values for note in result.notes}
    assert ("note.conversion-clusters" in notes) is not bool(reason)
    if not reason:
        found = notes["note.conversion-clusters"]
        assert (found["decided"], found["largest"]) == (40, 1 / options.get("referrers", 10))
        words = format_message(message("note.conversion-clusters", **found), "en")
        assert f"(design effect {found['effect']:.2f}".rstrip("0").rstrip(".") in words


@pytest.mark.parametrize("by", ["through", "tie"])
def test_channels_of_referred_leads_need_early_records_unless_all_are_referred(by: str) -> None:
    """The reference of ``tie`` is other referred prospects, recorded in the same way."""
    people: dict[str, dict[str, object]] = {f"r{k}": {"source": "own sales"} for k in range(8)}
    arcs: list[dict[str, object]] = []
    for tie, losses in (("friend", 8), ("colleague", 30)):
        for k in range(40):
            id = f"{tie}{k}"
            people[id] = {"status": "lost" if k < losses else "closed", "source": "referral"}
            arcs.append({"referrer": f"r{k % 8}", "referred": id, "tie": tie})
    for k in range(40):
        people[f"o{k}"] = {"status": "lost" if k < 9 else "closed", "source": "own sales"}
    result = pipeline.run(OfflineEngine(toys.company(people, arcs)), "channels", {"by": by})
    groups = result.frame.filter(pl.col("difference").is_not_null())
    assert set(groups["channel"]) == ({"friend", "ex-colleague"} if by == "tie" else set())
    assert set(groups["above_chance"]) == ({"yes"} if by == "tie" else set())
    notes = {note.id for note in result.notes}
    assert ("note.channel-looks" in notes) is (by == "tie")
    assert ("note.channels-selection" in notes) is (by == "through")

"""Occasions: against a loop referral by referral, and by simulated companies with a known truth."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refgraph import intake
from refgraph.graph import build_graph
from refgraph.kernels.compilation import force_mode
from refgraph.measures.chance import compare_with_chance
from refgraph.measures.occasions import find_occasion_days, list_occasions
from refgraph.model.graph import Graph
from refgraph.model.raw import RawTable, make_empty_rejects
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings

START, DAYS = date(2005, 1, 1), 7300
STAR = "c1"
Events = list[tuple[int, int]]


def find_first_days(events: Events, days: int) -> list[int]:
    """For each event the first day of its occasion, by a loop over days."""
    first_day = {}
    for who in {who for who, _ in events}:
        first = None
        for day in sorted(day for w, day in events if w == who):
            first = day if first is None or day - first > days else first
            first_day[who, day] = first
    return [first_day[event] for event in events]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 80)), max_size=25), st.integers(0, 40))
def test_occasions_equal_a_loop_in_any_order(events: Events, days: int) -> None:
    who, day = np.array(events, np.int64).reshape(-1, 2).T
    expected = find_first_days(events, days)
    assert find_occasion_days(who, day, days).tolist() == expected
    pairs = sorted({(first, w) for first, (w, _) in zip(expected, events, strict=True)})
    listed = list_occasions(who, day, days)
    assert list(zip(listed[1].tolist(), listed[0].tolist(), strict=True)) == pairs


def test_occasions_compiled_equal_plain() -> None:
    random = np.random.default_rng(4)
    who, day = random.integers(0, 40, 5000), random.integers(0, 4000, 5000)
    found = []
    for mode in ("plain", "compiled"):
        with force_mode(mode):
            found.append(find_occasion_days(who, day, 30).tolist())
    assert found[0] == found[1]


def test_occasion_is_anchored_at_its_first_referral_not_chained() -> None:
    every_month = np.arange(0, 360, 30)
    assert len(list_occasions(np.zeros(12, np.int64), every_month, 30)[0]) == 6


def simulate_company(size: int, seed: int, span: int, star: float = 1.0) -> Graph:
    """A company whose occasions (one for two customers) were dealt to the customers of the day.

    Each occasion names 1 to 5 later customers within ``span`` days. star: how often customer c1,
    who joined within the first tenth, gets an occasion compared with the others.
    """
    random = np.random.default_rng([seed, size, span])
    joined = np.sort(random.integers(0, DAYS, size))
    rate = np.ones(size)
    rate[1] = star
    rows = []
    for day in np.sort(random.integers(joined[1] + 1, DAYS - span - 30, size // 2)).tolist():
        present = int(np.searchsorted(joined, day))
        who = int(random.choice(present, p=rate[:present] / rate[:present].sum()))
        names = random.integers(present, size, random.integers(1, 6)) if present < size else []
        offsets = random.integers(0, span + 1, len(names))
        offsets[:1] = 0
        rows += [(who, int(v), day + int(o)) for v, o in zip(names, offsets, strict=True)]
    people = pl.DataFrame({"id": [f"c{k}" for k in range(size)], "joined": write_days(joined)})
    referrer, referred, at = zip(*dict.fromkeys(rows), strict=True)
    by_owner = {
        "referrer": [f"c{k}" for k in referrer],
        "referred": [f"c{k}" for k in referred],
        "at": write_days(at),
    }
    tables = {
        "customers": [raw_table("customers.csv", people)],
        "referrals": [raw_table("referrals.csv", pl.DataFrame(by_owner))],
    }
    return build_graph(intake.build_dataset(tables, Settings()), Scope())


def raw_table(file: str, frame: pl.DataFrame) -> RawTable:
    """A table of text as read from a file."""
    line = pl.Series("line", range(2, frame.height + 2), dtype=pl.Int64)
    return RawTable(
        file=file,
        frame=frame,
        line=line,
        rows_read=frame.height,
        rejects=make_empty_rejects(),
    )


def write_days(days: object) -> list[str]:
    """Days since the start as ISO dates."""
    return [(START + timedelta(int(day))).isoformat() for day in days]


COMPANIES = pytest.mark.parametrize("companies", [6, pytest.param(200, marks=pytest.mark.slow)])


@COMPANIES
def test_chance_without_effect_marks_few_companies_whatever_the_span(companies: int) -> None:
    """At most 3 % of all, with occasions that span 1, 2, 7 and 30 days in total."""
    marked = 0
    for span in (1, 2, 7, 30):
        for seed in range(companies):
            size = (96, 500)[seed % 2]
            comparison = compare_with_chance(simulate_company(size, seed, span))
            marked += bool(comparison.is_above_chance.any())
    print(f"marked without effect: {marked} of {4 * companies}")
    assert marked <= max(0.03 * 4 * companies, 1)


@COMPANIES
@pytest.mark.parametrize("size", [96, 500, 5000])
def test_chance_planted_star_is_marked(size: int, companies: int) -> None:
    """A customer at 20 times the rate of the others, in at least 90 % of the companies."""
    companies = 2 if size == 5000 and companies < 200 else companies
    found = 0
    for seed in range(companies):
        graph = simulate_company(size, seed, (1, 2, 7, 30)[seed % 4], star=20.0)
        comparison = compare_with_chance(graph)
        marked = graph.parties["id"][comparison.customer].filter(comparison.is_above_chance)
        found += STAR in marked.to_list()
    print(f"star of {size} found: {found} of {companies}")
    assert found >= 0.9 * companies

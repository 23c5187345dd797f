"""`flows` against plain counts, with all deals written out.

Hand-checked pairs of the classic case; sums of dealt blocks.
"""

from __future__ import annotations

import itertools
import math
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import l96, toys
from support.dated import Facts, draw_dated
from support.l96_recount import Case
from support.random_cases import cases

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.estimates.block_binomial import block_sum_test, skew_corrected_normal
from refgraph.estimates.multiple_testing import benjamini_hochberg

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"


def all_deals(blocks: list[tuple[int, Fraction]]) -> dict[int, Fraction]:
    """Sum of sizes -> chance, every way of giving the blocks out."""
    found: dict[int, Fraction] = {}
    for taken in itertools.product((0, 1), repeat=len(blocks)):
        chance = math.prod(
            (p if t else 1 - p for t, (_, p) in zip(taken, blocks, strict=True)), start=Fraction(1)
        )
        total = sum(s * t for t, (s, _) in zip(taken, blocks, strict=True))
        found[total] = found.get(total, Fraction(0)) + chance
    return found


@settings(max_examples=cases(80), deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 4), st.fractions(0, 1, max_denominator=12)), max_size=7),
    st.integers(0, 30),
)
def test_block_sum_test_equals_enumeration_of_assignments(
    blocks: list[tuple[int, Fraction]], count: int
) -> None:
    deals = all_deals(blocks)
    chance = block_sum_test([s for s, _ in blocks], [float(p) for _, p in blocks], count)
    assert chance.mean == pytest.approx(float(sum(s * p for s, p in blocks)))
    assert chance.at_most == pytest.approx(
        float(sum(c for k, c in deals.items() if k <= count)), abs=1e-12
    )
    assert chance.at_least == pytest.approx(
        float(sum(c for k, c in deals.items() if k >= count)), abs=1e-12
    )
    inside = sum(c for k, c in deals.items() if chance.low <= k <= chance.high)
    assert inside >= Fraction(95, 100) - Fraction(1, 10**9)


def test_skew_corrected_normal_is_close_to_exact() -> None:
    size, chance = [1, 2, 1, 3] * 50, [0.1, 0.3, 0.05, 0.2] * 50
    exact = block_sum_test(size, chance, 0)
    power = [
        sum(s**k * f(p) for s, p in zip(size, chance, strict=True))
        for k, f in (
            (1, float),
            (2, lambda p: p * (1 - p)),
            (3, lambda p: p * (1 - p) * (1 - 2 * p)),
        )
    ]
    for count in (45, 60, 70, 85, 100):
        exact, near = (
            block_sum_test(size, chance, count),
            skew_corrected_normal(*power, sum(size), count),
        )
        assert near.at_most == pytest.approx(exact.at_most, abs=2e-3)
        assert near.at_least == pytest.approx(exact.at_least, abs=2e-3)
    assert (near.low, near.high) == pytest.approx((exact.low, exact.high), abs=1.0)


def find_present(facts: Facts, day: date) -> list[str]:
    """Parties that joined by a day and have not left by it."""
    return [
        x
        for x in facts.people
        if facts.joined(x) <= day and not ((left := facts.left(x)) and left <= day)
    ]


def find_descendants(facts: Facts, party: str) -> set[str]:
    """The party and all below it along primary referrers: the earliest, then the first by id."""
    primary: dict[str, tuple[date, str]] = {}
    for u, v, day in facts.arcs:
        primary[v] = min(primary.get(v, (day, u)), (day, u))
    below = [find_descendants(facts, v) for v, (_, u) in primary.items() if u == party]
    return {party}.union(*below)


def find_blocks(
    facts: Facts, group: dict[str, str]
) -> dict[str, dict[tuple[date, str], list[str]]]:
    """Referred group -> (first day of the occasion, referrer) -> parties referred.

    Of referrers who were present; an occasion lasts 30 days from its first referral.
    """
    dealt_out: dict[str, dict[tuple[date, str], list[str]]] = {}
    first_day: dict[str, date] = {}
    for u, v, day in sorted(facts.arcs, key=lambda arc: arc[2]):
        if u in find_present(facts, day):
            if u not in first_day or (day - first_day[u]).days > 30:
                first_day[u] = day
            blocks = dealt_out.setdefault(group[v], {})
            blocks.setdefault((first_day[u], u), []).append(v)
    return dealt_out


@settings(max_examples=cases(60), deadline=None)
@given(draw_dated())
def test_flows_random_companies_equal_recount(facts: Facts) -> None:
    group = {x: str(p["sector"] or "not_recorded") for x, p in facts.people.items()}
    frame = pipeline.run(facts.engine(), "flows", {"by": "sector"}).frame
    rows = {(r["referrer_group"], r["referred_group"]): r for r in frame.iter_rows(named=True)}
    made: dict[tuple[str, str], int] = {}
    for u, v, _ in facts.arcs:
        made[group[u], group[v]] = made.get((group[u], group[v]), 0) + 1
    assert {k: r["referrals"] for k, r in rows.items() if r["referrals"]} == made
    dealt_out = find_blocks(facts, group)
    chances = []
    for (a, b), row in rows.items():
        mine = [
            (len(referred), Fraction(sum(group[x] == a for x in here), len(here)))
            for (day, _), referred in dealt_out.get(b, {}).items()
            for below in [set().union(*(find_descendants(facts, v) for v in referred))]
            for here in [[x for x in find_present(facts, day) if x not in below]]
        ]
        blocks = dealt_out.get(b, {})
        got = sum(len(referred) for (_, u), referred in blocks.items() if group[u] == a)
        deals = all_deals(mine)
        mean = sum(k * c for k, c in deals.items())
        if row["expected"] is None:
            assert not dealt_out
            continue
        assert (row["compared"], row["expected"]) == (got, pytest.approx(float(mean)))
        tails = [
            sum(c for k, c in deals.items() if k <= got),
            sum(c for k, c in deals.items() if k >= got),
        ]
        assert row["chance"] == (
            pytest.approx(min(1.0, 2 * float(min(tails))), abs=1e-12) if mean else None
        )
        chances.append((row["chance"], row["against_chance"]))
    looks = [c for c, _ in chances if c is not None]
    assert [m in ("more", "less") for c, m in chances if c is not None] == benjamini_hochberg(
        looks
    ).tolist()


def test_flows_classic_case_equal_recount() -> None:
    facts, worth = Case("l96"), pipeline.run(pipeline.open_source(SAMPLES / "l96"), "flows")
    rows = {
        (r["referrer_group"], r["referred_group"]): r for r in worth.frame.iter_rows(named=True)
    }
    kind = {x: "key_account" if x in l96.LARGE else "other_account" for x in facts.people}
    for (a, b), row in rows.items():
        mine = [
            (x["推荐人"], x["被推荐人"])
            for x in facts.counted
            if (kind[x["推荐人"]], kind[x["被推荐人"]]) == (a, b)
        ]
        assert row["referrals"] == len(mine)
        assert row["closed"] == sum(v in l96.EXISTING | l96.FORMER for _, v in mine)
        assert row["lost"] == sum(v in l96.LOST for _, v in mine)
        shares = facts.compute_shares()
        assert row["value"] == pytest.approx(
            float(sum(shares[v][u] * facts.sum_orders(v, "销售额(万元)") * 10000 for u, v in mine))
        )
    assert sum(r["share_of_value"] for r in rows.values()) == pytest.approx(1)


@pytest.mark.parametrize("by", ["sector", "region", "ownership", "kind", "source"])
def test_flows_missing_field_is_empty(by: str) -> None:
    result = pipeline.run(OfflineEngine(toys.chain()), "flows", {"by": by})
    assert (result.headline.id, result.frame.height) == ("headline.flows-cannot-tell", 0)


def test_flows_tiers_are_not_compared_and_small_groups_are_merged() -> None:
    people = {f"{k:02d}": {"sector": f"s{k:02d}", "revenue": 1} for k in range(40)}
    facts = [(f"{k:02d}", f"{k + 1:02d}") for k in range(39)]
    tiers = pipeline.run(
        OfflineEngine(toys.company(people, facts)), "flows", {"by": "recommender_tier"}
    )
    assert tiers.frame["expected"].null_count() == tiers.frame.height > 0
    sectors = pipeline.run(OfflineEngine(toys.company(people, facts)), "flows", {"by": "sector"})
    words = set(sectors.frame["referrer_group"]) | set(sectors.frame["referred_group"])
    assert len(words) == 30 and "all_others" in words
    assert sectors.frame["referrals"].sum() == 39
    assert {"note.flows-merged", "note.flows-undated"} <= {n.id for n in sectors.notes}


def test_flows_party_with_two_referrers_of_a_group_closes_once() -> None:
    people: dict[str, dict[str, object]] = {
        x: {"sector": "S" if x in "AB" else "T", "status": "closed"} for x in "ABCDE"
    }
    people["F"] = {"sector": "T", "status": "lost"}
    arcs = [("A", "C"), ("B", "C"), ("D", "E"), ("D", "C"), ("A", "F"), ("B", "F")]
    frame = pipeline.run(OfflineEngine(toys.company(people, arcs)), "flows", {"by": "sector"}).frame
    columns = ["referrer_group", "referred_group", "referrals", "closed", "lost", "conversion"]
    rows = frame.filter(pl.col("referrals") > 0).select(columns).rows()
    assert rows == [("S", "T", 4, 1, 1, 0.5), ("T", "T", 2, 2, 0, 1.0)]

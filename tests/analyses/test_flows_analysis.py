"""`flows` against plain counts, all deals written out, and hand-checked pairs of the classic case; sums of dealt blocks."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import l96
import toys
from dated import Told, dated
from l96_recount import Case
from refgraph import flow
from refgraph.engines.offline import Offline
from refgraph.estimates.dealt import dealt, refined
from refgraph.estimates.multiple import bh

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"


def all_deals(blocks: list[tuple[int, Fraction]]) -> dict[int, Fraction]:
    """Sum of sizes -> chance, every way of giving the blocks out."""
    found: dict[int, Fraction] = {}
    for taken in itertools.product((0, 1), repeat=len(blocks)):
        chance = math.prod((p if t else 1 - p for t, (_, p) in zip(taken, blocks, strict=True)), start=Fraction(1))
        total = sum(s * t for t, (s, _) in zip(taken, blocks, strict=True))
        found[total] = found.get(total, Fraction(0)) + chance
    return found


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.fractions(0, 1, max_denominator=12)), max_size=7), st.integers(0, 30))
def test_sums_of_blocks_equal_all_deals(blocks: list[tuple[int, Fraction]], count: int) -> None:
    deals = all_deals(blocks)
    luck = dealt([s for s, _ in blocks], [float(p) for _, p in blocks], count)
    assert luck.mean == pytest.approx(float(sum(s * p for s, p in blocks)))
    assert luck.at_most == pytest.approx(float(sum(c for k, c in deals.items() if k <= count)), abs=1e-12)
    assert luck.at_least == pytest.approx(float(sum(c for k, c in deals.items() if k >= count)), abs=1e-12)
    inside = sum(c for k, c in deals.items() if luck.low <= k <= luck.high)
    assert inside >= Fraction(95, 100) - Fraction(1, 10**9)


def test_the_approximation_is_close_where_both_can_be_had() -> None:
    size, chance = [1, 2, 1, 3] * 50, [0.1, 0.3, 0.05, 0.2] * 50
    exact = dealt(size, chance, 0)
    power = [sum(s**k * f(p) for s, p in zip(size, chance, strict=True))
             for k, f in ((1, float), (2, lambda p: p * (1 - p)), (3, lambda p: p * (1 - p) * (1 - 2 * p)))]  # fmt: skip
    for count in (45, 60, 70, 85, 100):
        exact, near = dealt(size, chance, count), refined(*power, sum(size), count)
        assert near.at_most == pytest.approx(exact.at_most, abs=2e-3)
        assert near.at_least == pytest.approx(exact.at_least, abs=2e-3)
    assert (near.low, near.high) == pytest.approx((exact.low, exact.high), abs=1.0)


@settings(max_examples=60, deadline=None)
@given(dated())
def test_flows_equal_a_plain_count(told: Told) -> None:
    group = {x: str(p["sector"] or "not_recorded") for x, p in told.people.items()}
    frame = flow.run(told.engine(), "flows", {"by": "sector"}).frame
    rows = {(r["referrer_group"], r["referred_group"]): r for r in frame.iter_rows(named=True)}
    made: dict[tuple[str, str], int] = {}
    for u, v, _ in told.arcs:
        made[group[u], group[v]] = made.get((group[u], group[v]), 0) + 1
    assert {k: r["referrals"] for k, r in rows.items() if r["referrals"]} == made

    def present(day):  # type: ignore[no-untyped-def]
        return [x for x in told.people if told.joined(x) < day and not ((left := told.left(x)) and left <= day)]

    dealt_out: dict[str, dict[tuple[object, str], int]] = {}
    for u, v, day in told.arcs:
        if u in present(day):
            blocks = dealt_out.setdefault(group[v], {})
            blocks[day, u] = blocks.get((day, u), 0) + 1
    chances = []
    for (a, b), row in rows.items():
        mine = [(size, Fraction(sum(group[x] == a for x in present(day)), len(present(day))))
                for (day, _), size in dealt_out.get(b, {}).items()]  # fmt: skip
        got = sum(size for (_, u), size in dealt_out.get(b, {}).items() if group[u] == a)
        deals = all_deals(mine)
        mean = sum(k * c for k, c in deals.items())
        if row["expected"] is None:
            assert not dealt_out
            continue
        assert (row["compared"], row["expected"]) == (got, pytest.approx(float(mean)))
        tails = [sum(c for k, c in deals.items() if k <= got), sum(c for k, c in deals.items() if k >= got)]
        assert row["chance"] == (pytest.approx(min(1.0, 2 * float(min(tails))), abs=1e-12) if mean else None)
        chances.append((row["chance"], row["against_luck"]))
    looks = [c for c, _ in chances if c is not None]
    assert [m in ("more", "less") for c, m in chances if c is not None] == bh(looks).tolist()


def test_pairs_of_the_classic_case() -> None:
    told, worth = Case("l96"), flow.run(flow.open_source(SAMPLES / "l96"), "flows")
    rows = {(r["referrer_group"], r["referred_group"]): r for r in worth.frame.iter_rows(named=True)}
    kind = {x: "key_account" if x in l96.LARGE else "other_account" for x in told.people}
    for (a, b), row in rows.items():
        mine = [(x["推荐人"], x["被推荐人"]) for x in told.counted if (kind[x["推荐人"]], kind[x["被推荐人"]]) == (a, b)]
        assert row["referrals"] == len(mine)
        assert row["closed"] == sum(v in l96.EXISTING | l96.FORMER for _, v in mine)
        assert row["lost"] == sum(v in l96.LOST for _, v in mine)
        shares = told.shares()
        assert row["value"] == pytest.approx(float(sum(
            shares[v][u] * told.total(v, "销售额(万元)") * 10000 for u, v in mine)))  # fmt: skip
    assert sum(r["share_of_value"] for r in rows.values()) == pytest.approx(1)


@pytest.mark.parametrize("by", ["sector", "region", "ownership", "kind", "source"])
def test_what_is_not_recorded_cannot_be_told(by: str) -> None:
    result = flow.run(Offline(toys.chain()), "flows", {"by": by})
    assert (result.headline.id, result.frame.height) == ("headline.flows-cannot-tell", 0)


def test_tiers_are_not_compared_and_many_groups_go_together() -> None:
    people = {f"{k:02d}": {"sector": f"s{k:02d}", "revenue": 1} for k in range(40)}
    told = [(f"{k:02d}", f"{k + 1:02d}") for k in range(39)]
    tiers = flow.run(Offline(toys.company(people, told)), "flows", {"by": "recommender_tier"})
    assert tiers.frame["expected"].null_count() == tiers.frame.height > 0
    sectors = flow.run(Offline(toys.company(people, told)), "flows", {"by": "sector"})
    words = set(sectors.frame["referrer_group"]) | set(sectors.frame["referred_group"])
    assert len(words) == 30 and "all_others" in words
    assert sectors.frame["referrals"].sum() == 39
    assert {"note.flows-merged", "note.flows-undated"} <= {n.id for n in sectors.notes}

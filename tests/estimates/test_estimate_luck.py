"""The luck line against a loop over days, all ways of dealing, and the rate of its false alarms."""

from collections import Counter
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refgraph.estimates.luck import blocks, luck_line, present, windows
from refgraph.estimates.multiple import bh

NEVER = np.iinfo(np.int64).max
ALWAYS = np.iinfo(np.int64).min
Company = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Recommender and date of each referral, joining and leaving of each customer."""


@st.composite
def companies(draw: st.DrawFn) -> Company:
    n = draw(st.integers(1, 6))
    joined = draw(st.lists(st.one_of(st.integers(0, 8), st.just(ALWAYS)), min_size=n, max_size=n))
    left = [draw(st.one_of(st.just(NEVER), st.integers(0, 9))) for _ in joined]
    rows = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, 10)), max_size=8))
    referrer, at = np.array(rows, np.int64).reshape(-1, 2).T
    return referrer, at, np.array(joined, np.int64), np.array(left, np.int64)


def by_dealing(referrer: list[int], at: list[int], joined: list[int], left: list[int]) -> list[Fraction]:
    """P(at least as many) for each customer, over all equally likely ways to deal the events."""
    events = sorted({(d, r) for r, d in zip(referrer, at) if joined[r] < d < left[r]})
    made = Counter(r for _, r in events)
    here = [[v for v in range(len(joined)) if joined[v] < d < left[v]] for d, _ in events]
    ways = [Counter(way) for way in product(*here)]
    return [Fraction(sum(way[v] >= made[v] for way in ways), len(ways)) for v in range(len(joined))]


@settings(deadline=None)
@given(companies())
def test_p_is_the_share_of_all_dealings(company: Company) -> None:
    line = luck_line(*company)
    expected = by_dealing(*(column.tolist() for column in company))
    assert line.p_value == pytest.approx([float(p) for p in expected], rel=1e-12)
    assert line.count.sum() == line.present.size and (line.present >= 1).all()


@given(companies(), st.randoms())
def test_row_order_changes_no_bit(company: Company, random: object) -> None:
    referrer, at, joined, left = company
    order = list(range(referrer.size))
    random.shuffle(order)  # type: ignore[attr-defined]
    first, second = luck_line(*company), luck_line(referrer[order], at[order], joined, left)
    for name in ("present", "start", "end", "count", "p_value"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()


@given(companies())
def test_windows_and_present_follow_the_days(company: Company) -> None:
    referrer, at, joined, left = company
    who, day = blocks(referrer, at)
    assert list(zip(day.tolist(), who.tolist())) == sorted(set(zip(at.tolist(), referrer.tolist())))
    start, end = windows(joined, left, day)
    inside = [[joined[v] < d < left[v] for d in day] for v in range(joined.size)]
    assert [[s <= e < t for e in range(day.size)] for s, t in zip(start, end)] == inside
    here = np.array(inside).reshape(joined.size, -1).sum(axis=0)
    assert present(start, end, day.size).tolist() == here.tolist()


def test_a_batch_is_one_piece_of_luck() -> None:
    joined, left = np.zeros(10, np.int64), np.full(10, NEVER)
    one = luck_line(np.array([3, 3, 3]), np.array([5, 5, 5]), joined, left)
    assert one.count[3] == 1 and one.p_value[3] == pytest.approx(0.1)
    apart = luck_line(np.array([3, 3, 3]), np.array([5, 6, 7]), joined, left)
    assert apart.p_value[3] == pytest.approx(0.001)


def test_one_who_is_not_a_customer_makes_no_event() -> None:
    line = luck_line(np.array([0, 1]), np.array([3, 3]), np.array([3, 0]), np.array([NEVER, NEVER]))
    assert line.count.tolist() == [0, 1] and line.present.tolist() == [1]
    assert line.p_value.tolist() == [1.0, 1.0]


def test_nothing_referred_and_nobody_there() -> None:
    none = np.zeros(0, np.int64)
    assert luck_line(none, none, np.array([1, 2]), np.array([3, 4])).p_value.tolist() == [1.0, 1.0]
    assert luck_line(none, none, none, none).p_value.shape == (0,)


def test_looked_at_over_all_customers_luck_seldom_rings() -> None:
    random, n, worlds, rang = np.random.default_rng(5), 120, 1500, 0
    joined, left = np.arange(n), np.full(n, NEVER)
    for _ in range(worlds):
        at = np.sort(random.choice(np.arange(1, n), 60, replace=False))
        line = luck_line((random.random(60) * at).astype(np.int64), at, joined, left)
        rang += bool(bh(line.p_value).any())
    assert 0 < rang / worlds < 0.05 + 3 * (0.05 * 0.95 / worlds) ** 0.5


def test_a_true_recommender_is_found() -> None:
    at = np.arange(1, 96, 3)
    referrer = np.where(np.arange(at.size) % 3 == 0, 0, at // 2)
    line = luck_line(referrer, at, np.arange(96), np.full(96, NEVER))
    assert np.flatnonzero(bh(line.p_value)).tolist() == [0] and line.count[0] == 11


@pytest.mark.parametrize("arguments", [
    ([0], [1, 2], [0], [9]), ([0], [1], [0], [9, 9]), ([1], [1], [0], [9]), ([-1], [1], [0], [9]),
    ([0, 2**31], [-(2**61), 2**61], [0], [9]),
])  # fmt: skip
def test_impossible_arguments(arguments: tuple[list[int], ...]) -> None:
    with pytest.raises(ValueError):
        luck_line(*map(np.array, arguments))


def test_dates_that_cannot_be_days() -> None:
    with pytest.raises(ValueError):
        blocks(np.array([0, 2**31]), np.array([-(2**61), 2**61]))

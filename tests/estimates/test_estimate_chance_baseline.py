"""The chance line against a loop over days and all ways of dealing.

Also the rate of its false alarms.
"""

from collections import Counter
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refgraph.estimates.chance_baseline import (
    Exclusions,
    compute_chance_baseline,
    count_present,
    find_event_windows,
)
from refgraph.estimates.multiple_testing import benjamini_hochberg

NEVER = np.iinfo(np.int64).max
ALWAYS = np.iinfo(np.int64).min
Company = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Recommender and date of each referral, joining and leaving of each customer."""


@st.composite
def draw_company(draw: st.DrawFn) -> Company:
    n = draw(st.integers(1, 6))
    joined = draw(st.lists(st.one_of(st.integers(0, 8), st.just(ALWAYS)), min_size=n, max_size=n))
    left = [draw(st.one_of(st.just(NEVER), st.integers(0, 9))) for _ in joined]
    rows = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, 10)), max_size=8))
    referrer, at = np.array(rows, np.int64).reshape(-1, 2).T
    return referrer, at, np.array(joined, np.int64), np.array(left, np.int64)


def enumerate_p_values(
    referrer: list[int],
    at: list[int],
    joined: list[int],
    left: list[int],
    excluded: set[tuple[int, int]] = frozenset(),  # type: ignore[assignment]
) -> list[Fraction]:
    """P(at least as many) for each customer, over all equally likely ways to deal the events."""
    rows = list(enumerate(zip(referrer, at, strict=False)))
    events = [(d, r, e) for e, (r, d) in rows if joined[r] <= d < left[r]]
    made = Counter(r for _, r, _ in events)
    here = [
        [
            v
            for v in range(len(joined))
            if joined[v] <= d < left[v] and (v == r or (e, v) not in excluded)
        ]
        for d, r, e in events
    ]
    ways = [Counter(way) for way in product(*here)]
    return [Fraction(sum(way[v] >= made[v] for way in ways), len(ways)) for v in range(len(joined))]


@settings(deadline=None)
@given(draw_company())
def test_p_value_equals_share_of_all_assignments(company: Company) -> None:
    line = compute_chance_baseline(*company)
    expected = enumerate_p_values(*(column.tolist() for column in company))
    assert line.p_value == pytest.approx([float(p) for p in expected], rel=1e-12)
    assert line.count.sum() == line.present.size and (line.present >= 1).all()


@settings(deadline=None)
@given(draw_company(), st.data())
def test_chance_baseline_with_exclusions_equals_all_assignments(
    company: Company, data: st.DataObject
) -> None:
    referrer, _, joined, _ = company
    pair = st.tuples(
        st.integers(0, max(referrer.size - 1, 0)), st.integers(0, max(joined.size - 1, 0))
    )
    pairs = data.draw(st.lists(pair, max_size=10)) if referrer.size else []
    event, customer = np.array(pairs, np.int64).reshape(-1, 2).T
    line = compute_chance_baseline(*company, Exclusions(event, customer))
    expected = enumerate_p_values(*(column.tolist() for column in company), excluded=set(pairs))
    assert line.p_value == pytest.approx([float(p) for p in expected], rel=1e-12)
    assert (line.present >= 1).all()


@given(draw_company(), st.randoms())
def test_chance_baseline_does_not_depend_on_row_order(company: Company, random: object) -> None:
    referrer, at, joined, left = company
    order = list(range(referrer.size))
    random.shuffle(order)  # type: ignore[attr-defined]
    first, second = (
        compute_chance_baseline(*company),
        compute_chance_baseline(referrer[order], at[order], joined, left),
    )
    for name in ("present", "start", "end", "count", "p_value"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()


@given(draw_company())
def test_event_windows_and_present_counts_follow_the_days(company: Company) -> None:
    _, at, joined, left = company
    day = np.sort(at)
    start, end = find_event_windows(joined, left, day)
    inside = [[joined[v] <= d < left[v] for d in day] for v in range(joined.size)]
    assert [
        [s <= e < t for e in range(day.size)] for s, t in zip(start, end, strict=False)
    ] == inside
    here = np.array(inside).reshape(joined.size, -1).sum(axis=0)
    assert count_present(start, end, day.size).tolist() == here.tolist()


def test_referrer_before_joining_makes_no_event() -> None:
    line = compute_chance_baseline(
        np.array([0, 1]), np.array([3, 3]), np.array([4, 0]), np.array([NEVER, NEVER])
    )
    assert line.count.tolist() == [0, 1] and line.present.tolist() == [1]
    assert line.p_value.tolist() == [1.0, 1.0]


def test_chance_baseline_without_events_or_customers_is_one_or_empty() -> None:
    none = np.zeros(0, np.int64)
    assert compute_chance_baseline(
        none, none, np.array([1, 2]), np.array([3, 4])
    ).p_value.tolist() == [1.0, 1.0]
    assert compute_chance_baseline(none, none, none, none).p_value.shape == (0,)


def test_chance_baseline_without_effect_rarely_raises_an_alarm() -> None:
    random, n, worlds, rang = np.random.default_rng(5), 120, 1500, 0
    joined, left = np.arange(n), np.full(n, NEVER)
    for _ in range(worlds):
        at = np.sort(random.choice(np.arange(1, n), 60, replace=False))
        itself = Exclusions(np.arange(60), at)  # customer d joined on day d and was referred then
        who = (random.random(60) * at).astype(np.int64)
        line = compute_chance_baseline(who, at, joined, left, itself)
        rang += bool(benjamini_hochberg(line.p_value).any())
    assert 0 < rang / worlds < 0.05 + 3 * (0.05 * 0.95 / worlds) ** 0.5


def test_chance_baseline_finds_a_true_recommender() -> None:
    at = np.arange(1, 96, 3)
    referrer = np.where(np.arange(at.size) % 3 == 0, 0, at // 2)
    line = compute_chance_baseline(referrer, at, np.arange(96), np.full(96, NEVER))
    assert np.flatnonzero(benjamini_hochberg(line.p_value)).tolist() == [0] and line.count[0] == 11


@pytest.mark.parametrize(
    "arguments",
    [
        ([0], [1, 2], [0], [9]),
        ([0], [1], [0], [9, 9]),
        ([1], [1], [0], [9]),
        ([-1], [1], [0], [9]),
    ],
)
def test_chance_baseline_with_impossible_arguments_is_refused(
    arguments: tuple[list[int], ...],
) -> None:
    with pytest.raises(ValueError):
        compute_chance_baseline(*map(np.array, arguments))

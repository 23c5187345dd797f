"""Dealing against brute force and all ways of dealing, the worked number, the same bits."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refgraph.estimates import deal as room
from refgraph.estimates.deal import Deals, deal
from refgraph.estimates.luck import windows

NEVER = np.iinfo(np.int64).max


@st.composite
def held(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, int]:
    events = draw(st.integers(0, 25))
    pairs = draw(st.lists(st.tuples(st.integers(0, events), st.integers(0, events)).map(sorted), max_size=25))
    start, end = np.array(pairs, np.int64).reshape(-1, 2).T
    return start, end, events


@given(held())
def test_runs_hold_those_present_once_and_few_others(windows_: tuple[np.ndarray, np.ndarray, int]) -> None:
    start, end, events = windows_
    some = np.flatnonzero(start < end)
    table = room._candidates(some, start[some], end[some], events)
    expected = {e: [v for v in range(start.size) if start[v] <= e < end[v]] for e in range(events)}
    assert table.event.tolist() == [e for e in range(events) if expected[e]]
    assert table.pick.size <= 2 * some.size
    for event, first, size in zip(table.event, table.first, table.size):
        run = table.pick[first : first + size]
        assert sorted((run & 0xFFFFFFFF)[run >> 32 > event].tolist()) == expected[event]
        assert 2 * len(expected[event]) >= size


@given(held(), st.integers(0, 5))
def test_every_event_is_dealt_once(windows_: tuple[np.ndarray, np.ndarray, int], seed: int) -> None:
    start, end, events = windows_
    result = deal(start, end, events, deals=3, ranks=30, seed=seed)
    assert (result.counts.sum(axis=1) == result.events).all()
    assert (np.diff(result.counts, axis=1) <= 0).all() and result.counts.shape == (3, 30)
    assert (result.counts[:, 0] <= max(end - start, default=0)).all()


def test_frequencies_are_those_of_all_dealings() -> None:
    start, end, events = np.array([0, 0, 1, 2, 4]), np.array([3, 6, 2, 6, 6]), 6
    here = [[v for v in range(5) if start[v] <= e < end[v]] for e in range(events)]
    ways = [tuple(sorted(Counter(way).values(), reverse=True)) for way in product(*here)]
    expected = {shape: times / len(ways) for shape, times in Counter(ways).items()}
    result = deal(start, end, events, deals=40_000, ranks=5, seed=1)
    seen = Counter(tuple(c for c in row if c) for row in result.counts.tolist())
    assert set(seen) <= set(expected)
    for shape, chance in expected.items():
        assert abs(seen[shape] / 40_000 - chance) < 4.5 * (chance * (1 - chance) / 40_000) ** 0.5


def test_the_worked_number() -> None:
    random, tops = np.random.default_rng(2024), []
    for seed in range(600):
        day = np.sort(random.choice(np.arange(1, 96), 30, replace=False))
        start, end = windows(np.arange(96), np.full(96, NEVER), day)
        tops.append(deal(start, end, 30, deals=100, ranks=1, seed=seed).counts[:, 0])
    top = np.concatenate(tops)
    assert top.mean() == pytest.approx(3.04, abs=0.02)
    assert (top >= 5).mean() == pytest.approx(0.043, abs=0.004)
    assert (top >= 6).mean() == pytest.approx(0.007, abs=0.0016)


def test_threads_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_CELLS", 4000)
    start, end = np.arange(60) // 2, np.minimum(np.arange(60) + 5, 40)
    with ThreadPoolExecutor(4) as pool:
        first = deal(start, end, 40, deals=500, seed=9, run=pool.map)
    second = deal(start, end, 40, deals=500, seed=9)
    assert first.counts.tobytes() == second.counts.tobytes()
    assert deal(start, end, 40, deals=500, seed=10).counts.tobytes() != first.counts.tobytes()
    block = 4000 // 101
    assert first.counts[:block].tobytes() != first.counts[block : 2 * block].tobytes()


def test_bits_are_fixed_for_good() -> None:
    result = deal(np.zeros(5, np.int64), np.full(5, 12), 12, deals=4, ranks=3, seed=7)
    raw = np.random.Philox(key=np.array([7, 0], np.uint64)).random_raw(48).reshape(4, 12)
    drawn = (raw >> np.uint64(11)) * 5 // 2**53
    expected = [sorted(np.bincount(row, minlength=5))[::-1][:3] for row in drawn]
    assert result.counts.tolist() == expected


def test_summaries() -> None:
    deals = Deals(np.array([[4, 2, 1], [6, 1, 1], [5, 3, 0], [4, 4, 0]]), 10)
    assert deals.mean().tolist() == [4.75, 2.5, 0.5] and deals.at_least(5) == 0.5
    assert deals.top_share(1).tolist() == [0.4, 0.6, 0.5, 0.4]
    assert deals.top_share(3).tolist() == [0.7, 0.8, 0.8, 0.8]
    low, high = deals.range(0.5)
    assert low.tolist() == [4, 1, 0] and high.tolist() == [5, 3, 1]
    with pytest.raises(ValueError):
        deals.top_share(4)


def test_nobody_and_nothing() -> None:
    none = np.zeros(0, np.int64)
    assert np.isnan(deal(none, none, 0, deals=2).top_share(1)).all()
    assert deal(none, none, 3, deals=2, ranks=2).counts.tolist() == [[0, 0], [0, 0]]
    assert deal(np.array([1]), np.array([1]), 3, deals=1, ranks=1).events == 0


@pytest.mark.parametrize("change", [{"deals": 0}, {"ranks": 0}, {"events": 1}, {"start": np.array([3])}])
def test_impossible_arguments(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        deal(**({"start": np.array([0]), "end": np.array([2]), "events": 2} | change))  # type: ignore

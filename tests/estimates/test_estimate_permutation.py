"""Dealing against brute force and all ways of dealing, the worked number, the same bits."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refgraph.estimates import permutation as room
from refgraph.estimates.chance_baseline import find_event_windows
from refgraph.estimates.permutation import Reassignments, reassign

NEVER = np.iinfo(np.int64).max


@st.composite
def draw_windows(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, int]:
    events = draw(st.integers(0, 25))
    pairs = draw(
        st.lists(st.tuples(st.integers(0, events), st.integers(0, events)).map(sorted), max_size=25)
    )
    start, end = np.array(pairs, np.int64).reshape(-1, 2).T
    return start, end, events


@given(draw_windows())
def test_candidate_table_lists_present_customers_once_and_few_others(
    windows_: tuple[np.ndarray, np.ndarray, int],
) -> None:
    start, end, events = windows_
    some = np.flatnonzero(start < end)
    table = room._list_candidates(some, start[some], end[some], events)
    expected = {e: [v for v in range(start.size) if start[v] <= e < end[v]] for e in range(events)}
    assert table.event.tolist() == [e for e in range(events) if expected[e]]
    assert table.pick.size <= 2 * some.size
    for event, first, size in zip(table.event, table.first, table.size, strict=False):
        run = table.pick[first : first + size]
        assert sorted((run & 0xFFFFFFFF)[run >> 32 > event].tolist()) == expected[event]
        assert 2 * len(expected[event]) >= size


@given(draw_windows(), st.integers(0, 5))
def test_reassign_assigns_every_event_once(
    windows_: tuple[np.ndarray, np.ndarray, int], seed: int
) -> None:
    start, end, events = windows_
    result = reassign(start, end, events, simulations=3, ranks=30, seed=seed)
    assert (result.counts.sum(axis=1) == result.events).all()
    assert (np.diff(result.counts, axis=1) <= 0).all() and result.counts.shape == (3, 30)
    assert (result.counts[:, 0] <= max(end - start, default=0)).all()


def test_reassign_frequencies_equal_those_of_all_assignments() -> None:
    start, end, events = np.array([0, 0, 1, 2, 4]), np.array([3, 6, 2, 6, 6]), 6
    here = [[v for v in range(5) if start[v] <= e < end[v]] for e in range(events)]
    ways = [tuple(sorted(Counter(way).values(), reverse=True)) for way in product(*here)]
    expected = {shape: times / len(ways) for shape, times in Counter(ways).items()}
    result = reassign(start, end, events, simulations=40_000, ranks=5, seed=1)
    seen = Counter(tuple(c for c in row if c) for row in result.counts.tolist())
    assert set(seen) <= set(expected)
    for shape, chance in expected.items():
        assert abs(seen[shape] / 40_000 - chance) < 4.5 * (chance * (1 - chance) / 40_000) ** 0.5


def test_reassign_of_classic_case_equals_worked_numbers() -> None:
    random, tops = np.random.default_rng(2024), []
    for seed in range(600):
        day = np.sort(random.choice(np.arange(1, 96), 30, replace=False))
        start, end = find_event_windows(np.arange(96), np.full(96, NEVER), day)
        itself = np.arange(30) * 96 + day  # customer d joined on day d and was referred then
        result = reassign(start, end, 30, simulations=100, ranks=1, seed=seed, excluded=itself)
        tops.append(result.counts[:, 0])
    top = np.concatenate(tops)
    assert top.mean() == pytest.approx(3.04, abs=0.02)
    assert (top >= 5).mean() == pytest.approx(0.043, abs=0.004)
    assert (top >= 6).mean() == pytest.approx(0.007, abs=0.0016)


def test_reassign_does_not_depend_on_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_CELLS_PER_BLOCK", 4000)
    start, end = np.arange(60) // 2, np.minimum(np.arange(60) + 5, 40)
    with ThreadPoolExecutor(4) as pool:
        first = reassign(start, end, 40, simulations=500, seed=9, map_blocks=pool.map)
    second = reassign(start, end, 40, simulations=500, seed=9)
    assert first.counts.tobytes() == second.counts.tobytes()
    assert (
        reassign(start, end, 40, simulations=500, seed=10).counts.tobytes()
        != first.counts.tobytes()
    )
    block = 4000 // 101
    assert first.counts[:block].tobytes() != first.counts[block : 2 * block].tobytes()


def test_reassign_draws_are_fixed_by_seed() -> None:
    result = reassign(np.zeros(5, np.int64), np.full(5, 12), 12, simulations=4, ranks=3, seed=7)
    raw = np.random.Philox(key=np.array([7, 0], np.uint64)).random_raw(48).reshape(4, 12)
    drawn = (raw >> np.uint64(11)) * 5 // 2**53
    expected = [sorted(np.bincount(row, minlength=5))[::-1][:3] for row in drawn]
    assert result.counts.tolist() == expected


def test_reassignments_summaries_equal_hand_calculation() -> None:
    deals = Reassignments(np.array([[4, 2, 1], [6, 1, 1], [5, 3, 0], [4, 4, 0]]), 10)
    assert deals.mean().tolist() == [4.75, 2.5, 0.5]
    assert deals.top_share(1).tolist() == [0.4, 0.6, 0.5, 0.4]
    assert deals.top_share(3).tolist() == [0.7, 0.8, 0.8, 0.8]
    low, high = deals.interval(0.5)
    assert low.tolist() == [4, 1, 0] and high.tolist() == [5, 3, 1]
    with pytest.raises(ValueError):
        deals.top_share(4)


def test_reassign_without_customers_or_events_counts_nothing() -> None:
    none = np.zeros(0, np.int64)
    assert np.isnan(reassign(none, none, 0, simulations=2).top_share(1)).all()
    assert reassign(none, none, 3, simulations=2, ranks=2).counts.tolist() == [[0, 0], [0, 0]]
    assert reassign(np.array([1]), np.array([1]), 3, simulations=1, ranks=1).events == 0


@pytest.mark.parametrize(
    "change", [{"simulations": 0}, {"ranks": 0}, {"events": 1}, {"start": np.array([3])}]
)
def test_reassign_with_impossible_arguments_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        reassign(**({"start": np.array([0]), "end": np.array([2]), "events": 2} | change))  # type: ignore

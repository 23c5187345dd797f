"""Tails over windows with gaps: exact against fractions; the bound of dense data against both."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refgraph.estimates import chance_baseline, gapped_tails
from refgraph.estimates.gapped_tails import (
    bound_gapped_tails,
    compute_gapped_tails,
    estimate_steps,
)

Windows = tuple[np.ndarray, ...]
"""p, start, end, count, owner, gap."""


@st.composite
def draw_windows(draw: st.DrawFn) -> Windows:
    """Up to four windows over at most 14 events, each with gaps inside it."""
    size = draw(st.integers(1, 14))
    p = [1 / n for n in draw(st.lists(st.integers(1, 60), min_size=size, max_size=size))]
    windows, gaps = [], []
    for number in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, size))
        end = draw(st.integers(start, size))
        windows.append((start, end, draw(st.integers(0, end - start))))
        if start < end:
            places = draw(st.sets(st.integers(start, end - 1), max_size=4))
            gaps += [(number, place) for place in places]
    owner, gap = np.array(gaps, np.int64).reshape(-1, 2).T
    return np.array(p), *np.array(windows, np.int64).T, owner, gap


def compute_tail(chances: list[float], count: int) -> Fraction:
    """P(at least ``count`` of them happen)."""
    exactly = [Fraction(1)]
    for chance in map(Fraction, chances):
        stay, rise = [*exactly, Fraction(0)], [Fraction(0), *exactly]
        exactly = [a * (1 - chance) + b * chance for a, b in zip(stay, rise, strict=True)]
    return sum(exactly[count:], Fraction(0))


def list_chances(windows: Windows) -> list[list[float]]:
    """The probabilities of each window, without its gaps."""
    p, start, end, _, owner, gap = windows
    gaps = set(zip(owner.tolist(), gap.tolist(), strict=True))
    return [
        [float(p[e]) for e in range(first, last) if (number, e) not in gaps]
        for number, (first, last) in enumerate(zip(start, end, strict=True))
    ]


@settings(deadline=None)
@given(draw_windows())
def test_gapped_tails_equal_sums_of_fractions(windows: Windows) -> None:
    expected = [
        float(compute_tail(chances, count))
        for chances, count in zip(list_chances(windows), windows[3].tolist(), strict=True)
    ]
    assert compute_gapped_tails(*windows) == pytest.approx(expected, rel=1e-9, abs=1e-300)


@settings(deadline=None)
@given(draw_windows())
def test_bound_of_gapped_tails_is_never_below_them_where_it_matters(windows: Windows) -> None:
    exact, bound = compute_gapped_tails(*windows), bound_gapped_tails(*windows)
    for k, chances in enumerate(list_chances(windows)):
        assert abs(bound[k] - exact[k]) <= sum(p * p for p in chances) + 1e-12
        if windows[3][k] >= sum(chances) + 1:
            assert bound[k] >= exact[k] * (1 - 1e-9)
        else:
            assert bound[k] > 0.2


def test_bound_of_many_rare_events_is_close_far_out() -> None:
    """20,000 events of 1 in 2,000: ten expected, forty counted."""
    p, one = np.full(20_000, 1 / 2_000), np.array([0])
    windows = (p, one, one + p.size, one + 40, np.zeros(2, np.int64), np.array([3, 9]))
    exact, bound = compute_gapped_tails(*windows)[0], bound_gapped_tails(*windows)[0]
    assert 0 < exact < 1e-11
    assert exact < bound < 1.05 * exact


def test_steps_of_gapped_tails_grow_with_events_counts_and_pieces() -> None:
    p, none = np.full(1_000, 0.01), np.zeros(0, np.int64)
    count, owner = np.array([5, 5, 7]), np.array([0, 0, 1])
    assert estimate_steps(p, count, none) == 1_000 * 7 * 10
    assert estimate_steps(p, count, owner) == 1_000 * (5 * 3 + 7 * 10)
    assert estimate_steps(p, np.array([gapped_tails.MAX_COUNT + 1]), np.array([0])) == 2_010_000


def test_baseline_beyond_the_bound_of_work_uses_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    who, day = np.array([0, 0, 0, 1]), np.array([1, 2, 3, 3])
    joined, left = np.zeros(9, np.int64), np.full(9, np.iinfo(np.int64).max)
    exact = chance_baseline.compute_chance_baseline(who, day, joined, left)
    monkeypatch.setattr(chance_baseline, "MAX_STEPS", 0)
    bound = chance_baseline.compute_chance_baseline(who, day, joined, left)
    assert (exact.is_exact, bound.is_exact) == (True, False)
    assert (exact.p_value[2:] == 1).all() and (bound.p_value[2:] == 1).all()
    assert exact.p_value[0] == pytest.approx(4 / 9**3 - 3 / 9**4)
    assert bound.p_value[0] == pytest.approx(1 - np.exp(-4 / 9) * (1 + 4 / 9 + 8 / 81))

"""Exact tails against fractions, enumeration of all outcomes, and scipy."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from refgraph.estimates import poisson_binomial
from refgraph.estimates.poisson_binomial import (
    TailRequest,
    compute_running_tails,
    poisson_binomial_tail,
)

CHANCES = st.lists(
    st.floats(0.0, 1.0)
    | st.sampled_from([0.0, 1.0, 0.5, 1e-9, 1 - 1e-12])
    | st.integers(1, 500).map(lambda n: 1 / n),
    min_size=1,
    max_size=40,
)


def compute_exact_tail(p: list[float]) -> list[Fraction]:
    """P(X >= k) for k = 0..len(p) + 1, in fractions."""
    mass = [Fraction(1)]
    for chance in map(Fraction, p):
        mass = [
            a * (1 - chance) + b * chance
            for a, b in zip([*mass, Fraction(0)], [Fraction(0), *mass], strict=False)
        ]
    return [sum(mass[k:], Fraction(0)) for k in range(len(p) + 2)]


def list_all_windows(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = [(s, e, k) for s in range(n + 1) for e in range(s, n + 1) for k in range(-1, e - s + 2)]
    start, end, count = np.array(rows).T
    return start, end, count


@pytest.fixture(params=[(1 << 16, 600.0), (4, 600.0), (1 << 16, 0.7), (8, 2.0), (1, 1e-3)])
def vary_piece_sizes(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The same answers for whole rows and for rows cut into pieces."""
    monkeypatch.setattr(poisson_binomial, "_CELLS_PER_PIECE", request.param[0])
    monkeypatch.setattr(poisson_binomial, "_MAX_LOG_DROP", request.param[1])
    yield


@pytest.mark.usefixtures("vary_piece_sizes")
@pytest.mark.parametrize("seed", range(3))
def test_tail_of_every_window_and_count_is_exact(seed: int) -> None:
    random = np.random.default_rng(seed)
    p = np.where(random.random(13) < 0.2, random.integers(0, 2, 13), random.random(13) ** 6)
    start, end, count = list_all_windows(13)
    tails = {(s, e): compute_exact_tail(p[s:e].tolist()) for s in range(14) for e in range(s, 14)}
    expected = [float(tails[s, e][max(k, 0)]) for s, e, k in zip(start, end, count, strict=False)]
    assert poisson_binomial_tail(p, start, end, count) == pytest.approx(
        expected, rel=1e-11, abs=0.0
    )


@settings(deadline=None)
@given(CHANCES, st.data())
def test_tail_of_random_windows_keeps_digits_far_out(p: list[float], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(p)))
    end = data.draw(st.integers(start, len(p)))
    tail = compute_exact_tail(p[start:end])
    got = poisson_binomial_tail(p, [start] * len(tail), [end] * len(tail), list(range(len(tail))))
    for mine, true in zip(got.tolist(), tail, strict=False):
        assert mine == pytest.approx(float(true), rel=1e-10, abs=1e-280)
    assert (np.diff(got) <= 1e-15).all() and got[0] == 1.0 and got[-1] == 0.0


def test_tail_equals_enumeration_of_all_outcomes() -> None:
    p = [1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 5, 1 / 6]
    weight = {
        x: np.prod([c if hit else 1 - c for c, hit in zip(p, x, strict=False)])
        for x in product([0, 1], repeat=6)
    }
    expected = [sum(w for x, w in weight.items() if sum(x) >= k) for k in range(7)]
    assert poisson_binomial_tail(p, [0] * 7, [6] * 7, range(7)) == pytest.approx(expected)


def test_tail_equals_scipy_where_scipy_is_exact() -> None:
    p = 1.0 / np.arange(2, 300)
    k = np.arange(0, 15)
    got = poisson_binomial_tail(p, np.zeros(15, int), np.full(15, p.size), k)
    assert got == pytest.approx(stats.poisson_binom(p).sf(k - 1), rel=1e-9, abs=1e-13)


@pytest.mark.parametrize(
    "n, p, counts",
    [
        (200_000, 1e-5, range(0, 60, 3)),
        (5000, 0.5, range(2300, 2900, 50)),
        (9000, 0.2, range(1700, 2100, 25)),
    ],
)
def test_tail_of_equal_chances_equals_the_binomial(n: int, p: float, counts: range) -> None:
    k = np.array(counts)
    got = poisson_binomial_tail(np.full(n, p), np.zeros(k.size, int), np.full(k.size, n), k)
    assert got == pytest.approx(stats.binom.sf(k - 1, n, p), rel=1e-8, abs=1e-280)
    early = poisson_binomial_tail(np.full(n, p), np.full(k.size, 7), np.full(k.size, n - 9), k)
    assert early == pytest.approx(stats.binom.sf(k - 1, n - 16, p), rel=1e-8, abs=1e-280)


def test_tail_of_impossible_counts_is_zero_and_leaves_others_unchanged() -> None:
    p = 1.0 / np.arange(2, 3000)
    got = poisson_binomial_tail(p, [0, 0, 5], [p.size, p.size, 2000], [900, 3, 400])
    assert got[0] == 0.0 and got[2] == 0.0
    assert got[1] == poisson_binomial_tail(p, [0], [p.size], [3])[0] > 0.9


@given(st.integers(0, 10**6))
def test_tail_does_not_depend_on_order_of_windows(seed: int) -> None:
    random = np.random.default_rng(seed)
    p = 1.0 / random.integers(1, 30, 50)
    start = random.integers(0, 50, 40)
    end = random.integers(start, 51)
    count, order = random.integers(0, 8, 40), random.permutation(40)
    ordered = poisson_binomial_tail(p, start, end, count)
    shuffled = poisson_binomial_tail(p, start[order], end[order], count[order])
    assert shuffled.tobytes() == ordered[order].tobytes()


def test_tail_of_empty_inputs_is_empty_or_certain() -> None:
    assert poisson_binomial_tail([], [], [], []).shape == (0,)
    assert poisson_binomial_tail([], [0, 0], [0, 0], [0, 1]).tolist() == [1.0, 0.0]
    assert poisson_binomial_tail([1.0], [0, 0], [1, 1], [1, 2]).tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    "arguments",
    [
        ([1.1], [0], [1], [1]),
        ([-0.1], [0], [1], [1]),
        ([float("nan")], [0], [1], [1]),
        ([0.5], [0], [2], [1]),
        ([0.5], [1], [0], [1]),
        ([0.5], [-1], [1], [1]),
        ([0.5], [0, 0], [1], [1]),
        ([[0.5]], [0], [1], [1]),
    ],
)
def test_tail_with_impossible_arguments_is_refused(
    arguments: tuple[list[float], list[int], list[int], list[int]],
) -> None:
    with pytest.raises(ValueError):
        poisson_binomial_tail(*arguments)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_running_tails_do_not_depend_on_the_order_of_requests(
    order: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row in each piece, and small counts of one row beside large ones of the next."""
    monkeypatch.setattr(poisson_binomial, "_CELLS_PER_PIECE", 1)
    rows = np.array([[0.5, 0.25, 0.125], [0.2, 0.4, 0.6]])
    row, count = np.array([(1, 3), (0, 3), (0, 1), (1, 1)])[list(order)].T
    offset = np.cumsum(count + 1) - (count + 1)
    request = TailRequest(row, np.full(4, 3), count, offset)
    expected = [
        float(tail)
        for r, k in zip(row.tolist(), count.tolist(), strict=True)
        for tail in compute_exact_tail(rows[r].tolist())[: k + 1]
    ]
    assert compute_running_tails(rows, request) == pytest.approx(expected)

"""Tails of a number of chance events over a window with gaps: events that could not be its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from refgraph.estimates.poisson_binomial import poisson_binomial_tail

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MAX_COUNT, MAX_GAPS = 200, 20
"""Above either, the gaps of a window are filled, which makes its tail a little larger."""
MAX_STEPS = 3_000_000_000
"""Additions, by `estimate_steps`, that exact tails may take: some 20 s. A million customers with a
third as many occasions take a tenth.
"""


def compute_gapped_tails(
    p: Floats, start: Ints, end: Ints, count: Ints, owner: Ints, gap: Ints
) -> Floats:
    """P(X >= count), X = number of events of p[start:end] that happen, those in gaps left out.

    Formula: a window is cut at its gaps, and the counts of its pieces are added: T(k) = T_A(k) +
    sum over i < k of P(A = i) T_B(k - i), of numbers >= 0 only. start, end, count: int64 [windows];
    owner, gap: the window and the event of each gap, within the window. Returns float64 [windows],
    0..1.

    >>> compute_gapped_tails(np.full(3, 0.5), *map(np.array, ([0], [3], [2], [0], [1])))
    array([0.25])
    """
    is_cut = _mark_cut(count, np.bincount(owner, minlength=len(start)))
    result = np.ones(len(start))
    whole = np.flatnonzero(~is_cut & (count > 0))
    result[whole] = poisson_binomial_tail(p, start[whole], end[whole], count[whole])
    for k in np.unique(count[is_cut]).tolist():
        windows = np.flatnonzero(is_cut & (count == k))
        chosen = np.isin(owner, windows)
        local = np.searchsorted(windows, owner[chosen])
        result[windows] = _join_pieces(p, start[windows], end[windows], k, local, gap[chosen])
    return result


def estimate_steps(p: Floats, count: Ints, owner: Ints) -> int:
    """About how many additions `compute_gapped_tails` takes with the same arguments, at most.

    Formula: events × largest count × log2(events) for windows in one piece; events × count × pieces
    for each count among the others.

    >>> estimate_steps(np.full(3, 0.5), np.array([2]), np.array([0]))
    12
    """
    number = np.bincount(owner, minlength=len(count))
    is_cut = _mark_cut(count, number)
    whole = int(count[~is_cut].max(initial=0)) * int(p.size).bit_length()
    pieces = np.zeros(MAX_COUNT + 1, np.int64)
    np.maximum.at(pieces, count[is_cut], number[is_cut] + 1)
    return int(p.size) * (whole + int((pieces * np.arange(MAX_COUNT + 1)).sum()))


def bound_gapped_tails(
    p: Floats, start: Ints, end: Ints, count: Ints, owner: Ints, gap: Ints
) -> Floats:
    """Upper bounds of the tails that `compute_gapped_tails` gives, in one pass.

    Formula: P(N >= count), N of a Poisson distribution with the mean of X. It is an upper bound for
    counts of at least mean + 1 (Hoeffding 1956; Anderson & Samuels 1967), off by at most the sum of
    p² (Le Cam 1960); smaller counts are likely in any case. Arguments and range: those of
    `compute_gapped_tails`.

    >>> bound_gapped_tails(np.full(3, 0.5), *map(np.array, ([0], [3], [2], [0], [1]))).round(4)
    array([0.2642])
    """
    from scipy.special import gammainc

    running_sum = np.concatenate([np.zeros(1), np.cumsum(p)])
    mean = running_sum[end] - running_sum[start]
    mean -= np.bincount(owner, weights=p[gap], minlength=len(start))
    tails = np.ones(len(start))
    some = count > 0
    tails[some] = gammainc(count[some], np.maximum(mean[some], 0.0))
    return tails


def _mark_cut(count: Ints, number: Ints) -> NDArray[np.bool_]:
    """Windows that are cut at their gaps; number: gaps of each."""
    return (number > 0) & (number <= MAX_GAPS) & (count > 0) & (count <= MAX_COUNT)


def _join_pieces(p: Floats, start: Ints, end: Ints, count: int, owner: Ints, gap: Ints) -> Floats:
    """The tails of windows that all have the same count, piece by piece."""
    order = np.lexsort((gap, owner))
    owner, gap = owner[order], gap[order]
    number = np.bincount(owner, minlength=len(start))
    first = np.cumsum(number) - number
    tails = np.zeros((len(start), count + 1))
    tails[:, 0] = 1.0
    begin = start.copy()
    for piece in range(int(number.max()) + 1):
        has_gap = piece < number
        stop = end.copy()
        stop[has_gap] = gap[first[has_gap] + piece]
        stop = np.maximum(stop, begin)
        tails = _add_counts(tails, _compute_tails(p, begin, stop, count))
        begin = np.where(has_gap, stop + 1, end)
    return np.asarray(tails[:, count])


def _compute_tails(p: Floats, start: Ints, end: Ints, count: int) -> Floats:
    """float64 [windows, count + 1]: P(X >= j) for j = 0..count."""
    wanted = np.tile(np.arange(count + 1), len(start))
    tails = poisson_binomial_tail(p, np.repeat(start, count + 1), np.repeat(end, count + 1), wanted)
    return tails.reshape(len(start), count + 1)


def _add_counts(a: Floats, b: Floats) -> Floats:
    """The tails of the sum of two independent counts."""
    total = a.copy()
    exactly = a[:, :-1] - a[:, 1:]
    for j in range(1, a.shape[1]):
        total[:, j] += (exactly[:, :j] * b[:, j:0:-1]).sum(axis=1)
    return np.minimum(total, 1.0)

"""Exact upper tails of sums of independent yes-no events with unequal probabilities.

A window start..end of one row of probabilities is cut at the border given by the highest bit in
which start and end differ, a multiple of 2^level. Its two parts run outward from that border, so
all windows of a level share the running tails of its blocks.

Running tails: with T_i(j) = P(at least j hits among the first i), Q_i = P(no hit among the first i)
and odds o = p / (1 - p),
    T_i(j) / Q_i = sum over i' <= i of o_i' T_i'-1(j-1) / Q_i'-1,
one running sum for each j. Only numbers >= 0 are added: a tail of 1e-200 is as exact as one of 0.5.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_CELLS_PER_PIECE = 1 << 16
"""Probabilities processed at once: they fit into the processor's cache."""
_MAX_LOG_DROP = 600.0
"""Greatest fall of log Q before rescaling: exp(600) is still a finite number."""
_NEGLIGIBLE_TAIL = 1e-290
"""Smaller tails become 0, because smaller numbers lose digits."""


class TailRequest(NamedTuple):
    """T(0..max_count) of the first `length` probabilities of `row`, written from `offset` on."""

    row: Ints
    length: Ints
    max_count: Ints
    offset: Ints

    def take(self, indices: Ints) -> "TailRequest":
        """The requests at these indices."""
        return TailRequest(*(column[indices] for column in self))


def poisson_binomial_tail(
    p: ArrayLike, start: ArrayLike, end: ArrayLike, count: ArrayLike
) -> Floats:
    """P(X >= count) for X = number of events of p[start:end] that happen, exact, for each window.

    Formula: P(X >= k) = T(k), T_i(j) = (1 - p_i) T_i-1(j) + p_i T_i-1(j-1), T(0) = 1 (Poisson 1837;
    recursion: Gail, Lubin & Rubinstein 1981). p: [events], 0..1; start, end, count: integers
    [windows], 0 <= start <= end <= events. Returns float64 [windows], range 0..1, a probability,
    relative error around 1e-12 (0.0 for less than 1e-290). Steps: events x max(count) for the
    windows that end with the last event, and at most as many for each of the log2(events) levels at
    which the other windows are cut. Raises ValueError for probabilities outside 0..1 or windows
    outside the row.

    >>> tail = poisson_binomial_tail([0.5, 0.5, 1.0, 0.25], [0, 0, 1], [2, 4, 3], [2, 2, 0])
    >>> tail.round(9).tolist()
    [0.25, 0.8125, 1.0]
    """
    chance = np.asarray(p, np.float64)
    first, last, wanted = (
        np.atleast_1d(np.asarray(a)).astype(np.int64) for a in (start, end, count)
    )
    _check_windows(chance, first, last, wanted)
    sure = np.concatenate([[0], np.cumsum(chance >= 1.0)])
    wanted = wanted - (sure[last] - sure[first])
    result = np.where(wanted <= 0, 1.0, 0.0)
    todo = np.flatnonzero((wanted > 0) & (wanted <= last - first))
    if todo.size == 0:
        return result
    top = int(chance.size - 1).bit_length()
    row = np.zeros(1 << top)
    row[: chance.size] = np.where(chance >= 1.0, 0.0, chance)
    first, wanted = first[todo], wanted[todo]
    last = np.where(last[todo] == chance.size, 1 << top, last[todo])
    level = np.frexp((first ^ last).astype(np.float64))[1] - 1
    for step in np.flatnonzero(np.bincount(level)).tolist():
        here = np.flatnonzero(level == step)
        blocks = row.reshape(-1, 1 << step)
        result[todo[here]] = _compute_crossing_tails(
            blocks, step, first[here], last[here], wanted[here]
        )
    return result


def _check_windows(p: Floats, start: Ints, end: Ints, count: Ints) -> None:
    if not start.shape == end.shape == count.shape or start.ndim != 1 or p.ndim != 1:
        raise ValueError(
            "one start, end and count for each window are needed, and one row of probabilities"
        )
    if not bool(np.all((p >= 0.0) & (p <= 1.0))):
        raise ValueError("probabilities must lie in 0..1")
    if not bool(np.all((start >= 0) & (start <= end) & (end <= p.size))):
        raise ValueError("windows must lie within the row: 0 <= start <= end <= events")


def _compute_crossing_tails(
    blocks: Floats, level: int, start: Ints, end: Ints, count: Ints
) -> Floats:
    """Tails of the windows cut at this level: the sum over j of P(left = j) P(right >= k - j)."""
    border = end >> level
    middle = border << level
    offset = np.cumsum(count + 1) - (count + 1)
    at_least = compute_running_tails(
        blocks[:, ::-1], TailRequest(border - 1, middle - start, count, offset)
    )
    right = compute_running_tails(blocks, TailRequest(border, end - middle, count, offset))
    last = offset + count
    left = at_least.copy()
    left[:-1] -= at_least[1:]
    left[last] = at_least[last]
    rest = np.repeat(offset + last, count + 1) - np.arange(left.size)
    return np.minimum(np.add.reduceat(left * right[rest], offset), 1.0)


def compute_running_tails(rows: Floats, requests: TailRequest) -> Floats:
    """The tails of all requests, one after another: float64 [sum of max_count + 1], 0..1.

    Formula: see the head of this file (Gail, Lubin & Rubinstein 1981). rows: float64 [rows, width],
    probabilities in 0..1 (1 excluded); length in 0..width, max_count >= 1, offset = running sum of
    max_count + 1. The row does not matter if the length is 0.

    >>> one = np.array([0])
    >>> request = TailRequest(one, one + 2, one + 2, one)
    >>> compute_running_tails(np.array([[0.5, 0.5]]), request).round(9).tolist()
    [1.0, 0.75, 0.25]
    """
    flat = np.zeros(int((requests.max_count + 1).sum()))
    flat[requests.offset] = 1.0
    requests = requests.take(np.flatnonzero(requests.length > 0))
    deepest = np.zeros(rows.shape[0], np.int64)
    np.maximum.at(deepest, requests.row, requests.max_count)
    used = np.flatnonzero(deepest)
    used = used[np.argsort(-deepest[used], kind="stable")]
    rank = np.empty_like(deepest)
    rank[used] = np.arange(used.size)
    tall = max(1, _CELLS_PER_PIECE // rows.shape[1])
    part, line = np.divmod(rank[requests.row], tall)
    depth = int(deepest.max()) + 1
    order = np.argsort(part * depth + (depth - 1 - requests.max_count), kind="stable")
    requests = requests._replace(row=line).take(order)
    edges = np.searchsorted(part[order], np.arange(-(-used.size // tall) + 1))
    for number, (low, high) in enumerate(pairwise(edges)):
        cells = rows[used[number * tall : (number + 1) * tall]]
        _run_along_rows(flat, cells, requests.take(np.arange(low, high)))
    return flat


def _run_along_rows(flat: Floats, cells: Floats, requests: TailRequest) -> None:
    """Run along `cells` in bounded pieces, carrying T(j). requests: largest max_count first."""
    width = cells.shape[1]
    drop = np.cumsum(-np.log1p(-cells.max(axis=0)))
    cuts = set(range(0, width, max(1, _CELLS_PER_PIECE // cells.shape[0]))) | {width}
    cuts |= set(np.searchsorted(drop, np.arange(_MAX_LOG_DROP, drop[-1], _MAX_LOG_DROP)).tolist())
    edges = sorted(cuts)
    carry = np.zeros((int(requests.max_count[0]) + 1, cells.shape[0]))
    carry[0] = 1.0
    for low, high in pairwise(edges):
        beyond = requests.length > low
        carry = carry[: int(requests.max_count[beyond].max(initial=0)) + 1]
        inside = requests.take(np.flatnonzero(beyond & (requests.length <= high)))
        _sweep_piece(flat, cells[:, low:high], carry, inside._replace(length=inside.length - low))


def _sweep_piece(flat: Floats, p: Floats, carry: Floats, requests: TailRequest) -> None:
    """Write the requested tails of one piece, and turn `carry` from T at its start into T at its
    end.
    """
    scaled = np.ones((p.shape[0], p.shape[1] + 1))
    np.exp(np.cumsum(-np.log1p(-p), axis=1), out=scaled[:, 1:])
    cell = requests.row * scaled.shape[1] + requests.length
    none, none_at_all = 1.0 / scaled.ravel()[cell], 1.0 / scaled[:, -1]
    odds = p / (1.0 - p)
    terms = np.empty_like(odds)
    working = np.searchsorted(
        -requests.max_count, -np.arange(carry.shape[0]), side="right"
    ).tolist()
    for j, some in enumerate(working):
        if j:
            np.multiply(odds, scaled[:, :-1], out=terms)
            terms[:, 0] += carry[j]
            np.cumsum(terms, axis=1, out=scaled[:, 1:])
            scaled[:, 0] = carry[j]
            if scaled[:, -1].max() < _NEGLIGIBLE_TAIL:
                carry[j:] = 0.0
                return
        flat[requests.offset[:some] + j] = scaled.ravel()[cell[:some]] * none[:some]
        carry[j] = scaled[:, -1] * none_at_all

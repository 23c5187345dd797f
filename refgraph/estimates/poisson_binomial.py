"""Exact upper tails of sums of unequal yes-no chances, for many windows of one row of chances at once.

A window start..end is cut at the border picked by the highest bit in which start and end differ, a multiple
of 2^level. Its two parts run outward from that border, so all windows of a level share the running tails of
its blocks.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from refgraph.estimates.running_tails import Asked, running_tails

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def poisson_binomial_tail(p: ArrayLike, start: ArrayLike, end: ArrayLike, count: ArrayLike) -> Floats:
    """P(X >= count) for X = sum of independent events with chances p[start:end], exact, for each window.

    Formula: P(X >= k) = T(k), T_i(j) = (1 - p_i) T_i-1(j) + p_i T_i-1(j-1), T(0) = 1 (Poisson 1837;
    recursion: Gail, Lubin & Rubinstein 1981). p: [events], 0..1; start, end, count: whole numbers [windows],
    0 <= start <= end <= events. Returns float64 [windows], range 0..1, a probability, relative error around
    1e-12 (0.0 for less than 1e-290). Steps: events x max(count) for the windows that end with the last event,
    and at most as many for each of the log2(events) levels at which the other windows are cut. Raises
    ValueError for chances outside 0..1 or windows outside the row.

    >>> poisson_binomial_tail([0.5, 0.5, 1.0, 0.25], [0, 0, 1], [2, 4, 3], [2, 2, 0]).round(9).tolist()
    [0.25, 0.8125, 1.0]
    """
    chance = np.asarray(p, np.float64)
    first, last, wanted = (np.atleast_1d(np.asarray(a)).astype(np.int64) for a in (start, end, count))
    _check(chance, first, last, wanted)
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
        result[todo[here]] = _crossing(blocks, step, first[here], last[here], wanted[here])
    return result


def _check(p: Floats, start: Ints, end: Ints, count: Ints) -> None:
    if not start.shape == end.shape == count.shape or start.ndim != 1 or p.ndim != 1:
        raise ValueError("one start, end and count for each window are needed, and one row of chances")
    if not bool(np.all((p >= 0.0) & (p <= 1.0))):
        raise ValueError("chances must lie in 0..1")
    if not bool(np.all((start >= 0) & (start <= end) & (end <= p.size))):
        raise ValueError("windows must lie within the row: 0 <= start <= end <= events")


def _crossing(blocks: Floats, level: int, start: Ints, end: Ints, count: Ints) -> Floats:
    """Tails of the windows cut at this level: P(X >= k) = sum over j of P(left is j) P(right >= k - j)."""
    border = end >> level
    middle = border << level
    offset = np.cumsum(count + 1) - (count + 1)
    at_least = running_tails(blocks[:, ::-1], Asked(border - 1, middle - start, count, offset))
    right = running_tails(blocks, Asked(border, end - middle, count, offset))
    last = offset + count
    left = at_least.copy()
    left[:-1] -= at_least[1:]
    left[last] = at_least[last]
    rest = np.repeat(offset + last, count + 1) - np.arange(left.size)
    return np.minimum(np.add.reduceat(left * right[rest], offset), 1.0)

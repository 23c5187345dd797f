"""Exact upper tails of sums of unequal yes-no chances, for many windows of one row of chances at once.

A window start..end is cut at the boundary that its two ends' binary numbers pick (the highest bit in which they differ).
Both parts then run outward from a border of blocks of 2^level, so all windows of a level share the same running tails. With
T_i(j) = P(at least j hits among the first i), Q_i = P(no hit among them) and odds o = p / (1 - p),
    T_i(j) / Q_i = sum over i' <= i of o_i' T_i'-1(j-1) / Q_i'-1
is one running sum a level j: only additions of numbers >= 0, so tails of 1e-200 are as exact as large ones.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_CELLS = 1 << 16
"""Chances worked on at once: they stay in the cache."""
_DROP = 600.0
"""Greatest fall of log Q before the scale is taken anew: exp(600) is still a number."""
_NOTHING = 1e-290
"""Tails below this are taken as 0, for below it numbers lose their digits."""


def poisson_binomial_tail(p: ArrayLike, start: ArrayLike, end: ArrayLike, count: ArrayLike) -> Floats:
    """P(X >= count) for X = sum of independent yes-no events with chances p[start:end], exact, for each window.

    Formula: P(X >= k) = T(k), T_i(j) = (1 - p_i) T_i-1(j) + p_i T_i-1(j-1), T(0) = 1 (Poisson 1837; recursion: Gail,
    Lubin & Rubinstein 1981). p: [events], 0..1; start, end, count: whole numbers [windows],
    0 <= start <= end <= events. Returns float64 [windows], range 0..1 (0.0 below about 1e-300), a probability. Relative
    error around 1e-12. Steps: events x max(count) for the windows that end with the last event, about as many for each
    binary level at which other windows cross. Raises ValueError for chances outside 0..1 or windows outside the row.

    >>> poisson_binomial_tail([0.5, 0.5, 1.0, 0.25], [0, 0, 1], [2, 4, 3], [2, 2, 0]).round(6).tolist()
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
    for step in np.unique(level).tolist():
        here = np.flatnonzero(level == step)
        result[todo[here]] = _crossing(row, step, first[here], last[here], wanted[here])
    return result


def _check(p: Floats, start: Ints, end: Ints, count: Ints) -> None:
    if not start.shape == end.shape == count.shape or p.ndim != 1:
        raise ValueError("one start, end and count for each window are needed, and one row of chances")
    if not bool(np.all((p >= 0.0) & (p <= 1.0))):
        raise ValueError("chances must lie in 0..1")
    if not bool(np.all((start >= 0) & (start <= end) & (end <= p.size))):
        raise ValueError("windows must lie within the row: 0 <= start <= end <= events")


def _crossing(row: Floats, level: int, start: Ints, end: Ints, count: Ints) -> Floats:
    """Tails of windows that cross a border of blocks of 2^level: left part and right part put together."""
    border = end >> level
    middle = border << level
    offset = np.cumsum(count + 1) - (count + 1)
    left = _tails(row, level, border - 1, True, middle - start, count, offset)
    right = _tails(row, level, border, False, end - middle, count, offset)
    last = offset + count
    exactly = left.copy()
    exactly[:-1] -= left[1:]
    exactly[last] = left[last]
    rest = np.repeat(offset + last, count + 1) - np.arange(left.size)
    return np.minimum(np.add.reduceat(exactly * right[rest], offset), 1.0)


def _tails(row: Floats, level: int, block: Ints, mirrored: bool, length: Ints, count: Ints, offset: Ints) -> Floats:
    """T(0..count) of the first `length` chances of `block`, read backwards if mirrored, laid end to end by offset."""
    flat = np.zeros(int((count + 1).sum()))
    flat[offset] = 1.0
    grid = row.reshape(-1, 1 << level)
    tall = max(1, _CELLS >> level)
    some = np.flatnonzero(length > 0)
    deepest = np.zeros(grid.shape[0], np.int64)
    np.maximum.at(deepest, block[some], count[some])
    order = np.flatnonzero(deepest)
    order = order[np.argsort(-deepest[order], kind="stable")]
    place = np.empty_like(deepest)
    place[order] = np.arange(order.size)
    line = place[block[some]]
    group = line // tall
    some, line, group = _by_count_within(group, some, line, count)
    for g in range(-(-order.size // tall)):
        rows = order[g * tall : (g + 1) * tall]
        part = slice(*np.searchsorted(group, [g, g + 1]).tolist())
        mine = some[part]
        cells = grid[rows]
        _fill(flat, cells[:, ::-1] if mirrored else cells, line[part] - g * tall, length[mine], count[mine], offset[mine])
    return flat


def _by_count_within(group: Ints, some: Ints, line: Ints, count: Ints) -> tuple[Ints, Ints, Ints]:
    """The three sorted by group, the largest counts first: those still at work at any depth stand in front."""
    depth = int(count.max(initial=0)) + 1
    order = np.argsort(group * depth + (depth - 1 - count[some]), kind="stable")
    return some[order], line[order], group[order]


def _fill(flat: Floats, cells: Floats, line: Ints, length: Ints, count: Ints, offset: Ints) -> None:
    """Run along the rows of `cells` in pieces of at most _CELLS and _DROP, carrying T(j) from piece to piece."""
    deepest = int(count.max())
    drop = np.cumsum(-np.log1p(-cells.max(axis=0)))
    widest = max(1, _CELLS // cells.shape[0])
    cuts = set(range(0, cells.shape[1], widest)) | {cells.shape[1]}
    cuts |= set(np.searchsorted(drop, np.arange(_DROP, drop[-1], _DROP)).tolist())
    edges = sorted(cuts)
    carry = np.zeros((deepest + 1, cells.shape[0]))
    carry[0] = 1.0
    for low, high in zip(edges, edges[1:]):
        beyond = length > low
        carry = carry[: int(count[beyond].max(initial=0)) + 1]
        inside = np.flatnonzero(beyond & (length <= high))
        _sweep(flat, cells[:, low:high], carry, line[inside], length[inside] - low, count[inside], offset[inside])


def _sweep(flat: Floats, p: Floats, carry: Floats, line: Ints, length: Ints, count: Ints, offset: Ints) -> None:
    """One piece: write the tails asked for into flat, and turn `carry` from T at its start into T at its end."""
    scaled = np.ones((p.shape[0], p.shape[1] + 1))
    np.exp(np.cumsum(-np.log1p(-p), axis=1), out=scaled[:, 1:])
    none = 1.0 / scaled[line, length]
    none_at_all = 1.0 / scaled[:, -1]
    odds = p / (1.0 - p)
    terms = np.empty_like(odds)
    at = line * scaled.shape[1] + length
    working = np.searchsorted(-count, -np.arange(carry.shape[0]), side="right").tolist()
    for j, asked in enumerate(working):
        if j:
            np.multiply(odds, scaled[:, :-1], out=terms)
            terms[:, 0] += carry[j]
            np.cumsum(terms, axis=1, out=scaled[:, 1:])
            scaled[:, 0] = carry[j]
            if scaled[:, -1].max() < _NOTHING:
                carry[j:] = 0.0
                return
        flat[offset[:asked] + j] = scaled.ravel()[at[:asked]] * none[:asked]
        carry[j] = scaled[:, -1] * none_at_all

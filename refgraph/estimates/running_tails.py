"""P(at least j hits among the first i chances of a row), for many (row, i) and all j up to a bound.

With T_i(j) that tail, Q_i = P(no hit among the first i) and odds o = p / (1 - p),
    T_i(j) / Q_i = sum over i' <= i of o_i' T_i'-1(j-1) / Q_i'-1,
one running sum for each j. Only numbers >= 0 are added: a tail of 1e-200 is as exact as one of 0.5.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_CELLS = 1 << 16
"""Chances worked on at once: they stay in the cache."""
_DROP = 600.0
"""Greatest fall of log Q before the scale is taken anew: exp(600) is still a number."""
_NOTHING = 1e-290
"""Tails below this are taken as 0, for below it numbers lose their digits."""


class Asked(NamedTuple):
    """Tails asked for: T(0..upto) of the first `length` chances of `row`, laid from `offset` on."""

    row: Ints
    length: Ints
    upto: Ints
    offset: Ints

    def take(self, which: Ints) -> "Asked":
        """Those at the positions `which`."""
        return Asked(*(column[which] for column in self))


def running_tails(rows: Floats, asked: Asked) -> Floats:
    """T(0..upto) of each, end to end: float64 [sum of upto + 1], probabilities 0..1.

    Formula: see the head of this file (Gail, Lubin & Rubinstein 1981). rows: float64 [rows, width], chances
    in 0..1 (1 not included); asked.length in 0..width, asked.upto >= 1, asked.offset = those before laid end
    to end. The row does not matter where the length is 0.

    >>> one = np.array([0])
    >>> running_tails(np.array([[0.5, 0.5]]), Asked(one, one + 2, one + 2, one)).round(9).tolist()
    [1.0, 0.75, 0.25]
    """
    flat = np.zeros(int((asked.upto + 1).sum()))
    flat[asked.offset] = 1.0
    asked = asked.take(np.flatnonzero(asked.length > 0))
    deepest = np.zeros(rows.shape[0], np.int64)
    np.maximum.at(deepest, asked.row, asked.upto)
    used = np.flatnonzero(deepest)
    used = used[np.argsort(-deepest[used], kind="stable")]
    place = np.empty_like(deepest)
    place[used] = np.arange(used.size)
    tall = max(1, _CELLS // rows.shape[1])
    part, line = np.divmod(place[asked.row], tall)
    depth = int(deepest.max()) + 1
    order = np.argsort(part * depth + (depth - 1 - asked.upto), kind="stable")
    asked = asked._replace(row=line).take(order)
    edges = np.searchsorted(part[order], np.arange(-(-used.size // tall) + 1))
    for number, (low, high) in enumerate(zip(edges[:-1], edges[1:])):
        cells = rows[used[number * tall : (number + 1) * tall]]
        _run(flat, cells, asked.take(np.arange(low, high)))
    return flat


def _run(flat: Floats, cells: Floats, asked: Asked) -> None:
    """Run along `cells` in pieces of at most _CELLS and _DROP, carrying T(j); asked: largest upto first."""
    width = cells.shape[1]
    drop = np.cumsum(-np.log1p(-cells.max(axis=0)))
    cuts = set(range(0, width, max(1, _CELLS // cells.shape[0]))) | {width}
    cuts |= set(np.searchsorted(drop, np.arange(_DROP, drop[-1], _DROP)).tolist())
    edges = sorted(cuts)
    carry = np.zeros((int(asked.upto[0]) + 1, cells.shape[0]))
    carry[0] = 1.0
    for low, high in zip(edges, edges[1:]):
        beyond = asked.length > low
        carry = carry[: int(asked.upto[beyond].max(initial=0)) + 1]
        inside = asked.take(np.flatnonzero(beyond & (asked.length <= high)))
        _sweep(flat, cells[:, low:high], carry, inside._replace(length=inside.length - low))


def _sweep(flat: Floats, p: Floats, carry: Floats, asked: Asked) -> None:
    """One piece: lay the tails asked for into flat, turn `carry` from T at its start into T at its end."""
    scaled = np.ones((p.shape[0], p.shape[1] + 1))
    np.exp(np.cumsum(-np.log1p(-p), axis=1), out=scaled[:, 1:])
    cell = asked.row * scaled.shape[1] + asked.length
    none, none_at_all = 1.0 / scaled.ravel()[cell], 1.0 / scaled[:, -1]
    odds = p / (1.0 - p)
    terms = np.empty_like(odds)
    working = np.searchsorted(-asked.upto, -np.arange(carry.shape[0]), side="right").tolist()
    for j, some in enumerate(working):
        if j:
            np.multiply(odds, scaled[:, :-1], out=terms)
            terms[:, 0] += carry[j]
            np.cumsum(terms, axis=1, out=scaled[:, 1:])
            scaled[:, 0] = carry[j]
            if scaled[:, -1].max() < _NOTHING:
                carry[j:] = 0.0
                return
        flat[asked.offset[:some] + j] = scaled.ravel()[cell[:some]] * none[:some]
        carry[j] = scaled[:, -1] * none_at_all

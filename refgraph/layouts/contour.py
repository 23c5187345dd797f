"""The y of a tidy tree, in linear time: subtrees are stacked as close as their contours allow.

Buchheim, Jünger & Leipert, "Improving Walker's Algorithm to Run in Linear Time" (Graph Drawing
2002), made linear the drawing of Reingold & Tilford for any number of children; van der Ploeg,
"Drawing Non-layered Tidy Trees in Linear Time" (2014), keeps it linear for boxes of any size. Here
without recursion: places are visited from the last to the first, so that the children of a party
come before it.

The terms are theirs. `prelim`: center line in the frame of the elder siblings; `mod`: what is added
to it and to all below it. The *upper contour* of a subtree is what can be seen of it from above,
the *lower* one from below; where the contour of some siblings ends and goes on in another's
subtree, a leaf holds a *thread*. The *extremes* of a subtree are the last parties of its two
contours, with the sums of `mod` down to them.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from refgraph.kernels.arrays import Int32, Int64
from refgraph.kernels.compilation import kernel, subroutine

PRELIM, MOD, NEXT_UPPER, NEXT_LOWER = 0, 1, 2, 3
UPPER, UPPER_SUM, LOWER, LOWER_SUM = 4, 5, 6, 7
SHIFT, CHANGE, SEEN, ORDINAL, REACH = 8, 9, 10, 11, 12
TABLE_ROWS = 13

FRACTION_BITS = 20
"""Fractional bits of SHIFT and CHANGE, which spread small subtrees evenly between large ones."""

Table = npt.NDArray[Any]
"""int64[TABLE_ROWS, n]: the rows above, one column per place.

SEEN, ORDINAL and REACH are a stack of the siblings that can be seen from below, the nearest on top:
place, number among the siblings, and right end of the furthest party.
"""


@kernel(steps=lambda parent, size, half, end, gap: 20 * len(parent))
def stack_subtrees(parent: Int32, size: Int32, half: Int64, end: Int64, gap: int) -> Int64:
    """Center lines of a tree in preorder whose boxes are packed from above: int64[n], any origin.

    A party extends by `half` up and down from its center line and occupies x from its parent's
    `end` to its own; two parties that share some x are at least `gap` apart. A parent is midway
    between its first and last child.
    """
    n = len(parent)
    table = np.zeros((TABLE_ROWS, n), np.int64)
    for v in range(n - 1, -1, -1):
        if size[v] > 1:
            _stack_children(table, size, half, end, gap, v)
        else:
            table[NEXT_UPPER, v] = -1
            table[NEXT_LOWER, v] = -1
            table[UPPER, v] = v
            table[LOWER, v] = v
    out = np.zeros(n, np.int64)
    for v in range(n):
        if v > 0:
            table[MOD, v] += table[MOD, parent[v]]
        out[v] = table[PRELIM, v] + table[MOD, v]
    return out


@subroutine
def _stack_children(table: Table, size: Int32, half: Int64, end: Int64, gap: int, v: int) -> None:
    """Stack the finished subtrees of the children of `v`; put `v` midway between first and last."""
    first, after = v + 1, v + int(size[v])
    table[SEEN, 0], table[ORDINAL, 0], table[REACH, 0] = first, 0, end[table[LOWER, first]]
    seen, number, last = 0, 0, first
    child = first + int(size[first])
    while child < after:
        number += 1
        reach = int(end[table[LOWER, child]])
        _separate(table, size, half, end, gap, first, last, child, seen)
        while seen >= 0 and table[REACH, seen] <= reach:
            seen -= 1
        seen += 1
        table[SEEN, seen], table[ORDINAL, seen], table[REACH, seen] = child, number, reach
        last = child
        child += int(size[child])
    if number > 1:
        _spread(table, size, first, after)
    ends = table[PRELIM, first] + table[MOD, first] + table[PRELIM, last] + table[MOD, last]
    table[PRELIM, v] = ends >> 1
    _inherit(table, NEXT_UPPER, UPPER, v, first)
    _inherit(table, NEXT_LOWER, LOWER, v, last)


@subroutine
def _inherit(table: Table, following: int, extreme: int, v: int, child: int) -> None:
    """Continue the contour of `v` at `child`, to the extreme of its subtree."""
    table[following, v] = child
    table[extreme, v] = table[extreme, child]
    table[extreme + 1, v] = table[extreme + 1, child]


@subroutine
def _separate(
    table: Table,
    size: Int32,
    half: Int64,
    end: Int64,
    gap: int,
    first: int,
    above: int,
    child: int,
    seen: int,
) -> None:
    """Put the subtree of `child` below those of `first` .. `above`, and join the contours."""
    number, beside = int(table[ORDINAL, seen]) + 1, True
    low, low_sum = above, int(table[MOD, above])
    up, up_sum = child, int(table[MOD, child])
    while low >= 0 and up >= 0:
        if end[low] > table[REACH, seen]:
            seen -= 1
        push = low_sum + int(table[PRELIM, low]) + int(half[low]) + gap
        push -= up_sum + int(table[PRELIM, up]) - int(half[up])
        if push > 0 or beside:
            up_sum += push
            _push(
                table, size, child, push, int(table[SEEN, seen]), number - int(table[ORDINAL, seen])
            )
            beside = False
        low_end, up_end = int(end[low]), int(end[up])
        if low_end <= up_end:
            low = int(table[NEXT_LOWER, low])
            low_sum += int(table[MOD, low]) if low >= 0 else 0
        if low_end >= up_end:
            up = int(table[NEXT_UPPER, up])
            up_sum += int(table[MOD, up]) if up >= 0 else 0
    if up >= 0:
        _add_thread(table, NEXT_UPPER, UPPER, first, child, up, up_sum)
    elif low >= 0:
        _add_thread(table, NEXT_LOWER, LOWER, child, above, low, low_sum)


@subroutine
def _push(table: Table, size: Int32, child: int, push: int, blocker: int, distance: int) -> None:
    """Move `child` down by `push`; siblings between it and `blocker` get shares of the push.

    distance: how many siblings before `child` the blocker is.
    """
    table[MOD, child] += push
    table[UPPER_SUM, child] += push
    table[LOWER_SUM, child] += push
    if distance > 1:
        share = (push << FRACTION_BITS) // distance
        table[SHIFT, blocker + int(size[blocker])] += share
        table[SHIFT, child] -= share
        table[CHANGE, child] -= share * (distance - 1)


@subroutine
def _add_thread(
    table: Table, following: int, extreme: int, owner: int, donor: int, v: int, total: int
) -> None:
    """Continue the contour of `owner` at `v`, a party of `donor` whose sum of `mod` is `total`."""
    tip = int(table[extreme, owner])
    gain = total - int(table[MOD, v]) - int(table[extreme + 1, owner])
    table[following, tip] = v
    table[MOD, tip] += gain
    table[PRELIM, tip] -= gain
    table[extreme, owner] = table[extreme, donor]
    table[extreme + 1, owner] = table[extreme + 1, donor]


@subroutine
def _spread(table: Table, size: Int32, first: int, after: int) -> None:
    """Give the siblings between two that pushed each other their shares of the push."""
    slope, total, child = 0, 0, first
    while child < after:
        slope += int(table[SHIFT, child])
        total += slope + int(table[CHANGE, child])
        table[MOD, child] += total >> FRACTION_BITS
        child += int(size[child])

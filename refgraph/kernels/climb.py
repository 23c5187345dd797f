"""How deep every node of a forest lies, or below which root: by climbing, straight from `parent`, without a layout.

Everybody climbs to the first ancestor known, and all on the way become known. Lines of referrers that people make are
short, so several threads climb at once, each from a span of nodes: whoever two of them meet at gets the same number from
both. A line longer than that, and a loop, is left to one climb that keeps its way back in the state itself.
"""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Int32, Int64
from refgraph.kernels.compile import Arguments, kernel
from refgraph.kernels.threads import Crew, count, spans

SPAN = 1 << 18
"""Nodes from which one thread climbs at a time."""
_LONGEST = 4096
"""Nodes on a way, above which it is too long for climbing in threads."""
_AHEAD, _LEVELS = 128, 8


def depths(parent: Int32) -> Int32:
    """Number of ancestors of every node of the forest `parent` (int32[n] by node, -1 = root), int32[n]. Every index must be in
    -1 .. n-1. Raises ValueError when `parent` holds a loop."""
    short = _in_threads(parent, False)
    return _alone(parent)[0] if short is None else short


def roots(parent: Int32) -> Int32:
    """The root above every node, itself for a root, int32[n]; everything else as `depths`."""
    short = _in_threads(parent, True)
    return _alone(parent)[1] if short is None else short


def _in_threads(parent: Int32, root: bool) -> Int32 | None:
    """Depths, or roots; None where some way is too long."""
    n = len(parent)
    parts = spans(n, max(1, -(-n // SPAN)))
    state, longest = parent.copy(), min(n, _LONGEST)

    def climb(k: int) -> bool:
        return _climb(state, int(root), *parts[k], np.empty(_AHEAD, np.int32), np.empty(longest, np.int32))

    with Crew(min(len(parts), count())) as crew:
        done = all(crew.run(climb, len(parts)))
    return np.subtract(-2, state, out=state) if done else None


def _alone(parent: Int32) -> tuple[Int32, Int32]:
    n = len(parent)
    state, depth, root = parent.astype(np.int64), np.empty(n, np.int32), np.empty(n, np.int32)
    if not _walk(state):
        raise ValueError("parent holds a loop")
    _unpack(state, depth, root)
    return depth, root


def _tiny() -> Arguments:
    return np.full(1, -1, np.int32), 0, 0, 1, np.zeros(_AHEAD, np.int32), np.zeros(1, np.int32)


@kernel(steps=lambda state, root, first, end, ahead, way: 3 * (end - first), warm=_tiny)
def _climb(state: Int32, root: int, first: int, end: int, ahead: Int32, way: Int32) -> bool:
    """From -1, and from 0 on, a state is the parent as given; below, it is -2 - depth, or -2 - root if `root` is 1."""
    for start in range(first, end):
        if (start - first) % _AHEAD == 0:
            _look(state, start, min(start + _AHEAD, end), ahead)
        v, above, k = start, int(state[start]), 0
        while above >= -1:
            if k == len(way):
                return False
            way[k] = v
            k += 1
            if above == -1:
                above = -2 - root * v + (1 - root)
                break
            v, above = above, int(state[above])
        for i in range(k - 1, -1, -1):
            above -= 1 - root
            state[way[i]] = above
    return True


@kernel(steps=lambda state, first, end, ahead: 2 * (end - first), warm=lambda: (*_tiny()[:1], 0, 1, _tiny()[4]))
def _look(state: Int32, first: int, end: int, ahead: Int32) -> None:
    """Read the next few ancestors of first .. end-1 side by side: the climbs then find them in the cache."""
    left = 0
    for v in range(first, end):
        above = int(state[v])
        ahead[left] = above
        left += 1 if above >= 0 else 0
    for _ in range(_LEVELS):
        kept = 0
        for i in range(left):
            above = int(state[ahead[i]])
            ahead[kept] = above
            kept += 1 if above >= 0 else 0
        left = kept


_KNOWN, _LOW = 1 << 62, (1 << 31) - 1
"""A state from _KNOWN on: depth << 31 | root. Below: the parent, or on the way back the child that was climbed from."""


@kernel(steps=lambda state: 3 * len(state), warm=lambda: (np.full(1, -1, np.int64),))
def _walk(state: Int64) -> bool:
    """Climb to the first ancestor known; the way back is kept in `state`, so there is no stack. False = a loop."""
    n, climbed = len(state), 0
    for start in range(n):
        v, above = start, int(state[start])
        if above >= _KNOWN:
            continue
        top, level = -1, 0
        while above >= 0:
            further = int(state[above])
            if further >= _KNOWN:
                top, level = further & _LOW, (further - _KNOWN >> 31) + 1
                break
            climbed += 1
            if climbed > n:
                return False
            state[above] = v
            v, above = above, further
        if top < 0:
            top = v
        while True:
            below = int(state[v])
            state[v] = _KNOWN + (level << 31) + top
            level += 1
            if v == start:
                break
            v = below
    return True


@kernel(steps=lambda state, depth, root: len(state),
        warm=lambda: (np.full(1, _KNOWN, np.int64), np.zeros(1, np.int32), np.zeros(1, np.int32)))  # fmt: skip
def _unpack(state: Int64, depth: Int32, root: Int32) -> None:
    for v in range(len(state)):
        depth[v] = int(state[v]) - _KNOWN >> 31
        root[v] = int(state[v]) & _LOW

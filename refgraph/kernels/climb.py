"""How deep every node of a forest lies, or below which root: by climbing, straight from `parent`, without a layout.

Everybody climbs to the first ancestor known, and all on the way become known. Lines of referrers that people make are
short, so several threads climb at once, each from a span of nodes: whoever two of them meet at gets the same number from
both. A line longer than that, and a loop, is left to one climb that keeps its way back in the state itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from refgraph.kernels.arrays import Int32, Int64
from refgraph.kernels.compile import Arguments, Kernel, kernel
from refgraph.kernels.threads import Crew, count, spans

SPAN = 1 << 18
"""Nodes from which one thread climbs at a time."""
_LONGEST = 4096
"""Nodes on a way, above which it is too long for climbing in threads."""
_AHEAD, _LEVELS = 128, 8
_DEPTH = 1 << 31
"""One generation, in a number that holds depth and root."""


def depths(parent: Int32) -> Int32:
    """Number of ancestors of every node of the forest `parent` (int32[n] by node, -1 = root), int32[n]. Every index must be in
    -1 .. n-1. Raises ValueError when `parent` holds a loop."""
    state = parent.copy()
    if _in_threads(_climb, state, 1, 0):
        return np.subtract(-2, state, out=state)
    return _unpacked(_alone(parent))[0]


def depths_and_roots(parent: Int32) -> tuple[Int32, Int32]:
    """The same, and the root above every node, itself for a root; int32[n] each."""
    state = parent.astype(np.int64)
    return _unpacked(state if _in_threads(_climb_wide, state, _DEPTH, 1) else _alone(parent))


def ends(parent: Int32) -> bool:
    """Whether every way up from a node of `parent` (as in `depths`) comes to an end: whether there is no loop."""
    return _in_threads(_climb, parent.copy(), 1, 0) or _walk(parent.astype(np.int64))


def _in_threads(climb: Kernel[..., bool], state: Int32 | Int64, step: int, own: int) -> bool:
    """Whether no way was too long; `state` is all known then."""
    n = len(state)
    parts, longest = spans(n, max(1, -(-n // SPAN))), min(n, _LONGEST)

    def run(k: int) -> bool:
        return climb(state, step, own, *parts[k], np.empty(_AHEAD, np.int32), np.empty(longest, np.int32))

    with Crew(min(len(parts), count())) as crew:
        return all(crew.run(run, len(parts)))


def _alone(parent: Int32) -> Int64:
    state = parent.astype(np.int64)
    if not _walk(state):
        raise ValueError("parent holds a loop")
    return state


def _unpacked(state: Int64) -> tuple[Int32, Int32]:
    depth, root = np.empty(len(state), np.int32), np.empty(len(state), np.int32)
    _unpack(state, depth, root)
    return depth, root


def _tiny(kind: type[np.signedinteger[Any]]) -> Arguments:
    return np.full(1, -1, kind), 1, 0, 0, 1, np.zeros(_AHEAD, np.int32), np.zeros(1, np.int32)


def _climbing(state: Int32 | Int64, step: int, own: int, first: int, end: int, ahead: Int32, way: Int32) -> bool:
    """From -1 on, a state is the parent as given; below, it is known: -2 - step * depth - own * root."""
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
                above = step - 2 - own * v
                break
            v, above = above, int(state[above])
        for i in range(k - 1, -1, -1):
            above -= step
            state[way[i]] = above
    return True


@kernel(steps=lambda state, first, end, ahead: 2 * (end - first), warm=lambda: (*_tiny(np.int32)[:1], 0, 1, _tiny(np.int32)[5]))
def _look(state: Int32 | Int64, first: int, end: int, ahead: Int32) -> None:
    """Read the next few ancestors of first .. end-1 side by side: the climbs then find them in the cache."""
    left = 0
    for v in range(first, end):
        above = int(state[v])
        ahead[left] = max(above, 0)
        left += 1 if above >= 0 else 0
    for _ in range(_LEVELS):
        kept = 0
        for i in range(left):
            above = int(state[ahead[i]])
            ahead[kept] = max(above, 0)
            kept += 1 if above >= 0 else 0
        left = kept


def _turns(state: Int32 | Int64, step: int, own: int, first: int, end: int, ahead: Int32, way: Int32) -> int:
    return 3 * (end - first)


_climb = kernel(steps=_turns, warm=lambda: _tiny(np.int32))(_climbing)
"""For depths alone: half the memory, and so almost twice as quick."""
_climb_wide = kernel(steps=_turns, warm=lambda: _tiny(np.int64))(_climbing)


@kernel(steps=lambda state: 3 * len(state), warm=lambda: (np.full(1, -1, np.int64),))
def _walk(state: Int64) -> bool:
    """The same by one climb at a time; the way back is kept in `state`, so there is no stack. False = a loop."""
    n, climbed = len(state), 0
    for start in range(n):
        v, above = start, int(state[start])
        if above < -1:
            continue
        known = 0
        while above >= 0:
            further = int(state[above])
            if further < -1:
                known = further - _DEPTH
                break
            climbed += 1
            if climbed > n:
                return False
            state[above] = v
            v, above = above, further
        if known == 0:
            known = -2 - v
        while True:
            below = int(state[v])
            state[v] = known
            known -= _DEPTH
            if v == start:
                break
            v = below
    return True


@kernel(steps=lambda state, depth, root: len(state),
        warm=lambda: (np.full(1, -2, np.int64), np.zeros(1, np.int32), np.zeros(1, np.int32)))  # fmt: skip
def _unpack(state: Int64, depth: Int32, root: Int32) -> None:
    for v in range(len(state)):
        known = -2 - int(state[v])
        depth[v] = known >> 31
        root[v] = known & (_DEPTH - 1)

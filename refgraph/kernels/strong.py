"""Strong components: the sets of nodes each of which reaches all others of its set (Tarjan 1972), without recursion."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.adjacency import compressed
from refgraph.kernels.arrays import Int32, Int64
from refgraph.kernels.compile import Arguments, kernel


def strong_components(n: int, source: Int32, target: Int32) -> Int32:
    """int32[n]: the smallest member of the strong component of each node. source, target int32[m]; O(n + m)."""
    ptr, dst = compressed(n, source, target)
    label, number, low = np.full(n, -1, np.int32), np.zeros(n, np.int32), np.empty(n, np.int32)
    _tarjan(ptr, dst, ptr[:-1].copy(), number, low, np.empty(n, np.int32), np.empty(n, np.int32), label)
    return label


def _tiny() -> Arguments:
    return (np.array([0, 1, 2], np.int64), np.array([1, 0], np.int32), np.array([0, 1], np.int64),
            *(np.zeros(2, np.int32) for _ in range(4)), np.full(2, -1, np.int32))  # fmt: skip


@kernel(steps=lambda ptr, dst, at, number, low, path, members, label: 4 * len(label) + len(dst), warm=_tiny)
def _tarjan(ptr: Int64, dst: Int32, at: Int64, number: Int32, low: Int32, path: Int32, members: Int32, label: Int32) -> None:
    """`path` is the way from the start to here, `members` all nodes whose component is not closed yet.

    number[v] = when v was found (0 = not yet), low[v] = the earliest open node that v or one below it leads to, at[v] =
    the next arc of v to follow.
    """
    found, top, depth = 0, 0, 0
    for start in range(len(label)):
        if number[start] == 0:
            path[0] = start
            depth = 1
        while depth > 0:
            v = int(path[depth - 1])
            if number[v] == 0:
                found += 1
                number[v] = found
                low[v] = found
                members[top] = v
                top += 1
            k = int(at[v])
            if k < ptr[v + 1]:
                at[v] = k + 1
                c = int(dst[k])
                if number[c] == 0:
                    path[depth] = c
                    depth += 1
                elif label[c] < 0 and number[c] < low[v]:
                    low[v] = number[c]
                continue
            depth -= 1
            if depth > 0 and low[v] < low[path[depth - 1]]:
                low[path[depth - 1]] = low[v]
            if low[v] == number[v]:
                top = _close(members, top, v, label)


@kernel(steps=lambda members, top, last, label: top, warm=lambda: (np.zeros(1, np.int32), 1, 0, np.zeros(1, np.int32)))
def _close(members: Int32, top: int, last: int, label: Int32) -> int:
    """Take the component that ends with `last` off the members and label it by its smallest; the new top."""
    first, least = top, last
    while True:
        first -= 1
        least = min(least, int(members[first]))
        if members[first] == last:
            break
    for k in range(first, top):
        label[members[k]] = least
    return first

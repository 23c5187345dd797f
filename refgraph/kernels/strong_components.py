"""Strong components: sets of nodes that all reach one another (Tarjan 1972), without recursion."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.adjacency import build_csr
from refgraph.kernels.arrays import Int32, Int64
from refgraph.kernels.compilation import kernel, subroutine


def label_strong_components(n: int, source: Int32, target: Int32) -> Int32:
    """int32[n]: the smallest member of the strong component of each node. source, target int32[m];
    O(n + m).
    """
    ptr, dst = build_csr(n, source, target)
    label, number, low = np.full(n, -1, np.int32), np.zeros(n, np.int32), np.empty(n, np.int32)
    path, members = np.empty(n, np.int32), np.empty(n, np.int32)
    _find_components(ptr, dst, ptr[:-1].copy(), number, low, path, members, label)
    return label


@kernel(steps=lambda ptr, dst, arc, number, low, path, members, label: 4 * len(label) + len(dst))
def _find_components(
    ptr: Int64,
    dst: Int32,
    arc: Int64,
    number: Int32,
    low: Int32,
    path: Int32,
    members: Int32,
    label: Int32,
) -> None:
    """Tarjan's search. `path` leads from the start to the current node; `members` are all nodes of
    open components.

    arc[v]: the next arc of v to follow; number[v]: order of discovery, 0 = not yet; low[v]: the
    earliest open node that v or a node below it leads to.
    """
    discovered, top, depth = 0, 0, 0
    for start in range(len(label)):
        if number[start] == 0:
            path[0] = start
            depth = 1
        while depth > 0:
            v = int(path[depth - 1])
            if number[v] == 0:
                discovered += 1
                number[v] = discovered
                low[v] = discovered
                members[top] = v
                top += 1
            k = int(arc[v])
            if k < ptr[v + 1]:
                arc[v] = k + 1
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
                top = _close_component(members, top, v, label)


@subroutine
def _close_component(members: Int32, top: int, last: int, label: Int32) -> int:
    """Label the component on top of `members`, down to `last`, by its smallest member; returns the
    new top.
    """
    first, smallest = top, last
    while True:
        first -= 1
        smallest = min(smallest, int(members[first]))
        if members[first] == last:
            break
    for k in range(first, top):
        label[members[k]] = smallest
    return first

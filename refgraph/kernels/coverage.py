"""Greedy coverage of sets of nodes: one step, and what it leaves to gain."""

from __future__ import annotations

from refgraph.kernels.arrays import Bool, Int32, Int64
from refgraph.kernels.compilation import kernel


@kernel(steps=lambda ptr, nodes, set_ptr, sets, gain, is_covered, v: len(sets))
def cover_sets(
    ptr: Int64, nodes: Int32, set_ptr: Int64, sets: Int32, gain: Int64, is_covered: Bool, v: int
) -> int:
    """Cover all sets that hold node v; returns how many were not covered before.

    ptr, nodes: nodes of each set. set_ptr int64[n+1], sets: sets of each node. gain int64[n]: sets
    of each node that are not covered; is_covered bool[s]. Both are updated.
    """
    found = 0
    for k in range(set_ptr[v], set_ptr[v + 1]):
        s = int(sets[k])
        if not is_covered[s]:
            is_covered[s] = True
            found += 1
            for i in range(ptr[s], ptr[s + 1]):
                gain[nodes[i]] -= 1
    return found

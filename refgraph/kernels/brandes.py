"""Dependencies of Brandes (2001): from each source, how much of its shortest ways to all others pass each node."""

from __future__ import annotations

import numpy as np

from refgraph.kernels.arrays import Float64, Int32, Int64
from refgraph.kernels.compile import Arguments, kernel
from refgraph.kernels.threads import Crew, spans

LANES = 8
"""Parts in which the sources are summed up, whatever the number of threads."""
MOST = 1e300
"""From so many shortest ways on, whole numbers without limit count them."""


def dependencies(ptr: Int64, dst: Int32, sources: Int32, work: int) -> tuple[Float64, Float64]:
    """(sum, sum of squares) over `sources` of the dependency on each node, float64[n] each.

    ptr int64[n+1], dst int32[m]: the arcs, each once; sources int32[k] by index; work: arcs and nodes to visit in all.
    delta_s(v) = sum over w, one step after v on shortest ways from s, of sigma(v)/sigma(w) (1 + delta_s(w)); 0 for s.
    """
    n = len(ptr) - 1
    total, squares = np.zeros(n), np.zeros(n)
    parts = [part for part in spans(len(sources), LANES) if part[0] < part[1]]
    with Crew(len(parts)) as crew:
        for added, squared in crew.run(lambda k: _lane(ptr, dst, sources[slice(*parts[k])], work), len(parts)):
            total += added
            squares += squared
    return total, squares


def _lane(ptr: Int64, dst: Int32, sources: Int32, work: int) -> tuple[Float64, Float64]:
    n, at = len(ptr) - 1, 0
    total, squares = np.zeros(n), np.zeros(n)
    place, order = np.full(n, -1, np.int32), np.empty(n, np.int32)
    step, steps = np.empty(n + 1, np.int64), np.empty(len(dst), np.int32)
    ways, part = np.empty(n), np.empty(n)
    while at < len(sources):
        at = _from_each(ptr, dst, sources, at, place, order, step, steps, ways, part, total, squares, work)
        if at < len(sources):
            _add_exactly(ptr, dst, int(sources[at]), total, squares)
            at += 1
    return total, squares


def _add_exactly(ptr: Int64, dst: Int32, start: int, total: Float64, squares: Float64) -> None:
    """One source with more shortest ways than float64 holds: counted in whole numbers, whose ratios are rounded once."""
    distance, ways, order = {start: 0}, {start: 1}, [start]
    for v in order:
        for c in dst[ptr[v] : ptr[v + 1]].tolist():
            if c not in distance:
                distance[c], ways[c] = distance[v] + 1, 0
                order.append(c)
            if distance[c] == distance[v] + 1:
                ways[c] += ways[v]
    found = dict.fromkeys(order, 0.0)
    for v in reversed(order[1:]):
        for c in dst[ptr[v] : ptr[v + 1]].tolist():
            if distance[c] == distance[v] + 1:
                found[v] += ways[v] / ways[c] * (1.0 + found[c])
        total[v] += found[v]
        squares[v] += found[v] * found[v]


def _graph() -> Arguments:
    return np.array([0, 1, 1], np.int64), np.array([1], np.int32)


def _tiny_search() -> Arguments:
    numbers = [np.full(2, -1, np.int32) for _ in range(2)]
    return *_graph(), 0, *numbers, np.zeros(3, np.int64), np.zeros(1, np.int32), np.ones(2)


@kernel(steps=lambda ptr, dst, *rest: len(ptr) + len(dst), warm=_tiny_search)
def _search(ptr: Int64, dst: Int32, start: int, place: Int32, order: Int32, step: Int64, steps: Int32, ways: Float64) -> int:
    """Breadth first; returns how many nodes stand in `order`. All but `place` (-1 before) goes by place in that order.

    ways[i] = number of shortest ways; steps[step[i] : step[i + 1]] = places of those one step further.
    """
    head, tail, level, kept = 0, 1, 1, 0
    order[0] = start
    place[start] = 0
    ways[0] = 1.0
    while head < tail:
        if head == level:
            level = tail
        v, here = int(order[head]), ways[head]
        step[head] = kept
        head += 1
        for k in range(ptr[v], ptr[v + 1]):
            c = int(dst[k])
            at = int(place[c])
            if at < 0:
                place[c] = tail
                order[tail] = c
                ways[tail] = here
                steps[kept] = tail
                kept += 1
                tail += 1
            elif at >= level:
                ways[at] += here
                steps[kept] = at
                kept += 1
    step[tail] = kept
    return tail


def _tiny_collect() -> Arguments:
    _, _, _, _, order, step, steps, ways = _tiny_search()
    return order, 1, step, steps, *(ways.copy() for _ in range(4))


@kernel(steps=lambda order, tail, *rest: len(order) + len(rest[1]), warm=_tiny_collect)
def _collect(order: Int32, tail: int, step: Int64, steps: Int32, ways: Float64, part: Float64, total: Float64,
             squares: Float64) -> None:
    """Backwards: part[i] = (1 + dependency) / ways, which each node one step before takes times its own ways."""
    for i in range(tail - 1, 0, -1):
        found = 0.0
        for k in range(step[i], step[i + 1]):
            found += part[steps[k]]
        found *= ways[i]
        part[i] = (1.0 + found) / ways[i]
        total[order[i]] += found
        squares[order[i]] += found * found


def _tiny_lane() -> Arguments:
    _, _, _, place, order, step, steps, ways = _tiny_search()
    return *_graph(), np.zeros(1, np.int32), 0, place, order, step, steps, *(ways.copy() for _ in range(4)), 1


@kernel(steps=lambda *given: given[-1], warm=_tiny_lane)
def _from_each(ptr: Int64, dst: Int32, sources: Int32, at: int, place: Int32, order: Int32, step: Int64, steps: Int32,
               ways: Float64, part: Float64, total: Float64, squares: Float64, work: int) -> int:
    """From `at` on; returns the first source with more than MOST shortest ways to a node, else how many there are."""
    while at < len(sources):
        tail = _search(ptr, dst, int(sources[at]), place, order, step, steps, ways)
        most = 0.0
        for i in range(tail):
            most = max(most, ways[i])
            place[order[i]] = -1
        if most >= MOST:
            break
        _collect(order, tail, step, steps, ways, part, total, squares)
        at += 1
    return at

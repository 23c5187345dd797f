"""Which way and how far: fewest referrals from a set of parties to all others, down, up or either way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from refgraph.errors import UsageError
from refgraph.graphs.lookup import position, positions
from refgraph.kernels.distances import distances, hops
from refgraph.model.graph import Graph, Ints


def named(graph: Graph, of: Sequence[str], analysis: str) -> Ints:
    """Positions of the parties named by ``--of``, each once. Raises UsageError ``nobody-named``, and as `lookup.positions`."""
    if not of:
        raise UsageError("nobody-named", analysis=analysis)
    return np.array(positions(graph, of), np.int32)


def two(graph: Graph, of: Sequence[str], analysis: str) -> tuple[int, int]:
    """Positions of exactly two parties, in the order given. Raises UsageError ``two-parties``, ``same-party``."""
    if len(of) != 2:
        raise UsageError("two-parties", analysis=analysis, given=len(of))
    first, second = (position(graph, text) for text in of)
    if first == second:
        raise UsageError("same-party", name=of[1])
    return first, second


def below(graph: Graph, starts: Ints) -> Ints:
    """int32[n]: fewest referrals from any of ``starts`` down to each party along counted, uncut arcs; -1 = none leads there."""
    return hops(graph.flow.out_ptr, graph.flow.out_dst, starts)


def above(graph: Graph, starts: Ints) -> Ints:
    """int32[n]: fewest referrals from each party down to any of ``starts``; -1 = none leads there."""
    return hops(graph.flow.in_ptr, graph.flow.in_src, starts)


def lead(graph: Graph, ids: Sequence[str]) -> bool:
    """Whether counted, uncut referrals lead down from the first of these parties to the last, or the other way round."""
    first, last = position(graph, ids[0]), position(graph, ids[-1])
    start = np.array([first], np.int32)
    return bool(below(graph, start)[last] >= 0 or above(graph, start)[last] >= 0)


def arcs(graph: Graph) -> tuple[Ints, Ints]:
    """Referrer and referred of the counted, uncut arcs, by referrer and referred."""
    origin = np.repeat(np.arange(len(graph), dtype=np.int32), np.diff(graph.flow.out_ptr))
    return origin, graph.flow.out_dst


def around(graph: Graph, starts: Ints) -> Ints:
    """int32[n]: fewest referrals between any of ``starts`` and each party, taken in either direction; -1 = not connected."""
    source, target = arcs(graph)
    return distances(len(graph), np.concatenate([source, target]), np.concatenate([target, source]), starts)

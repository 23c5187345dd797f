"""Fewest referrals between parties: downward, upward, or in either direction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from refgraph.errors import UsageError
from refgraph.graph.lookup import find_party_index, find_party_indexes
from refgraph.kernels.distances import compute_csr_distances, compute_distances
from refgraph.kernels.rising_distances import compute_rising_distances
from refgraph.model.graph import Graph, Ints
from refgraph.model.parameter_values import describe_value


def resolve_parties(graph: Graph, of: Sequence[str], analysis: str) -> Ints:
    """Indexes of the parties named by ``--of``, without repeats.

    Raises UsageError ``nobody-named`` if none is named, and as `lookup.find_party_index`.
    """
    if not of:
        raise UsageError("nobody-named", analysis=analysis)
    return np.array(find_party_indexes(graph, of), np.int32)


def resolve_pair(graph: Graph, of: Sequence[str], analysis: str) -> tuple[int, int]:
    """Indexes of exactly two parties, in the order given.

    Raises UsageError ``two-parties``, ``same-party``, and as `lookup.find_party_index`.
    """
    if len(of) != 2:
        raise UsageError("two-parties", analysis=analysis, given=len(of))
    first, second = find_party_index(graph, of[0]), find_party_index(graph, of[1])
    if first == second:
        raise UsageError("same-party", name=describe_value(of[1]))
    return first, second


def hops_down(graph: Graph, starts: Ints) -> Ints:
    """int32[n]: fewest referrals from any of ``starts`` down to each party; -1 = unreachable.

    Along active arcs.
    """
    return compute_csr_distances(graph.adjacency.out_ptr, graph.adjacency.out_dst, starts)


def hops_down_in_time(graph: Graph, starts: Ints) -> Ints:
    """int32[n]: as `hops_down`, along chains on which each referral is later than the one before.

    Referrals without a date are in no such chain.
    """
    arcs = graph.adjacency
    day = graph.arcs["at"].gather(arcs.out_arc).to_physical().cast(pl.Int64)
    is_dated = day.is_not_null().to_numpy()
    source, target = extract_arc_endpoints(graph)
    ptr = np.searchsorted(source[is_dated], np.arange(len(graph) + 1))
    days = day.drop_nulls().to_numpy()
    return compute_rising_distances(ptr.astype(np.int64), target[is_dated], days, starts)


def hops_up(graph: Graph, starts: Ints) -> Ints:
    """int32[n]: fewest referrals from each party down to any of ``starts``; -1 = unreachable.

    Along active arcs.
    """
    return compute_csr_distances(graph.adjacency.in_ptr, graph.adjacency.in_src, starts)


def hops_undirected(graph: Graph, starts: Ints) -> Ints:
    """int32[n]: fewest active arcs, in either direction, from any of ``starts``; -1 = none."""
    source, target = extract_arc_endpoints(graph)
    both_sources = np.concatenate([source, target])
    both_targets = np.concatenate([target, source])
    return compute_distances(len(graph), both_sources, both_targets, starts)


def is_connected_downward(graph: Graph, ids: Sequence[str]) -> bool:
    """Whether active arcs lead down from the first of these parties to the last, or back."""
    first, last = find_party_index(graph, ids[0]), find_party_index(graph, ids[-1])
    start = np.array([first], np.int32)
    return bool(hops_down(graph, start)[last] >= 0 or hops_up(graph, start)[last] >= 0)


def extract_arc_endpoints(graph: Graph) -> tuple[Ints, Ints]:
    """Referrer and referred of the active arcs, sorted by both."""
    return graph.arc_source, graph.adjacency.out_dst

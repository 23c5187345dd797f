"""Analyses in plain networkx and Python: slow, obvious, independent of the package's own passes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import networkx as nx

Arc = tuple[str, str]


def cut(arcs: set[Arc], joined: Mapping[str, str | None]) -> set[Arc]:
    """The arcs left when no cycle is left.

    In every cyclic component the arcs into the member that joined first (ties by id, unknown last)
    are cut, again and again.
    """
    graph = nx.DiGraph(list(arcs))
    while True:
        components = [c for c in nx.strongly_connected_components(graph) if len(c) > 1]
        if not components:
            return set(graph.edges)
        for component in components:
            first = min(component, key=lambda x: (joined.get(x) or "9999", x))
            into_first = [(u, v) for u, v in graph.in_edges(first) if u in component]
            graph.remove_edges_from(into_first)


def reach(arcs: set[Arc], worth: Mapping[str, Fraction]) -> dict[str, tuple[int, Fraction]]:
    """Number of descendants of each party, and their value."""
    graph = nx.DiGraph(list(arcs))
    graph.add_nodes_from(worth)
    result = {}
    for x in worth:
        descendants = nx.descendants(graph, x)
        result[x] = (len(descendants), sum((worth[y] for y in descendants), Fraction(0)))
    return result


def direct_value(arcs: set[Arc], worth: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Value of the parties that each party referred, split equally among their referrers."""
    value = dict.fromkeys(worth, Fraction(0))
    for referrer, referred in arcs:
        referrers = sum(1 for _, x in arcs if x == referred)
        value[referrer] += worth[referred] / referrers
    return value


def credit(arcs: set[Arc], worth: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Mixture of Shapley credits.

    The value of every party is spread equally along each random walk up its referrers.
    """
    referrers = {x: sorted(u for u, v in arcs if v == x) for x in worth}
    total = dict.fromkeys(worth, Fraction(0))

    def walk_up(path: list[str], probability: Fraction) -> None:
        choices = referrers[path[-1]]
        if not choices:
            for x in path:
                total[x] += probability * worth[path[0]] / len(path)
        for referrer in choices:
            walk_up([*path, referrer], probability / len(choices))

    for x in worth:
        walk_up([x], Fraction(1))
    return total

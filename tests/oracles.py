"""The analyses again in plain networkx and Python: slow, obvious, independent of the package's own passes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import networkx as nx

Arc = tuple[str, str]


def cut(arcs: set[Arc], joined: Mapping[str, str | None]) -> set[Arc]:
    """Arcs left when, in every loop, those into the member who joined first are cut, again until none is left."""
    graph = nx.DiGraph(list(arcs))
    while True:
        loops = [c for c in nx.strongly_connected_components(graph) if len(c) > 1]
        if not loops:
            return set(graph.edges)
        for loop in loops:
            first = min(loop, key=lambda x: (joined.get(x) or "9999", x))
            graph.remove_edges_from([(u, v) for u, v in list(graph.in_edges(first)) if u in loop])


def reach(arcs: set[Arc], worth: Mapping[str, Fraction]) -> dict[str, tuple[int, Fraction]]:
    """Distinct parties below, and what they are worth."""
    graph = nx.DiGraph(list(arcs))
    graph.add_nodes_from(worth)
    return {x: (len(nx.descendants(graph, x)), sum((worth[y] for y in nx.descendants(graph, x)), Fraction(0))) for x in worth}


def direct_value(arcs: set[Arc], worth: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Value of the referred, split equally among their referrers."""
    out = dict.fromkeys(worth, Fraction(0))
    for u, v in arcs:
        out[u] += worth[v] / sum(1 for _, x in arcs if x == v)
    return out


def credit(arcs: set[Arc], worth: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Mixture of Shapley credits: every party's worth is spread along each random walk up its referrers."""
    above = {x: sorted(u for u, v in arcs if v == x) for x in worth}
    out = dict.fromkeys(worth, Fraction(0))

    def climb(path: list[str], chance: Fraction) -> None:
        if not above[path[-1]]:
            for x in path:
                out[x] += chance * worth[path[0]] / len(path)
        for u in above[path[-1]]:
            climb([*path, u], chance / len(above[path[-1]]))

    for x in worth:
        climb([x], Fraction(1))
    return out

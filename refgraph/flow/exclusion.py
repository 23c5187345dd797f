"""What leaving referrals out or rolling groups up changes: told beside every answer asked with ``--exclude``, ``--roll-up``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from refgraph.engines.base import Engine
from refgraph.graphs.arrivals import arrived
from refgraph.graphs.measures import direct_value
from refgraph.graphs.rollup import rolled
from refgraph.model.graph import Graph, Longs
from refgraph.model.message import Message, Names, message
from refgraph.model.scope import Scope

TOP = 10


def told(engine: Engine, graph: Graph, scope: Scope) -> tuple[Message, ...]:
    """How many referrals the excluded codes leave out, and what becomes of the referral share and of the first recommenders."""
    return (*_excluded(engine, graph, scope), *_rolled(engine, graph, scope))


def _rolled(engine: Engine, graph: Graph, scope: Scope) -> tuple[Message, ...]:
    """How many parties became how few, which referrals stand apart, and by how much these had lifted the referral share."""
    if not scope.roll_up:
        return ()
    found = rolled(engine.dataset())
    if not found.groups:
        return (message("note.rolled-none"),)
    before = engine.graph(replace(scope, roll_up=False))
    return (message("note.rolled-up", parties=found.parties, groups=found.groups, inside=found.inside, late=found.late,
                    before=_share(before), after=_share(graph)),)


def _excluded(engine: Engine, graph: Graph, scope: Scope) -> tuple[Message, ...]:
    if not scope.exclude:
        return ()
    whole = engine.graph(replace(scope, exclude=()))
    out = int(whole.arcs["counted"].sum()) - int(graph.arcs["counted"].sum())
    before, after = _first(whole), _first(graph)
    return (message("note.excluded", codes=Names(tuple(scope.exclude)), referrals=out, before=_share(whole), after=_share(graph),
                    changed=int((~np.isin(before, after)).sum()), top=len(before)),)


def _share(graph: Graph) -> float | None:
    n = int(graph.existing.sum())
    referred = arrived(graph, ("customer", *graph.scope.count)) & graph.existing
    return int(referred.sum()) / n if n else None


def _first(graph: Graph) -> Longs:
    """Positions of the first recommenders by direct value, ties by id."""
    made = np.flatnonzero(np.diff(graph.flow.out_ptr))
    return made[np.argsort(-direct_value(graph)[made], kind="stable")][:TOP]

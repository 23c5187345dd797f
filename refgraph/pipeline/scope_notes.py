"""Notes on what ``--exclude`` and ``--roll-up`` change in an answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from refgraph.engines.base import Engine
from refgraph.graph.as_of import cut_dataset
from refgraph.graph.rollup import roll_up_groups
from refgraph.measures.reach_and_credit import compute_direct_value
from refgraph.measures.referral_status import is_referred
from refgraph.model.graph import Graph, Longs
from refgraph.model.message import Message, Names, message
from refgraph.model.scope import Scope

MAX_RECOMMENDERS = 10


def collect_scope_notes(engine: Engine, graph: Graph, scope: Scope) -> tuple[Message, ...]:
    """How excluded referrals and groups rolled up change the referral share and the ranking.

    graph: built under ``scope``. Empty if the scope neither excludes nor rolls up.
    """
    return (*_note_exclusion(engine, graph, scope), *_note_roll_up(engine, graph, scope))


def _note_exclusion(engine: Engine, graph: Graph, scope: Scope) -> tuple[Message, ...]:
    """How many referrals are excluded; referral share and top recommenders with and without."""
    if not scope.exclude:
        return ()
    full_graph = engine.graph(replace(scope, exclude=()))
    counted_before, counted = (int(g.arcs["counted"].sum()) for g in (full_graph, graph))
    top_before = _find_top_recommenders(full_graph)
    has_left_top = ~np.isin(top_before, _find_top_recommenders(graph))
    return (
        message(
            "note.excluded",
            codes=Names(tuple(scope.exclude)),
            referrals=counted_before - counted,
            before=_compute_referred_share(full_graph),
            after=_compute_referred_share(graph),
            changed=int(has_left_top.sum()),
            top=len(top_before),
        ),
    )


def _note_roll_up(engine: Engine, graph: Graph, scope: Scope) -> tuple[Message, ...]:
    """How many parties became how many groups, and the referral share before and after."""
    if not scope.roll_up:
        return ()
    rolled_up = roll_up_groups(cut_dataset(engine.dataset(), graph.as_of).dataset)
    if not rolled_up.groups:
        return (message("note.rolled-none"),)
    graph_before = engine.graph(replace(scope, roll_up=False))
    return (
        message(
            "note.rolled-up",
            parties=rolled_up.parties,
            groups=rolled_up.groups,
            inside=rolled_up.inside_groups,
            late=rolled_up.into_later_members,
            before=_compute_referred_share(graph_before),
            after=_compute_referred_share(graph),
        ),
    )


def _compute_referred_share(graph: Graph) -> float | None:
    n = int(graph.existing.sum())
    referred = is_referred(graph, ("customer", *graph.scope.count)) & graph.existing
    return int(referred.sum()) / n if n else None


def _find_top_recommenders(graph: Graph) -> Longs:
    """Indices of the top recommenders by direct value, ties by id."""
    recommenders = np.flatnonzero(graph.out_degree)
    direct_value = compute_direct_value(graph)[recommenders]
    return recommenders[np.argsort(-direct_value, kind="stable")][:MAX_RECOMMENDERS]

"""What is lost if a customer leaves: its own value, and what follows it (M53)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from refgraph.analyses.retention_rows import CONTRASTS, compute_rows
from refgraph.measures.customer_size import read_size
from refgraph.measures.descendants import Descendants, weigh_distances, weigh_paths
from refgraph.measures.leaving_model import LeavingModel
from refgraph.measures.leaving_signs import LeavingSigns
from refgraph.measures.members import Members, number_parties
from refgraph.measures.recent_value import measure_recent_orders
from refgraph.measures.retention_spells import ACTIVE, build_spells
from refgraph.measures.tallies import measure_value, scale_figures
from refgraph.measures.value_below import sum_below, sum_by_steps, sum_following
from refgraph.model.graph import Floats, Graph
from refgraph.model.tally import Quantity, Tally, Term, WeightRule


@dataclass(frozen=True)
class Following:
    """How many times as fast the referred leave after their referrer: from low to high."""

    low: float
    high: float


def find_following(graph: Graph) -> Following | None:
    """The range of M27 if leaving follows leaving; None if that is unknown."""
    spells = build_spells(graph, read_size(graph, None))
    if spells is None or not spells.event.any() or not (spells.state > 0).any():
        return None
    _, placebo, lower, upper = (row.gap for row in compute_rows(spells, ACTIVE, CONTRASTS[1:4]))
    if any(gap.reason for gap in (placebo, lower, upper)) or not lower.low > 0.0:
        return None
    ends = (1.0 + upper.gap,) * 2 if placebo.is_unknown else (1.0 + lower.gap, 1.0 + upper.gap)
    return Following(min(ends), max(ends))


def measure_existing(graph: Graph) -> Quantity:
    """Value of the last 12 months, else all of it; that of existing customers counts."""
    recent = measure_recent_orders(graph)
    return measure_value(graph) if recent is None else recent


def compute_loss(
    graph: Graph,
    signs: LeavingSigns,
    model: LeavingModel | None,
    following: Following | None,
    follow: float,
) -> dict[str, Tally]:
    """By party: value of the last 12 months, ``own``, ``direct`` and ``downstream``, and what may
    be lost, ``loss_if``, ``loss_if_high``, ``scenario`` and ``expected``.

    A customer below follows with chance 1 - (1 - h)^r - h, h its own chance of leaving and r how
    many times as fast the referred leave after their referrer; customers that have left pass
    nothing on.
    """
    worth, arcs, existing = measure_existing(graph), graph.adjacency, graph.existing
    w, chance = np.where(existing, worth.scaled, 0.0) / worth.scale, np.full(len(graph), np.nan)
    below, whole = (
        Term(members=Descendants(graph, first), mask=existing, quantity=worth) for first in (1, 0)
    )
    own = number_parties(len(graph)).add_up(worth, existing)
    referred = Members("customers", graph.arc_source, len(graph), arcs.out_dst)
    loss_if = loss_if_high = own
    if model:
        chance[signs.customer] = model.chance
    if model and following:
        known = np.nan_to_num(chance)
        steps = [1.0 - (1.0 - known) ** r - known for r in (following.low, following.high)]
        loss_if, loss_if_high = (
            _sum(whole, sum_by_steps(graph, w, step), weigh_paths(graph, step)) for step in steps
        )
    return {
        "own": own,
        "direct": referred.add_up(worth, existing[arcs.out_dst]),
        "downstream": _sum(below, sum_below(graph, w)),
        "loss_if": loss_if,
        "loss_if_high": loss_if_high,
        "scenario": _sum(whole, sum_following(graph, w, follow), weigh_distances(graph, follow)),
        "expected": scale_figures(loss_if, chance),
    }


def _sum(term: Term, numbers: Floats, weight: WeightRule | None = None) -> Tally:
    return Tally(method="sum", numbers=numbers, terms=(replace(term, weight=weight),))

"""What is lost if a customer leaves: its own value, and what follows it (M53)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.analyses.retention_rows import CONTRASTS, compute_rows
from refgraph.measures.customer_size import read_size
from refgraph.measures.leaving_model import LeavingModel
from refgraph.measures.leaving_signs import LeavingSigns
from refgraph.measures.recent_value import sum_recent_orders
from refgraph.measures.retention_spells import ACTIVE, build_spells
from refgraph.measures.value_below import sum_below, sum_by_steps, sum_direct, sum_following
from refgraph.model.graph import Floats, Graph


@dataclass(frozen=True)
class Following:
    """How many times as fast the referred leave after their referrer: from low to high."""

    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Loss:
    """float64[m] each, by row of the signs: value of the last 12 months, and what may be lost."""

    own: Floats
    direct: Floats
    downstream: Floats
    loss_if: Floats
    loss_if_high: Floats
    scenario: Floats


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


def value_existing(graph: Graph) -> Floats:
    """float64[n]: value of the last 12 months of existing customers, else all of their value."""
    recent = sum_recent_orders(graph)
    if recent is not None:
        return recent.scaled / recent.scale
    return np.where(graph.existing, graph.value.numbers, 0.0)


def compute_loss(
    graph: Graph,
    signs: LeavingSigns,
    model: LeavingModel | None,
    following: Following | None,
    follow: float,
) -> Loss:
    """The losses of the customers with these signs.

    A customer below follows with chance 1 - (1 - h)^r - h, h its own chance of leaving and r how
    many times as fast the referred leave after their referrer; customers that have left pass
    nothing on.
    """
    w, rows = value_existing(graph), signs.customer
    loss_if = loss_if_high = w
    if model and following:
        chance = np.zeros(len(graph))
        chance[rows] = model.chance
        steps = [
            1.0 - (1.0 - chance) ** ratio - chance for ratio in (following.low, following.high)
        ]
        loss_if, loss_if_high = (sum_by_steps(graph, w, step) for step in steps)
    return Loss(
        own=w[rows],
        direct=sum_direct(graph, w)[rows],
        downstream=sum_below(graph, w)[rows],
        loss_if=loss_if[rows],
        loss_if_high=loss_if_high[rows],
        scenario=sum_following(graph, w, follow)[rows],
    )

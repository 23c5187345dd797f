"""A campaign: its network, who may start, and the starters chosen by the method that fits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from refgraph.errors import UsageError
from refgraph.measures.cascade import Cascade, build_cascade
from refgraph.measures.customer_size import list_number_columns, read_numbers
from refgraph.measures.exact_starters import MAX_ARCS, choose_among_worlds
from refgraph.measures.forest_starters import choose_on_forest
from refgraph.measures.sampled_starters import choose_from_samples
from refgraph.measures.starters import Limit, Starters
from refgraph.model.graph import Floats, Graph, Longs
from refgraph.model.parameter_values import describe_value, suggest_nearest


@dataclass(frozen=True, eq=False)
class Campaign:
    """What is known before the choice. uncosted: existing customers without a cost above 0."""

    cascade: Cascade
    uncosted: int


@dataclass(frozen=True, eq=False)
class Plan:
    """The starters of a campaign."""

    cascade: Cascade
    uncosted: int
    starters: Starters

    def pick_plainly(self, score: Longs, limit: Limit) -> list[int]:
        """The candidates with the highest score, ties by id, as many as the limit allows."""
        candidates = np.flatnonzero(self.cascade.is_candidate)
        ranked = candidates[np.argsort(-score[candidates], kind="stable")]
        if limit.k is not None or self.cascade.cost is None:
            return [int(one) for one in ranked[: limit.k]]
        spent = np.cumsum(self.cascade.cost[ranked])
        return [int(one) for one in ranked[spent <= limit.size]]


def prepare_campaign(graph: Graph, probability: str, cost: str) -> Campaign:
    """The network and the candidates: existing customers, with a cost above 0 if one is asked for.

    Raises UsageError ``unknown-cost``, ``campaign-no-costs``, and as `build_cascade`.
    """
    is_open = graph.existing | (graph.parties["stage"] == "prospect").to_numpy()
    weight = np.where(is_open, np.maximum(graph.value.numbers, 0.0), 0.0)
    candidates, costs = graph.existing, None
    if cost:
        costs = _read_costs(graph, cost)
        has_cost = costs > 0
        if not (candidates & has_cost).any():
            raise UsageError("campaign-no-costs", column=describe_value(cost))
        candidates = candidates & has_cost
        costs = np.where(has_cost, costs, np.inf)
    cascade = build_cascade(graph, probability, weight, candidates, costs)
    return Campaign(cascade, int(graph.existing.sum() - candidates.sum()))


def choose_starters(graph: Graph, campaign: Campaign, limit: Limit) -> Plan:
    """The starters: exactly on forests and small networks, else from samples."""
    cascade = campaign.cascade
    if cascade.weight.sum() <= 0:
        nobody = replace(cascade, is_candidate=np.zeros(len(graph), np.bool_))
        starters = choose_on_forest(graph.forest, nobody, Limit(k=0))
    elif cascade.is_forest:
        starters = choose_on_forest(graph.forest, cascade, limit)
    elif len(cascade.in_src) <= MAX_ARCS:
        starters = choose_among_worlds(cascade, limit)
    else:
        starters = choose_from_samples(cascade, limit)
    return Plan(cascade, campaign.uncosted, starters)


def _read_costs(graph: Graph, column: str) -> Floats:
    """float64[n]: what each party costs, nan where it is not recorded."""
    known = list_number_columns(graph)
    matching = [name for name in known if name.lower() == column.strip().lower()]
    if not matching:
        shown, near = describe_value(column), suggest_nearest(column, known)
        raise UsageError("unknown-cost", column=shown, known=known or None, near=near)
    return read_numbers(graph, matching[0])

"""The value of all parties, shared out by one of four rules; each adds up to the value there is."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl

from refgraph.graphs.measures import Credit, direct_value, shapley, ties
from refgraph.kernels import credit as credits
from refgraph.kernels.credit import Parts
from refgraph.model.graph import Floats, Graph
from refgraph.model.message import Message, message

Split = Literal["shapley", "conjunctive", "direct", "decay"]


def split(graph: Graph, rule: Split, delta: float = 0.5) -> Credit | None:
    """Credit by position under a rule; None beyond the work bound.

    shapley: M14, with several referrers M15 (mixture). conjunctive: M15, each value equally over its owner and all distinct
    ancestors. direct, decay: M16; decay takes ``delta`` in 0..1, by distance. On a forest shapley and conjunctive are one.
    Raises RefgraphError ``totals-differ`` when the credit does not add up to the value.
    """
    if rule == "shapley" or (rule == "conjunctive" and graph.flow.is_forest):
        return shapley(graph)
    if rule == "direct":
        kept = np.where(np.diff(graph.flow.in_ptr) == 0, graph.value.numbers, 0.0)
        brought = direct_value(graph)
        return _tied(graph, kept + brought, brought)
    parts = _decayed(graph, delta) if rule == "decay" else _conjunctive(graph)
    if parts is None:
        return None
    return _tied(graph, parts.credit / graph.value.scale, (parts.credit - parts.own) / graph.value.scale)


def _tied(graph: Graph, credit: Floats, earned: Floats) -> Credit:
    numbers = graph.value.numbers
    ties("credit", float(credit.sum()), float(numbers.sum()), float(np.abs(numbers).sum()))
    return Credit(credit, earned)


def _decayed(graph: Graph, delta: float) -> Parts | None:
    forest, flow, whole = graph.forest, graph.flow, graph.value.whole
    if flow.is_forest:
        parts = credits.decay(forest.place_parent, forest.depth, whole[forest.order], delta)
        return Parts(forest.scatter(parts.credit), forest.scatter(parts.own))
    return credits.mixture(flow.in_ptr, flow.in_src, flow.in_share, flow.out_ptr, flow.out_dst, flow.out_share, whole, delta)


def _conjunctive(graph: Graph) -> Parts | None:
    flow = graph.flow
    return credits.conjunctive(flow.in_ptr, flow.in_src, flow.out_ptr, flow.out_dst, graph.value.whole)


def extended(graph: Graph) -> Floats:
    """M12, extended customer revenue: own value and, in full, the value of each party referred. It double counts."""
    flow, whole = graph.flow, graph.value.whole
    origin = np.repeat(np.arange(len(graph)), np.diff(flow.out_ptr))
    brought = np.bincount(origin, weights=whole[flow.out_dst], minlength=len(graph))
    return np.asarray((whole + brought) / graph.value.scale, np.float64)


def allocated(graph: Graph, parties: pl.DataFrame, frame: pl.DataFrame) -> list[Message]:
    """What a reader of credit must know: a rule and no cause, what others than customers hold, what passed a work bound.

    parties: all that hold credit, with ``stage`` and ``credit``. frame: the rows shown, with ``credit`` and ``downstream``.
    """
    notes = [message("note.credit-is-allocation")] if frame.height else []
    outside = parties.filter(~pl.col("stage").is_in(["existing", "former"]))
    held = float(outside["credit"].sum())
    if outside.height and held:
        notes.append(message("note.credit-outside", parties=outside.height, credit=graph.value.amount(held)))
    if frame.height and frame["credit"].null_count():
        notes.append(message("note.credit-beyond-bound"))
    if frame["downstream"].null_count():
        notes.append(message("note.reach-beyond-bound", parties=frame["downstream"].null_count()))
    return notes

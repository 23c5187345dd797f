"""The notes of `at-risk`: what the figures mean, and what the data lack."""

from __future__ import annotations

from refgraph.analyses.at_risk_loss import Following
from refgraph.measures.leaving_model import LeavingModel
from refgraph.measures.leaving_signs import LeavingSigns
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message


def build_notes(
    graph: Graph,
    signs: LeavingSigns,
    model: LeavingModel | None,
    following: Following | None,
    follow: float,
) -> list[Message]:
    """Notes in the order in which a reader asks."""
    notes = [message("note.risk-meaning")]
    if model:
        notes.append(message("note.risk-learned", leavers=model.leavers, years=model.years))
    notes.append(message("note.risk-never-add"))
    if following and model:
        ends = {"low": following.low, "high": following.high}
        kind = "range" if following.low < following.high else "ratio"
        notes.append(message(f"note.risk-following-{kind}", **ends))
    else:
        notes.append(message("note.risk-not-following"))
    notes.append(message("note.risk-scenario", follow=follow))
    if not signs.has_orders:
        notes.append(message("note.risk-no-orders"))
    elif model and not model.with_orders:
        notes.append(message("note.risk-short-orders"))
    if not graph.adjacency.is_forest:
        notes.append(message("note.without-other-referrers"))
    return notes

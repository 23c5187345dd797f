"""The notes of `value-gap`: who is left out, what is adjusted for, and what no method removes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from refgraph.analyses.gap_headline import find_main_row
from refgraph.analyses.gap_rows import GapRow
from refgraph.estimates.doubly_robust import compute_e_value
from refgraph.estimates.power import minimum_detectable_difference
from refgraph.measures.customer_size import CustomerSize
from refgraph.measures.gap_comparison import GapData
from refgraph.measures.gap_outcomes import Outcome
from refgraph.measures.referral_status import has_unknown_source
from refgraph.measures.relation_years import YEARS
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message


def build_notes(
    graph: Graph, outcomes: Outcome, data: GapData, rows: Sequence[GapRow], size: CustomerSize
) -> list[Message]:
    """Notes in the order in which a reader asks."""
    if outcomes.reason:
        return []
    main = find_main_row(rows)
    notes = [message("note.gap-cause")] if main else _note_floor(data)
    if main and main.is_ratio and not main.gap.is_unknown:
        limit = main.gap.low if main.gap.gap > 0 else main.gap.high
        e_value, near = compute_e_value(1.0 + main.gap.gap), compute_e_value(1.0 + limit)
        notes.append(message("note.gap-e-value", e_value=e_value, limit=near))
    notes += _note_average(main, rows)
    if data.sized is not None:
        notes.append(message("note.gap-size", column=size.name))
    notes += _note_missing_groups(graph)
    notes += _note_left_out(graph, data)
    if outcomes.is_linear and main is None:
        notes.append(message("note.gap-linear"))
    if any(row.method == "gap-year-1" and row.gap.has_interval for row in rows):
        notes.append(message("note.gap-years", years=YEARS))
    return notes


def _note_floor(data: GapData) -> list[Message]:
    """What these customers could show at best, if all else were equal (M31)."""
    everyone = data.everyone
    sides = int(everyone.referred.sum()), int((~everyone.referred).sum())
    mean = float(everyone.y.mean()) if len(everyone.y) else 0.0
    if min(sides) < 2 or not mean > 0.0 or everyone.scale != "ratio":
        return []
    cv = float(np.std(everyone.y)) / mean
    floor = minimum_detectable_difference(*sides, cv)
    return [message("note.gap-floor", floor=floor, referred=sides[0], others=sides[1])]


def _note_average(main: GapRow | None, rows: Sequence[GapRow]) -> list[Message]:
    """Whether the gap depends on size: the average over the referred is more than one error off."""
    averaged = next((r for r in rows if r.method == "gap-averaged" and r.gap.has_interval), None)
    if main is None or averaged is None or not main.is_ratio:
        return []
    distance = abs(np.log1p(main.gap.gap) - np.log1p(averaged.gap.gap))
    if distance <= main.gap.error:
        return []
    return [message("note.gap-depends", gap=averaged.gap.gap)]


def _note_missing_groups(graph: Graph) -> list[Message]:
    missing = []
    if not graph.has("customers.sector"):
        missing.append(message("note.gap-no-sector"))
    if graph.parties["since"].null_count() == len(graph):
        missing.append(message("note.gap-no-dates"))
    if not graph.has("customers.left"):
        missing.append(message("note.gap-no-left"))
    return missing


def _note_left_out(graph: Graph, data: GapData) -> list[Message]:
    notes = []
    if data.late:
        notes.append(message("note.gap-late", customers=data.late))
    if data.unsized and data.sized is not None:
        notes.append(message("note.gap-unsized", customers=data.unsized))
    unknown = has_unknown_source(graph)[data.rows] if graph.has("customers.source") else None
    base = data.sized or data.everyone
    count = 0 if unknown is None else int((unknown & ~base.referred).sum())
    if count:
        notes.append(message("note.gap-unknown-source", customers=count))
    return notes

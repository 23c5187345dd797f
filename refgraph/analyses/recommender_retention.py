"""``retention --group recommenders``: whether those who refer for the first time stay longer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from refgraph.analyses.gap_headline import describe_gap
from refgraph.analyses.gap_rows import GapRow
from refgraph.analyses.recommender_gap import compare_marks, estimate_marks
from refgraph.analyses.retention_headline import describe_ratio
from refgraph.estimates.gap import Gap
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.calendar import compute_first_membership
from refgraph.measures.customer_size import CustomerSize
from refgraph.measures.landmarks import Landmarks, list_landmarks
from refgraph.measures.retention_spells import find_first_leaving
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message

RECOMMENDING, ALIKE = "stay-recommending", "stay-alike"


@dataclass(frozen=True)
class RecommenderRetention:
    """gap: chance of leaving within 12 months / that of similar others, - 1. placebo: value before
    the first referral. leavers: of the recommenders, of the others; years: their landmarks.
    """

    gap: Gap
    placebo: GapRow
    leavers: tuple[int, int]
    watched: tuple[int, int]


def compare_staying(graph: Graph, size: CustomerSize) -> RecommenderRetention:
    """Leaving within 12 months after the quarter of a first referral, against similar others."""
    marks = list_landmarks(graph)
    reason = _find_refusal(graph, marks)
    if reason or marks is None:
        refused = Gap(reason=reason)
        return RecommenderRetention(refused, GapRow("gap-placebo", refused, True), (0, 0), (0, 0))
    is_used = np.ones(len(marks.customer), np.bool_)
    if size.name:
        is_used = ~np.isnan(size.log[marks.customer])
    leaves = marks.leaves.astype(np.float64)
    after = compare_marks(graph, marks, size, leaves, (marks.before, marks.earlier))
    before = compare_marks(graph, marks, size, marks.before, (marks.earlier,))
    gap = estimate_marks("gap-recommending", after.select(is_used), marks, is_used).gap
    if gap.reason == "zero-side":
        gap = replace(gap, reason="no-leaver")
    placebo = estimate_marks("gap-placebo", before.select(is_used), marks, is_used)
    sides = [is_used & marks.is_treated, is_used & ~marks.is_treated]
    leavers = [int(marks.leaves[side].sum()) for side in sides]
    watched = [int(side.sum()) for side in sides]
    return RecommenderRetention(gap, placebo, (leavers[0], leavers[1]), (watched[0], watched[1]))


def _find_refusal(graph: Graph, marks: Landmarks | None) -> str:
    if find_first_leaving(graph, compute_first_membership(graph)) is None:
        return "no-left"
    if marks is None:
        return "no-orders"
    return "" if len(marks.customer) else "no-landmarks"


def build_staying_rows(found: RecommenderRetention) -> list[dict[str, object]]:
    """A row for the recommenders, and one for the others they are compared with."""
    gap, verdict = found.gap, "stay-reference"
    rows: list[dict[str, object]] = []
    for state, side in ((RECOMMENDING, 0), (ALIKE, 1)):
        watched = found.watched[side]
        cells: dict[str, object] = {"state": state, "against": "none" if side else ALIKE}
        cells["customers"] = gap.others if side else gap.referred
        cells["leavers"] = found.leavers[side]
        cells["loss_rate"] = found.leavers[side] / watched if watched else None
        rows.append({**cells, "verdict": verdict})
    first: dict[str, object] = {"verdict": _name_verdict(found), "trees": gap.trees or None}
    if not gap.reason and found.placebo.gap.is_unknown:
        ends = {"": gap.gap, "_low": gap.low, "_high": gap.high}
        first |= {f"hazard_ratio{end}": 1.0 + number for end, number in ends.items()}
        first["effective_trees"] = gap.effective
    rows[0] |= first
    return rows


def _name_verdict(found: RecommenderRetention) -> str:
    gap, placebo = found.gap, found.placebo.gap
    if gap.reason or placebo.reason:
        reason = gap.reason or placebo.reason
        return f"stay-{reason}" if reason in ("no-leaver", "too-few") else f"gap-{reason}"
    if not placebo.is_unknown:
        return "pay-before"
    if gap.is_unknown:
        return "gap-unknown"
    return "gap-higher" if gap.gap > 0 else "gap-lower"


def build_staying_headline(graph: Graph, found: RecommenderRetention) -> Message:
    """How much faster or slower recommenders leave; no result if they differed already before."""
    gap, placebo, standing = found.gap, found.placebo, as_of_phrase(graph)
    reason = gap.reason or placebo.gap.reason
    if reason:
        least = {"referred": gap.referred, "others": gap.others, "trees": gap.trees}
        why = message(f"phrase.staying-{reason}", **least)
        return message("headline.recommender-stay-cannot", reason=why, standing=standing)
    values = {
        "recommenders": gap.referred,
        "others": gap.others,
        "leavers": sum(found.leavers),
        "trees": gap.trees,
        "placebo": describe_gap(graph, "total", placebo),
        "standing": standing,
    }
    if not placebo.gap.is_unknown:
        return message("headline.recommender-stay-before", **values)
    values["ratio"] = describe_ratio(gap)
    state = "-unknown" if gap.is_unknown else ""
    return message(f"headline.recommender-stay{state}", **values)

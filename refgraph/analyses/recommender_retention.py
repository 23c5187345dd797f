"""``retention --group recommenders``: whether those who refer for the first time stay longer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from refgraph.analyses.gap_headline import describe_gap
from refgraph.analyses.gap_rows import GapRow, build_row
from refgraph.analyses.recommender_gap import compare_marks, estimate_marks
from refgraph.analyses.retention_headline import describe_ratio
from refgraph.estimates.gap import Gap
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.calendar import compute_first_membership
from refgraph.measures.customer_size import CustomerSize
from refgraph.measures.landmarks import Landmarks, list_landmarks
from refgraph.measures.members import list_parties
from refgraph.measures.retention_spells import find_first_leaving
from refgraph.measures.tallies import compute_ratio, list_inputs
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.tally import Tally

RECOMMENDING, ALIKE = "stay-recommending", "stay-alike"


@dataclass(frozen=True)
class RecommenderRetention:
    """main: chance of leaving within 12 months / that of similar others, - 1. placebo: value before
    the first referral. leavers: of the recommenders, of the others; watched: their landmarks.
    """

    main: GapRow
    placebo: GapRow
    leavers: tuple[Tally, ...] = ()
    watched: tuple[Tally, ...] = ()

    @property
    def gap(self) -> Gap:
        """The gap of the chances of leaving."""
        return self.main.gap


def compare_staying(graph: Graph, size: CustomerSize) -> RecommenderRetention:
    """Leaving within 12 months after the quarter of a first referral, against similar others."""
    marks = list_landmarks(graph)
    reason = _find_refusal(graph, marks)
    if reason or marks is None:
        refused = GapRow("gap-placebo", Gap(reason=reason), True)
        return RecommenderRetention(refused, refused)
    is_used = np.ones(len(marks.customer), np.bool_)
    if size.name:
        is_used = ~np.isnan(size.log[marks.customer])
    leaves = marks.leaves.astype(np.float64)
    after = compare_marks(graph, marks, size, leaves, (marks.before, marks.earlier))
    before = compare_marks(graph, marks, size, marks.before, (marks.earlier,))
    main = estimate_marks("gap-recommending", after.select(is_used), marks, is_used)
    if main.gap.reason == "zero-side":
        main = replace(main, gap=replace(main.gap, reason="no-leaver"))
    placebo = estimate_marks("gap-placebo", before.select(is_used), marks, is_used)
    sides = [is_used & marks.is_treated, is_used & ~marks.is_treated]
    members = list_parties(marks.customer)
    leavers = tuple(members.count(side & marks.leaves) for side in sides)
    return RecommenderRetention(main, placebo, leavers, tuple(map(members.count, sides)))


def _find_refusal(graph: Graph, marks: Landmarks | None) -> str:
    if find_first_leaving(graph, compute_first_membership(graph)) is None:
        return "no-left"
    if marks is None:
        return "no-orders"
    return "" if len(marks.customer) else "no-landmarks"


def build_staying_rows(found: RecommenderRetention) -> list[dict[str, object]]:
    """A row for the recommenders, and one for the others they are compared with."""
    rows: list[dict[str, object]] = []
    counted = build_row(found.main, "")
    for state, side in ((RECOMMENDING, 0), (ALIKE, 1)):
        cells: dict[str, object] = {"state": state, "against": "none" if side else ALIKE}
        cells |= {"customers": counted["others" if side else "referred"], "leavers": 0}
        if found.leavers:
            leavers = found.leavers[side]
            cells |= {"leavers": leavers, "loss_rate": compute_ratio(leavers, found.watched[side])}
        rows.append({**cells, "verdict": "stay-reference"})
    gap, used = found.gap, found.gap.compared
    rows[0] |= {"verdict": _name_verdict(found), "trees": counted["trees"] if gap.trees else None}
    if not gap.reason and found.placebo.gap.is_unknown:
        assert used is not None and used.party is not None
        ends = {"": gap.gap, "_low": gap.low, "_high": gap.high}
        figures = {f"hazard_ratio{end}": 1.0 + number for end, number in ends.items()}
        figures["effective_trees"] = gap.effective
        rows[0] |= list_inputs(list_parties(used.party), figures)
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
        counts = {"referred": gap.referred, "others": gap.others}
        trees = {"trees": gap.trees, "effective": gap.known_effective}
        why = message(f"phrase.staying-{reason}", **counts, **trees)
        return message("headline.recommender-stay-cannot", reason=why, standing=standing)
    values = {
        "recommenders": gap.referred,
        "others": gap.others,
        "leavers": sum(int(tally.numbers[0]) for tally in found.leavers),
        "trees": gap.trees,
        "placebo": describe_gap(graph, "total", placebo),
        "standing": standing,
    }
    if not placebo.gap.is_unknown:
        return message("headline.recommender-stay-before", **values)
    values["ratio"] = describe_ratio(gap)
    state = "-unknown" if gap.is_unknown else ""
    return message(f"headline.recommender-stay{state}", **values)

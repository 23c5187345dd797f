"""The rows of `value-gap`: one per method, each with its interval or the reason for having none."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from refgraph.estimates.comparison import Comparison
from refgraph.estimates.doubly_robust import compute_e_value, estimate_gap_of_referred
from refgraph.estimates.gap import Gap, count_sides, estimate_gap, find_reason
from refgraph.estimates.gap_by_year import estimate_gap_by_year
from refgraph.estimates.matching import match_exactly
from refgraph.measures.gap_comparison import GapData
from refgraph.measures.members import list_parties
from refgraph.measures.relation_years import stack_years
from refgraph.measures.tallies import list_inputs
from refgraph.model.graph import Graph
from refgraph.model.tally import Tally

ADJUSTED_METHODS = ("gap-adjusted", "gap-spline", "gap-averaged", "gap-year-1")
"""Methods that leave only causes that are not recorded."""
MIN_SPLINE, MIN_AVERAGED = 500, 5_000
"""From this many customers on, size enters as a spline; the gap is averaged over the referred."""


@dataclass(frozen=True)
class GapRow:
    """One method: its word, the gap, the share of the referred with a match, and how it is shown.

    is_point: the gap has no interval by design (matched). is_ratio: whether it is a ratio - 1.
    sides: the rows whose customers are counted, if they are more than those used.
    """

    method: str
    gap: Gap
    is_ratio: bool
    matched: float = math.nan
    is_point: bool = False
    sides: Comparison | None = None

    @property
    def verdict(self) -> str:
        """higher, lower, unknown, no interval, or the reason for no number, as a label."""
        if self.gap.reason:
            return f"gap-{self.gap.reason}"
        if self.is_point:
            return "gap-no-interval"
        if self.gap.is_unknown:
            return "gap-unknown"
        return "gap-higher" if self.gap.gap > 0 else "gap-lower"


def compute_rows(graph: Graph, data: GapData, *, by_year: bool) -> list[GapRow]:
    """All methods in the order in which they are shown.

    by_year: whether the outcome is a value that can be split by year of the relation.
    """
    is_ratio = data.everyone.scale == "ratio"
    raw = estimate_gap(data.everyone, adjusted=False)
    rows = [GapRow("gap-raw", raw, is_ratio), _match(data, is_ratio)]
    gaps = _adjust(data)
    rows += [GapRow(method, gap, is_ratio) for method, gap in gaps.items()]
    if by_year:
        rows += _compare_years(graph, data)
    return rows


def _match(data: GapData, is_ratio: bool) -> GapRow:
    if data.sized is None:
        return GapRow("gap-matched", _refuse(data, data.size_reason), is_ratio)
    counted = count_sides(data.sized)
    matched = match_exactly(data.sized)
    reason = find_reason(data.sized, counted) or ("no-match" if math.isnan(matched.gap) else "")
    if reason:
        gap = replace(counted, reason=reason)
        return GapRow("gap-matched", gap, is_ratio, matched.share)
    used = data.sized.select(matched.is_matched)
    gap = replace(counted, gap=matched.gap, compared=used)
    gap = replace(gap, referred=matched.referred, others=matched.others)
    return GapRow("gap-matched", gap, is_ratio, matched.share, is_point=True)


def _adjust(data: GapData) -> dict[str, Gap]:
    """The adjusted gaps, or why there is none."""
    methods = ("gap-adjusted", "gap-spline", "gap-averaged")
    if data.sized is None:
        return dict.fromkeys(methods, _refuse(data, data.size_reason))
    sized, n = data.sized, len(data.sized.y)
    counted = count_sides(sized)
    gaps = {"gap-adjusted": estimate_gap(sized)}
    gaps["gap-spline"] = replace(counted, reason="below-spline")
    gaps["gap-averaged"] = replace(counted, reason="below-averaged")
    if n >= MIN_SPLINE:
        gaps["gap-spline"] = estimate_gap(sized, with_spline=True)
    if n >= MIN_AVERAGED:
        reason = find_reason(sized, counted)
        refused = replace(counted, reason=reason)
        gaps["gap-averaged"] = refused if reason else estimate_gap_of_referred(sized)
    return gaps


def _refuse(data: GapData, reason: str) -> Gap:
    return replace(count_sides(data.everyone), reason=reason)


def _compare_years(graph: Graph, data: GapData) -> list[GapRow]:
    """The gap in the first year of the relation, and its change per year."""
    methods = ("gap-year-1", "gap-per-year")
    if data.sized is None:
        return [GapRow(method, _refuse(data, data.size_reason), True) for method in methods]
    stacked = stack_years(graph, data.sized, data.rows)
    if stacked is None or not len(stacked.year):
        refused = replace(count_sides(data.sized), reason="no-years")
        return [GapRow(method, refused, True) for method in methods]
    is_ratio = stacked.data.scale == "ratio"
    counted = count_sides(data.sized.select(stacked.is_seen))
    gaps = estimate_gap_by_year(stacked.data, stacked.year, counted)
    return [GapRow(m, gap, is_ratio) for m, gap in zip(methods, gaps, strict=True)]


def build_row(row: GapRow, unit: str) -> dict[str, object]:
    """The cells of a row; unit: of differences."""
    gap, is_ratio = row.gap, row.is_ratio
    ends = {"": gap.gap, "_low": gap.low, "_high": gap.high}
    name = "gap" if is_ratio else "difference"
    figures = {f"{name}{end}": number for end, number in ends.items()}
    figures["detectable" if is_ratio else "difference_detectable"] = gap.detectable
    figures |= {"effective_trees": gap.effective, "matched": row.matched}
    if is_ratio and gap.has_interval and row.method in ADJUSTED_METHODS:
        near = gap.low if gap.gap > 0 else gap.high
        figures["e_value"] = compute_e_value(1.0 + gap.gap)
        figures["e_value_limit"] = 1.0 if gap.is_unknown else compute_e_value(1.0 + near)
    cells: dict[str, object] = {
        "method": row.method,
        "verdict": row.verdict,
        "unit": "share" if is_ratio else unit or "number",
    }
    used = gap.compared
    if used is None or used.party is None:
        return {**cells, **figures, "referred": gap.referred, "others": gap.others, "trees": 0}
    compared = list_parties(used.party)
    trees = None if row.is_point else compared.count_distinct(used.cluster)
    return {**cells, **list_inputs(compared, figures), **_count_sides(row), "trees": trees}


def _count_sides(row: GapRow) -> dict[str, Tally]:
    """The customers on each side, each once; those referred in any row are no others."""
    sides = row.sides or row.gap.compared
    assert sides is not None and sides.party is not None
    members = list_parties(sides.party)
    is_referred = np.isin(sides.party, sides.party[sides.referred])
    return {
        "referred": members.count_distinct(sides.party, is_referred),
        "others": members.count_distinct(sides.party, ~is_referred),
    }

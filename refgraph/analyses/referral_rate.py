"""Which customers refer more often? Occasions per customer-year, by group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from refgraph.analyses.columns import build_frame, make_empty_frame
from refgraph.estimates.comparison import Comparison
from refgraph.estimates.gap import MIN_SIDE, Gap, compute_p_value, count_sides, estimate_gap
from refgraph.estimates.multiple_testing import benjamini_hochberg
from refgraph.estimates.ratio import compute_ratio_interval
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.calendar import EPOCH
from refgraph.measures.referral_exposure import (
    RateField,
    ReferralExposure,
    compute_referral_exposure,
    is_rate_field_recorded,
)
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

COLUMNS = (
    Column("group", Unit.LABEL, key="rate_group"),
    Column("customers", Unit.COUNT, key="rate_customers"),
    Column("customer_years", Unit.RATIO, key="rate_years"),
    Column("occasions", Unit.COUNT, key="rate_occasions"),
    Column("rate", Unit.RATIO, "M32", key="referral_rate"),
    Column("rate_low", Unit.RATIO, "M32", key="referral_rate_low", detail=True),
    Column("rate_high", Unit.RATIO, "M32", key="referral_rate_high", detail=True),
    Column("ratio", Unit.RATIO, "M32", key="rate_ratio"),
    Column("ratio_low", Unit.RATIO, "M32", key="rate_ratio_low"),
    Column("ratio_high", Unit.RATIO, "M32", key="rate_ratio_high"),
    Column("verdict", Unit.LABEL, key="rate_verdict"),
    Column("detectable", Unit.RATIO, "M31", key="rate_detectable", detail=True),
)

SIGNIFICANT = 0.05


@dataclass(frozen=True)
class RateRow:
    """A group: its cells, and its gap against all others.

    is_clear: whether it differs although several groups were compared.
    """

    cells: dict[str, object]
    gap: Gap
    is_clear: bool = False


@analysis(
    grain="rate-group",
    columns=COLUMNS,
    order=(("customer_years", DESCENDING), ("group", False)),
    formulas=("M32",),
)
def referral_rate(graph: Graph, *, by: RateField = "sector") -> Answer:
    """Occasions on which a group of customers referred somebody, per customer-year of all of it.

    An occasion is all referrals of one customer within 30 days. by: a field that a referral does
    not change; ``adviser``: before and after a customer became an adviser. ratio: rate / rate of
    all other customers, with an interval by customer. Null below 10 occasions or customers on a
    side.
    """
    exposure = compute_referral_exposure(graph, by) if is_rate_field_recorded(graph, by) else None
    if exposure is None or not len(exposure.years):
        reason = "records" if is_rate_field_recorded(graph, by) else "field"
        told = {"by": Label(f"by-{by}"), "standing": as_of_phrase(graph)}
        headline = message(f"headline.referral-rate-no-{reason}", **told)
        return Answer(make_empty_frame(COLUMNS), headline)
    words = exposure.group.unique().sort().to_list()
    rows = _mark_clear([_build_row(exposure, word) for word in words])
    rows.sort(key=lambda row: (-float(str(row.cells["customer_years"])), str(row.cells["group"])))
    frame = build_frame([row.cells for row in rows], COLUMNS)
    return Answer(frame, _build_headline(graph, by, exposure, rows), tuple(_build_notes(rows)))


def _build_row(exposure: ReferralExposure, word: str) -> RateRow:
    inside = (exposure.group == word).to_numpy()
    years, occasions = exposure.years[inside], exposure.occasions[inside]
    customer = exposure.customer[inside]
    rate = compute_ratio_interval(occasions, years, customer)
    gap = _compare(exposure, inside)
    return RateRow(
        {
            "group": word,
            "customers": len(np.unique(customer)),
            "customer_years": float(years.sum()),
            "occasions": int(occasions.sum()),
            "rate": rate.ratio,
            "rate_low": max(rate.low, 0.0),
            "rate_high": rate.high,
            "ratio": 1.0 + gap.gap,
            "ratio_low": 1.0 + gap.low,
            "ratio_high": 1.0 + gap.high,
            "detectable": 1.0 + gap.detectable,
        },
        gap,
    )


def _mark_clear(rows: list[RateRow]) -> list[RateRow]:
    """Which groups differ clearly: Benjamini-Hochberg 5 % over the groups compared.

    Two groups that are each other's others are one test.
    """
    p = [compute_p_value(row.gap) for row in rows]
    looks = sum(not row.gap.reason for row in rows)
    one_test = len(rows) == 2 and looks == 2
    marks = np.asarray(p) <= SIGNIFICANT if one_test else benjamini_hochberg(p, SIGNIFICANT)
    marked = []
    for row, is_clear in zip(rows, marks.tolist(), strict=True):
        verdict = f"rate-{row.gap.reason}" if row.gap.reason else "gap-unknown"
        if is_clear:
            verdict = "gap-higher" if row.gap.gap > 0 else "gap-lower"
        marked.append(RateRow({**row.cells, "verdict": verdict}, row.gap, is_clear))
    return marked


def _compare(exposure: ReferralExposure, inside: Bools) -> Gap:
    """The rate of a group against that of all others, weighted by customer-years."""
    data = Comparison(
        y=exposure.occasions / exposure.years,
        referred=inside,
        size=None,
        factors=(),
        cluster=np.unique(exposure.customer, return_inverse=True)[1].astype(np.int64),
        weight=exposure.years,
    )
    counted = count_sides(data)
    for side in (inside, ~inside):
        customers = len(np.unique(exposure.customer[side]))
        if customers < MIN_SIDE or int(exposure.occasions[side].sum()) < MIN_SIDE:
            return Gap(referred=counted.referred, others=counted.others, reason="too-few")
    return estimate_gap(data, adjusted=False)


def _build_headline(
    graph: Graph, by: RateField, exposure: ReferralExposure, rows: list[RateRow]
) -> Message:
    """The group with the highest rate that differs; else that none does."""
    occasions, years = int(exposure.occasions.sum()), float(exposure.years.sum())
    told: dict[str, object] = {
        "by": Label(f"by-{by}"),
        "occasions": occasions,
        "years": years,
        "rate": occasions / years,
        "begin": EPOCH + timedelta(days=exposure.begin),
        "standing": as_of_phrase(graph),
    }
    compared = [row for row in rows if not row.gap.reason]
    clear = [row for row in compared if row.is_clear]
    if not clear:
        state = "unknown" if compared else "few"
        return message(f"headline.referral-rate-{state}", groups=len(compared), **told)
    first = max(clear, key=lambda row: (abs(np.log1p(row.gap.gap)), str(row.cells["group"])))
    ends = {"ratio": first.gap.gap + 1, "low": first.gap.low + 1, "high": first.gap.high + 1}
    told |= ends | {"group": Label(str(first.cells["group"])), "groups": len(compared)}
    return message("headline.referral-rate", **told)


def _build_notes(rows: list[RateRow]) -> list[Message]:
    compared = sum(not row.gap.reason for row in rows)
    notes = [message("note.referral-rate-meaning")]
    if compared > 2:
        notes.append(message("note.referral-rate-looks", groups=compared))
    return notes

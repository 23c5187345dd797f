"""Which customers refer more often? Occasions per customer-year, by group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from refgraph.analyses.columns import build_frame, make_empty_frame
from refgraph.estimates.comparison import Comparison
from refgraph.estimates.gap import MIN_SIDE, Gap, compute_p_value, count_sides, estimate_gap
from refgraph.estimates.multiple_testing import benjamini_hochberg
from refgraph.estimates.ratio import compute_ratio_interval
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.calendar import EPOCH
from refgraph.measures.members import list_parties
from refgraph.measures.own_cells import make_whole
from refgraph.measures.rate_fields import (
    KNOWN_FIELDS,
    TIE,
    find_rate_field,
    is_rate_field_recorded,
)
from refgraph.measures.referral_exposure import ReferralExposure, compute_referral_exposure
from refgraph.measures.tallies import compute_ratio, read_figures, stack_rows
from refgraph.measures.tie_rates import TieExposure, compute_tie_exposure
from refgraph.model.graph import Bools, Floats, Graph, Longs
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
    Column("rate_low", Unit.RATIO, "M32", key="referral_rate_low", detail=True, inputs=True),
    Column("rate_high", Unit.RATIO, "M32", key="referral_rate_high", detail=True, inputs=True),
    Column("ratio", Unit.RATIO, "M32", key="rate_ratio", inputs=True),
    Column("ratio_low", Unit.RATIO, "M32", key="rate_ratio_low", inputs=True),
    Column("ratio_high", Unit.RATIO, "M32", key="rate_ratio_high", inputs=True),
    Column("verdict", Unit.LABEL, key="rate_verdict"),
    Column("detectable", Unit.RATIO, "M31", key="rate_detectable", detail=True, inputs=True),
)

SIGNIFICANT = 0.05


@dataclass(frozen=True)
class RateRow:
    """A group: its cells, some of them tallies, and its gap against all others.

    is_clear: whether it differs although several groups were compared.
    """

    cells: dict[str, object]
    gap: Gap
    is_clear: bool = False

    @property
    def figures(self) -> dict[str, Any]:
        """The cells as numbers and words."""
        return read_figures([self.cells])[0]


@analysis(
    grain="rate-group",
    columns=COLUMNS,
    order=(("customer_years", DESCENDING), ("occasions", DESCENDING), ("group", False)),
    formulas=("M32",),
)
def referral_rate(graph: Graph, *, by: str = "sector") -> Answer:
    """Occasions on which a group of customers referred somebody, per customer-year of all of it.

    An occasion is all referrals of one customer within 30 days. by: sector, region, ownership,
    kind, source, or a column of your own, as recorded today; ``adviser``: before and after a
    customer became one; ``key``, ``account-tier``: at the start of each year, by the orders before
    it; ``tie``: occasions by relationship, per year of all customers. ratio: rate / rate of all
    other customers, with an interval by customer. Null below 10 occasions or customers on a side,
    and for ties. Raises UsageError ``unknown-rate-field``, ``rate-field-is-outcome``.
    """
    by = find_rate_field(graph, by)
    is_recorded = is_rate_field_recorded(graph, by)
    values: dict[str, object] = {"by": _name_field(by), "standing": as_of_phrase(graph)}
    if is_recorded and by == TIE:
        exposure = compute_tie_exposure(graph)
        if exposure is not None:
            return _answer_by_tie(exposure, values)
    groups = compute_referral_exposure(graph, by) if is_recorded and by != TIE else None
    if groups is None or not len(groups.years):
        reason = "records" if is_recorded else _find_lack(graph, by)
        headline = message(f"headline.referral-rate-no-{reason}", **values)
        return Answer(make_empty_frame(COLUMNS), headline)
    words = groups.group.unique().sort().to_list()
    rows = _sort_rows(_mark_clear([_build_row(groups, word) for word in words]))
    frame = build_frame([row.figures for row in rows], COLUMNS)
    headline, opened = (
        _build_headline(values, groups, rows),
        stack_rows([row.cells for row in rows]),
    )
    return Answer(frame, headline, tuple(_build_notes(by, rows)), opened)


def _name_field(by: str) -> Label | str:
    return Label(f"by-{by}") if by in KNOWN_FIELDS else by


def _find_lack(graph: Graph, by: str) -> str:
    """What the data lacks: the field, or the dates of a company's own list of key accounts."""
    rule = graph.settings.key_account
    return "list" if by == "key" and rule is not None and rule.listed else "field"


def _sort_rows(rows: list[RateRow]) -> list[RateRow]:
    def order(row: RateRow) -> tuple[float, float, str]:
        cells = row.figures
        return -cells["customer_years"], -cells["occasions"], cells["group"]

    return sorted(rows, key=order)


def _answer_by_tie(exposure: TieExposure, values: dict[str, object]) -> Answer:
    """One row per relationship; the same customer-years stand below each of them."""
    rows, years = [], float(exposure.years.sum())
    for word, count in exposure.occasions.items():
        cells = _describe_rate(count, exposure.years, exposure.customer)
        customers = list_parties(exposure.customer).count(count > 0)
        cells |= {"group": word, "customers": customers, "verdict": "rate-of-all"}
        rows.append(RateRow(cells, Gap(reason="of-all")))
    rows = _sort_rows(rows)
    frame = build_frame([row.figures for row in rows], COLUMNS)
    first = rows[0].figures
    values |= {"group": Label(str(first["group"])), "ties": len(rows), "years": years}
    values |= {name: first[name] for name in ("occasions", "rate", "rate_low", "rate_high")}
    values |= {"begin": EPOCH + timedelta(days=exposure.begin)}
    state = "unclear" if first["rate_low"] is None else "clear"
    return Answer(
        frame,
        message(f"headline.referral-rate-tie-{state}", **values),
        (message("note.referral-rate-tie"),),
        stack_rows([row.cells for row in rows]),
    )


def _build_row(exposure: ReferralExposure, word: str) -> RateRow:
    inside = (exposure.group == word).to_numpy()
    customer, gap = exposure.customer[inside], _compare(exposure, inside)
    cells = _describe_rate(exposure.occasions[inside], exposure.years[inside], customer)
    watched = list_parties(exposure.customer)
    cells |= {
        "group": word,
        "customers": list_parties(customer).count_distinct(customer),
        "ratio": watched.list_inputs(1.0 + gap.gap),
        "ratio_low": watched.list_inputs(1.0 + gap.low),
        "ratio_high": watched.list_inputs(1.0 + gap.high),
        "detectable": watched.list_inputs(1.0 + gap.detectable),
    }
    return RateRow(cells, gap)


def _describe_rate(occasions: Longs, years: Floats, customer: Longs) -> dict[str, object]:
    """Customer-years, occasions and the rate with its interval by customer."""
    rate, watched = compute_ratio_interval(occasions, years, customer), list_parties(customer)
    years_watched = watched.add_up_weights(years)
    made = make_whole(watched.add_up_weights(occasions.astype(np.float64)))
    return {
        "customer_years": years_watched,
        "occasions": made,
        "rate": compute_ratio(made, years_watched),
        "rate_low": watched.list_inputs(np.maximum(rate.low, 0.0)),
        "rate_high": watched.list_inputs(rate.high),
    }


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
    values: dict[str, object], exposure: ReferralExposure, rows: list[RateRow]
) -> Message:
    """The group with the highest rate that differs; else that none does."""
    occasions, years = int(exposure.occasions.sum()), float(exposure.years.sum())
    values |= {"occasions": occasions, "years": years, "rate": occasions / years}
    values |= {"begin": EPOCH + timedelta(days=exposure.begin)}
    compared = [row for row in rows if not row.gap.reason]
    clear = [row for row in compared if row.is_clear]
    if not clear:
        state = "unknown" if compared else "few"
        return message(f"headline.referral-rate-{state}", groups=len(compared), **values)
    first = max(clear, key=lambda row: (abs(np.log1p(row.gap.gap)), str(row.cells["group"])))
    ends = {"ratio": first.gap.gap + 1, "low": first.gap.low + 1, "high": first.gap.high + 1}
    values |= ends | {"group": Label(str(first.cells["group"])), "groups": len(compared)}
    return message("headline.referral-rate", **values)


def _build_notes(by: str, rows: list[RateRow]) -> list[Message]:
    compared = sum(not row.gap.reason for row in rows)
    notes = [message("note.referral-rate-meaning")]
    if by in ("key", "account_tier"):
        notes.append(message("note.referral-rate-dated"))
    elif by not in KNOWN_FIELDS:
        notes.append(message("note.referral-rate-own", column=by))
    if compared > 2:
        notes.append(message("note.referral-rate-looks", groups=compared))
    return notes

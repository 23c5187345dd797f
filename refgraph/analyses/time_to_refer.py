"""How long until customers refer for the first time, and do older ones refer more?"""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np

from refgraph.analyses.columns import build_frame, make_empty_frame
from refgraph.estimates.ratio import compute_rate_interval
from refgraph.estimates.survival import (
    MIN_AT_RISK,
    SurvivalCurve,
    compute_event_share,
    kaplan_meier,
    median_time,
    tabulate_event_share,
)
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.calendar import EPOCH, YEAR
from refgraph.measures.follow_up import FollowUp, compute_follow_up
from refgraph.measures.members import Members, list_parties
from refgraph.measures.spans import tally_at_risk
from refgraph.measures.tallies import compute_ratio, list_inputs, read_figures, stack_rows
from refgraph.model.graph import Bools, Graph, Longs
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("tenure", Unit.LABEL),
    Column("watched", Unit.COUNT),
    Column("customer_years", Unit.RATIO),
    Column("referrals", Unit.COUNT, key="tenure_referrals"),
    Column("per_year", Unit.RATIO, "M8"),
    Column("per_year_low", Unit.RATIO, "M8", detail=True, inputs=True),
    Column("per_year_high", Unit.RATIO, "M8", detail=True, inputs=True),
    Column("first_referrals", Unit.COUNT, detail=True),
    Column("referred_by_then", Unit.SHARE, "M5", inputs=True),
    Column("referred_by_then_low", Unit.SHARE, "M5", inputs=True),
    Column("referred_by_then_high", Unit.SHARE, "M5", inputs=True),
    Column("years", Unit.RATIO, key="curve_years", asked="curve", closed="scale"),
    Column("at_risk", Unit.COUNT, "M5", key="curve_at_risk", asked="curve"),
    Column("referred", Unit.SHARE, "M5", key="curve_referred", asked="curve", inputs=True),
    *(
        Column(name, Unit.SHARE, "M5", key=key, asked="curve", inputs=True)
        for name, key in (
            ("referred_low", "referred_by_then_low"),
            ("referred_high", "referred_by_then_high"),
        )
    ),
)
CURVE_STEP = 0.25
"""Years between two points of the curve."""
TENURE_BORDERS = (0.0, 1.0, 3.0, 5.0, 10.0, math.inf)
TENURES = ("0-1", "1-3", "3-5", "5-10", "10+-years")
"""Brackets of years since joining, each with its lower border."""


@analysis(grain="tenure", columns=COLUMNS, order=(), formulas=("M5", "M8"))
def time_to_refer(graph: Graph, *, curve: bool = False) -> Answer:
    """One row per bracket of years since joining: referrals per customer and year within it (M8).

    per_year_low, per_year_high: exact Poisson interval, as if referrals were independent.
    referred_by_then: share that had referred by the end of the bracket (M5, Kaplan-Meier with late
    entry and log-log band). watched: customers followed at some time of the bracket;
    customer_years: how long, in total. A customer is followed from its first day, but not
    before the first day with records, until it leaves or the as-of date. Null: fewer than 10
    customers were at risk at that time; the median of the headline needs them too and carries the
    interval of Brookmeyer & Crowley. curve: one row per quarter of a year up to the longest
    follow-up, with the figures of its bracket repeated.
    """
    columns = [c for c in COLUMNS if curve or not c.asked]
    follow_up = compute_follow_up(graph)
    if follow_up is None or not follow_up.is_observed.any():
        headline = message("headline.time-to-refer-none", standing=as_of_phrase(graph))
        return Answer(make_empty_frame(columns), headline)
    survival = _estimate_curve(follow_up)
    rows = [_build_row(follow_up, survival, bracket) for bracket in range(len(TENURES))]
    points = _list_curve_points(follow_up, survival)
    shown = rows if not curve else [rows[bracket] | point for bracket, point in points]
    return Answer(
        build_frame(read_figures(shown), columns),
        _build_headline(graph, follow_up, survival),
        tuple(_build_notes(follow_up, survival, read_figures(rows))),
        stack_rows(shown),
    )


def _list_curve_points(
    follow_up: FollowUp, curve: SurvivalCurve
) -> list[tuple[int, dict[str, object]]]:
    """The bracket of each quarter of a year, and the curve at that time."""
    customer = follow_up.customer[_mark_included(follow_up)]
    everyone = list_parties(customer)
    points: list[tuple[int, dict[str, object]]] = []
    for time, at_risk, *shares in tabulate_event_share(curve, CURVE_STEP * YEAR, MIN_AT_RISK):
        years = round(time / YEAR, 2)
        bracket = int(np.searchsorted(TENURE_BORDERS, years, side="right")) - 1
        figures = dict(zip(("referred", "referred_low", "referred_high"), shares, strict=True))
        watched = tally_at_risk(customer, curve, time, at_risk)
        opened = list_inputs(everyone, figures)
        points.append((bracket, {"years": years, "at_risk": watched, **opened}))
    return points


def _find_first_referral_days(follow_up: FollowUp) -> Longs:
    """Days to the first referral of each customer; -1 = none, or none after follow-up began."""
    first = np.full(len(follow_up.customer), -1, np.int64)
    first[follow_up.referrer_row[::-1]] = follow_up.days[::-1]  # the first of each customer wins
    begin = np.where(follow_up.entry > 0, follow_up.entry, -1)
    return np.where((first > begin) & ~follow_up.has_referred_before, first, -1)


def _mark_included(follow_up: FollowUp) -> Bools:
    """bool[m]: all but those who referred before follow-up began."""
    is_recommender = np.zeros(len(follow_up.customer), np.bool_)
    is_recommender[follow_up.referrer_row] = True
    has_referred = _find_first_referral_days(follow_up) >= 0
    has_referred_before = (is_recommender & ~has_referred) | follow_up.has_referred_before
    return np.asarray((follow_up.exit >= 0) & ~has_referred_before)


def _estimate_curve(follow_up: FollowUp) -> SurvivalCurve:
    """Survival without a referral."""
    first, is_included = _find_first_referral_days(follow_up), _mark_included(follow_up)
    has_referred = first >= 0
    end = np.where(has_referred, first, follow_up.exit)
    return kaplan_meier(follow_up.entry[is_included], end[is_included], has_referred[is_included])


def _build_row(follow_up: FollowUp, curve: SurvivalCurve, bracket: int) -> dict[str, object]:
    low, high = TENURE_BORDERS[bracket] * YEAR, TENURE_BORDERS[bracket + 1] * YEAR
    start = np.maximum(np.maximum(follow_up.entry, 0), low)
    end = np.minimum(follow_up.exit, high)
    is_watched = end > start
    watched = _select(follow_up.customer, is_watched)
    days_watched = np.where(is_watched, end - start, 0.0)
    years = watched.add_up_weights(days_watched, YEAR)

    days = follow_up.days
    is_followed = days >= follow_up.entry[follow_up.referrer_row]
    in_bracket = (days >= low) & (days < high) & is_followed
    referrals = Members("referrals", np.where(in_bracket, 0, -1), 1, follow_up.arc).count()
    first = _find_first_referral_days(follow_up)
    is_first = (first >= low) & (first < high)
    per_year_low, per_year_high = compute_rate_interval(
        int(referrals.numbers[0]), float(years.numbers[0])
    )
    share = [math.nan] * 3
    if math.isfinite(high):
        share = [*compute_event_share(curve, high, MIN_AT_RISK)]
    names = ("referred_by_then", "referred_by_then_low", "referred_by_then_high")
    included = list_parties(follow_up.customer[_mark_included(follow_up)])
    return {
        "tenure": TENURES[bracket],
        "watched": watched.count(),
        "customer_years": years,
        "referrals": referrals,
        "per_year": compute_ratio(referrals, years),
        "per_year_low": watched.list_inputs(per_year_low),
        "per_year_high": watched.list_inputs(per_year_high),
        "first_referrals": _select(follow_up.customer, is_first).count(),
        **list_inputs(included, dict(zip(names, share, strict=True))),
    }


def _select(customer: Longs, mask: Bools) -> Members:
    """The customers in the mask, bool by row of the follow-up."""
    return Members("customers", np.where(mask, 0, -1), 1, customer)


def _build_headline(graph: Graph, follow_up: FollowUp, curve: SurvivalCurve) -> Message:
    has_referred = _find_first_referral_days(follow_up) >= 0
    return message(
        "headline.time-to-refer",
        customers=int(follow_up.is_observed.sum()),
        first=int(has_referred.sum()),
        reached=_describe_median(curve),
        by1=_describe_share(curve, 1),
        by3=_describe_share(curve, 3),
        by5=_describe_share(curve, 5),
        standing=as_of_phrase(graph),
    )


def _describe_median(curve: SurvivalCurve) -> Message:
    """The time by which half have referred, with its interval, or that it is not reached."""
    median, low, high = (days / YEAR for days in median_time(curve, MIN_AT_RISK))
    if math.isnan(median):
        return message("phrase.half-not-reached")
    if math.isnan(high):
        return message("phrase.half-by-open", years=median, low=low)
    return message("phrase.half-by", years=median, low=low, high=high)


def _describe_share(curve: SurvivalCurve, years: int) -> Message:
    """The share that had referred after some years, with its interval if there is one."""
    share, low, high = compute_event_share(curve, years * YEAR, MIN_AT_RISK)
    if not math.isnan(low):
        return message("phrase.share-known", share=share, low=low, high=high)
    if not math.isnan(share):
        return message("phrase.share-bare", share=share)
    return message("phrase.share-unknown")


def _build_notes(
    follow_up: FollowUp, curve: SurvivalCurve, rows: list[dict[str, object]]
) -> list[Message]:
    first_day = EPOCH + timedelta(days=follow_up.begin)
    late = int((follow_up.entry > 0).sum())
    notes = [message("note.records-begin", day=first_day, customers=late)]
    is_median_hidden = math.isnan(median_time(curve, MIN_AT_RISK)[0]) and not math.isnan(
        median_time(curve)[0]
    )
    if is_median_hidden or any(row["referred_by_then"] is None for row in rows[:-1]):
        notes.append(message("note.few-at-risk", at_risk=MIN_AT_RISK))
    if follow_up.early:
        notes.append(message("note.referrals-early", referrals=follow_up.early))
    if follow_up.undated:
        notes.append(message("note.referrals-undated-unused", referrals=follow_up.undated))
    return notes

"""Do newer customers refer more than older ones did at the same age? One row per joining year."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

from refgraph.analyses.columns import make_empty_frame
from refgraph.estimates.ratio import RatioInterval, compute_ratio_interval
from refgraph.estimates.survival import MIN_AT_RISK
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures import calendar
from refgraph.measures.calendar import YEAR, to_calendar_years
from refgraph.measures.components import label_components
from refgraph.measures.follow_up import FollowUp, compute_follow_up
from refgraph.measures.members import Members
from refgraph.measures.referral_status import is_referred
from refgraph.measures.tallies import build_columns, compute_ratio
from refgraph.model.graph import Bools, Graph, Longs
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies, Tally
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

COLUMNS = (
    Column("cohort", Unit.ID),
    Column("customers", Unit.COUNT, key="cohort_customers"),
    Column("by_referral", Unit.COUNT, "M1"),
    Column("still_customers", Unit.COUNT),
    Column("retained", Unit.SHARE),
    Column("recommenders", Unit.COUNT, key="cohort_recommenders"),
    Column("referrals", Unit.COUNT, key="cohort_referrals"),
    Column("within_1", Unit.RATIO, "M3"),
    Column("within_2", Unit.RATIO, "M3"),
    Column("within_3", Unit.RATIO, "M3"),
)
SPAN_YEARS = (1, 2, 3)


@dataclass(frozen=True, eq=False)
class WatchedSpan:
    """The first years of each cohort; 0 where it could not be watched as a whole.

    watched: customers seen for all of these years. referrals: made by them within these years.
    mean: referrals per customer over all of them, with its interval by trees.
    """

    watched: Tally
    referrals: Tally
    mean: RatioInterval

    @property
    def rate(self) -> Tally:
        """Referrals per customer watched; unknown below `MIN_AT_RISK` of them."""
        is_known = self.watched.numbers >= MIN_AT_RISK
        return compute_ratio(self.referrals, self.watched).keep_known(is_known)


@analysis(grain="cohort", columns=COLUMNS, order=(("cohort", DESCENDING),), formulas=("M1", "M3"))
def cohorts(graph: Graph) -> Answer:
    """Customers, existing and former, by the year of their first contract, newest first.

    Years without new customers are left out. within_k: referrals within k years of joining per
    customer who was watched for all of them, so that one who left earlier does not count; null
    below 10 of these, and unless everybody in the cohort joined after the records begin and k years
    before they end.
    """
    joining_year = to_calendar_years(calendar.compute_membership(graph).joined)
    is_dated = graph.customers & graph.parties["since"].is_not_null().to_numpy()
    if not is_dated.any():
        headline = message("headline.cohorts-none", standing=as_of_phrase(graph))
        return Answer(make_empty_frame(COLUMNS), headline)
    years, year_index = np.unique(joining_year[is_dated], return_inverse=True)
    cohort = np.full(len(graph), -1, np.int64)
    cohort[is_dated] = year_index
    tallies = _count_customers(graph, cohort, len(years))
    spans = [_watch_cohorts(graph, cohort, len(years), k) for k in SPAN_YEARS]
    tallies |= {f"within_{k}": span.rate for k, span in zip(SPAN_YEARS, spans, strict=True)}
    columns = {"cohort": years.astype(str), **build_columns(tallies)}
    frame = pl.DataFrame(columns, schema={c.name: c.dtype for c in COLUMNS})
    frame = frame.with_columns(pl.col(pl.Float64).fill_nan(None))
    headline = _build_headline(graph, frame, spans[-1])
    opened = Tallies(tallies, np.arange(len(years))[::-1])
    return Answer(frame.reverse(), headline, tuple(_build_notes(graph)), opened)


def _count_customers(graph: Graph, cohort: Longs, cohorts: int) -> dict[str, Tally]:
    """Columns of counts; cohort int64[n]: the cohort of each party, -1 = none."""
    lists, members = graph.referral_lists, Members("customers", cohort, cohorts)
    customers, still_customers = members.count(), members.count(graph.existing)
    referrals = Members("referrals", cohort[lists.referrer], cohorts, lists.arc)
    return {
        "customers": customers,
        "by_referral": members.count(is_referred(graph, ("customer", *graph.scope.count))),
        "still_customers": still_customers,
        "retained": compute_ratio(still_customers, customers),
        "recommenders": members.count(graph.out_degree > 0),
        "referrals": referrals.count(),
    }


def _watch_cohorts(graph: Graph, cohort: Longs, cohorts: int, years: int) -> WatchedSpan:
    """Who was watched for the first ``years`` years, and what they referred in that time."""
    follow_up = compute_follow_up(graph)
    if follow_up is None:
        nobody = Members("customers", np.full(len(graph), -1), cohorts).count()
        return WatchedSpan(nobody, nobody, compute_ratio_interval([], [], []))
    row_cohort = cohort[follow_up.customer]
    size = np.bincount(cohort[cohort >= 0], minlength=cohorts)
    could_be_watched = row_cohort[_joined_in_time(graph, follow_up, years)]
    is_complete = np.bincount(could_be_watched, minlength=cohorts) == size
    is_watched = (follow_up.exit >= years * YEAR) & is_complete[row_cohort]
    is_within = (follow_up.days <= years * YEAR) & is_watched[follow_up.referrer_row]
    made = np.bincount(follow_up.referrer_row[is_within], minlength=len(row_cohort))[is_watched]
    cluster = label_components(graph)[follow_up.customer[is_watched]]
    of_referral = np.where(is_within, row_cohort[follow_up.referrer_row], -1)
    of_customer = np.where(is_watched, row_cohort, -1)
    return WatchedSpan(
        Members("customers", of_customer, cohorts, follow_up.customer).count(),
        Members("referrals", of_referral, cohorts, follow_up.arc).count(),
        compute_ratio_interval(made, np.ones(len(made)), cluster),
    )


def _joined_in_time(graph: Graph, follow_up: FollowUp, years: int) -> Bools:
    """Customers who joined on or after the first recorded day, and ``years`` before the last."""
    assert graph.as_of
    last_date = min(graph.as_of, graph.scope.until) if graph.scope.until else graph.as_of
    followed_days = calendar.to_day_number(last_date) - follow_up.joined
    return np.asarray((follow_up.entry <= 0) & (followed_days >= years * YEAR))


def _describe_mean(mean: RatioInterval) -> Message:
    """The mean with its interval, or that there are too few independent trees for one."""
    if math.isnan(mean.low):
        return message("phrase.mean-bare", mean=mean.ratio)
    low = max(mean.low, 0.0)
    return message("phrase.mean-interval", mean=mean.ratio, low=low, high=mean.high)


def _describe_years(cohorts: pl.Series) -> Message:
    """From the first to the last of the years, or the only one."""
    first, last = cohorts[0], cohorts[-1]
    if first == last:
        return message("phrase.one-year", year=first)
    return message("phrase.years", first=first, last=last)


def _build_headline(graph: Graph, frame: pl.DataFrame, span: WatchedSpan) -> Message:
    """frame, span: oldest cohort first; span: of the longest time."""
    rows = np.flatnonzero(span.watched.numbers)
    customers = int(span.watched.numbers.sum())
    most = message("phrase.cohorts-cannot-tell")
    if customers >= MIN_AT_RISK:
        most = message(
            "phrase.cohorts-within",
            mean=_describe_mean(span.mean),
            customers=customers,
            years=_describe_years(frame["cohort"][rows]),
        )
    return message(
        "headline.cohorts",
        cohorts=frame.height,
        customers=int(frame["customers"].sum()),
        years=_describe_years(frame["cohort"]),
        most=most,
        standing=as_of_phrase(graph),
    )


def _build_notes(graph: Graph) -> list[Message]:
    notes = []
    undated = int((graph.customers & graph.parties["since"].is_null().to_numpy()).sum())
    if undated:
        notes.append(message("note.growth-undated", customers=undated))
    follow_up = compute_follow_up(graph)
    if follow_up:
        notes.append(message("note.cohorts-complete"))
        first_day = calendar.EPOCH + timedelta(days=follow_up.begin)
        notes.append(message("note.cohorts-seen", day=first_day))
        if follow_up.early:
            notes.append(message("note.referrals-early", referrals=follow_up.early))
    return notes

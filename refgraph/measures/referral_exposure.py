"""How long each customer could refer, and how often it did, by group (M32)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.graph.extra_columns import read_column
from refgraph.measures.calendar import (
    MAX_DAY,
    YEAR,
    list_period_starts,
    to_day_number,
    to_day_numbers,
)
from refgraph.measures.dated_groups import DatedGroups
from refgraph.measures.follow_up import FollowUp, compute_follow_up
from refgraph.measures.groups import NOT_RECORDED, merge_small_groups
from refgraph.measures.occasions import list_occasions
from refgraph.model.graph import Floats, Graph, Longs

ADVISER, NOT_ADVISER = "adviser", "not-adviser"


@dataclass(frozen=True, eq=False)
class ReferralExposure:
    """One row per customer and group that it was in.

    customer int64[m]: its index. group: text [m]. years float64[m]: customer-years in the group,
    above 0. occasions int64[m]: occasions on which it referred in that time. begin: first day of
    the records, in days since 1970-01-01.
    """

    customer: Longs
    group: pl.Series
    years: Floats
    occasions: Longs
    begin: int


def compute_referral_exposure(graph: Graph, by: str) -> ReferralExposure | None:
    """Customer-years and occasions by customer and group; None if nobody can be followed.

    A customer is watched as in `compute_follow_up`, an occasion counts on its first day. by: as
    `rate_fields.find_rate_field` gives it, other than ``tie``.
    """
    follow = compute_follow_up(graph)
    if follow is None:
        return None
    row, day = list_occasions(follow.referrer_row, follow.days)
    if by == "adviser":
        return _split_by_adviser(graph, follow, row, day)
    if by in ("key", "account_tier"):
        return _split_by_year(graph, follow, row, day, by)
    observed = np.flatnonzero(follow.is_observed)
    years = (follow.exit - np.maximum(follow.entry, 0))[observed] / YEAR
    count = np.bincount(row, minlength=len(follow.customer))[observed]
    words = read_column(graph.parties, by).str.strip_chars().gather(follow.customer[observed])
    words = words.replace("", None).fill_null(NOT_RECORDED)
    merged = merge_small_groups(words)
    return _keep_watched(follow.customer[observed], merged, years, count, follow.begin)


def _split_by_adviser(graph: Graph, follow: FollowUp, row: Longs, day: Longs) -> ReferralExposure:
    """Before and from the day of the appointment as adviser."""
    since = to_day_numbers(graph.parties["adviser_since"].gather(follow.customer), MAX_DAY)
    cut = since - follow.joined
    start = np.maximum(follow.entry, 0)
    before = np.minimum(cut, follow.exit) - start
    after = follow.exit - np.maximum(cut, start)
    is_after = day >= cut[row]
    counts = [
        np.bincount(row[mask], minlength=len(follow.customer)) for mask in (~is_after, is_after)
    ]
    words = [NOT_ADVISER] * len(cut) + [ADVISER] * len(cut)
    return _keep_watched(
        np.tile(follow.customer, 2),
        pl.Series("group", words),
        np.concatenate([before, after]) / YEAR,
        np.concatenate(counts),
        follow.begin,
    )


def _split_by_year(
    graph: Graph, follow: FollowUp, row: Longs, day: Longs, by: str
) -> ReferralExposure | None:
    """By calendar year, in the group given by the orders before its first day; years that begin
    before the orders do are left out.
    """
    assert graph.as_of is not None
    groups, parts = DatedGroups(graph, by), []
    start, calendar_day = np.maximum(follow.entry, 0), day + follow.joined[row]
    years = _list_years(follow.begin, to_day_number(graph.as_of))
    years = [(first, last) for first, last in years if first > groups.first_day]
    for first, last in years:
        begin = np.maximum(start, first - follow.joined)
        watched = np.minimum(follow.exit, last - follow.joined) - begin
        is_then = (calendar_day >= first) & (calendar_day < last)
        count = np.bincount(row[is_then], minlength=len(follow.customer))
        word = groups.read(first).gather(follow.customer)
        part = pl.DataFrame({"customer": follow.customer, "group": word, "days": watched})
        parts.append(part.with_columns(occasions=pl.Series(count)).filter(pl.col("days") > 0))
    if not parts:
        return None
    sums = pl.concat(parts).group_by("customer", "group").agg(pl.col("days", "occasions").sum())
    sums = sums.sort("customer", "group")
    length = sums["days"].to_numpy() / YEAR
    customer, count = sums["customer"].to_numpy(), sums["occasions"].to_numpy()
    return _keep_watched(customer, sums["group"], length, count, years[0][0])


def _list_years(begin: int, end: int) -> list[tuple[int, int]]:
    """First day and day after the last of each calendar year from the records on."""
    borders = list_period_starts(begin, end, months=12)
    borders = [begin, *borders[1:-1], end + 1]
    return list(zip(borders, borders[1:], strict=False))


def _keep_watched(
    customer: Longs, words: pl.Series, years: Floats, count: Longs, begin: int
) -> ReferralExposure:
    is_watched = years > 0
    return ReferralExposure(
        customer[is_watched],
        words.filter(pl.Series(is_watched)),
        years[is_watched],
        count[is_watched].astype(np.int64),
        begin,
    )

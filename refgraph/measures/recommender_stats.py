"""What each recommender's referrals led to: how many, when, how soon they closed, and names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.estimates.quantile import grouped_median
from refgraph.kernels.top_k import select_top_k
from refgraph.measures.conversion import count_outcomes
from refgraph.model.graph import Bools, Floats, Graph, Longs

_INT32 = np.iinfo(np.int32)


@dataclass(frozen=True, eq=False, kw_only=True)
class RecommenderStats:
    """Along counted arcs; arrays over the parties with at least one, in order of id.

    index int64[r]: of the party. direct, closed, lost int64[r]: parties referred, and those of them
    that closed or are lost (see `conversion.ReferralOutcomes`). first, last: dates of their
    referrals, null if none is dated. days float64[r]: median days from the referral to the first
    contract, nan if unknown.
    """

    index: Longs
    direct: Longs
    closed: Longs
    lost: Longs
    first: pl.Series
    last: pl.Series
    days: Floats


def compute_recommender_stats(graph: Graph) -> RecommenderStats:
    """The statistics of all recommenders, in one pass over the arcs by referrer."""
    referrals, outcomes = graph.referral_lists, count_outcomes(graph)
    index = np.flatnonzero(graph.out_degree)
    start = referrals.ptr[index]
    dates = graph.arcs["at"].gather(referrals.arc)
    return RecommenderStats(
        index=index,
        direct=outcomes.referred[index],
        closed=outcomes.closed[index],
        lost=outcomes.lost[index],
        first=_find_extreme_dates(dates, start, np.minimum, _INT32.max),
        last=_find_extreme_dates(dates, start, np.maximum, _INT32.min),
        days=_compute_median_days(graph, dates, graph.customers[referrals.referred])[index],
    )


def _find_extreme_dates(dates: pl.Series, start: Longs, choose: np.ufunc, blank: int) -> pl.Series:
    """The first or last date of each list; blank: a day number that loses against every date."""
    if dates.null_count() == len(dates):
        return pl.repeat(None, len(start), dtype=pl.Date, eager=True)
    days = choose.reduceat(dates.to_physical().fill_null(blank).to_numpy(), start)
    extremes = pl.Series(days, dtype=pl.Int32)
    return extremes.set(extremes == blank, None).cast(pl.Date)


def _compute_median_days(graph: Graph, dates: pl.Series, is_closed: Bools) -> Floats:
    """float64[n]: median days from referral to first contract; nan for none."""
    if dates.null_count() == len(dates):
        return np.full(len(graph), np.nan)
    since = graph.parties["since"].gather(graph.referral_lists.referred)
    days = (since - dates).dt.total_days()
    is_known = (pl.Series(is_closed) & (days >= 0)).fill_null(False).to_numpy()
    referrer = graph.referral_lists.referrer[is_known]
    return grouped_median(referrer, days.to_numpy()[is_known], len(graph))


def top_referred_names(graph: Graph, recommenders: Longs, most: int) -> pl.Series:
    """Text per recommender: names of its most valuable referred parties, "; +" and how many more.

    recommenders: indexes of parties. most: number of names.
    """
    referrals = graph.referral_lists
    start, members = select_top_k(
        referrals.ptr, referrals.referred, graph.value.scaled, recommenders, most
    )
    size, total = np.diff(start), graph.out_degree[recommenders]
    # Lists of one size are joined together, column by column: much faster than list by list.
    texts, row, done = [pl.Series("names", [], pl.String)], np.empty(len(size), np.int64), 0
    for k in np.unique(size).tolist():
        lists = np.flatnonzero(size == k)
        row[lists] = np.arange(done, done + len(lists))
        texts.append(_join_names(graph.names, start[lists], members, k, total[lists]))
        done += len(lists)
    return pl.concat(texts, rechunk=True).gather(row)


def _join_names(
    names: pl.Series, start: Longs, members: np.ndarray, size: int, total: Longs
) -> pl.Series:
    """The names of lists of one size, one text per list."""
    columns = [names.gather(members[start + k]).alias(f"{k}") for k in range(size)]
    frame = pl.DataFrame(columns).with_columns(more=total - size)
    text = pl.concat_str([column.name for column in columns], separator="; ")
    if (total > size).any():
        text_and_more = pl.concat_str(text, pl.lit("; +"), "more")
        text = pl.when(pl.col("more") > 0).then(text_and_more).otherwise(text)
    return frame.select(text.alias("names")).to_series()

"""What each recommender's referrals led to: how many, when, how soon they closed, and names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl

from refgraph.kernels.top_k import select_top_k
from refgraph.measures.calendar import to_day_numbers
from refgraph.measures.conversion import group_by_referrer, tally_outcomes
from refgraph.model.graph import Graph, Longs
from refgraph.model.tally import Quantity, Tally


def tally_recommender_stats(graph: Graph, chosen: Longs | None = None) -> dict[str, Tally]:
    """Along counted referrals, by party: outcomes, dates, and how soon the referred closed.

    As `conversion.tally_outcomes`; ``first`` and ``last`` date of a referral;
    ``median_days_to_close``: from the referral to the first contract. chosen: as there.
    """
    stats: dict[str, Tally] = {}
    for name, tally in _tally_days(graph):
        stats[name] = tally if chosen is None else tally.take(chosen)
    return {**tally_outcomes(graph, chosen), **stats}


def _tally_days(graph: Graph) -> Iterator[tuple[str, Tally]]:
    """One after the other, so that a reader may keep a part of each alone."""
    referrals, arcs = group_by_referrer(graph), graph.arcs
    since = graph.parties["since"].gather(arcs["referred"])
    days = (since - arcs["at"]).dt.total_days()
    led_to_customer = pl.Series(graph.customers).gather(arcs["referred"])
    is_known = (led_to_customer & (days >= 0)).fill_null(False)
    days_to_close = Quantity(scaled=days.fill_null(0).to_numpy().astype(np.float64))
    row = referrals.row
    yield "median_days_to_close", referrals.find_median(days_to_close, is_known.to_numpy()[row])
    del since, days, days_to_close
    day = Quantity(scaled=to_day_numbers(arcs["at"], 0).astype(np.float64))
    is_dated = arcs["at"].is_not_null().to_numpy()[row]
    yield "first", replace(referrals.find_extreme("least", day, is_dated), is_date=True)
    yield "last", replace(referrals.find_extreme("greatest", day, is_dated), is_date=True)


def top_referred_names(graph: Graph, recommenders: Longs, most: int) -> pl.Series:
    """Text per recommender: names of its most valuable referred parties, "; +" and how many more.

    recommenders: indexes of parties. most: number of names.
    """
    referrals = graph.referral_lists
    start, members = select_top_k(
        referrals.ptr, referrals.referred, graph.value.scaled, recommenders, most
    )
    size = np.diff(start)
    total = referrals.ptr[recommenders + 1] - referrals.ptr[recommenders]
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

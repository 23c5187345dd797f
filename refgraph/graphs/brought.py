"""Whom each recommender brought: how many, when, how soon they closed, and the names of the first few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.estimates.quantile import grouped_median
from refgraph.kernels.leaders import leaders
from refgraph.model.graph import Bools, Floats, Graph, Longs


@dataclass(frozen=True, eq=False)
class Brought:
    """Along counted, uncut arcs; arrays over the parties with at least one, in order of id.

    place int64[r]: their positions. direct, closed, lost int64[r]: parties referred, of these customers, of the others those
    who are lost. first, last: days of their referrals, null where none is dated. days float64[r]: median days from the referral
    to the first contract of the closed, nan where none is known.
    """

    place: Longs
    direct: Longs
    closed: Longs
    lost: Longs
    first: pl.Series
    last: pl.Series
    days: Floats


def brought(graph: Graph) -> Brought:
    """What each recommender brought, in one pass over the arcs by referrer."""
    flow = graph.flow
    place = np.flatnonzero(np.diff(flow.out_ptr))
    start = flow.out_ptr[place]
    closed = graph.customers[flow.out_dst]
    lost = (graph.parties["status"] == "lost").fill_null(False).to_numpy()[flow.out_dst] & ~closed
    at = graph.arcs["at"].gather(flow.out_arc)
    return Brought(
        place, np.diff(flow.out_ptr)[place], _counts(closed, flow.out_ptr)[place], _counts(lost, flow.out_ptr)[place],
        _extreme(at, start, np.minimum, np.iinfo(np.int32).max), _extreme(at, start, np.maximum, np.iinfo(np.int32).min),
        _days(graph, at, closed)[place],
    )  # fmt: skip


def _counts(mark: Bools, ptr: Longs) -> Longs:
    """int64[n]: how many are marked in each list."""
    return np.diff(np.concatenate([np.zeros(1, np.int64), np.cumsum(mark, dtype=np.int64)])[ptr])


def _extreme(at: pl.Series, start: Longs, choose: np.ufunc, blank: int) -> pl.Series:
    """The least or greatest day of each list. blank: what is never chosen before a day."""
    if at.null_count() == len(at):
        return pl.repeat(None, len(start), dtype=pl.Date, eager=True)
    days = pl.Series(choose.reduceat(at.to_physical().fill_null(blank).to_numpy(), start), dtype=pl.Int32)
    return days.set(days == blank, None).cast(pl.Date)


def _days(graph: Graph, at: pl.Series, closed: Bools) -> Floats:
    """float64[n]: median days to close, nan for none."""
    if at.null_count() == len(at):
        return np.full(len(graph), np.nan)
    days = (graph.parties["since"].gather(graph.flow.out_dst) - at).dt.total_days()
    known = (pl.Series(closed) & (days >= 0)).fill_null(False).to_numpy()
    origin = np.repeat(np.arange(len(graph)), np.diff(graph.flow.out_ptr))
    return grouped_median(origin[known], days.to_numpy()[known], len(graph))


def named(graph: Graph, place: Longs, most: int) -> pl.Series:
    """For each of some recommenders the names of those brought, of greatest value first, then "+" and the number of others."""
    ptr = graph.flow.out_ptr
    at, who = leaders(ptr, graph.flow.out_dst, graph.value.whole, place, most)
    size, total = np.diff(at), np.diff(ptr)[place]
    row = np.empty(len(place), np.int64)
    parts, done = [pl.Series("brought", [], pl.String)], 0
    for k in np.unique(size).tolist():
        alike = np.flatnonzero(size == k)
        row[alike] = np.arange(done, done + len(alike))
        parts.append(_joined(graph.names, at[alike], who, k, total[alike]))
        done += len(alike)
    return pl.concat(parts, rechunk=True).gather(row)


def _joined(names: pl.Series, at: Longs, who: np.ndarray, size: int, total: Longs) -> pl.Series:
    """The names of lists of one size, in one text each."""
    told = pl.DataFrame([names.gather(who[at + k]).alias(f"{k}") for k in range(size)]).with_columns(total=total - size)
    whole = pl.concat_str([pl.col(f"{k}") for k in range(size)], separator="; ")
    more = pl.when(pl.col("total") > 0).then(pl.concat_str(whole, pl.lit("; +"), "total"))
    return told.select((more.otherwise(whole) if (total > size).any() else whole).alias("brought")).to_series()

"""The referrals of a Graph as blocks that luck could have given to other customers (M55), group by group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.graphs import calendar
from refgraph.model.graph import Graph, Longs

Square = np.ndarray[tuple[int, int], np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class Blocks:
    """What one recommender referred into one group on one day is one block: one visit is one piece of luck.

    origin, target int64[b]: groups of referrer and referred; size int64[b]: referrals; day int64[b]: row of ``present``.
    present float64[days, groups]: share of each group among the customers present on the day.
    left_out: referrals that cannot be dealt again: undated, or their referrer was no customer on that day.
    """

    origin: Longs
    target: Longs
    size: Longs
    day: Longs
    present: Square
    left_out: int


def blocks(graph: Graph, group: Longs, groups: int) -> Blocks:
    """The counted, uncut referrals to be dealt again among the customers present (joined before, not yet left).

    group int64[n]: number of each party's group, 0 .. groups-1. Without any date in the data all customers are always present.
    """
    arcs = graph.arcs.filter(pl.col("counted") & ~pl.col("cut")).select("referrer", "referred", "at")
    days, static = calendar.membership(graph), graph.as_of is None
    who, whom = arcs["referrer"].to_numpy(), arcs["referred"].to_numpy()
    at = calendar.numbers(arcs["at"], 0) if not static else np.zeros(len(who), np.int64)
    able = graph.customers[who]
    if not static:
        able = able & arcs["at"].is_not_null().to_numpy() & (days.joined[who] < at) & (at < days.left[who])
    table = pl.DataFrame({"at": at[able], "who": who[able], "origin": group[who[able]], "target": group[whom[able]]})
    each = table.group_by("at", "who", "origin", "target").agg(size=pl.len().cast(pl.Int64)).sort("at", "who", "target")
    dates, row = np.unique(each["at"].to_numpy(), return_inverse=True)
    return Blocks(each["origin"].to_numpy(), each["target"].to_numpy(), each["size"].to_numpy(), row.astype(np.int64),
                  _present(graph, group, groups, dates, static), int((~able).sum()))


def _present(graph: Graph, group: Longs, groups: int, dates: Longs, static: bool) -> Square:
    people, days = graph.customers, calendar.membership(graph)
    out = np.zeros((len(dates), groups))
    for g in range(groups):
        mine = people & (group == g)
        if static:
            out[:, g] = mine.sum()
        else:
            joined, left = np.sort(days.joined[mine]), np.sort(days.left[mine])
            out[:, g] = np.searchsorted(joined, dates, "left") - np.searchsorted(left, dates, "right")
    total = out.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(out, total, out=np.zeros_like(out), where=total > 0), np.float64)

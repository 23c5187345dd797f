"""The referrals of a Graph as blocks that could be assigned at random to other customers (M60)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.measures import calendar
from refgraph.measures.impossible_referrers import list_impossible_referrers
from refgraph.measures.occasions import find_occasion_days
from refgraph.model.graph import Bools, Graph, Longs

FloatMatrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]


@dataclass(frozen=True, eq=False, kw_only=True)
class ReferralBlocks:
    """A block: what one recommender referred into one group on one occasion (`occasions`).

    One visit with three names is one chance event. origin, target int64[b]: groups of referrer and
    referred. size int64[b]: referrals. day int64[b]: row of ``present``. present float64[rows,
    groups]: share of each group among the customers present on the first day of a block, without
    the parties it referred and their descendants. excluded:
    referrals that cannot be assigned: undated, or their referrer was no customer on that day.
    """

    origin: Longs
    target: Longs
    size: Longs
    day: Longs
    present: FloatMatrix
    excluded: int


def build_blocks(graph: Graph, group: Longs, groups: int) -> ReferralBlocks:
    """The counted referrals as blocks, to be assigned among the customers of their first day.

    Present: joined <= day < left. group int64[n]: number of each party's group,
    0 .. groups-1. Without any date in the data all customers are always present.
    """
    arcs = graph.counted_arcs.select("referrer", "referred", "at")
    referrer, referred = arcs["referrer"].to_numpy(), arcs["referred"].to_numpy()
    if graph.as_of is None:
        at, is_assignable = np.zeros(len(referrer), np.int64), graph.customers[referrer]
    else:
        at = calendar.to_day_numbers(arcs["at"], 0)
        is_dated = arcs["at"].is_not_null().to_numpy()
        is_assignable = is_dated & _mark_present(graph, referrer, at)
    rows = np.flatnonzero(is_assignable)
    at, recommender = at[rows], referrer[rows].astype(np.int64)
    table = pl.DataFrame(
        {
            "at": find_occasion_days(recommender, at),
            "referrer": recommender,
            "origin": group[referrer[rows]],
            "target": group[referred[rows]],
            "arc": np.arange(len(rows)),
        }
    )
    keys = ["at", "referrer", "origin", "target"]
    blocks = table.group_by(keys).agg("arc", size=pl.len().cast(pl.Int64))
    blocks = blocks.sort("at", "referrer", "target")
    row, present = _compute_present_shares(graph, group, groups, blocks, referred[rows])
    return ReferralBlocks(
        origin=blocks["origin"].to_numpy(),
        target=blocks["target"].to_numpy(),
        size=blocks["size"].to_numpy(),
        day=row,
        present=present,
        excluded=len(referrer) - len(rows),
    )


def _mark_present(graph: Graph, referrer: np.ndarray, at: Longs) -> Bools:
    """bool[m], by arc: the referrer was a customer on the day: joined <= day < left."""
    membership = calendar.compute_membership(graph)
    has_joined, has_not_left = membership.joined[referrer] <= at, at < membership.left[referrer]
    return np.asarray(graph.customers[referrer] & has_joined & has_not_left, np.bool_)


def _compute_present_shares(
    graph: Graph, group: Longs, groups: int, blocks: pl.DataFrame, referred: np.ndarray
) -> tuple[Longs, FloatMatrix]:
    """The row of each block, and float64[rows, groups]: share of each group among those present.

    A day has a row, and so has a block for which some of those present are excluded. blocks: with
    ``at``, ``referrer`` and ``arc``, places in ``referred``. 0 if nobody is present.
    """
    days, row = np.unique(blocks["at"].to_numpy(), return_inverse=True)
    row = row.astype(np.int64)
    present = _count_present(graph, group, groups, days)
    block, party = _list_excluded(graph, blocks, referred)
    special, place = np.unique(block, return_inverse=True)
    excluded = np.zeros((len(special), groups))
    np.add.at(excluded, (place, group[party]), 1.0)
    present = np.concatenate([present, present[row[special]] - excluded])
    row[special] = len(days) + np.arange(len(special))
    total = present.sum(axis=1, keepdims=True)
    shares = np.divide(present, total, out=np.zeros_like(present), where=total > 0)
    return row, np.asarray(shares, np.float64)


def _count_present(graph: Graph, group: Longs, groups: int, days: Longs) -> FloatMatrix:
    """float64[days, groups]: customers of each group with joined <= day < left."""
    membership = calendar.compute_membership(graph)
    present = np.zeros((len(days), groups))
    for k in range(groups):
        is_member = graph.customers & (group == k)
        if graph.as_of is None:
            present[:, k] = is_member.sum()
            continue
        joined, left = membership.joined[is_member], membership.left[is_member]
        present[:, k] = calendar.count_present(joined, left, days)
    return present


def _list_excluded(graph: Graph, blocks: pl.DataFrame, referred: np.ndarray) -> tuple[Longs, Longs]:
    """Pairs of a block and a customer present on its day who cannot have made its referrals."""
    arcs = blocks.select("at", "referrer", "arc").with_row_index("block")
    arcs = arcs.explode("arc", empty_as_null=False, keep_nulls=False).sort("arc")
    referral, party = list_impossible_referrers(graph, referred)
    at, maker = arcs["at"].to_numpy()[referral], arcs["referrer"].to_numpy()[referral]
    can_be = graph.customers[party] & (party != maker)
    if graph.as_of is not None:
        membership = calendar.compute_membership(graph)
        can_be &= (membership.joined[party] <= at) & (at < membership.left[party])
    block = arcs["block"].cast(pl.Int64).to_numpy()[referral[can_be]]
    keys = np.unique(block * len(graph) + party[can_be])
    return np.divmod(keys, max(len(graph), 1))

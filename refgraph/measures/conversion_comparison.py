"""Conversion of two groups of prospects compared, and when the data do not allow it (M28).

Prospects of one referrer resemble each other, and whoever was not referred is often recorded only
once a contract is signed: then a difference would be one of bookkeeping.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from refgraph.estimates.clustered_share import ClusteredShare, compare_shares, measure_share
from refgraph.estimates.proportion import Difference
from refgraph.graph.memo import cached_on_first_argument
from refgraph.measures.conversion import is_known, is_lost
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Message, message

MIN_DECIDED = 5
"""With fewer parties closed or lost than this on either side, two conversions are not compared."""
MIN_LOST = 5
"""With fewer losses on either side it is doubtful whether losses are recorded there at all."""
MIN_ENTERED_FIRST = 0.8
"""Share of the closed on each side that must be recorded before their first contract."""
NOT_COMPARED = ("few-decided", "no-lost", "few-lost", "selection", "few-clusters")
"""Why two conversions are not compared, the plainest reason first."""
_BY_CLUSTER = ("closed", "decided", "entered_first")


class Comparison(NamedTuple):
    """The conversion of a group minus that of its reference.

    first, second: of the group and of the reference. difference: None if it is unknown.
    reason: one of `NOT_COMPARED`, "" if it can.
    """

    first: ClusteredShare
    second: ClusteredShare
    difference: Difference | None
    reason: str


@cached_on_first_argument
def list_decided(graph: Graph) -> pl.DataFrame:
    """One row per party that closed or was lost.

    ``party`` (index), ``cluster`` (its primary referrer of any kind; its own number without one),
    ``closed``, ``entered_first`` (closed, and recorded before its first contract).
    """
    referrals = graph.arcs.filter("valid").select("referred", "referrer", "share", "at")
    if referrals["referred"].is_duplicated().any():
        order = ("referred", -pl.col("share"), "at", "referrer")
        referrals = referrals.sort(*order, nulls_last=True)
        referrals = referrals.unique("referred", keep="first", maintain_order=True)
    cluster = -1 - np.arange(len(graph), dtype=np.int64)
    cluster[referrals["referred"].to_numpy()] = referrals["referrer"].to_numpy()
    is_closed = pl.Series(graph.customers)
    is_first = (pl.col("entered_at") < pl.col("since")).fill_null(False)
    parties = graph.parties.select(
        party=pl.int_range(pl.len(), dtype=pl.Int64),
        cluster=pl.Series(cluster),
        closed=is_closed,
        entered_first=is_closed & is_first,
    )
    return parties.filter(is_closed | pl.Series(is_lost(graph)))


def count_clusters(graph: Graph, mask: Bools) -> pl.DataFrame:
    """Clusters of the decided parties of a mask: bool[n]; see `add_up_clusters`."""
    decided = list_decided(graph)
    return add_up_clusters([decided.filter(pl.Series(mask[decided["party"].to_numpy()]))])


def add_up_clusters(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """One row per cluster: ``closed``, ``decided``, ``entered_first``, as numbers.

    parts: rows of `list_decided`, or what this function returned.
    """
    whole = [
        part if "decided" in part.columns else part.with_columns(decided=pl.lit(True))
        for part in parts
    ]
    columns = [part.select("cluster", pl.col(*_BY_CLUSTER).cast(pl.Int64)) for part in whole]
    schema = {"cluster": pl.Int64, **dict.fromkeys(_BY_CLUSTER, pl.Int64)}
    rows = pl.concat([pl.DataFrame(schema=schema), *columns])
    return rows.group_by("cluster").agg(pl.col(*_BY_CLUSTER).sum()).sort("cluster")


def measure_clusters(clusters: pl.DataFrame) -> ClusteredShare:
    """The share that closed; clusters: of `add_up_clusters`."""
    return measure_share(clusters["closed"], clusters["decided"])


def compare_conversion(
    graph: Graph, group: pl.DataFrame, reference: pl.DataFrame, *, may_select: bool = True
) -> Comparison:
    """Conversion of a group minus that of a reference, with its interval (M28).

    group, reference: of `add_up_clusters`. may_select: whether one side may be recorded only once
    it closes, so that ``entered_at`` or ``[funnel] complete`` must rule that out.
    """
    sides = [measure_clusters(side) for side in (group, reference)]
    reason = _find_reason(sides)
    if not reason and may_select and not graph.settings.funnel.complete:
        entered = zip(sides, (group, reference), strict=True)
        if any(s.k * MIN_ENTERED_FIRST > c["entered_first"].sum() for s, c in entered):
            reason = "selection"
    difference = compare_shares(*sides) if not reason and is_known(graph) else None
    if difference is None and not reason:
        reason = "few-clusters"
    return Comparison(sides[0], sides[1], difference, reason)


def _find_reason(sides: Sequence[ClusteredShare]) -> str:
    if min(side.n for side in sides) < MIN_DECIDED:
        return "few-decided"
    lost = [side.n - side.k for side in sides]
    if not lost[1]:
        return "no-lost"
    return "few-lost" if min(lost) < MIN_LOST else ""


def build_difference_frame(comparisons: Sequence[Comparison | None]) -> pl.DataFrame:
    """``difference``, ``difference_low``, ``difference_high``; null where there is none."""
    names = ("difference", "difference_low", "difference_high")
    differences = [comparison and comparison.difference for comparison in comparisons]
    rows = [difference or (None, None, None) for difference in differences]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64), orient="row")


def note_design_effect(share: ClusteredShare) -> list[Message]:
    """How many independent prospects those of few referrers are worth, if fewer than they are."""
    if not share.n or share.largest * share.n < 2:
        return []
    return [
        message(
            "note.conversion-clusters",
            decided=share.n,
            effective=round(share.effective),
            effect=share.design_effect,
            largest=share.largest,
        )
    ]

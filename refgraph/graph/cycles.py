"""Active arcs form no cycle, and the shares of the referrers of a party add up to 1."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graph.prepared import CYCLE_COLUMN
from refgraph.kernels import cycle_cuts
from refgraph.model.dataset import FINDINGS_SCHEMA
from refgraph.model.graph import Bools, Ints, Longs
from refgraph.model.message import Message, message

SHARE_TOLERANCE = 1e-9
"""Rounding error up to which shares count as adding up to 1."""
SHARE_DECIMALS = 12
"""What given shares leave is rounded so: a blank beside 0.9 is 0.1."""
_UNKNOWN_JOINING_DAY = 2**40
"""Sorts parties without a joining date last."""


def cut_cycles(
    arcs: pl.DataFrame, people: pl.DataFrame, exclude: tuple[str, ...] = ()
) -> tuple[pl.DataFrame, pl.DataFrame, list[Message]]:
    """Add the column ``cut``: within a cycle, the arcs into the member that joined first.

    exclude: with ``referral-loop`` all arcs within a cycle stop counting, with ``loop-cut`` only
    those that are cut. Returns the arcs, the findings (one ``referral-loop`` per cyclic component,
    one ``loop-cut`` per arc cut) and a note.
    """
    no_findings = pl.DataFrame(schema=FINDINGS_SCHEMA)
    if CYCLE_COLUMN not in arcs.columns:
        return arcs.with_columns(cut=pl.repeat(False, arcs.height, eager=True)), no_findings, []
    rows = np.flatnonzero((arcs["counted"] & arcs[CYCLE_COLUMN]).to_numpy())
    source, target = arcs["referrer"].to_numpy()[rows], arcs["referred"].to_numpy()[rows]
    is_cut = np.zeros(arcs.height, bool)
    is_cut[rows] = cycle_cuts.find_cuts(people.height, source, target, _rank_by_joining(people))
    arcs = arcs.drop(CYCLE_COLUMN).with_columns(cut=pl.Series(is_cut))
    if not is_cut.any():
        return arcs, no_findings, []
    component = cycle_cuts.label_cyclic_components(people.height, source, target)
    cycles = _list_cycles(people["id"], component)
    findings = _build_cycle_findings(cycles, arcs.filter("cut"), people["id"])
    is_excluded = is_cut & ("loop-cut" in exclude)
    if "referral-loop" in exclude:
        is_excluded[rows] = component[source] == component[target]
    if is_excluded.any():
        is_kept = pl.Series(~is_excluded)
        columns = ("valid", "counted", "cut")
        return arcs.with_columns(pl.col(columns) & is_kept), findings, []
    note = message("note.loops-cut", loops=cycles.height, cuts=int(is_cut.sum()))
    return arcs, findings, [note]


def _rank_by_joining(people: pl.DataFrame) -> Longs:
    """int64[n]: 0 = joined first; unknown dates last; ties by id."""
    joined = people["since"].to_physical().cast(pl.Int64).fill_null(_UNKNOWN_JOINING_DAY)
    rank = np.empty(people.height, np.int64)
    rank[np.argsort(joined.to_numpy(), kind="stable")] = np.arange(people.height)
    return rank


def _list_cycles(ids: pl.Series, component: Ints) -> pl.DataFrame:
    """One row per cyclic component: ``members`` (ids, sorted), ``size``; by the first member."""
    members = pl.DataFrame({"component": component, "id": ids}).group_by("component")
    cycles = members.agg(pl.col("id").sort().alias("members"), pl.len().alias("size"))
    cycles = cycles.filter(pl.col("size") > 1)
    return cycles.sort(pl.col("members").list.first()).select("members", "size")


def _build_cycle_findings(
    cycles: pl.DataFrame, cut_arcs: pl.DataFrame, ids: pl.Series
) -> pl.DataFrame:
    """A finding per cycle, with its size as detail, and one per arc that is cut."""
    no_text, no_number = pl.lit(None, pl.String), pl.lit(None, pl.Int64)
    size = pl.col("size").cast(pl.String)
    cycle_findings = cycles.select(
        pl.lit("referral-loop").alias("code"),
        "members",
        no_text.alias("file"),
        no_number.alias("line"),
        size.alias("detail"),
    )
    referrer, referred = ids.gather(cut_arcs["referrer"]), ids.gather(cut_arcs["referred"])
    cut_findings = cut_arcs.select(
        pl.lit("loop-cut").alias("code"),
        pl.concat_list(referrer, referred).alias("members"),
        "file",
        "line",
        no_text.alias("detail"),
    )
    findings = pl.concat([cycle_findings, cut_findings])
    return findings.cast(FINDINGS_SCHEMA)  # type: ignore[arg-type]


def normalize_shares(arcs: pl.DataFrame) -> tuple[pl.DataFrame, list[Message]]:
    """Make ``share`` of the active arcs add up to 1 for each referred party; null for other arcs.

    A missing share is an equal part of what the given ones leave; where they leave nothing, all
    shares are equal. The shares as recorded move to ``share_given``. A note counts the parties
    whose given shares had to be changed.
    """
    rows, is_only_referrer = find_active_arcs(arcs)
    single_shares = arcs["share"].gather(rows[is_only_referrer])
    changed = int(((single_shares - 1.0).abs() > SHARE_TOLERANCE).sum())
    share = np.full(arcs.height, np.nan)
    share[rows[is_only_referrer]] = 1.0
    rows_of_several = rows[~is_only_referrer]
    if len(rows_of_several):
        shares, changed_of_several = _normalize_multiple_referrers(arcs[rows_of_several])
        share[rows_of_several] = shares.to_numpy()
        changed += changed_of_several
    arcs = arcs.with_columns(share_given=pl.col("share"), share=pl.Series(share, nan_to_null=True))
    notes = [message("note.shares-renormalised", customers=changed)] if changed else []
    return arcs, notes


def _normalize_multiple_referrers(arcs: pl.DataFrame) -> tuple[pl.Series, int]:
    """Shares where a party has several referrers, and for how many parties they were changed."""
    recorded = pl.col("share")
    total = recorded.sum().over("referred")
    missing = recorded.is_null().sum().over("referred")
    equal_share = 1.0 / pl.len().over("referred")
    rest = (1.0 - total).round(SHARE_DECIMALS)
    share_of_rest = rest / missing
    filled = (
        pl.when(missing == 0)
        .then(recorded / total)
        .when(total < 1.0 - SHARE_TOLERANCE)
        .then(recorded.fill_null(share_of_rest))
        .otherwise(equal_share)
    )
    totals = arcs.group_by("referred").agg(recorded.sum(), recorded.null_count().alias("missing"))
    excess = recorded - 1.0
    is_changed = (
        pl.when(pl.col("missing") == 0)
        .then(excess.abs() > SHARE_TOLERANCE)
        .otherwise(excess >= -SHARE_TOLERANCE)
    )
    return arcs.select(filled).to_series(), totals.filter(is_changed).height


def find_active_arcs(arcs: pl.DataFrame) -> tuple[Longs, Bools]:
    """Rows of the arcs that are counted and not cut, and which of them are their party's only one.

    arcs: sorted by referred.
    """
    rows = np.flatnonzero((arcs["counted"] & ~arcs["cut"]).to_numpy())
    referred = arcs["referred"].to_numpy()[rows]
    differs_from_next = referred[1:] != referred[:-1]
    is_only_referrer = np.ones(len(rows), bool)
    is_only_referrer[1:] &= differs_from_next
    is_only_referrer[:-1] &= differs_from_next
    return rows, is_only_referrer

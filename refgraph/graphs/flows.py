"""What flows along the arcs: loops cut, shares that add up to one, primary referrers, both compressed forms."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graphs.prepared import LOOPING
from refgraph.kernels import forest as forests
from refgraph.kernels import loops
from refgraph.kernels.adjacency import in_order
from refgraph.model.dataset import FINDINGS
from refgraph.model.graph import Bools, Flow, Forest, Ints, Longs
from refgraph.model.message import Message, message

TOLERANCE = 1e-9
"""How far shares may miss 1 by rounding."""


def without_loops(
    arcs: pl.DataFrame, people: pl.DataFrame, exclude: tuple[str, ...] = ()
) -> tuple[pl.DataFrame, pl.DataFrame, list[Message]]:
    """Column ``cut`` added; one finding for each loop (``referral-loop``) and each cut (``loop-cut``), and a note.

    exclude: with ``referral-loop`` all arcs inside a loop count no longer, with ``loop-cut`` those that are cut.
    """
    if LOOPING not in arcs.columns:
        return arcs.with_columns(cut=pl.repeat(False, arcs.height, eager=True)), pl.DataFrame(schema=FINDINGS), []
    rows = np.flatnonzero((arcs["counted"] & arcs[LOOPING]).to_numpy())
    source, target = (arcs[c].to_numpy()[rows] for c in ("referrer", "referred"))
    cut = np.zeros(arcs.height, bool)
    cut[rows] = loops.cuts(people.height, source, target, _rank_by_joining(people))
    arcs = arcs.drop(LOOPING).with_columns(cut=pl.Series(cut))
    if not cut.any():
        return arcs, pl.DataFrame(schema=FINDINGS), []
    findings, number = _loop_findings(arcs, people, source, target)
    out = cut & ("loop-cut" in exclude)
    if "referral-loop" in exclude:
        label = loops.components(people.height, source, target)
        out[rows] = label[source] == label[target]
    if out.any():
        kept = pl.Series(~out)
        arcs = arcs.with_columns(pl.col("valid", "counted") & kept, pl.col("cut") & kept)
        return arcs, findings, []
    return arcs, findings, [message("note.loops-cut", loops=number, cuts=int(cut.sum()))]


def _rank_by_joining(people: pl.DataFrame) -> Longs:
    """0 = joined first; unknown last; ties by id."""
    days = people["since"].to_physical().cast(pl.Int64).fill_null(2**40).to_numpy()
    rank = np.empty(people.height, np.int64)
    rank[np.argsort(days, kind="stable")] = np.arange(people.height)
    return rank


def _loop_findings(arcs: pl.DataFrame, people: pl.DataFrame, source: Ints, target: Ints) -> tuple[pl.DataFrame, int]:
    label = loops.components(people.height, source, target)
    ids = people["id"]
    each = pl.DataFrame({"label": label, "id": ids}).group_by("label").agg(pl.col("id").sort(), pl.len().alias("n"))
    each = each.filter(pl.col("n") > 1).sort(pl.col("id").list.first())
    gone = arcs.filter("cut")
    whole = each.select(pl.lit("referral-loop").alias("code"), pl.col("id").alias("members"),
                        pl.lit(None, pl.String).alias("file"), pl.lit(None, pl.Int64).alias("line"),
                        pl.col("n").cast(pl.String).alias("detail"))
    pair = pl.concat_list(pl.Series(ids.gather(gone["referrer"])), pl.Series(ids.gather(gone["referred"])))
    cuts = gone.select(pl.lit("loop-cut").alias("code"), pair.alias("members"), "file", "line",
                       pl.lit(None, pl.String).alias("detail"))
    return pl.concat([whole, cuts]).cast(FINDINGS), each.height  # type: ignore[arg-type]


def shared(arcs: pl.DataFrame) -> tuple[pl.DataFrame, list[Message]]:
    """``share`` of the counted, uncut arcs made to add up to 1 over the referrers of each referred party; else null.

    Shares not given take what the given ones leave, equally; where nothing is left, all are equal. A note counts the
    parties whose given shares did not stay as they were.
    """
    rows, alone = _flowing(arcs)
    given = arcs["share"].gather(rows)
    single, several = given.filter(pl.Series(alone)), arcs[rows[~alone]]
    wrong = int(((single - 1.0).abs() > TOLERANCE).sum())
    share = np.full(arcs.height, np.nan)
    share[rows[alone]] = 1.0
    if several.height:
        filled, odd = _several(several)
        share[rows[~alone]], wrong = filled.to_numpy(), wrong + odd
    arcs = arcs.with_columns(share_given=pl.col("share"), share=pl.Series(share, nan_to_null=True))
    return arcs, [message("note.shares-renormalised", customers=wrong)] if wrong else []


def _several(arcs: pl.DataFrame) -> tuple[pl.Series, int]:
    """The shares of those with several referrers, and how many of them did not keep the shares given."""
    given = pl.col("share")
    counts, blanks = pl.len().over("referred"), given.is_null().sum().over("referred")
    total = given.sum().over("referred")
    left = (1.0 - total) / blanks
    some = total < 1.0 - TOLERANCE
    filled = pl.when(blanks == 0).then(given / total).when(some).then(given.fill_null(left)).otherwise(1.0 / counts)
    odd = arcs.group_by("referred").agg(given.sum(), given.null_count().alias("blank"))
    excess = given - 1.0
    wrong = odd.filter(pl.when(pl.col("blank") == 0).then(excess.abs() > TOLERANCE).otherwise(excess >= -TOLERANCE)).height
    return arcs.select(filled).to_series(), wrong


def _flowing(arcs: pl.DataFrame) -> tuple[Longs, Bools]:
    """The rows of the counted, uncut arcs, and which of these have a referred party of their own. Sorted by referred."""
    rows = np.flatnonzero((arcs["counted"] & ~arcs["cut"]).to_numpy())
    ends = arcs["referred"].to_numpy()[rows]
    alone, other = np.ones(len(rows), bool), ends[1:] != ends[:-1]
    alone[1:] &= other
    alone[:-1] &= other
    return rows, alone


def compressed(arcs: pl.DataFrame, n: int) -> Flow:
    """The counted, uncut arcs in both compressed forms; arcs are sorted by referred, referrer."""
    rows = np.flatnonzero((arcs["counted"] & ~arcs["cut"]).to_numpy())
    source, target, share = (arcs[c].to_numpy()[rows] for c in ("referrer", "referred", "share"))
    by_source = in_order(n, source)
    return Flow(
        _pointers(target, n), source, share, rows,
        _pointers(source, n), target[by_source], share[by_source], rows[by_source],
    )  # fmt: skip


def _pointers(ends: Ints, n: int) -> Longs:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(ends, minlength=n), dtype=np.int64)])


def forest(arcs: pl.DataFrame, n: int) -> Forest:
    """Primary referrers: largest share, then earliest date, then smallest id; arcs are sorted by referred."""
    rows, alone = _flowing(arcs)
    parent = np.full(n, -1, np.int32)
    ends, sources = arcs["referred"].to_numpy(), arcs["referrer"].to_numpy()
    parent[ends[rows]] = sources[rows]
    if not alone.all():
        several = arcs.select("referred", "referrer", "share", "at")[rows[~alone]]
        best = several.sort("referred", -pl.col("share"), "at", "referrer", nulls_last=True)
        best = best.unique("referred", keep="first", maintain_order=True)
        parent[best["referred"].to_numpy()] = best["referrer"].to_numpy()
    laid = forests.layout(parent)
    return Forest(parent, laid.order, laid.parent, laid.size, laid.depth)

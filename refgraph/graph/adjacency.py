"""The active arcs as compressed rows in both directions, and the forest of primary referrers."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graph.cycles import find_active_arcs
from refgraph.kernels import forest as forests
from refgraph.kernels.adjacency import sort_by_key
from refgraph.model.graph import Adjacency, Forest, Ints, Longs


def build_adjacency(arcs: pl.DataFrame, n: int) -> Adjacency:
    """The active arcs of n parties; arcs: sorted by referred, referrer."""
    rows, _ = find_active_arcs(arcs)
    source, target = arcs["referrer"].to_numpy()[rows], arcs["referred"].to_numpy()[rows]
    share = arcs["share"].to_numpy()[rows]
    by_source = sort_by_key(n, source)
    is_one = bool((share == 1.0).all())
    return Adjacency(
        in_ptr=_build_pointers(target, n),
        in_src=source,
        in_share=share,
        in_arc=rows,
        out_ptr=_build_pointers(source, n),
        out_dst=target[by_source],
        out_share=share if is_one else share[by_source],
        out_arc=rows[by_source],
    )


def _build_pointers(ends: Ints, n: int) -> Longs:
    """int64[n+1]: where the arcs of each party begin, and at last their number."""
    pointers = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(ends, minlength=n), out=pointers[1:])
    return pointers


def build_forest(arcs: pl.DataFrame, n: int) -> Forest:
    """Primary referrers: by largest share, then earliest date, then smallest id.

    arcs: sorted by referred.
    """
    rows, is_only_referrer = find_active_arcs(arcs)
    parent = np.full(n, -1, np.int32)
    source, target = arcs["referrer"].to_numpy(), arcs["referred"].to_numpy()
    parent[target[rows]] = source[rows]
    if not is_only_referrer.all():
        candidates = arcs.select("referred", "referrer", "share", "at")[rows[~is_only_referrer]]
        order = ("referred", -pl.col("share"), "at", "referrer")
        candidates = candidates.sort(*order, nulls_last=True)
        primary = candidates.unique("referred", keep="first", maintain_order=True)
        parent[primary["referred"].to_numpy()] = primary["referrer"].to_numpy()
    preorder = forests.to_preorder(parent)
    return Forest(
        parent=parent,
        order=preorder.order,
        preorder_parent=preorder.parent,
        size=preorder.size,
        depth=preorder.depth,
    )

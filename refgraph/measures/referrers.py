"""The referrers of each party, in order."""

from __future__ import annotations

import polars as pl

from refgraph.model.graph import Graph


def list_referrers(graph: Graph, arcs: pl.DataFrame) -> pl.DataFrame:
    """One row per party referred by ``arcs``, rows of the graph's arcs, with their ``row``.

    Its referrers are ordered by share, then date, then id. Columns: ``referred`` (index);
    ``referrer``, ``referrer_name``: ids and names, joined by "; "; ``at``, ``tie``, ``arc_file``,
    ``arc_line`` of the first of them; ``earliest`` date of all; ``reward``, the sum, null if none
    is recorded; ``arc``, the row of the first of them in the graph.
    """
    arcs = arcs.with_columns(
        arc="row",
        referrer_id=graph.parties["id"].gather(arcs["referrer"]),
        referrer_name=graph.names.gather(arcs["referrer"]),
    )
    share = pl.col("share").fill_null(0)
    arcs = arcs.sort("referred", -share, "at", "referrer_id", nulls_last=True)
    ids, names = pl.col("referrer_id").str.join("; "), pl.col("referrer_name").str.join("; ")
    reward = pl.col("reward")
    reward_sum = pl.when(reward.is_not_null().any()).then(reward.sum())
    return arcs.group_by("referred", maintain_order=True).agg(
        ids.alias("referrer"),
        names,
        pl.col("at", "tie", "arc").first(),
        pl.col("file", "line").first().name.prefix("arc_"),
        pl.col("at").min().alias("earliest"),
        reward_sum.alias("reward"),
    )

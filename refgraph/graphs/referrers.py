"""Who referred each party: one row a referred party, its referrers in order."""

from __future__ import annotations

import polars as pl

from refgraph.model.graph import Graph


def referrers(graph: Graph, arcs: pl.DataFrame) -> pl.DataFrame:
    """One row a party referred by ``arcs`` (rows of the graph's arcs), its referrers in order of share, then date, then id.

    ``referred`` (position); ``referrer``, ``referrer_name`` (ids and names, joined by "; "); of the first of them ``at``,
    ``tie``, ``arc_file``, ``arc_line``; ``earliest`` day of all; ``reward``, the sum, null where none is recorded.
    """
    named = arcs.with_columns(
        who=graph.parties["id"].gather(arcs["referrer"]), called=graph.names.gather(arcs["referrer"]))
    named = named.sort("referred", -pl.col("share").fill_null(0), "at", "who", nulls_last=True)
    first = [pl.col(c).first().alias(a) for c, a in (("at", "at"), ("tie", "tie"), ("file", "arc_file"), ("line", "arc_line"))]
    paid = pl.when(pl.col("reward").is_not_null().any()).then(pl.col("reward").sum()).alias("reward")
    joined = [pl.col(c).str.join("; ").alias(a) for c, a in (("who", "referrer"), ("called", "referrer_name"))]
    return named.group_by("referred", maintain_order=True).agg(*joined, *first, pl.col("at").min().alias("earliest"), paid)

"""GRAPH -> the parties of an explorer page: the whole forest, single parties included."""

from __future__ import annotations

import polars as pl

from refgraph.measures.tree_picture import build_forest_nodes
from refgraph.model.graph import Graph

COLUMNS = (
    "parent",
    "id",
    "name",
    "state",
    "key",
    "value",
    "downstream",
    "sector",
    "region",
    "year",
)


def list_explorer_parties(graph: Graph) -> pl.DataFrame:
    """One row per party in preorder, columns `COLUMNS`.

    parent: row of the primary referrer, -1 = none. year: of the first contract, else of the first
    order, else of the referral; null = unknown.
    """
    nodes, _ = build_forest_nodes(graph)
    since = graph.parties.select("id", "since")
    nodes = nodes.join(since, on="id", how="left", maintain_order="left")
    year = pl.coalesce("since", "date").dt.year().cast(pl.Int64)
    return nodes.with_columns(year=year).select(COLUMNS)

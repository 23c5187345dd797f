"""GRAPH -> PICTURE of all referral trees together; parties outside of any tree are counted."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.measures.picture_caption import build_caption
from refgraph.measures.tree_picture import build_forest_nodes
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.picture import CLOSED_STATES, Picture
from refgraph.model.units import Unit


def build_forest_picture(graph: Graph, depth: int | None = None) -> Picture | None:
    """The Picture of all trees of two parties or more; None where there is none.

    Its nodes are a forest in preorder: every root has the parent -1. depth: generations to show.
    """
    nodes, extras = build_forest_nodes(graph)
    is_alone = ((pl.col("parent") < 0) & (pl.col("downstream") == 0)).alias("alone")
    alone = nodes.select(is_alone).to_series().to_numpy()
    if alone.all():
        return None
    place = np.cumsum(~alone, dtype=np.int32) - np.int32(1)
    parent = nodes["parent"].to_numpy()
    parent = np.where(parent < 0, np.int32(-1), place[parent])
    nodes = nodes.with_columns(parent=pl.Series(parent)).filter(~alone)
    extras = extras.with_columns(
        source=pl.Series(place[extras["source"].to_numpy()], dtype=pl.Int32),
        target=pl.Series(place[extras["target"].to_numpy()], dtype=pl.Int32),
    )
    value = float(nodes["value"].sum())
    caption = build_caption(graph, nodes, extras, outside=0, referrer_above=None, value=value)
    if alone.any():
        caption += (message("picture.alone", parties=int(alone.sum())),)
    return Picture(
        nodes=nodes,
        extras=extras,
        title=_build_title(graph, nodes, value),
        label=message("picture.whole-label"),
        caption=caption,
        basis=graph.value.basis,
        unit=graph.value.unit,
        money=graph.value.kind is Unit.MONEY,
        depth=depth,
    )


def _build_title(graph: Graph, nodes: pl.DataFrame, value: float) -> Message:
    """How many trees hold how many parties, and how much of them the largest tree holds."""
    roots = nodes.filter(pl.col("parent") < 0)
    largest = roots.row(int(roots["downstream"].arg_max() or 0), named=True)
    kind = "-counts" if graph.value.basis == "customers" else ""
    return message(
        f"picture.whole-title{kind}",
        parties=nodes.height,
        trees=roots.height,
        closed=nodes.filter(pl.col("state").is_in(CLOSED_STATES)).height,
        value=graph.value.amount(value),
        name=largest["name"],
        share=(largest["downstream"] + 1) / nodes.height,
    )

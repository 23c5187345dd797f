"""What do the referral trees look like? One row per tree: size, shape and value."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.kernels import passes
from refgraph.measures.calendar import YEAR
from refgraph.measures.tree_shapes import (
    compute_max_widths,
    compute_mean_depths,
    compute_recommender_concentration,
    compute_virality,
    describe_shapes,
)
from refgraph.model.graph import Floats, Graph, Longs
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESCENDING, analysis

COLUMNS = (
    Column("root", Unit.ID),
    Column("name", Unit.TEXT),
    Column("parties", Unit.COUNT),
    Column("customers", Unit.COUNT, key="tree_customers"),
    Column("prospects", Unit.COUNT, detail=True),
    Column("generations", Unit.DEPTH),
    Column("widest", Unit.COUNT, detail=True),
    Column("direct", Unit.COUNT),
    Column("value", Unit.VALUE, key="tree_value"),
    Column("closed", Unit.COUNT, key="tree_closed", detail=True),
    Column("dandelion", Unit.SHARE, "M36", detail=True),
    Column("virality", Unit.RATIO, "M33"),
    Column("mean_depth", Unit.RATIO, detail=True),
    Column("years", Unit.RATIO, key="tree_years", detail=True),
    Column("shape", Unit.TEXT, key="tree_shape", asked="shape"),
)


@analysis(
    grain="tree",
    columns=COLUMNS,
    order=(("value", DESCENDING), ("parties", DESCENDING), ("root", False)),
    formulas=("M33", "M36"),
)
def trees(graph: Graph, *, shape: bool = False) -> Answer:
    """Trees of primary referrers with at least two parties, by value; a note counts the singles.

    customers: existing and former. closed: the referred among them, that is without the root.
    generations, mean_depth: in referrals. dandelion: largest share of the referrals of a tree made
    by one party. years: from the first contract of the root to the latest in the tree. shape: the
    children of each party, generation by generation (``2* 0 1* 0*``), * = a customer; the first
    1,000 parties of a tree.
    """
    frame = _build_rows(graph)
    if shape:
        frame = frame.with_columns(shape=describe_shapes(graph))
    frame = frame.sort("value", "parties", "root", descending=[True, True, False])
    is_root = graph.forest.preorder_parent < 0
    singles = int((is_root & (graph.forest.size == 1)).sum())
    notes = (message("note.singles", singles=singles),) if singles else ()
    return Answer(frame, _build_headline(graph, frame), notes)


def _build_rows(graph: Graph) -> pl.DataFrame:
    """One row per tree. Arrays over the forest are in preorder; roots are preorder indices."""
    forest = graph.forest
    roots = np.flatnonzero((forest.preorder_parent < 0) & (forest.size > 1))
    root_index = forest.order[roots]
    is_prospect = (graph.parties["stage"] == "prospect").to_numpy()
    customers = _sum_in_trees(graph, graph.customers.astype(np.float64), roots).astype(np.int64)
    prospects = _sum_in_trees(graph, is_prospect.astype(np.float64), roots).astype(np.int64)
    children = np.bincount(forest.preorder_parent + 1, minlength=len(graph) + 1)[1:]
    return pl.DataFrame(
        {
            "root": graph.parties["id"].gather(root_index),
            "name": graph.names.gather(root_index),
            "parties": forest.size[roots].astype(np.int64),
            "customers": customers,
            "prospects": prospects,
            "generations": passes.compute_heights(forest.preorder_parent)[roots],
            "widest": compute_max_widths(forest, roots),
            "direct": children[roots],
            "value": _sum_in_trees(graph, graph.value.scaled, roots) / graph.value.scale,
            "closed": customers - graph.customers[root_index],
            "dandelion": compute_recommender_concentration(forest, roots),
            "virality": compute_virality(forest, roots),
            "mean_depth": compute_mean_depths(forest, roots),
            "years": _compute_years(graph, roots),
        }
    )


def _sum_in_trees(graph: Graph, numbers: Floats, roots: Longs) -> Floats:
    """Sum over the parties of each tree; numbers float64[n]: by party."""
    subtree_sums = passes.sum_up(graph.forest.preorder_parent, numbers[graph.forest.order])
    return np.asarray(subtree_sums[roots])


def _compute_years(graph: Graph, roots: Longs) -> pl.Series:
    """Years from the first contract of each root to the latest in its tree; null if unknown."""
    forest = graph.forest
    all_roots = np.flatnonzero(forest.preorder_parent < 0)
    since = graph.parties["since"].gather(forest.order)
    nodes = pl.DataFrame({"root": np.repeat(all_roots, forest.size[all_roots]), "since": since})
    latest = nodes.group_by("root").agg(pl.col("since").max())
    latest_of_tree = pl.DataFrame({"root": roots}).join(
        latest, on="root", how="left", maintain_order="left"
    )["since"]
    return (latest_of_tree - since.gather(roots)).dt.total_days() / YEAR


def _build_headline(graph: Graph, frame: pl.DataFrame) -> Message:
    if not frame.height:
        return message("headline.trees-none", standing=as_of_phrase(graph))
    best = frame.row(0, named=True)
    return message(
        "headline.trees",
        trees=frame.height,
        name=best["name"],
        parties=best["parties"],
        generations=best["generations"],
        value=graph.value.amount(best["value"]),
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )

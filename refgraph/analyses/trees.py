"""What do the referral trees look like? One row per tree: size, shape and value."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.analyses.columns import select_columns
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.tallies import build_columns
from refgraph.measures.tree_shapes import (
    compute_virality,
    describe_shapes,
)
from refgraph.measures.tree_tallies import tally_trees
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tallies
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
    Column("chain", Unit.SHARE, "M36", key="tree_chain", detail=True, closed="position"),
    Column("virality", Unit.RATIO, "M33", closed="position"),
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
    by one party. chain: generations / referrals, 1 = one single chain. years: from the first
    contract of the root to the latest in the tree. shape: the children of each party, generation by
    generation (``2* 0 1* 0*``), * = a customer; the first 1,000 parties of a tree.
    """
    forest = graph.forest
    roots = np.flatnonzero((forest.preorder_parent < 0) & (forest.size > 1))
    tallies = tally_trees(graph, roots)
    parties = graph.parties.select(root="id", name=graph.names)[forest.order[roots]]
    frame = parties.with_columns(
        **build_columns(tallies), virality=pl.Series(compute_virality(forest, roots))
    ).with_row_index("group")
    frame = frame.with_columns(chain=pl.col("generations") / (pl.col("parties") - 1))
    if shape:
        frame = frame.with_columns(shape=describe_shapes(graph))
    frame = frame.sort("value", "parties", "root", descending=[True, True, False])
    opened = Tallies(tallies, frame["group"].to_numpy())
    frame = select_columns(frame, [c for c in COLUMNS if shape or not c.asked])
    singles = int(((forest.preorder_parent < 0) & (forest.size == 1)).sum())
    notes = (message("note.singles", singles=singles),) if singles else ()
    return Answer(frame, _build_headline(graph, frame), notes, opened)


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

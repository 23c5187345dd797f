"""What do the referral trees look like? One row a tree: size, shape and worth."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graphs.periods import basis, standing
from refgraph.graphs.shapes import dandelions, mean_depths, virality, widest
from refgraph.kernels import passes
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import DESC, analysis

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
)


@analysis(grain="tree", columns=COLUMNS, order=(("value", DESC), ("parties", DESC), ("root", False)), formulas=("M33", "M36"))
def trees(graph: Graph) -> Answer:
    """Trees of primary referrers with two parties or more, by value; singles are counted in a note.

    customers are existing and former ones, closed the referred among them (the root left out). generations and mean depth in
    referrals; dandelion = largest share of the tree's referrals made by one party; years from the root's first contract to the
    latest one.
    """
    forest = graph.forest
    starts = np.flatnonzero((forest.place_parent < 0) & (forest.size > 1))
    size = forest.size[starts]
    roots = graph.parties.select("id", "since", name=graph.names)[forest.order[starts]]
    customers = _count(graph, graph.customers, starts)
    value = passes.sums_up(forest.place_parent, graph.value.whole[forest.order])[starts] / graph.value.scale
    frame = pl.DataFrame({
        "root": roots["id"], "name": roots["name"], "parties": size.astype(np.int64), "customers": customers,
        "prospects": _count(graph, (graph.parties["stage"] == "prospect").to_numpy(), starts),
        "generations": passes.heights(forest.place_parent)[starts], "widest": widest(forest, starts),
        "direct": np.bincount(forest.place_parent + 1, minlength=len(graph) + 1)[1:][starts], "value": value,
        "closed": customers - graph.customers[forest.order[starts]], "dandelion": dandelions(forest, starts),
        "virality": virality(forest, starts), "mean_depth": mean_depths(forest, starts), "years": _years(graph, starts),
    }).sort("value", "parties", "root", descending=[True, True, False])  # fmt: skip
    singles = int(((forest.place_parent < 0) & (forest.size == 1)).sum())
    notes = (message("note.singles", singles=singles),) if singles else ()
    return Answer(frame, _headline(graph, frame), notes)


def _count(graph: Graph, mask: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """How many parties of each tree the mask holds."""
    found: np.ndarray = passes.sums_up(graph.forest.place_parent, mask[graph.forest.order].astype(np.float64))[starts]
    return found.astype(np.int64)


def _years(graph: Graph, starts: np.ndarray) -> pl.Series:
    """Years from the root's first contract to the latest in its tree; null where the root's day is not known."""
    tree = np.repeat(np.flatnonzero(graph.forest.place_parent < 0), graph.forest.size[graph.forest.place_parent < 0])
    since = graph.parties["since"].gather(graph.forest.order)
    latest = pl.DataFrame({"tree": tree, "since": since}).group_by("tree").agg(pl.col("since").max()).sort("tree")
    mine = pl.DataFrame({"tree": starts}).join(latest, on="tree", how="left", maintain_order="left")["since"]
    return (mine - since.gather(starts)).dt.total_days() / 365.25


def _headline(graph: Graph, frame: pl.DataFrame) -> Message:
    if not frame.height:
        return message("headline.trees-none", standing=standing(graph))
    best = frame.row(0, named=True)
    return message("headline.trees", trees=frame.height, name=best["name"], parties=best["parties"],
                   generations=best["generations"], value=graph.value.amount(best["value"]), basis=basis(graph),
                   standing=standing(graph))

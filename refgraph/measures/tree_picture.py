"""GRAPH -> PICTURE: the tree below a party, with everything a drawing of it shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

from refgraph.kernels import forest as forests
from refgraph.kernels import passes
from refgraph.kernels.forest import Preorder
from refgraph.measures.picture_caption import build_caption
from refgraph.measures.picture_finding import build_finding
from refgraph.model.graph import Graph, Ints
from refgraph.model.message import message
from refgraph.model.picture import CLOSED_STATES, EXTRA_SCHEMA, NODE_SCHEMA, Picture
from refgraph.model.units import Unit

GROUPINGS = ("source", "sector", "region", "kind", "ownership")
"""Columns by which a picture can be colored instead of the state."""


def build_tree_picture(graph: Graph, party: int, depth: int | None = None) -> Picture:
    """The Picture of a party and all parties below it; depth: generations to show, None = all."""
    return next(build_tree_pictures(graph, [party], depth))


def build_tree_pictures(
    graph: Graph, parties: Iterable[int], depth: int | None = None
) -> Iterator[Picture]:
    """One Picture per party, as `build_tree_picture`; tables they share are built once."""
    nodes, extras, preorder, preorder_index = _build_tables(graph)
    for party in parties:
        start = int(preorder_index[party])
        end = start + int(preorder.size[start])
        yield _assemble_picture(graph, nodes, extras, start, end, depth)


def build_forest_nodes(graph: Graph) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Nodes and extras of all trees together, single parties included, as in `Picture`."""
    nodes, extras, _, _ = _build_tables(graph)
    nothing = pl.lit(None, pl.List(pl.String)).alias("also")
    nodes = nodes.with_columns(nothing).select(pl.col(c).cast(t) for c, t in NODE_SCHEMA.items())
    return nodes, extras.select(pl.col(c).cast(t) for c, t in EXTRA_SCHEMA.items())


def _build_tables(graph: Graph) -> tuple[pl.DataFrame, pl.DataFrame, Preorder, Ints]:
    """Nodes and further referrals of the whole forest, its preorder, and the row of each party."""
    primary = _list_primary_referrals(graph)
    preorder = _order_children_by_date(graph, primary)
    nodes = _build_nodes(graph, preorder, primary)
    preorder_index = np.empty(len(graph), np.int32)
    preorder_index[preorder.order] = np.arange(len(graph), dtype=np.int32)
    extras = _build_extra_arcs(graph, primary, preorder_index)
    return nodes, extras, preorder, preorder_index


def list_roots(graph: Graph, by_size: bool = False) -> list[int]:
    """Indexes of the roots of all trees of two parties or more, by value, then size, then id.

    by_size: by size first, then value.
    """
    forest = graph.forest
    starts = np.flatnonzero((forest.preorder_parent < 0) & (forest.size > 1))
    subtree_value = passes.sum_up(forest.preorder_parent, graph.value.scaled[forest.order])
    roots = forest.order[starts]
    keys = [-forest.size[starts], -subtree_value[starts]]
    order = np.lexsort((roots, *(reversed(keys) if by_size else keys)))
    return [int(root) for root in roots[order]]


def _list_primary_referrals(graph: Graph) -> pl.DataFrame:
    """One row per party: its primary ``referrer`` (-1 = none), ``arc``, ``at`` and ``tie``."""
    row = pl.Series(graph.adjacency.in_arc, dtype=pl.get_index_type())
    ends = pl.col("referrer", "referred").cast(pl.Int32)
    arcs = graph.active_arcs.with_columns(ends, arc=row).sort("at", "arc", nulls_last=True)
    pair = ["referrer", "referred"]
    arcs = arcs.unique(pair, keep="first", maintain_order=True).select("arc", *pair, "at", "tie")
    parties = np.arange(len(graph), dtype=np.int32)
    primary = pl.DataFrame({"referred": parties, "referrer": graph.forest.parent})
    return primary.join(arcs, on=pair, how="left", maintain_order="left")


def _order_children_by_date(graph: Graph, primary: pl.DataFrame) -> Preorder:
    """The forest in preorder, children by date of referral (unknown last), then id."""
    by_date = pl.arg_sort_by("at", "referred", nulls_last=True)
    order = primary.select(by_date).to_series().to_numpy().astype(np.int32)
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    parent = graph.forest.parent[order]
    parent_rank = np.where(parent < 0, np.int32(-1), rank[parent]).astype(np.int32)
    preorder = forests.to_preorder(parent_rank)
    return Preorder(order[preorder.order], preorder.parent, preorder.size, preorder.depth)


def _build_nodes(graph: Graph, preorder: Preorder, primary: pl.DataFrame) -> pl.DataFrame:
    """The columns `NODE_SCHEMA` for the whole forest, in preorder, parents as rows.

    Without ``also``, which depends on the picture; with ``subtree_value``, scaled.
    """
    people = graph.parties.with_columns(name=graph.names, state=_build_state_expr())
    people = people[preorder.order]
    is_closed = people["state"].is_in(CLOSED_STATES).to_numpy()
    own_value = graph.value.scaled[preorder.order]
    subtree_value = passes.sum_up(preorder.parent, own_value)
    subtree_closed = passes.sum_up(preorder.parent, is_closed.astype(np.float64)).astype(np.int64)
    below = {
        "downstream": preorder.size.astype(np.int64) - 1,
        "downstream_closed": subtree_closed - is_closed,
        "downstream_value": (subtree_value - own_value) / graph.value.scale,
    }
    nodes = people.select("id", "name", "state", "key", *_build_grouping_exprs(people))
    return nodes.with_columns(
        parent=pl.Series(preorder.parent),
        depth=pl.Series(preorder.depth),
        value=pl.Series(own_value / graph.value.scale),
        **{name: pl.Series(values) for name, values in below.items()},
        subtree_value=pl.Series(subtree_value),
        channel=primary["tie"].gather(preorder.order),
        date=primary["at"].gather(preorder.order),
    )


def _build_grouping_exprs(people: pl.DataFrame) -> list[pl.Expr]:
    """`GROUPINGS` as text; null for columns that the data lacks."""
    missing = pl.lit(None, pl.String)
    return [
        pl.col(name).cast(pl.String) if name in people.columns else missing.alias(name)
        for name in GROUPINGS
    ]


def _build_state_expr() -> pl.Expr:
    stage, status = pl.col("stage"), pl.col("status")
    return (
        pl.when(stage == "existing")
        .then(pl.lit("closed"))
        .when(stage.is_in(["former", "void", "other"]))
        .then(stage)
        .when(status.is_in(["negotiating", "contacted", "lost"]))
        .then(status)
        .otherwise(pl.lit("new"))
    )


def _build_extra_arcs(graph: Graph, primary: pl.DataFrame, preorder_index: Ints) -> pl.DataFrame:
    """Counted referrals other than primary ones, cut ones included; ends as rows of the nodes."""
    arcs = graph.arcs.with_row_index("arc").filter("counted")
    primary_arcs = primary["arc"].drop_nulls()
    arcs = arcs.filter(~pl.col("arc").is_in(primary_arcs.implode()))
    source = preorder_index[arcs["referrer"].to_numpy()]
    target = preorder_index[arcs["referred"].to_numpy()]
    extras = arcs.select(
        source=pl.Series(source, dtype=pl.Int32),
        target=pl.Series(target, dtype=pl.Int32),
        cut="cut",
        at="at",
        referrer_name=graph.names.gather(arcs["referrer"]),
    )
    return extras.sort("target", "source")


def _assemble_picture(
    graph: Graph,
    forest_nodes: pl.DataFrame,
    forest_extras: pl.DataFrame,
    start: int,
    end: int,
    depth: int | None,
) -> Picture:
    """The Picture of rows start..end of the forest."""
    is_into_tree = pl.col("target").is_between(start, end - 1)
    is_from_tree = pl.col("source").is_between(start, end - 1)
    into_tree = forest_extras.filter(is_into_tree)
    inside, outside = into_tree.filter(is_from_tree), into_tree.filter(~is_from_tree)
    nodes = _cut_out_tree(forest_nodes, outside, start, end)
    ends = pl.col("source", "target") - start
    extras = inside.with_columns(ends).select(pl.col(c).cast(t) for c, t in EXTRA_SCHEMA.items())
    above = forest_nodes["parent"][start]
    caption = build_caption(
        graph,
        nodes,
        extras,
        outside=outside.height,
        referrer_above=None if above < 0 else str(forest_nodes["name"][above]),
        value=forest_nodes["subtree_value"][start] / graph.value.scale,
    )
    return Picture(
        nodes=nodes,
        extras=extras,
        title=build_finding(graph, nodes),
        label=message("picture.title", name=nodes["name"][0], parties=nodes.height),
        caption=caption,
        basis=graph.value.basis,
        unit=graph.value.unit,
        money=graph.value.kind is Unit.MONEY,
        depth=depth,
    )


def _cut_out_tree(
    forest_nodes: pl.DataFrame, outside: pl.DataFrame, start: int, end: int
) -> pl.DataFrame:
    """`NODE_SCHEMA` of one tree: parents and depths from its root, ``also`` from outside.

    also: names of further referrers that are not in the tree.
    """
    nodes = forest_nodes[start:end]
    is_root = pl.int_range(pl.len()) == 0
    parent = pl.when(is_root).then(-1).otherwise(pl.col("parent") - start)
    nodes = nodes.with_columns(
        parent=parent.cast(pl.Int32), depth=pl.col("depth") - pl.col("depth").first()
    )
    also = outside.group_by("target", maintain_order=True).agg(also="referrer_name")
    rows = pl.DataFrame({"target": np.arange(start, end, dtype=np.int32)})
    rows = rows.join(also, on="target", how="left", maintain_order="left")
    nodes = nodes.with_columns(rows["also"])
    return nodes.select(pl.col(c).cast(t) for c, t in NODE_SCHEMA.items())

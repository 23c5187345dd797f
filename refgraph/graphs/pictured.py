"""GRAPH -> PICTURE: the tree below a party with everything that a drawing of it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

from refgraph.graphs.periods import basis, standing
from refgraph.kernels import forest as forests
from refgraph.kernels import passes
from refgraph.kernels.forest import Layout
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message
from refgraph.model.picture import CLOSED, EXTRAS, NODES, Picture
from refgraph.model.units import Unit

GROUPINGS = ("source", "sector", "region", "kind", "ownership")
"""Columns by which a picture can be coloured, beside the state."""


def pictured(graph: Graph, position: int, depth: int | None = None) -> Picture:
    """The Picture of the party at a position and of all below it; ``depth`` referrals of them to be shown."""
    return next(pictures(graph, [position], depth))


def pictures(graph: Graph, positions: Iterable[int], depth: int | None = None) -> Iterator[Picture]:
    """One Picture for each position, as `pictured`; what they share is computed once."""
    tree, primary = _dated(graph)
    nodes = _nodes(graph, tree, primary)
    place = np.empty(len(graph), np.int32)
    place[tree.order] = np.arange(len(graph), dtype=np.int32)
    extras = _extras(graph, primary, place)
    for position in positions:
        first = int(place[position])
        yield _picture(graph, nodes, extras, first, first + int(tree.size[first]), depth)


def roots(graph: Graph) -> list[int]:
    """Positions of the roots of all trees of two parties or more, by value, then parties, then id."""
    forest = graph.forest
    starts = np.flatnonzero((forest.place_parent < 0) & (forest.size > 1))
    value = passes.sums_up(forest.place_parent, graph.value.whole[forest.order])[starts]
    order = np.lexsort((forest.order[starts], -forest.size[starts], -value))
    return [int(p) for p in forest.order[starts][order]]


def _dated(graph: Graph) -> tuple[Layout, pl.DataFrame]:
    """The forest with children by date of referral (unknown last), then id; and the primary referral of each party."""
    arcs = graph.arcs.with_row_index("arc").filter(pl.col("counted") & ~pl.col("cut"))
    primary = pl.DataFrame({"referred": np.arange(len(graph), dtype=np.int32), "referrer": graph.forest.parent})
    arcs = arcs.with_columns(pl.col("referrer", "referred").cast(pl.Int32)).sort("at", "arc", nulls_last=True)
    arcs = arcs.unique(["referrer", "referred"], keep="first", maintain_order=True)
    primary = primary.join(arcs.select("arc", "referrer", "referred", "at", "tie"), on=["referrer", "referred"], how="left",
                           maintain_order="left")  # fmt: skip
    turn = primary.select(pl.arg_sort_by("at", "referred", nulls_last=True)).to_series().to_numpy().astype(np.int32)
    rank = np.empty(len(turn), np.int32)
    rank[turn] = np.arange(len(turn), dtype=np.int32)
    above = graph.forest.parent[turn]
    laid = forests.layout(np.where(above < 0, np.int32(-1), rank[above]).astype(np.int32))
    return Layout(turn[laid.order], laid.parent, laid.size, laid.depth), primary


def _nodes(graph: Graph, tree: Layout, primary: pl.DataFrame) -> pl.DataFrame:
    """`NODES` of the whole forest, parents as places in it; ``also`` comes with the picture. whole: value of the subtree."""
    people = graph.parties.with_columns(name=graph.names, state=_state(), key="key")[tree.order]
    closed = people["state"].is_in(CLOSED).to_numpy()
    value = graph.value.whole[tree.order]
    whole = passes.sums_up(tree.parent, value)
    groupings = [pl.col(c).cast(pl.String) if c in people.columns else pl.lit(None, pl.String).alias(c) for c in GROUPINGS]
    return people.select("id", "name", "state", "key", *groupings).with_columns(
        parent=pl.Series(tree.parent), depth=pl.Series(tree.depth), value=pl.Series(value / graph.value.scale),
        downstream=pl.Series(tree.size.astype(np.int64) - 1),
        downstream_closed=pl.Series(passes.sums_up(tree.parent, closed.astype(np.float64)).astype(np.int64) - closed),
        downstream_value=pl.Series((whole - value) / graph.value.scale), whole=pl.Series(whole),
        channel=primary["tie"].gather(tree.order), date=primary["at"].gather(tree.order),
    )  # fmt: skip


def _state() -> pl.Expr:
    stage, status = pl.col("stage"), pl.col("status")
    return (
        pl.when(stage == "existing").then(pl.lit("closed"))
        .when(stage.is_in(["former", "void", "other"])).then(stage)
        .when(status.is_in(["negotiating", "contacted", "lost"])).then(status)
        .otherwise(pl.lit("new"))
    )  # fmt: skip


def _extras(graph: Graph, primary: pl.DataFrame, place: np.ndarray) -> pl.DataFrame:
    """Counted referrals other than the primary ones, cut ones included, as places of the whole forest, by target."""
    arcs = graph.arcs.with_row_index("arc").filter("counted")
    arcs = arcs.filter(~pl.col("arc").is_in(primary["arc"].drop_nulls().implode()))
    return arcs.select(
        source=pl.Series(place[arcs["referrer"].to_numpy()], dtype=pl.Int32),
        target=pl.Series(place[arcs["referred"].to_numpy()], dtype=pl.Int32), cut="cut", at="at",
        giver=graph.names.gather(arcs["referrer"]),
    ).sort("target", "source")  # fmt: skip


def _picture(graph: Graph, forest: pl.DataFrame, extras: pl.DataFrame, first: int, end: int, depth: int | None) -> Picture:
    nodes = forest[first:end]
    above = nodes["parent"][0]
    nodes = nodes.with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(-1).otherwise(pl.col("parent") - first).cast(pl.Int32).alias("parent"),
        (pl.col("depth") - pl.col("depth").first()).alias("depth"))
    here = extras.filter(pl.col("target").is_between(first, end - 1)).with_columns(pl.col("source", "target") - first)
    inside = pl.col("source").is_between(0, end - first - 1)
    strangers = here.filter(~inside).group_by("target", maintain_order=True).agg(also="giver")
    also = pl.DataFrame({"target": np.arange(end - first, dtype=np.int32)}).join(
        strangers, on="target", how="left", maintain_order="left")["also"]
    nodes = nodes.with_columns(also).select(pl.col(c).cast(t) for c, t in NODES.items())
    drawn = here.filter(inside).select(pl.col(c).cast(t) for c, t in EXTRAS.items())
    title = message("picture.title", name=nodes["name"][0], parties=nodes.height)
    caption = _caption(graph, nodes, drawn, here.height - drawn.height, None if above < 0 else str(forest["name"][above]),
                       forest["whole"][first] / graph.value.scale)
    return Picture(nodes, drawn, title, caption, graph.value.basis, graph.value.unit, graph.value.kind is Unit.MONEY, depth)


def _caption(graph: Graph, nodes: pl.DataFrame, drawn: pl.DataFrame, outside: int, above: str | None,
             worth: float) -> tuple[Message, ...]:
    """Counts and worth; who stands above; further referrers in the picture and outside it; loops."""
    states = dict(nodes["state"].value_counts().iter_rows())
    open_, closed = (sum(states.get(s, 0) for s in some) for some in (("new", "contacted", "negotiating"), CLOSED))
    found = [message("picture.counts-former" if states.get("former") else "picture.counts", parties=nodes.height,
                     closed=closed, former=states.get("former", 0), open=open_, lost=states.get("lost", 0),
                     generations=int(nodes["depth"].to_numpy().max()), value=graph.value.amount(worth), basis=basis(graph),
                     standing=standing(graph))]  # fmt: skip
    if above is not None:
        found.append(message("picture.above", name=nodes["name"][0], referrer=above))
    cut = int(drawn["cut"].sum())
    if drawn.height - cut:
        found.append(message("picture.second", referrals=drawn.height - cut))
    if outside:
        found.append(message("picture.outside", referrals=outside))
    if cut:
        found.append(message("picture.loops", referrals=cut))
    return tuple(found)

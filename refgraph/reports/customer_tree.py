"""The referral tree of a customer page: its row of ``trees`` and its picture."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from refgraph.engines.base import Engine
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures import party_profile, tree_picture
from refgraph.model.graph import Graph
from refgraph.model.message import message
from refgraph.model.picture import Picture
from refgraph.model.result import Section
from refgraph.model.scope import Scope
from refgraph.pipeline import run

CAPTION = "customer-tree"
MAX_DRAWN_PARTIES = 300
"""Parties in a picture; of a larger tree only the part below the party is drawn."""


def build_tree_section(
    engine: Engine, graph: Graph, party: int, scope: Scope, with_picture: bool
) -> Section | None:
    """The row of ``trees`` for the tree of the party; None for a party without referrals."""
    root = _find_root(graph, party)
    trees = run(engine, "trees", {}, scope)
    rows = trees.frame.with_row_index("index").filter(pl.col("root") == graph.parties["id"][root])
    if not rows.height:
        return None
    row = rows.row(0, named=True)
    key = "headline.customer-tree-own" if root == party else "headline.customer-tree"
    value = graph.value.amount(row["value"])
    headline = message(
        key,
        name=graph.names[party],
        root=row["name"],
        parties=row["parties"],
        generations=row["generations"],
        place=row["index"] + 1,
        value=value,
        trees=trees.frame.height,
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )
    result = replace(trees, frame=rows.drop("index"), headline=headline, notes=(), opener=None)
    picture = _build_picture(graph, party, root) if with_picture else None
    return Section(result, CAPTION, picture=picture)


def _find_root(graph: Graph, party: int) -> int:
    """The index of the first referrer of its chain; the party itself if nobody referred it."""
    ancestors = party_profile.list_ancestors(graph, party)
    return int(ancestors[-1]) if len(ancestors) else party


def _build_picture(graph: Graph, party: int, root: int) -> Picture | None:
    """The tree, or the part below the party if the tree is too large; None if that is one party."""
    tree = tree_picture.build_tree_picture(graph, root)
    if len(tree) <= MAX_DRAWN_PARTIES:
        return tree
    subtree = tree_picture.build_tree_picture(graph, party)
    return subtree if len(subtree) > 1 else None

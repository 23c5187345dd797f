"""The referrals as a graph for other programs: GraphML, and GEXF with positions and labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from refgraph.engines.base import Engine
from refgraph.layouts.tidy import lay_out_tidy
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope
from refgraph.pipeline.networkx_interchange import to_networkx

GRAPHML_FILE, GEXF_FILE = "referrals.graphml", "referrals.gexf"
BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y = 160.0, 20.0, 60.0, 4.0
"""Pixels of a party with its name, and between parties."""
WRITTEN_ON = "2000-01-01"
"""The day that every GEXF file names, so that the same data gives the same bytes."""


def write_graphml(engine: Engine, folder: Path) -> None:
    """Nodes with the columns of customers, edges from referrer to referred."""
    import networkx

    network = to_networkx(engine.graph(Scope()), flat=True)
    networkx.write_graphml_xml(network, str(folder / GRAPHML_FILE))


def write_gexf(engine: Engine, folder: Path) -> None:
    """As `write_graphml`, each node with its name as the label and its place among the trees."""
    from networkx.readwrite.gexf import GEXFWriter

    graph = engine.graph(Scope())
    network = to_networkx(graph, flat=True)
    _add_looks(network, graph)
    writer = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    writer.add_graph(network)
    for element in writer.xml.iter("meta"):
        element.set("lastmodifieddate", WRITTEN_ON)
    with (folder / GEXF_FILE).open("wb") as stream:
        writer.write(stream)


def _add_looks(network: Any, graph: Graph) -> None:
    """Give every node its label and position, in place; nodes are in the order of the parties."""
    x, y = compute_positions(graph)
    names = graph.names.to_list()
    for party, (node, attributes) in enumerate(network.nodes(data=True)):
        attributes["label"] = attributes.get("name", node) if names[party] else node
        place = {"x": float(x[party]), "y": float(y[party]), "z": 0.0}
        attributes["viz"] = {"position": place}


def compute_positions(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    """float64[n] twice: all referral trees below each other, generations from left to right.

    They are laid out as the children of one root, which is left out.
    """
    n = len(graph)
    parent = np.full(n + 1, -1, np.int32)
    parent[1:] = graph.forest.preorder_parent + 1
    places = lay_out_tidy(parent, BOX_WIDTH, BOX_HEIGHT, gap_x=GAP_X, gap_y=GAP_Y)
    x, y = np.empty(n), np.empty(n)
    x[graph.forest.order] = places.x[1:] - (BOX_WIDTH + GAP_X)
    y[graph.forest.order] = -places.y[1:]
    return x, y

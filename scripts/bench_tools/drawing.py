"""Pictures: one tree of 3,000 with all its names, the layout of 100,000, and an SVG and a PNG of 30,000."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench_tools import files, peers
from bench_tools.graphs import Case
from bench_tools.timing import Operation, Tool

TREE = ("tree",)


def _picture(case: Case) -> Any:
    """The Picture of the whole tree; building it is beside the timed region, as a peer's graph is."""
    from refgraph import flow
    from refgraph.flow.drawing import picture

    with tempfile.TemporaryDirectory() as place:
        engine = flow.open_source(files.folder(case, Path(place)))
        return picture(engine, files.ids(case)[int(peers.roots(case)[0])])


def _ours(form: str, every_name: bool) -> Any:
    """All names, or what is drawn unless asked: the trunk, everyone else folded into counted stubs."""

    def draw(picture: Any) -> Any:
        from refgraph.renderers.look import Look
        from refgraph.renderers.pictures import render_picture

        return render_picture(picture, form, "en", Look("tidy", picture.nodes.height) if every_name else Look())

    return draw


def _networkx(graph: Any) -> Any:
    import matplotlib
    import networkx

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure = pyplot.figure()
    networkx.draw(graph, ax=figure.add_subplot())
    out = io.BytesIO()
    figure.savefig(out, format="png")
    pyplot.close(figure)
    return out.getvalue()


def _igraph(graph: Any) -> Any:
    return graph.layout_reingold_tilford(root=[0])


def _layout(parent: Any) -> Any:
    from refgraph.layouts.tidy import tidy

    return tidy(parent, 80.0, 16.0, gap_x=20.0, gap_y=4.0)


def _igraph_build(case: Case) -> Any:
    """In our preorder, where the root is node 0."""
    import igraph

    above = case.laid().parent
    return igraph.Graph(n=case.n, edges=np.stack([above[1:], np.arange(1, case.n)], axis=1), directed=True)


def _drawn(state: Any, _: Any) -> Any:
    """Pictures and layouts differ by design: what must be the same is how many parties are in them."""
    count = state.nodes.height if hasattr(state, "nodes") and hasattr(state.nodes, "height") else _size(state)
    return (np.array([count]),)


def _size(state: Any) -> int:
    return int(state.vcount()) if hasattr(state, "vcount") else len(state)


DRAW = Operation("drawing of a tree", (
    Tool("refgraph", _picture, _ours("svg", True), _drawn, "SVG, all names"),
    Tool("refgraph", _picture, _ours("png", False), _drawn, "PNG, trunk and counted stubs"),
    Tool("networkx", peers.networkx_graph, _networkx, _drawn, "draw, PNG, no names"),
), TREE, sizes=(3_000,))  # fmt: skip
LAYOUT = Operation("layout of a tree", (
    Tool("refgraph", lambda case: case.laid().parent, _layout, _drawn, "tidy"),
    Tool("igraph", _igraph_build, _igraph, _drawn, "layout_reingold_tilford", 10_000),
), TREE, sizes=(10_000, 100_000))  # fmt: skip
SVG = Operation("SVG of a tree", (Tool("refgraph", _picture, _ours("svg", True), _drawn, "all names"),), TREE, sizes=(30_000,))
PNG = Operation("PNG of a tree", (Tool("refgraph", _picture, _ours("png", False), _drawn, "trunk and stubs"),), TREE, sizes=(30_000,))
OPERATIONS = (DRAW, LAYOUT, SVG, PNG)

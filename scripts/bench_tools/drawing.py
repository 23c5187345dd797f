"""Pictures: one tree of 3,000 with all names, the layout of 100,000, SVG and PNG of 30,000."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench_tools import files, peers
from bench_tools.graphs import Case
from bench_tools.timing import Operation, Tool

TREE_SHAPES = ("tree",)


def _build_picture(case: Case) -> Any:
    """The Picture of the whole tree. Building it is not timed, nor is a peer's graph."""
    from refgraph import pipeline
    from refgraph.pipeline.drawing import build_picture

    with tempfile.TemporaryDirectory() as folder:
        engine = pipeline.open_source(files.write_folder(case, Path(folder)))
        return build_picture(engine, files.make_ids(case)[int(peers.find_roots(case)[0])])


def _render_with(form: str, every_name: bool) -> Any:
    """With all names, or as by default: the trunk, with the other parties in counted stubs."""

    def draw(picture: Any) -> Any:
        from refgraph.renderers.pictures import render_picture
        from refgraph.renderers.style import PictureStyle

        style = PictureStyle()
        if every_name:
            style = PictureStyle(style="tidy", max_names=picture.nodes.height)
        return render_picture(picture, form, "en", style)

    return draw


def _draw_networkx(graph: Any) -> Any:
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


def _run_igraph_layout(graph: Any) -> Any:
    return graph.layout_reingold_tilford(root=[0])


def _run_tidy_layout(parent: Any) -> Any:
    from refgraph.layouts.tidy import lay_out_tidy

    return lay_out_tidy(parent, 80.0, 16.0, gap_x=20.0, gap_y=4.0)


def _build_igraph(case: Case) -> Any:
    """The tree in refgraph's preorder, where the root is node 0."""
    import igraph

    above = case.compute_layout().parent
    return igraph.Graph(
        n=case.n, edges=np.stack([above[1:], np.arange(1, case.n)], axis=1), directed=True
    )


def _count_drawn(state: Any, _: Any) -> Any:
    """The number of parties drawn: pictures and layouts differ by design, this number must not."""
    count = (
        state.nodes.height
        if hasattr(state, "nodes") and hasattr(state.nodes, "height")
        else _count_nodes(state)
    )
    return (np.array([count]),)


def _count_nodes(state: Any) -> int:
    return int(state.vcount()) if hasattr(state, "vcount") else len(state)


DRAW = Operation(
    "drawing of a tree",
    (
        Tool("refgraph", _build_picture, _render_with("svg", True), _count_drawn, "SVG, all names"),
        Tool(
            "refgraph",
            _build_picture,
            _render_with("png", False),
            _count_drawn,
            "PNG, trunk and counted stubs",
        ),
        Tool("networkx", peers.build_networkx, _draw_networkx, _count_drawn, "draw, PNG, no names"),
    ),
    TREE_SHAPES,
    sizes=(3_000,),
)
LAYOUT = Operation(
    "layout of a tree",
    (
        Tool(
            "refgraph",
            lambda case: case.compute_layout().parent,
            _run_tidy_layout,
            _count_drawn,
            "tidy",
        ),
        Tool(
            "igraph",
            _build_igraph,
            _run_igraph_layout,
            _count_drawn,
            "layout_reingold_tilford",
            10_000,
        ),
    ),
    TREE_SHAPES,
    sizes=(10_000, 100_000),
)
SVG = Operation(
    "SVG of a tree",
    (Tool("refgraph", _build_picture, _render_with("svg", True), _count_drawn, "all names"),),
    TREE_SHAPES,
    sizes=(30_000,),
)
PNG = Operation(
    "PNG of a tree",
    (
        Tool(
            "refgraph", _build_picture, _render_with("png", False), _count_drawn, "trunk and stubs"
        ),
    ),
    TREE_SHAPES,
    sizes=(30_000,),
)
OPERATIONS = (DRAW, LAYOUT, SVG, PNG)

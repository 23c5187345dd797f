"""refgraph: find out who brings a company its customers.

>>> import refgraph
>>> data = refgraph.read("sample_data/five-en")        # a Dataset
>>> result = refgraph.ask.recommenders(data, by="closed")   # a Result: result.show()
>>> result.frame                                        # a polars frame

Importing the package loads nothing heavy: each public name is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from refgraph import errors

if TYPE_CHECKING:
    from refgraph import ask
    from refgraph.api import build_graph, load, match, read, report, run
    from refgraph.engines.options import LoadOptions
    from refgraph.errors import RefgraphWarning
    from refgraph.intake.cast_rules import CastRules
    from refgraph.intake.options import IntakeOptions
    from refgraph.model.dataset import Dataset
    from refgraph.model.graph import Graph
    from refgraph.model.result import Report, Result
    from refgraph.model.scope import Scope
    from refgraph.pipeline.drawing_handle import draw
    from refgraph.pipeline.networkx_interchange import to_networkx
    from refgraph.pipeline.options import Connection, SourceOptions
    from refgraph.renderers import render
    from refgraph.renderers.chart_picture import draw_chart
    from refgraph.renderers.display import show, to_html, to_text
    from refgraph.renderers.style import PictureStyle

    __version__: str

_MODULES = {
    "build_graph": "refgraph.api",
    "load": "refgraph.api",
    "match": "refgraph.api",
    "read": "refgraph.api",
    "report": "refgraph.api",
    "run": "refgraph.api",
    "draw_chart": "refgraph.renderers.chart_picture",
    "show": "refgraph.renderers.display",
    "to_html": "refgraph.renderers.display",
    "to_text": "refgraph.renderers.display",
    "draw": "refgraph.pipeline.drawing_handle",
    "to_networkx": "refgraph.pipeline.networkx_interchange",
    "render": "refgraph.renderers",
    "CastRules": "refgraph.intake.cast_rules",
    "Connection": "refgraph.pipeline.options",
    "Dataset": "refgraph.model.dataset",
    "Graph": "refgraph.model.graph",
    "IntakeOptions": "refgraph.intake.options",
    "LoadOptions": "refgraph.engines.options",
    "PictureStyle": "refgraph.renderers.style",
    "RefgraphWarning": "refgraph.errors",
    "Report": "refgraph.model.result",
    "Result": "refgraph.model.result",
    "Scope": "refgraph.model.scope",
    "SourceOptions": "refgraph.pipeline.options",
}
"""Public name -> the module that defines it."""

__all__ = [
    "CastRules",
    "Connection",
    "Dataset",
    "Graph",
    "IntakeOptions",
    "LoadOptions",
    "PictureStyle",
    "RefgraphWarning",
    "Report",
    "Result",
    "Scope",
    "SourceOptions",
    "__version__",
    "ask",
    "build_graph",
    "draw",
    "draw_chart",
    "errors",
    "load",
    "match",
    "read",
    "render",
    "report",
    "run",
    "show",
    "to_html",
    "to_networkx",
    "to_text",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("refgraph")
    if name == "ask":
        return import_module("refgraph.ask")
    if name not in _MODULES:
        raise AttributeError(f"module 'refgraph' has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return __all__


def _format_error(error: errors.RefgraphError) -> str:
    """Cause and remedy, a line per fault; the texts are loaded when an error is first shown."""
    from refgraph.texts import explain_error, find_language

    language = find_language()
    sentences = [explain_error(e, language, for_python=True) for e in (error, *error.others)]
    return "\n".join(" ".join(sentence) for sentence in sentences)


errors.RefgraphError.formatter = staticmethod(_format_error)

"""refgraph: who brings a company its customers. The public face, loaded only as it is used.

>>> import refgraph
>>> data = refgraph.read("sample_data/five-en")        # a Dataset
>>> refgraph.run("recommenders", data).frame            # a Result with a polars frame
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "read": "refgraph.flow.face",
    "graph": "refgraph.flow.face",
    "load": "refgraph.flow.face",
    "run": "refgraph.flow.face",
    "report": "refgraph.flow.face",
    "draw": "refgraph.flow.drawn",
    "render": "refgraph.renderers",
    "Dataset": "refgraph.model.dataset",
    "Graph": "refgraph.model.graph",
    "Result": "refgraph.model.result",
    "Report": "refgraph.model.result",
    "Scope": "refgraph.model.scope",
    "Loading": "refgraph.engines.neo4j.store",
    "Connection": "refgraph.flow.reading",
    "errors": "",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'refgraph' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name) if _HOMES[name] else import_module(f"refgraph.{name}")


def __dir__() -> list[str]:
    return __all__

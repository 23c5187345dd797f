"""GRAPH -> RESULT: one file, one question. This list names them; a module is loaded for its command alone."""

from __future__ import annotations

from importlib import import_module

from refgraph.errors import UsageError
from refgraph.registry import Analysis, registered

NAMES = ("effect", "referred", "recommenders", "chains", "trees")
"""All analyses, in the order in which a person asks them. Their one-line summaries stand in ``texts`` (``command``)."""


def load(name: str) -> Analysis:
    """The analysis of that name. Raises UsageError ``unknown-analysis``."""
    if name not in NAMES:
        raise UsageError("unknown-analysis", name=name, known=list(NAMES))
    import_module(f"{__name__}.{name.replace('-', '_')}")
    return registered(name)

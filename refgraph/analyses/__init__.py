"""GRAPH -> RESULT: one file, one question. This list names them; a module is loaded for its command
alone, and the list itself loads nothing, so that ``refgraph --help`` can read it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from refgraph.errors import UsageError

if TYPE_CHECKING:
    from refgraph.registry import Analysis

NAMES = (
    "effect", "growth", "cohorts", "time-to-refer", "referred",
    "recommenders", "luck", "influence", "credit",
    "concentration", "quadrants", "rfm",
    "chains", "trees", "communities", "flows",
    "without", "reach", "path", "common", "compare",
    "segments", "channels", "accounts", "prospects", "funnel", "ask-source", "integrity",
)  # fmt: skip
"""All analyses, in the order in which a person asks them. Their one-line summaries stand in ``texts`` (``command``)."""


def load(name: str) -> Analysis:
    """The analysis of that name. Raises UsageError ``unknown-analysis``."""
    if name not in NAMES:
        raise UsageError("unknown-analysis", name=name, known=list(NAMES))
    import_module(f"{__name__}.{name.replace('-', '_')}")
    found: Analysis = import_module("refgraph.registry").registered(name)
    return found

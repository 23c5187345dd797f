"""Imports without what refgraph never asks of them: the driver of Neo4j would load pandas, numba the whole of scipy's algebra.

Only in a process that is the command line's own: elsewhere somebody else may want just that.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

_own = [False]


def own() -> None:
    """This process runs refgraph and nothing else."""
    _own[0] = True


def imported(name: str, without: str) -> ModuleType:
    """A module; in a process of refgraph's own, another is out of its sight while it is imported."""
    if not _own[0] or name in sys.modules or without in sys.modules:
        return importlib.import_module(name)
    sys.modules[without] = None  # type: ignore[assignment]  # how Python is told that a module cannot be imported
    try:
        return importlib.import_module(name)
    finally:
        del sys.modules[without]

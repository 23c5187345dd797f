"""The two contracts: an Engine reads, a Store also writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.result import Answer
from refgraph.model.scope import Scope
from refgraph.progress import Progress


class Engine(Protocol):
    """Where a graph lives. Every answer is the same bytes on every engine, ``origin`` aside."""

    name: str
    answers: frozenset[str]
    """Analyses that the engine can compute itself; an answer may be missing, never different."""

    def graph(self, scope: Scope) -> Graph:
        """The whole graph under a scope. Raises DataError, UsageError or DatabaseError."""
        ...

    def answer(self, name: str, parameters: Mapping[str, object], scope: Scope) -> Answer | None:
        """The engine's own answer, None where it has none for these parameters."""
        ...

    def dataset(self) -> Dataset:
        """What the engine holds, for ``check`` and ``load``."""
        ...

    def origin(self) -> dict[str, object]:
        """Where answers come from: engine, source, fingerprint or version of the database."""
        ...

    def close(self) -> None:
        """Let go of everything; safe to call twice."""
        ...


class Store(Engine, Protocol):
    """An engine that keeps data. (Synchronising and writing back come beside `load`.)"""

    def load(self, dataset: Dataset, progress: Progress) -> str:
        """Put a Dataset in; idempotent, in batches, resumable. Says what was done."""
        ...

    def inspect(self) -> object | None:
        """What was loaded, when, from where; None for nothing."""
        ...

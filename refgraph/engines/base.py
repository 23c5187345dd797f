"""The two contracts: an Engine reads, a Store also writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from refgraph.model.account import Account
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.result import Result
from refgraph.model.scope import Scope
from refgraph.registry import Way
from refgraph.progress import Progress


class Engine(Protocol):
    """Where a graph lives. Every answer is the same bytes on every engine, ``origin`` aside."""

    name: str

    def graph(self, scope: Scope) -> Graph:
        """The whole graph under a scope. Raises DataError, UsageError or DatabaseError."""
        ...

    def part(self, parties: Sequence[str], way: Way, scope: Scope) -> Graph | None:
        """The graph of these parties (by id) and of all who can matter for a question about them; it says the same of them.

        None where the engine has no quicker way than the whole. Raises as `graph`.
        """
        ...

    def answer(self, analysis: str, parameters: Mapping[str, object], scope: Scope, rows: int | None) -> Result | None:
        """The answer to a question, all its options filled in, with its first ``rows`` at least (None: all), where the engine
        holds it; None where it must be computed. Raises as `graph`.
        """
        ...

    def dataset(self) -> Dataset:
        """What the engine holds, for ``check`` and ``load``."""
        ...

    def account(self) -> Account:
        """Settings and ledger of what the engine holds, without the data where it can. Raises as `dataset`."""
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
        """Put a Dataset in, with the answers to keep; idempotent, in batches, resumable. Says what was done."""
        ...

    def inspect(self) -> object | None:
        """What was loaded, when, from where; None for nothing."""
        ...


Keep = Callable[[Engine], Sequence[Result]]
"""Gives the answers that a store keeps beside the data, from an engine that has them in memory."""


def nothing(engine: Engine) -> Sequence[Result]:
    """Keep no answers."""
    return ()

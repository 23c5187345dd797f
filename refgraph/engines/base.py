"""The contracts: an Engine answers questions, a Store also takes data in, a factory opens both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from refgraph.engines.options import Connection, LoadAction, LoadOptions, OpenRequest
from refgraph.engines.sync import SyncSummary
from refgraph.engines.write_back import UnloadPlan, WriteBack, WrittenRun
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message
from refgraph.model.result import Result
from refgraph.model.scope import Scope
from refgraph.model.source_summary import SourceSummary
from refgraph.progress import Progress
from refgraph.registry import Neighborhood


class Engine(Protocol):
    """Where a graph lives. Every engine gives the same answers, byte for byte, ``origin`` aside."""

    name: str

    def graph(self, scope: Scope) -> Graph:
        """The whole graph under a scope. Raises DataError, UsageError or DatabaseError."""
        ...

    def find_subgraph(
        self, parties: Sequence[str], neighborhood: Neighborhood, scope: Scope
    ) -> Graph | None:
        """The part of the graph that decides a question about these parties.

        parties: ids. The part gives the same answer as the whole graph. None if the engine cannot
        get it faster than the whole graph. Raises as `graph`.
        """
        ...

    def find_answer(
        self, analysis: str, parameters: Mapping[str, object], scope: Scope, rows: int | None
    ) -> Result | None:
        """A stored answer, or None if it has to be computed.

        parameters: all options of the analysis, defaults filled in. rows: how many first rows are
        needed, None = all. Raises as `graph`.
        """
        ...

    def dataset(self) -> Dataset:
        """All data of the engine, for ``check`` and ``load``. Raises as `graph`."""
        ...

    def summarize_source(self) -> SourceSummary:
        """Settings and ledger of the data, read without the data if possible. Raises as `graph`."""
        ...

    def origin(self) -> dict[str, object]:
        """Where answers come from: engine, source, fingerprint or version of the database."""
        ...

    def close(self) -> None:
        """Close all connections; may be called twice."""
        ...


AnswerFactory = Callable[[Engine], Sequence[Result]]
"""Computes the answers that a store keeps next to the data, from an engine in memory."""


def compute_no_answers(engine: Engine) -> Sequence[Result]:
    """No answers, for a load that stores only the data."""
    return ()


class StoredLoad(Protocol):
    """The load that a store holds."""

    @property
    def source(self) -> str:
        """Where the data came from."""
        ...

    @property
    def rows(self) -> Mapping[str, int]:
        """Table -> rows."""
        ...

    @property
    def state_label(self) -> Label:
        """Complete, interrupted or being removed, as a word for people."""
        ...


class Store(Engine, Protocol):
    """An engine that can be filled."""

    def read_load_record(self) -> StoredLoad | None:
        """The load in the store; None if refgraph has loaded nothing. Raises DatabaseError."""
        ...

    def load(
        self,
        dataset: Dataset,
        progress: Progress = ...,
        options: LoadOptions = ...,
        source: str = ...,
        compute_answers: AnswerFactory = ...,
    ) -> LoadAction:
        """Write a Dataset, and the answers to store with it; returns what was done.

        source: where the data comes from, for people. A load is idempotent and, if interrupted,
        can be resumed. Raises DataError, UsageError, LockedError, DatabaseError.
        """
        ...

    def plan_sync(self, dataset: Dataset) -> SyncSummary:
        """What `sync` would change. Raises UsageError ``nothing-to-sync``, DatabaseError."""
        ...

    def sync(
        self,
        dataset: Dataset,
        progress: Progress = ...,
        prune: bool = ...,
        confirm: Callable[[SyncSummary], None] = ...,
        source: str = ...,
        compute_answers: AnswerFactory = ...,
    ) -> SyncSummary:
        """Write only what differs from the load. prune: also remove what the Dataset lacks.

        confirm: called with the changes before anything is written. A sync that was interrupted
        is run again. Raises as `plan_sync`, LockedError.
        """
        ...

    def bulk_load(
        self,
        dataset: Dataset,
        admin: str,
        options: LoadOptions = ...,
        source: str = ...,
        compute_answers: AnswerFactory = ...,
    ) -> LoadAction:
        """As `load`, by the import tool of the server, while that is stopped. admin: the tool."""
        ...

    def write_back(self, plan: WriteBack, progress: Progress = ...) -> WrittenRun:
        """Write an answer into nodes; an interrupted run with the same values is continued.

        Raises UsageError for names that exist, LockedError, DatabaseError.
        """
        ...

    def undo_write_back(self, run: str, progress: Progress = ...) -> WrittenRun:
        """Remove what a run wrote. Raises UsageError ``unknown-run`` and as `write_back`."""
        ...

    def plan_unload(self) -> UnloadPlan:
        """What `unload` would remove. Raises DatabaseError if others have attached data to it."""
        ...

    def unload(self, progress: Progress = ...) -> None:
        """Remove all that was made in the database. Raises as `plan_unload`, and LockedError."""
        ...


class HealthFinding(NamedTuple):
    """One fact about a database; remedy: what to do if it is not good."""

    is_good: bool
    message: Message
    remedy: Message | None = None


class EngineFactory(Protocol):
    """The functions that a module named in `refgraph.engines.ENGINES` provides."""

    def open_engine(self, uri: str, request: OpenRequest) -> Engine:
        """An engine that reads the database. Raises UsageError, FileError."""
        ...

    def open_store(self, uri: str, connection: Connection) -> Store:
        """A store that fills the database. Raises UsageError, FileError."""
        ...

    def check_health(self, uri: str, request: OpenRequest) -> Iterator[HealthFinding]:
        """Facts about the database for ``doctor``. Raises UsageError, FileError, DatabaseError."""
        ...

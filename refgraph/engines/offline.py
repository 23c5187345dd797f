"""The engine in memory: a Dataset, and the graphs built from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refgraph.graph import build_graph
from refgraph.model import source_summary
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.representation import describe_object
from refgraph.model.result import Result
from refgraph.model.scope import Scope
from refgraph.model.source_summary import SourceSummary
from refgraph.registry import Neighborhood

MAX_GRAPHS = 2
"""Graphs kept: a report uses one scope for all its questions, a comparison uses two."""


class OfflineEngine:
    """Arrays in memory; needs no server and computes everything in Python."""

    name = "offline"

    def __init__(self, dataset: Dataset, source: str = "") -> None:
        self._dataset = dataset
        self._source = source
        self._graphs: dict[Scope, Graph] = {}

    def __repr__(self) -> str:
        return describe_object(self, self._source, repr(self._dataset))

    def graph(self, scope: Scope) -> Graph:
        """The graph under a scope; the last `MAX_GRAPHS` are kept. Raises UsageError, DataError."""
        if scope not in self._graphs:
            newest = list(self._graphs.items())[1 - MAX_GRAPHS :]
            self._graphs = {**dict(newest), scope: build_graph(self._dataset, scope)}
        return self._graphs[scope]

    def find_subgraph(
        self, parties: Sequence[str], neighborhood: Neighborhood, scope: Scope
    ) -> Graph | None:
        """None: the whole graph is in memory."""
        return None

    def find_answer(
        self, analysis: str, parameters: Mapping[str, object], scope: Scope, rows: int | None
    ) -> Result | None:
        """None: nothing is stored."""
        return None

    def dataset(self) -> Dataset:
        """The Dataset itself."""
        return self._dataset

    def summarize_source(self) -> SourceSummary:
        """The summary of the Dataset."""
        return source_summary.summarize_dataset(self._dataset)

    def origin(self) -> dict[str, object]:
        """Engine and source."""
        return {"engine": self.name, "source": self._source}

    def close(self) -> None:
        """Nothing to close."""

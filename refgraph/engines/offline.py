"""The embedded engine: a Dataset in memory, graphs built on demand and kept for the last scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refgraph.graphs import build
from refgraph.model import account
from refgraph.model.account import Account
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.result import Result
from refgraph.model.scope import Scope
from refgraph.registry import Way


class Offline:
    """Arrays in memory; needs no server and answers everything in Python."""

    name = "offline"

    def __init__(self, dataset: Dataset, source: str = "") -> None:
        self._dataset = dataset
        self._source = source
        self._kept: dict[Scope, Graph] = {}

    def graph(self, scope: Scope) -> Graph:
        """The graph under a scope; the last two are kept, so a report builds each once and a comparison both."""
        if scope not in self._kept:
            self._kept = dict(list(self._kept.items())[-1:]) | {scope: build(self._dataset, scope)}
        return self._kept[scope]

    def part(self, parties: Sequence[str], way: Way, scope: Scope) -> Graph | None:
        """None: everything is here already."""
        return None

    def answer(self, analysis: str, parameters: Mapping[str, object], scope: Scope, rows: int | None) -> Result | None:
        """None: everything is computed."""
        return None

    def dataset(self) -> Dataset:
        """The Dataset itself."""
        return self._dataset

    def account(self) -> Account:
        """That of the Dataset."""
        return account.of(self._dataset)

    def origin(self) -> dict[str, object]:
        """Engine and source."""
        return {"engine": self.name, "source": self._source}

    def close(self) -> None:
        """Nothing to close."""

"""The engine for a Neo4j database: what refgraph has loaded into it, or an external graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import polars as pl

from refgraph.engines import serialization
from refgraph.engines.neo4j import answers, reading, subgraph
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.credentials import Credentials
from refgraph.engines.neo4j.freshness import is_unchanged_since_load, read_consistently
from refgraph.engines.neo4j.load_record import LoadRecord, read_load_record
from refgraph.engines.neo4j.read_options import ReadOptions
from refgraph.engines.neo4j.whole_graph import drop_sensitive, read_whole_graph, require_load
from refgraph.engines.offline import OfflineEngine
from refgraph.graph import build_graph, distances
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.representation import describe_object
from refgraph.model.result import Result
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings
from refgraph.model.source_summary import SourceSummary
from refgraph.registry import Neighborhood

T = TypeVar("T")


class Neo4jEngine:
    """A database as an engine.

    A question is answered by the first of these that gives the same answer: an answer stored by the
    load, the part of the graph that matters for the question, the whole graph. The whole graph is
    read once and then kept in memory. The connection is closed as soon as a question has its data,
    and opened again for the next one.
    """

    name = "neo4j"

    def __init__(self, credentials: Credentials, options: ReadOptions = ReadOptions()) -> None:
        self._database = Database(credentials)
        self._options = options
        self._offline: OfflineEngine | None = None
        self._source_summary: SourceSummary | None = None
        self._version = ""

    def __repr__(self) -> str:
        return describe_object(self, self._database.credentials.uri)

    def graph(self, scope: Scope) -> Graph:
        """The graph under a scope, from one version of the database."""
        return self._load_offline().graph(scope)

    def dataset(self) -> Dataset:
        """All data that was loaded. Raises as `whole_graph.read_whole_graph`."""
        return self._load_offline().dataset()

    def find_subgraph(
        self, parties: Sequence[str], neighborhood: Neighborhood, scope: Scope
    ) -> Graph | None:
        """The part of the graph that matters; None unless the load is fresh and read as it is."""
        if not self._can_use_load(scope):
            return None
        for direction in subgraph.DIRECTIONS[neighborhood]:
            graph = self._read_subgraph(parties, direction, scope)
            if graph is None:
                continue
            if direction != "above" or distances.is_connected_downward(graph, parties):
                return graph
        return None

    def _read_subgraph(
        self, parties: Sequence[str], direction: subgraph.Direction, scope: Scope
    ) -> Graph | None:
        def read_part(record: LoadRecord) -> Dataset | None:
            return subgraph.read_subgraph(self._database, record, parties, direction)

        record, data = self._read_if_fresh(read_part)
        if data is None:
            return None
        self.close()
        self._source_summary = _summarize_load(record, data.settings, data.ledger)
        return build_graph(drop_sensitive(data, self._options), scope, record.whole_graph_summary)

    def find_answer(
        self, analysis: str, parameters: Mapping[str, object], scope: Scope, rows: int | None
    ) -> Result | None:
        """The answer that the load stored; None unless the load is fresh and read as it is."""
        if not self._can_use_load(scope):
            return None

        def read_stored(record: LoadRecord) -> tuple[Result, pl.DataFrame] | None:
            answer = answers.read_answer(self._database, analysis, parameters, rows)
            if answer is None:
                return None
            return answer, reading.read_ledger(self._database, record)

        record, stored = self._read_if_fresh(read_stored)
        if stored is None:
            return None
        self.close()
        answer, ledger = stored
        settings = serialization.restore_settings(record.metadata["settings"])
        self._source_summary = _summarize_load(record, settings, ledger)
        return answer

    def _can_use_load(self, scope: Scope) -> bool:
        """Whether what the load stored may answer: default scope, nothing changed, nothing read."""
        is_unread = self._offline is None
        return is_unread and scope == Scope() and self._options.allows_stored_answers

    def _read_if_fresh(self, read: Callable[[LoadRecord], T | None]) -> tuple[LoadRecord, T | None]:
        """The load, and what ``read`` returns; None if anything was committed since the load."""

        def read_at(version: str) -> tuple[LoadRecord, T | None]:
            record = require_load(self._database)
            is_fresh = is_unchanged_since_load(record, version)
            return record, read(record) if is_fresh else None

        result, self._version = read_consistently(self._database, read_at)
        return result

    def summarize_source(self) -> SourceSummary:
        """From the ledger of the load; from all data if that has been or has to be read."""
        has_to_read = self._options.external_graph is not None or self._options.snapshot
        if self._offline is not None or has_to_read:
            return self._load_offline().summarize_source()
        if self._source_summary is None:
            record = require_load(self._database)
            stored = serialization.restore_settings(record.metadata["settings"])
            ledger = reading.read_ledger(self._database, record)
            settings = self._options.settings or stored
            self._source_summary = _summarize_load(record, settings, ledger)
        return self._source_summary

    def origin(self) -> dict[str, object]:
        """Engine, address, database, and the version of it that was read last."""
        credentials = self._database.credentials
        return {
            "engine": self.name,
            "source": credentials.uri,
            "database": credentials.database,
            "version": self._version,
        }

    def read_load_record(self) -> LoadRecord | None:
        """The record of the load in the database; None if refgraph has loaded nothing."""
        return read_load_record(self._database)

    def close(self) -> None:
        """Close the connection; may be called twice."""
        self._database.close()

    def _load_offline(self) -> OfflineEngine:
        """The engine in memory, filled on first use."""
        if self._offline is None:
            with self._database:
                data, self._version = read_whole_graph(self._database, self._options)
            self._offline = OfflineEngine(data, self._database.credentials.uri)
        return self._offline


def _summarize_load(record: LoadRecord, settings: Settings, ledger: pl.DataFrame) -> SourceSummary:
    return SourceSummary(
        settings=settings,
        customers=record.rows["customers"],
        ledger=ledger,
        findings=record.rows["findings"],
        ignored=tuple(record.metadata["ignored"]),
        warnings=tuple((code, count) for code, count in record.metadata["warnings"]),
    )

"""What a load is going to write, worked out before the database is changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from refgraph.engines import serialization
from refgraph.engines.answers_version import ANSWERS_VERSION
from refgraph.engines.base import AnswerFactory, compute_no_answers
from refgraph.engines.neo4j import answers
from refgraph.engines.neo4j.load_record import ROW_PROPERTY, SUMMARY_LABELS
from refgraph.engines.neo4j.reading import PAGE_ROWS
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import DataError
from refgraph.graph.summary import summarize_graph
from refgraph.model.dataset import Dataset
from refgraph.model.fields import FIELDS_BY_TABLE
from refgraph.model.scope import Scope

MAX_INDEXED_BYTES = 8_000
"""Bytes of a text that an index of Neo4j can hold."""
MAX_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, eq=False, kw_only=True)
class LoadPlan:
    """Everything a load writes.

    tables: name -> rows in their order. metadata: as `serialization.to_metadata`, and under
    ``cuts`` the id of every `PAGE_ROWS`-th customer, by which tables are read in pages. identity:
    as `serialization.compute_identity`. source: where the data comes from, for people.
    """

    tables: Mapping[str, pl.DataFrame]
    metadata: Mapping[str, Any]
    identity: str
    data: Dataset
    source: str
    compute_answers: AnswerFactory

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the Dataset; takes seconds for millions of rows the first time."""
        return self.data.fingerprint

    @cached_property
    def derived_properties(self) -> dict[str, object]:
        """As `compute_derived_properties`; takes as long as building the graph."""
        return compute_derived_properties(self.data, self.compute_answers)

    @property
    def rows(self) -> dict[str, int]:
        """Table -> number of rows."""
        return {table: frame.height for table, frame in self.tables.items()}

    def select_columns(self, table: str) -> list[str]:
        """The columns of a table that are written."""
        if table in SUMMARY_LABELS:
            return self.tables[table].columns
        return serialization.select_stored_columns(self.metadata, table)


def plan_load(
    data: Dataset, source: str, compute_answers: AnswerFactory = compute_no_answers
) -> LoadPlan:
    """The plan for a Dataset, without contacts and events.

    Raises DataError ``group-too-long``, ``attribute-reserved``.
    """
    data = serialization.drop_side_tables(data)
    tables = serialization.to_frames(data)
    metadata = serialization.to_metadata(data)
    ids = tables["customers"]["id"]
    metadata["cuts"] = ids.gather_every(PAGE_ROWS, PAGE_ROWS - 1).to_list()
    if "affiliations" in tables:
        _check_group_names(tables["affiliations"]["group"])
    for table in FIELDS_BY_TABLE:
        if ROW_PROPERTY in metadata["columns"].get(table, ()):
            raise DataError("attribute-reserved", name=ROW_PROPERTY, table=table)
    return LoadPlan(
        tables=tables,
        metadata=metadata,
        identity=serialization.compute_identity(metadata, tables),
        data=data,
        source=source,
        compute_answers=compute_answers,
    )


def compute_derived_properties(data: Dataset, compute_answers: AnswerFactory) -> dict[str, object]:
    """What only the whole graph determines, as properties of the ledger node.

    census: summary of the whole graph, as JSON. answers: the answers to store, as JSON.
    answers_version: the version of both.
    """
    engine = OfflineEngine(data)
    summary = summarize_graph(data, engine.graph(Scope()))
    return {
        "census": to_json(summary.to_json()),
        "answers": to_json(answers.serialize_answers(compute_answers(engine))),
        "answers_version": ANSWERS_VERSION,
    }


def to_json(value: object) -> str:
    """JSON text, with every character as it is."""
    return json.dumps(value, ensure_ascii=False)


def _check_group_names(names: pl.Series) -> None:
    """Raises DataError ``group-too-long`` for a name that no index can hold."""
    too_long = names.filter(names.str.len_bytes() > MAX_INDEXED_BYTES)
    if too_long.len():
        shown = f"{too_long[0][:MAX_SHOWN_CHARACTERS]}…"
        raise DataError("group-too-long", group=shown, most=MAX_INDEXED_BYTES)

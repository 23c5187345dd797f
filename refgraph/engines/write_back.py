"""What is written back into a database: columns of an answer, one row per node."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl


@dataclass(frozen=True, eq=False, kw_only=True)
class WriteBack:
    """An answer to be written into nodes.

    keys: which node each row belongs to, unique and in order. values: the properties, under their
    names in the database. marks: label -> whether the node of a row gets it. marker: name of the
    property that holds the id of the run. label, key: the nodes, and the property that holds the
    key. parameters: of the analysis, as JSON values. fingerprint: of the data.
    """

    analysis: str
    parameters: Mapping[str, object]
    fingerprint: str
    keys: pl.Series
    values: pl.DataFrame
    marks: pl.DataFrame
    marker: str
    label: str
    key: str

    @property
    def names(self) -> list[str]:
        """All properties that are written, the marker last."""
        return [*self.values.columns, self.marker]

    @property
    def labels(self) -> list[str]:
        """All labels that nodes may get."""
        return self.marks.columns

    @cached_property
    def identity(self) -> str:
        """SHA-256 in hex over everything that is written: equal runs write the same."""
        head = [self.analysis, dict(self.parameters), self.fingerprint, self.marker]
        text = json.dumps([*head, self.label, self.key], sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode())
        table = pl.concat(
            [pl.DataFrame({"": self.keys}), self.values, self.marks], how="horizontal"
        )
        digest.update(table.write_ndjson().encode())
        return digest.hexdigest()


@dataclass(frozen=True, kw_only=True)
class WrittenRun:
    """A finished run. nodes: those that hold it. rows: of the answer. replaced: earlier runs."""

    id: str
    analysis: str
    nodes: int
    rows: int
    names: list[str]
    labels: list[str]
    replaced: int = 0


@dataclass(frozen=True, kw_only=True)
class UnloadPlan:
    """What an unload removes. source: of the load, empty if there is none. runs: as shown."""

    source: str
    nodes: int
    runs: list[str]
    constraints: list[str]

    @property
    def is_empty(self) -> bool:
        """Whether refgraph has left nothing in the database."""
        return not (self.nodes or self.runs or self.constraints)

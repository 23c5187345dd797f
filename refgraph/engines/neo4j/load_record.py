"""What refgraph stores in a database: labels, types and keys, and the record of the load."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from refgraph.engines.answers_version import ANSWERS_VERSION
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.queries import load_statement
from refgraph.model.graph_summary import WholeGraphSummary, summary_from_json
from refgraph.model.message import Label

KEY_PROPERTIES = {
    "Customer": "id",
    "Group": "name",
    "Order": "refgraph_row",
    "RefgraphFile": "refgraph_row",
    "RefgraphFinding": "refgraph_row",
    "RefgraphReject": "refgraph_row",
    "RefgraphLoad": "id",
    "RefgraphLock": "id",
    "RefgraphRun": "id",
    "RefgraphBlock": "id",
}
"""Label -> the property that is unique among its nodes."""
RELATIONSHIP_ENDS = {
    "BELONGS_TO": ("Customer", "Group"),
    "PLACED": ("Customer", "Order"),
    "REFERRED": ("Customer", "Customer"),
}
"""Type of relationship -> labels of its start and end nodes."""
SUMMARY_LABELS = {
    "ledger": "RefgraphFile",
    "findings": "RefgraphFinding",
    "rejects": "RefgraphReject",
}
"""Table about the source files -> label of its rows."""
NODE_LABELS = {"customers": "Customer", "orders": "Order", **SUMMARY_LABELS}
RELATIONSHIP_TYPES = {"referrals": "REFERRED", "affiliations": "BELONGS_TO"}
ROW_PROPERTY = "refgraph_row"
"""Row number within the load."""
NULL_TEXT = "\0"
"""Stands for null in lists, since Cypher's collect() drops nulls; no cell of a Dataset holds it."""
MAX_ID = "\U0010ffff"
"""Sorts after every id."""


@dataclass(frozen=True, kw_only=True)
class LoadRecord:
    """The load that a database holds.

    state: loading, complete or removing. metadata: as `serialization.to_metadata`. rows: table ->
    rows of the load. written_rows: table -> rows that are there already. whole_graph_summary: None
    if it is of another `ANSWERS_VERSION`. last_transaction_id: that of the load itself (see
    `freshness`).
    """

    identity: str
    fingerprint: str
    state: str
    metadata: Mapping[str, Any]
    rows: Mapping[str, int]
    written_rows: Mapping[str, int]
    source: str
    finished: str | None
    version: str
    whole_graph_summary: WholeGraphSummary | None = None
    last_transaction_id: int | None = None

    @property
    def is_complete(self) -> bool:
        """Whether everything has been written."""
        return self.state == "complete"

    @property
    def state_label(self) -> Label:
        """The state as a word for people."""
        return Label(f"load-{self.state}")


def read_load_record(database: Database) -> LoadRecord | None:
    """The record of the load in the database; None if refgraph has loaded nothing."""
    row = database.first_row("inspect/load")
    if row is None:
        return None
    values = dict(zip(load_statement("inspect/load").columns, row, strict=True))
    if values["identity"] is None:
        return None
    summary = None
    if values["census"] and values["answers_version"] == ANSWERS_VERSION:
        summary = summary_from_json(json.loads(values["census"]))
    metadata = json.loads(values["about"])
    rows, written_rows = json.loads(values["rows"]), json.loads(values["done"])
    return LoadRecord(
        identity=values["identity"],
        fingerprint=values["fingerprint"],
        state=values["state"],
        metadata=metadata,
        rows=rows,
        written_rows=written_rows,
        source=values["source"],
        finished=values["finished"],
        version=values["version"],
        whole_graph_summary=summary,
        last_transaction_id=values["settled"],
    )


def labels_without_constraint(database: Database) -> list[str]:
    """Labels whose key has no constraint, or none that is online yet."""
    rows = database.read(load_statement("inspect/indexes").to_cypher())
    guarded = set()
    for label, key, state, constraint in rows:
        if constraint and state == "ONLINE":
            guarded.add((label, key))
    return [label for label, key in KEY_PROPERTIES.items() if (label, key) not in guarded]


def count_nodes(database: Database) -> dict[str, int]:
    """Nodes per label of refgraph, and ``*`` for all other nodes, from the server's own counts.

    All nodes are counted before and after the labels, so that nodes which a load writes or deletes
    meanwhile do not count as somebody else's.
    """
    before = _read_count(database, "inspect/count_all_nodes")
    counts = {}
    for label in KEY_PROPERTIES:
        counts[label] = _read_count(database, "inspect/count_nodes", label=label)
    total = min(before, _read_count(database, "inspect/count_all_nodes"))
    counts["*"] = max(total - sum(counts.values()), 0)
    return counts


def count_relationships(database: Database, type: str) -> int:
    """Relationships of one of refgraph's types that start at its label."""
    start, _ = RELATIONSHIP_ENDS[type]
    return _read_count(database, "inspect/count_relationships", type=type, **{"from": start})


def _read_count(database: Database, name: str, **slots: str) -> int:
    rows = database.read(load_statement(name).to_cypher(**slots))
    return int(rows[0][0]) if rows else 0

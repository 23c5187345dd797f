"""What refgraph keeps in a database: which labels and types, under which keys, and the load that stands there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from refgraph.engines.code import stamp
from refgraph.engines.neo4j.database import Database
from refgraph.engines.queries import statement
from refgraph.model.census import Census, from_json
from refgraph.model.message import Label

KEYS = {
    "Customer": "id", "Group": "name", "Order": "refgraph_row", "RefgraphFile": "refgraph_row",
    "RefgraphFinding": "refgraph_row", "RefgraphReject": "refgraph_row", "RefgraphLoad": "id", "RefgraphLock": "id",
}  # fmt: skip
"""Label -> the property that no two of its nodes share."""
TYPES = {"BELONGS_TO": ("Customer", "Group"), "PLACED": ("Customer", "Order"), "REFERRED": ("Customer", "Customer")}
"""Type of relationship -> labels it leads from and to."""
ACCOUNT = {"ledger": "RefgraphFile", "findings": "RefgraphFinding", "rejects": "RefgraphReject"}
"""Table of the account -> label."""
NODES = {"customers": "Customer", "orders": "Order", **ACCOUNT}
LINKS = {"referrals": "REFERRED", "affiliations": "BELONGS_TO"}
BLANK = "\0"
"""Stands for null in lists, from which Cypher would drop it; intake lets no cell hold it."""
LAST = "\U0010ffff"
"""After every id."""


@dataclass(frozen=True)
class Load:
    """The load that a database holds. state: loading, complete or removing. done: table -> rows that are there.
    census: what a part of the graph must be told of the whole; None where other code than this told it.
    settled: number of the last transaction of the load (see `settling`)."""

    identity: str
    fingerprint: str
    state: str
    about: Mapping[str, Any]
    rows: Mapping[str, int]
    done: Mapping[str, int]
    source: str
    finished: str | None
    version: str
    census: Census | None = None
    settled: int | None = None

    @property
    def complete(self) -> bool:
        """Whether all of it is there."""
        return self.state == "complete"

    @property
    def spoken(self) -> Label:
        """The state as a word for people."""
        return Label(f"load-{self.state}")


def held(database: Database) -> Load | None:
    """The load that the database holds, None where refgraph has loaded nothing."""
    found = database.one("look/load")
    if found is None or found[0] is None:
        return None
    identity, fingerprint, state, about, rows, done, source, finished, version, census, settled, code = found
    told = from_json(json.loads(census)) if census and code == stamp() else None
    return Load(identity, fingerprint, state, json.loads(about), json.loads(rows), json.loads(done), source, finished, version,
                told, settled)  # fmt: skip


def unguarded(database: Database) -> list[str]:
    """Labels whose key no constraint guards."""
    rows = database.read(statement("look/indexes").filled())
    guarded = {(label, key) for label, key, state, constraint in rows if constraint and state == "ONLINE"}
    return [label for label, key in KEYS.items() if (label, key) not in guarded]


def counts(database: Database) -> dict[str, int]:
    """How many nodes there are of each of refgraph's labels, and ``*`` for all others; from the server's own counts. What a load
    writes or takes away meanwhile is not taken for somebody else's."""
    before = _counted(database, "look/nodes")
    found = {label: _counted(database, "look/labels", label=label) for label in KEYS}
    everything = min(before, _counted(database, "look/nodes"))
    return found | {"*": max(everything - sum(found.values()), 0)}


def linked(database: Database, type: str) -> int:
    """How many relationships there are of one of refgraph's types, from nodes of its own label."""
    return _counted(database, "look/relationships", type=type, **{"from": TYPES[type][0]})


def _counted(database: Database, name: str, **slots: str) -> int:
    rows = database.read(statement(name).filled(**slots))
    return int(rows[0][0]) if rows else 0

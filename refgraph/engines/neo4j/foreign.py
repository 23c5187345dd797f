"""A graph that refgraph did not load -> raw tables, which go through the same door as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from refgraph import intake
from refgraph.engines.neo4j.database import Database
from refgraph.engines.neo4j.keeping import BLANK
from refgraph.engines.neo4j.reading import framed
from refgraph.engines.queries import Cypher, statement
from refgraph.errors import DataError
from refgraph.intake.mapping import map_headers
from refgraph.model.dataset import Dataset
from refgraph.model.raw import RawTable, no_rejects
from refgraph.model.settings import Settings

ENDS = ("referrer", "referred")
PARTS = 64
"""Lists that a column comes in: few would be long ones, many would be slow."""


@dataclass(frozen=True)
class Foreign:
    """Which nodes are customers, which relationships are referrals, and whether these lead from the referred to the referrer."""

    label: str
    relationship: str = ""
    reversed: bool = False


def dataset(database: Database, what: Foreign, settings: Settings, options: intake.Options) -> Dataset:
    """The graph as a Dataset: properties are columns by their names, as headers of a file are.

    A property that holds lists or points is no column; its name stands among the files left unread. Raises DataError
    ``no-nodes`` where there are none of the label, and what intake raises.
    """
    keys, ignored = _keys(database, "look/keys", label=what.label)
    if not keys:
        raise DataError("no-nodes", label=what.label, uri=database.access.uri)
    file = f"(:{what.label})"
    nodes = _collected(database, statement("read/foreign_nodes").filled(label=what.label, text=keys), keys)
    tables = {"customers": [_raw(file, nodes)]}
    if what.relationship:
        name = next(m.header for m in map_headers("customers", file, keys, settings) if m.field.name == "id")
        own, more = _keys(database, "look/relationship_keys", label=what.label, type=what.relationship)
        ignored += more
        text = statement("read/foreign_relationships").filled(label=what.label, type=what.relationship, key=name, text=own)
        start, end = ENDS[::-1] if what.reversed else ENDS
        renamed = [f"{key}*" if key in ENDS else key for key in own]
        arcs = _collected(database, text, [start, end, *renamed])
        tables["referrals"] = [_raw(f"[:{what.relationship}]", arcs.select(*ENDS, *renamed))]
    return intake.admit(tables, settings, options, tuple(ignored))


def _keys(database: Database, name: str, **slots: str) -> tuple[list[str], list[str]]:
    """Properties that are text for all who have them, and the others."""
    found = database.read(statement(name).filled(**slots))
    return [key for key, other in found if not other], [f"{slots['label']}.{key}" for key, other in found if other]


def _collected(database: Database, text: Cypher, names: Sequence[str]) -> pl.DataFrame:
    """The lists of all parts under one another."""
    rows = database.read(text, parts=PARTS, blank=BLANK)
    return framed((tuple(lists) for _, *lists in rows), names, dict.fromkeys(names, pl.String))


def _raw(file: str, frame: pl.DataFrame) -> RawTable:
    """A row is cited by its number in the order of all its cells: a database has no lines."""
    rows = frame.sort(frame.columns, nulls_last=True)
    return RawTable(file, rows, pl.int_range(1, rows.height + 1, eager=True).alias("line"), rows.height, no_rejects())

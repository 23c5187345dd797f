"""A directed networkx graph -> raw tables: nodes are customers, an edge leads from the referrer.

Node attributes are columns of customers, edge attributes columns of referrals. An attribute
``orders``, ``affiliations``, ``contacts`` or ``events`` of a node that is a list of mappings holds
the node's rows of that table. A node marked ``stub`` has no row among the customers: only referrals
name it. networkx itself is not imported here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral
from typing import Any

import numpy as np

from refgraph.errors import UsageError
from refgraph.model.field_types import FieldType
from refgraph.model.fields import COLUMN_OF_PARTY, FIELDS_BY_TABLE
from refgraph.model.raw import RawTable
from refgraph.sources.frames import to_raw_table
from refgraph.sources.values import cells_to_text

_FILE_NAMES = {"customers": "nodes", "referrals": "edges"}
_KEY_COLUMNS = {"customers": ["id"], "referrals": ["referrer", "referred"]} | {
    table: [column] for table, column in COLUMN_OF_PARTY.items()
}

RowDicts = list[dict[str, object]]
Nodes = list[tuple[str, dict[Any, Any]]]
TableTypeLookup = Callable[[Sequence[str], str], Mapping[str, FieldType]]
"""Headers, and the table they belong to -> the type that each known one is read as."""


def is_network(source: object) -> bool:
    """Whether an object looks like a networkx graph."""
    return all(hasattr(source, name) for name in ("nodes", "edges", "is_directed", "is_multigraph"))


def read(
    source: Any, find_types: TableTypeLookup, recorded: Iterable[str] = ()
) -> dict[str, list[RawTable]]:
    """Read the raw tables of a DiGraph or MultiDiGraph.

    They are cited as "nodes", "edges", and by the names of the other tables. recorded:
    ``table.column`` names of columns to add even if no node or edge has them.
    Raises UsageError ``undirected-graph``, ``nodes-alike`` (1 and "1" would be one customer),
    ``float-ids``, ``cell-not-text``; and what `frames.to_raw_table` raises.
    """
    if not source.is_directed():
        raise UsageError("undirected-graph")
    rows = _collect_rows(source)
    wanted: dict[str, list[str]] = {table: [] for table in FIELDS_BY_TABLE}
    for target in recorded:
        table, _, name = target.partition(".")
        wanted.get(table, []).append(name)
    return {
        table: [_build_table(rows[table], table, wanted[table], find_types)]
        for table in FIELDS_BY_TABLE
        if table == "customers" or rows[table] or wanted[table]
    }


def _collect_rows(source: Any) -> dict[str, RowDicts]:
    """Table -> its rows."""
    ids = _to_ids(source)
    nodes: Nodes = [
        (id, dict(attributes))
        for id, (_, attributes) in zip(ids.values(), source.nodes(data=True), strict=True)
    ]
    rows = {table: _extract_nested_rows(nodes, table) for table in COLUMN_OF_PARTY}
    rows["customers"] = [
        _merge_row({"id": id}, attributes)
        for id, attributes in nodes
        if attributes.pop("stub", None) is not True
    ]
    rows["referrals"] = [
        _merge_row({"referrer": ids[referrer], "referred": ids[referred]}, attributes)
        for referrer, referred, attributes in source.edges(data=True)
    ]
    return rows


def _to_ids(source: Any) -> dict[object, str]:
    """Node -> its id as text. Raises UsageError ``nodes-alike`` if two nodes have the same."""
    ids: dict[object, str] = {}
    seen: set[str] = set()
    for node in source.nodes:
        id = _to_id(node)
        if id in seen:
            raise UsageError("nodes-alike", id=id)
        seen.add(id)
        ids[node] = id
    return ids


def _to_id(node: object) -> str:
    """The id of a node, whole numbers with every digit."""
    if isinstance(node, str):
        return node
    if isinstance(node, Integral) and not isinstance(node, (bool, np.bool_)):
        return str(int(node))
    fault = "float-ids" if isinstance(node, (float, np.floating)) else "cell-not-text"
    raise UsageError(fault, file="nodes", column="id", kind=type(node).__name__)


def _extract_nested_rows(nodes: Nodes, table: str) -> RowDicts:
    """The rows of a table that nodes carry; the attribute is removed from the node."""
    rows: RowDicts = []
    for id, attributes in nodes:
        nested = attributes.get(table)
        if isinstance(nested, (list, tuple)) and all(isinstance(row, Mapping) for row in nested):
            rows += [_merge_row({COLUMN_OF_PARTY[table]: id}, row) for row in nested]
            del attributes[table]
    return rows


def _merge_row(key: dict[str, object], attributes: Mapping[Any, object]) -> dict[str, object]:
    """The key columns, then the attributes; one named like a key column gets a ``*``."""
    renamed = {
        f"{name}*" if name in key else str(name): value for name, value in attributes.items()
    }
    return key | renamed


def _build_table(
    rows: RowDicts, table: str, wanted: Sequence[str], find_types: TableTypeLookup
) -> RawTable:
    """The rows as a raw table, key columns first, then those with the name of a field.

    So an attribute that is spelled like an alias of a field cannot take that field's place.
    """
    file, keys = _FILE_NAMES.get(table, table), _KEY_COLUMNS[table]
    seen = dict.fromkeys([*wanted, *(name for row in rows for name in row)])
    fields = {field.name for field in FIELDS_BY_TABLE[table]}
    others = [name for name in seen if name not in keys]
    names = [*keys, *sorted(others, key=lambda name: name not in fields)]
    types = find_types(names, table)
    columns = [
        cells_to_text([row.get(name) for row in rows], name, types.get(name), file)
        for name in names
    ]
    return to_raw_table(names, columns, file)

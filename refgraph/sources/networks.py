"""A directed graph of networkx -> raw tables: nodes are customers, an edge says who referred whom.

Node attributes are columns of customers, edge attributes columns of referrals. An attribute ``orders`` or
``affiliations`` of a node that is a list of mappings holds the node's rows of that table. A node marked ``stub``
stands in no table of customers: only referrals name it. networkx itself is not needed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral
from typing import Any

import numpy as np
import polars as pl

from refgraph.errors import UsageError
from refgraph.model.fields import TABLES, Type
from refgraph.model.raw import RawTable
from refgraph.sources.frames import raw
from refgraph.sources.values import cells

NESTED = {"orders": "customer", "affiliations": "customer"}
"""Table that a node may carry -> its column for the node."""

Rows = list[dict[str, object]]
Kinds = Callable[[Sequence[str], str], Mapping[str, Type]]
"""Headers and the table they are of -> the type that each known one is read as."""


def is_network(source: object) -> bool:
    """Whether it is a graph of networkx, told by its ways."""
    return all(hasattr(source, name) for name in ("nodes", "edges", "is_directed", "is_multigraph"))


def read(source: Any, kinds: Kinds, recorded: Iterable[str] = ()) -> dict[str, list[RawTable]]:
    """The raw tables of a DiGraph or MultiDiGraph, named "nodes", "edges", "orders" and "affiliations".

    recorded: ``table.column`` that there shall be even where no node or edge has it.
    Raises UsageError ``undirected-graph``, ``nodes-alike`` (1 and "1" would be one customer), ``float-ids``,
    ``cell-not-text``; and what `frames.raw` raises.
    """
    if not source.is_directed():
        raise UsageError("undirected-graph")
    ids = _identities(source)
    nodes = [(id, dict(attributes)) for id, (_, attributes) in zip(ids.values(), source.nodes(data=True), strict=True)]
    tables: dict[str, Rows] = {table: _taken_out(nodes, table) for table in NESTED}
    tables["customers"] = [_row({"id": id}, told) for id, told in nodes if told.pop("stub", None) is not True]
    tables["referrals"] = [_row({"referrer": ids[u], "referred": ids[v]}, told) for u, v, told in source.edges(data=True)]
    wanted: dict[str, list[str]] = {table: [] for table in TABLES}
    for target in recorded:
        table, _, name = target.partition(".")
        wanted.get(table, []).append(name)
    files = {"customers": "nodes", "referrals": "edges"}
    given = [t for t in TABLES if t == "customers" or tables[t] or wanted[t]]
    return {t: [_table(tables[t], t, files.get(t, t), wanted[t], kinds)] for t in given}


def _identities(source: Any) -> dict[object, str]:
    """Node -> its id as text; whole numbers digit by digit."""
    ids = {node: _identity(node) for node in source.nodes}
    if len(set(ids.values())) < len(ids):
        seen: dict[str, object] = {}
        alike = next(id for node, id in ids.items() if seen.setdefault(id, node) is not node)
        raise UsageError("nodes-alike", id=alike)
    return ids


def _identity(node: object) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, Integral) and not isinstance(node, (bool, np.bool_)):
        return str(int(node))
    fault = "float-ids" if isinstance(node, (float, np.floating)) else "cell-not-text"
    raise UsageError(fault, file="nodes", column="id", kind=type(node).__name__)


def _taken_out(nodes: Iterable[tuple[str, dict[Any, Any]]], table: str) -> Rows:
    """The rows of a table that nodes carry; the attribute leaves the node."""
    rows: Rows = []
    for id, told in nodes:
        if isinstance(told.get(table), (list, tuple)) and all(isinstance(row, Mapping) for row in told[table]):
            rows += [_row({NESTED[table]: id}, row) for row in told.pop(table)]
    return rows


def _row(first: dict[str, object], told: Mapping[Any, object]) -> dict[str, object]:
    """The ends of an arc or the id, then what is told; an attribute named like one of these gets a ``*``."""
    return first | {f"{name}*" if name in first else str(name): value for name, value in told.items()}


def _table(rows: Rows, table: str, file: str, wanted: Sequence[str], kinds: Kinds) -> RawTable:
    """Known names first, so that an attribute spelled like one of their aliases does not take their place."""
    first = {"customers": ["id"], "referrals": ["referrer", "referred"]}.get(table, ["customer"])
    seen = dict.fromkeys([*first, *wanted, *(name for row in rows for name in row)])
    fields = {field.name for field in TABLES[table]}
    names = [*first, *sorted(set(seen) - set(first), key=lambda name: (name not in fields, list(seen).index(name)))]
    types = kinds(names, table)
    columns = [cells([row.get(name) for row in rows], name, types.get(name), file) for name in names]
    return raw(names, columns or [pl.Series(n, [], dtype=pl.String) for n in names], file)

"""Which parts of a graph that refgraph did not load are customers, referrals and other tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from refgraph.engines.options import Connection
from refgraph.errors import UsageError
from refgraph.model.external_graph_names import ExternalGraphNames
from refgraph.model.fields import TABLE_NAMES
from refgraph.model.settings import Settings

NAMES_OF_TABLE = {
    "customers": ("label",),
    "referrals": ("relationship", "reversed_relationship"),
    "orders": ("orders_label", "orders_relationship"),
}
"""Table -> the keys that name where in the graph it is; other tables need a statement."""


@dataclass(frozen=True)
class ReferralType:
    """A type of relationship. is_reversed: it leads from the referred customer to the referrer."""

    name: str
    is_reversed: bool = False


@dataclass(frozen=True)
class ExternalGraph:
    """Where customers, referrals and orders are, and statements that return whole tables.

    labels: of customers; a node with several of them belongs to the first. orders_label,
    orders_type: as in `ExternalGraphNames`. properties: further ones to read. statements: table ->
    text. A table with a statement has no names.
    """

    labels: tuple[str, ...] = ()
    types: tuple[ReferralType, ...] = ()
    orders_label: str = ""
    orders_type: str = ""
    properties: tuple[str, ...] = ()
    statements: Mapping[str, str] = field(default_factory=dict)


def find_external_graph(settings: Settings, connection: Connection) -> ExternalGraph | None:
    """The graph named by the options, or else by table ``[neo4j]`` of the configuration.

    For each table the options replace what the configuration says. None if neither names customers
    or referrals. Raises UsageError ``label-missing`` for names that need the label of customers,
    ``cypher-beside-names`` for a table with names and a statement.
    """
    given = _read_connection(connection)
    configured = settings.neo4j
    names: dict[str, tuple[str, ...]] = {}
    statements: dict[str, str] = {}
    for table in TABLE_NAMES:
        source = given if _is_named(given, table) else configured
        keys = NAMES_OF_TABLE.get(table, ())
        statement = getattr(source, table)
        if statement and any(getattr(source, key) for key in keys):
            raise UsageError("cypher-beside-names", table=table, option=keys[0])
        if statement:
            statements[table] = statement
        names |= {key: () if statement else _to_tuple(getattr(source, key)) for key in keys}
    is_reversed = configured.reversed if connection.reversed is None else connection.reversed
    graph = ExternalGraph(
        labels=names["label"],
        types=_list_types(names, is_reversed),
        orders_label="".join(names["orders_label"]),
        orders_type="".join(names["orders_relationship"]),
        properties=given.property or configured.property,
        statements=statements,
    )
    return _check_completeness(graph, connection)


def _read_connection(connection: Connection) -> ExternalGraphNames:
    """What the options name; empty = not given."""
    statements: dict[str, Any] = dict(connection.cypher)
    return ExternalGraphNames(
        label=connection.label or (),
        relationship=connection.relationship or (),
        reversed_relationship=connection.reversed_relationship or (),
        orders_label=connection.orders_label or "",
        orders_relationship=connection.orders_relationship or "",
        property=connection.property or (),
        **statements,
    )


def _is_named(names: ExternalGraphNames, table: str) -> bool:
    return any(getattr(names, key) for key in (table, *NAMES_OF_TABLE.get(table, ())))


def _to_tuple(value: str | tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(dict.fromkeys(value))


def _list_types(
    names: Mapping[str, tuple[str, ...]], is_reversed: bool
) -> tuple[ReferralType, ...]:
    """Each type once; one that is named as reversed, too, is reversed."""
    reversed_types = names["reversed_relationship"]
    types = [name for name in names["relationship"] if name not in reversed_types]
    return (
        *(ReferralType(name, is_reversed) for name in types),
        *(ReferralType(name, True) for name in reversed_types),
    )


def _check_completeness(graph: ExternalGraph, connection: Connection) -> ExternalGraph | None:
    """The graph; None if it names nothing. Raises UsageError ``label-missing``."""
    if graph.labels:
        return graph
    needs_label = bool(graph.types or graph.orders_type)
    if {"customers", "referrals"} & graph.statements.keys() and not needs_label:
        return graph
    is_asked = bool(connection.reversed) or _read_connection(connection) != ExternalGraphNames()
    if is_asked or graph.statements:
        raise UsageError("label-missing")
    return None

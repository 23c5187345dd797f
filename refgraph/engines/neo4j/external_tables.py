"""A graph that refgraph did not load -> raw tables, which go through the same intake as files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from refgraph import intake
from refgraph.engines.neo4j import external_names as names
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.external_graph import ExternalGraph, ReferralType
from refgraph.engines.neo4j.external_lists import read_lists
from refgraph.engines.neo4j.external_orders import read_orders
from refgraph.engines.neo4j.external_reader import (
    CustomerLabel,
    Reader,
    count_elsewhere,
    rename_properties,
)
from refgraph.engines.neo4j.external_statements import read_statement
from refgraph.engines.queries import load_statement
from refgraph.errors import DataError
from refgraph.intake.header_matches import iterate_named_headers
from refgraph.intake.mapping import find_headers
from refgraph.model.dataset import Dataset
from refgraph.model.raw import RawTable, Tables
from refgraph.model.settings import Settings

END_COLUMNS = ("referrer", "referred")


def read_external_graph(
    database: Database, graph: ExternalGraph, settings: Settings, options: intake.IntakeOptions
) -> Dataset:
    """The graph as a Dataset. Raises as `read_external_tables`, and whatever intake raises."""
    tables = read_external_tables(database, graph, settings)
    return intake.build_dataset(tables.by_name, settings, options, tables.ignored)


def read_external_tables(database: Database, graph: ExternalGraph, settings: Settings) -> Tables:
    """The raw tables of a graph: properties are columns, their names are headers as in a file.

    Only properties that may be known columns are read, and those that are named. Those that hold
    lists or points are left out, and listed among the ignored files. Raises DataError ``no-nodes``,
    ``no-relationships`` and ``no-property``, which name what there is, the nearest first; and as
    `read_statement`.
    """
    names.check_names(database, graph)
    reader = Reader(database, graph, settings)
    tables: dict[str, list[RawTable]] = {}
    for table, statement in graph.statements.items():
        tables[table] = [read_statement(database, table, statement, settings)]
    labels: list[CustomerLabel] = []
    if graph.labels:
        tables["customers"] = list(_read_customers(reader, labels))
    if graph.types:
        tables["referrals"] = [_read_referrals(reader, labels, type) for type in graph.types]
    if graph.orders_label or graph.orders_type:
        tables["orders"] = read_orders(reader, labels)
    _check_named_properties(reader, tables)
    return Tables(tables, tuple(reader.ignored))


def _read_customers(reader: Reader, labels: list[CustomerLabel]) -> Iterator[RawTable]:
    """One raw table per label; how each is named is added to ``labels``."""
    database, settings = reader.database, reader.settings
    for position, label in enumerate(reader.graph.labels):
        others, shown = reader.graph.labels[:position], f"(:{label})"
        columns = reader.select_properties("customers")
        indexed = names.find_index(database, label, settings)
        frame = read_lists(
            database,
            "read/external_nodes",
            columns,
            indexed,
            label=label,
            other=others,
            text=columns,
        )
        if not frame.height and not _has_nodes(database, label):
            raise names.describe_missing_label(database, label)
        table = reader.finish("customers", frame, shown)
        headers = find_headers("customers", table.frame.columns, settings)
        if "id" not in headers:
            raise _describe_missing_id(reader, label)
        labels.append(CustomerLabel(label=label, key=headers["id"], indexed=indexed, others=others))
        yield _name_unread(reader, label, table)


def _name_unread(reader: Reader, label: str, table: RawTable) -> RawTable:
    """The table with a remark on properties that are no known columns and were not named."""
    known = names.list_node_properties(reader.database, label)
    unread = [name for name in known if name not in reader.found]
    if not unread:
        return table
    shown = " ".join(f"(:{label}) {', '.join(unread[: names.MAX_SHOWN])}".split())
    return replace(table, warnings=((f"property-unread {shown}", len(unread)),))


def _has_nodes(database: Database, label: str) -> bool:
    text = load_statement("inspect/count_nodes").to_cypher(label=label)
    return bool(database.read(text)[0][0])


def _describe_missing_id(reader: Reader, label: str) -> DataError:
    """The error for a label whose id is not known: the named property, or none at all."""
    known = names.list_node_properties(reader.database, label)
    named = reader.settings.columns.get("customers.id")
    if named is not None:
        return names.describe_missing_property(named, f"(:{label})", known)
    return DataError(
        "missing-column", file=f"(:{label})", table="customers", column="id", seen=known
    )


def _read_referrals(
    reader: Reader, labels: Sequence[CustomerLabel], type: ReferralType
) -> RawTable:
    """The relationships of a type between customers; others are counted as skipped rows.

    Raises DataError ``no-relationships`` if all of them are.
    """
    properties = reader.select_properties("referrals", END_COLUMNS)
    ends = END_COLUMNS[::-1] if type.is_reversed else END_COLUMNS
    frames = [
        read_lists(
            reader.database,
            "read/external_relationships",
            [*ends, *rename_properties(properties, END_COLUMNS)],
            start.indexed,
            type=type.name,
            text=properties,
            **{"from": start.label, "from_key": start.key, "from_other": start.others},
            **{"to": end.label, "to_key": end.key, "to_other": end.others},
        )
        for start in labels
        for end in labels
    ]
    headers = [*END_COLUMNS, *rename_properties(properties, END_COLUMNS)]
    frame = pl.concat([frame.select(headers) for frame in frames])
    if not frame.height:
        raise names.describe_missing_type(reader.database, type.name, reader.graph.labels)
    table = reader.finish("referrals", frame, f"[:{type.name}]", END_COLUMNS)
    return count_elsewhere(reader.database, type.name, table)


def _check_named_properties(reader: Reader, tables: Mapping[str, Sequence[RawTable]]) -> None:
    """Raise DataError ``no-property`` for a named property that no node or relationship has.

    Columns of tables that statements return are left to intake.
    """
    graph, known = reader.graph, dict[str, str]()
    for table in tables.keys() - graph.statements.keys():
        known |= {header: table for _, header in iterate_named_headers(table, reader.settings)}
    for name in (*known, *graph.properties):
        if name not in reader.found and f"{name}*" not in reader.found:
            place = _describe_place(graph, known.get(name, "customers"))
            raise names.describe_missing_property(name, place, _list_known(reader, known.get(name)))


def _describe_place(graph: ExternalGraph, table: str) -> str:
    labels, types = graph.labels, [type.name for type in graph.types]
    if table == "referrals":
        return ", ".join(f"[:{type}]" for type in types)
    if table == "orders":
        return f"(:{graph.orders_label})" if graph.orders_label else f"[:{graph.orders_type}]"
    return ", ".join(f"(:{label})" for label in labels)


def _list_known(reader: Reader, table: str | None) -> set[str]:
    """Properties in the graph where a table, or any table, is."""
    database, graph = reader.database, reader.graph
    known: set[str] = set()
    labels = (*graph.labels, graph.orders_label)
    types = (*(type.name for type in graph.types), graph.orders_type)
    if table == "customers":
        labels, types = graph.labels, ()
    for label in filter(None, labels):
        known.update(names.list_node_properties(database, label))
    for type in filter(None, types):
        known.update(names.list_relationship_properties(database, type))
    return known

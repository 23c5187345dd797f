"""A graph that refgraph did not load -> raw tables, which go through the same intake as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from refgraph import intake
from refgraph.engines.neo4j.columns import build_frame
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.load_record import NULL_TEXT
from refgraph.engines.options import Connection
from refgraph.engines.queries import Cypher, load_statement
from refgraph.errors import DataError, UsageError
from refgraph.intake.mapping import map_headers
from refgraph.model.dataset import Dataset
from refgraph.model.raw import RawTable, make_empty_rejects
from refgraph.model.settings import Settings

END_COLUMNS = ("referrer", "referred")
PARTS = 64
"""Parts that a table is read in: one long list per column would need too much memory on the server,
many short ones would be slow."""


@dataclass(frozen=True)
class ExternalGraph:
    """Which nodes are customers and which relationships are referrals.

    reversed: the relationships point from the referred customer to the referrer.
    """

    label: str
    relationship: str = ""
    reversed: bool = False


def find_external_graph(settings: Settings, connection: Connection) -> ExternalGraph | None:
    """The graph named by the options, or else by table ``[neo4j]`` of the configuration.

    None if no label is named. Raises UsageError ``label-missing`` for other names without a label.
    """
    configured = settings.neo4j
    is_reversed = connection.reversed
    if is_reversed is None:
        is_reversed = configured.reversed
    label = connection.label or configured.label
    if label:
        relationship = connection.relationship or configured.relationship
        return ExternalGraph(label, relationship, is_reversed)
    if connection.relationship or connection.reversed:
        raise UsageError("label-missing")
    return None


def read_external_graph(
    database: Database, graph: ExternalGraph, settings: Settings, options: intake.IntakeOptions
) -> Dataset:
    """The graph as a Dataset: properties are columns, their names are headers as in a file.

    Properties that hold lists or points are left out, and listed among the ignored files. Raises
    DataError ``no-nodes`` and ``no-relationships``, which name the labels and types there are, and
    whatever intake raises.
    """
    _check_names(database, graph)
    keys, ignored = _find_properties(database, "inspect/node_properties", label=graph.label)
    if not keys:
        raise _describe_missing_nodes(database, graph)
    file = f"(:{graph.label})"
    text = load_statement("read/external_nodes").to_cypher(label=graph.label, text=keys)
    tables = {"customers": [_to_raw_table(file, _collect_columns(database, text, keys))]}
    if graph.relationship:
        mapping = map_headers("customers", file, keys, settings)
        id_key = next(mapped.header for mapped in mapping if mapped.field.name == "id")
        referrals, unread = _read_relationships(database, graph, id_key)
        tables["referrals"] = [referrals]
        ignored += unread
    return intake.build_dataset(tables, settings, options, tuple(ignored))


def _read_relationships(
    database: Database, graph: ExternalGraph, id_key: str
) -> tuple[RawTable, list[str]]:
    """The referrals, and the properties that are left out. id_key: property with a node's id."""
    keys, ignored = _find_properties(
        database,
        "inspect/relationship_properties",
        label=graph.label,
        type=graph.relationship,
    )
    text = load_statement("read/external_relationships").to_cypher(
        label=graph.label, type=graph.relationship, key=id_key, text=keys
    )
    # a property must not be mistaken for an end of the relationship
    headers = [f"{key}*" if key in END_COLUMNS else key for key in keys]
    ends = END_COLUMNS[::-1] if graph.reversed else END_COLUMNS
    frame = _collect_columns(database, text, [*ends, *headers])
    file = f"[:{graph.relationship}]"
    table = _to_raw_table(file, frame.select(*END_COLUMNS, *headers))
    return _count_elsewhere(database, graph, table), ignored


def _check_names(database: Database, graph: ExternalGraph) -> None:
    """Raise DataError ``no-nodes`` or ``no-relationships`` for names that the database lacks."""
    if graph.label not in _list_names(database, "inspect/labels"):
        raise _describe_missing_nodes(database, graph)
    types = _list_names(database, "inspect/types")
    if graph.relationship and graph.relationship not in types:
        raise _describe_missing_relationships(database, graph)


def _list_names(database: Database, name: str) -> list[str]:
    return [str(row[0]) for row in database.read(load_statement(name).to_cypher())]


def _describe_missing_nodes(database: Database, graph: ExternalGraph) -> DataError:
    known = _list_names(database, "inspect/labels") or ["–"]
    uri = database.credentials.uri
    return DataError("no-nodes", label=graph.label, uri=uri, known=known)


def _describe_missing_relationships(database: Database, graph: ExternalGraph) -> DataError:
    known = _list_names(database, "inspect/types") or ["–"]
    uri = database.credentials.uri
    return DataError(
        "no-relationships", known=known, type=graph.relationship, label=graph.label, uri=uri
    )


def _count_elsewhere(database: Database, graph: ExternalGraph, table: RawTable) -> RawTable:
    """The table with relationships of the type that touch nodes of another label, as skipped rows.

    Raises DataError ``no-relationships`` if all do.
    """
    text = load_statement("inspect/count_type").to_cypher(type=graph.relationship)
    elsewhere = max(int(database.read(text)[0][0]) - table.rows_read, 0)
    if not table.rows_read:
        raise _describe_missing_relationships(database, graph)
    if not elsewhere:
        return table
    return replace(
        table,
        rows_read=table.rows_read + elsewhere,
        rows_skipped=elsewhere,
        warnings=(("relationship-elsewhere", elsewhere),),
    )


def _find_properties(database: Database, name: str, **slots: str) -> tuple[list[str], list[str]]:
    """Names of properties whose values all have a text form, and ``Label.property`` of others."""
    readable, ignored = [], []
    for key, values_without_text in database.read(load_statement(name).to_cypher(**slots)):
        if values_without_text:
            ignored.append(f"{slots['label']}.{key}")
        else:
            readable.append(key)
    return readable, ignored


def _collect_columns(database: Database, text: Cypher, names: Sequence[str]) -> pl.DataFrame:
    """The lists of all parts as one frame of text."""
    rows = database.read(text, parts=PARTS, null_text=NULL_TEXT)
    pages = (tuple(columns) for _, *columns in rows)
    return build_frame(pages, names, dict.fromkeys(names, pl.String))


def _to_raw_table(file: str, frame: pl.DataFrame) -> RawTable:
    """A database has no lines: a row is cited by its number in the order of all its cells."""
    rows = frame.sort(frame.columns, nulls_last=True)
    line = pl.int_range(1, rows.height + 1, eager=True).alias("line")
    return RawTable(
        file=file,
        frame=rows,
        line=line,
        rows_read=rows.height,
        rejects=make_empty_rejects(),
    )

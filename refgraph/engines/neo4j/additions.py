"""What somebody has added to a load that no column of it shows: properties, and whole tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refgraph.engines import serialization
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.load_record import (
    NODE_LABELS,
    RELATIONSHIP_ENDS,
    RELATIONSHIP_TYPES,
    ROW_PROPERTY,
    LoadRecord,
    count_relationships,
)
from refgraph.engines.queries import load_statement
from refgraph.model.dataset import LOCATION_SCHEMA, get_schema

NO_PROPERTIES = {*LOCATION_SCHEMA, ROW_PROPERTY, "stub"}
"""What a load writes besides the cells."""
TABLE_RELATIONSHIPS = {"orders": "PLACED", "affiliations": "BELONGS_TO"}
"""Table that a load may lack -> the type of relationship that its rows have."""


def list_property_names(database: Database) -> list[str]:
    """Names of properties that the database has ever used."""
    text = load_statement("inspect/property_names").to_cypher()
    return [str(row[0]) for row in database.read(text)]


def select_columns(record: LoadRecord, table: str, all_properties: Sequence[str]) -> list[str]:
    """Properties that are columns: those of the load, and fields that somebody may have added."""
    loaded = record.metadata["columns"].get(table, ())
    columns = dict.fromkeys((*get_schema(table), *loaded))
    ends = () if table == "customers" else serialization.REQUIRED_COLUMNS[table]
    left_out = {*NO_PROPERTIES, *ends}
    return [name for name in columns if name in all_properties and name not in left_out]


def has_additions(database: Database, record: LoadRecord) -> bool:
    """Whether there are rows of a table, or values of a field, that the load did not have."""
    if find_added_tables(database, record):
        return True
    all_properties = list_property_names(database)
    for table in record.metadata["columns"]:
        stored = serialization.select_stored_columns(record.metadata, table)
        names = select_columns(record, table, all_properties)
        added = [name for name in names if name not in stored]
        if added and any(count_values(database, table, added)):
            return True
    return False


def find_added_tables(database: Database, record: LoadRecord) -> list[str]:
    """Tables that the load did not have and of which there are rows now."""
    return [
        table
        for table, type in TABLE_RELATIONSHIPS.items()
        if table not in record.metadata["columns"] and count_relationships(database, type)
    ]


def count_values(database: Database, table: str, names: Sequence[str]) -> Sequence[int]:
    """How many rows of a table have each property."""
    slots: Mapping[str, str | Sequence[str]]
    if table in NODE_LABELS:
        statement, slots = "inspect/added_node_values", {"label": NODE_LABELS[table]}
    else:
        type = RELATIONSHIP_TYPES[table]
        statement = "inspect/added_relationship_values"
        slots = {"type": type, "from": RELATIONSHIP_ENDS[type][0]}
    text = load_statement(statement).to_cypher(text=names, **slots)
    return tuple(database.read(text)[0][1:])

"""Labels, types and properties of a database; names that it lacks are refused with those it has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.external_graph import ExternalGraph
from refgraph.engines.neo4j.external_lists import Indexed
from refgraph.engines.queries import load_statement
from refgraph.errors import DatabaseError, DataError
from refgraph.intake.header_matches import find_spelling_matches, select_known_headers
from refgraph.model.settings import Settings

SAMPLE_ROWS = 1_000
"""Nodes and relationships that are looked at for the names of their properties."""
MAX_SHOWN = 20
"""Names that an error lists."""


def check_names(database: Database, graph: ExternalGraph) -> None:
    """Raise DataError ``no-nodes`` or ``no-relationships`` for names that the database lacks."""
    labels = [*graph.labels, *filter(None, [graph.orders_label])]
    if labels:
        known = list_names(database, "inspect/labels")
        for label in labels:
            if label not in known:
                raise describe_missing_label(database, label)
    types = [*(type.name for type in graph.types), *filter(None, [graph.orders_type])]
    if types:
        known = list_names(database, "inspect/types")
        for type in types:
            if type not in known:
                raise describe_missing_type(database, type, graph.labels)


def list_names(database: Database, name: str) -> list[str]:
    """The names that a statement without slots returns."""
    return [str(row[0]) for row in database.read(load_statement(name).to_cypher())]


def describe_missing_label(database: Database, label: str) -> DataError:
    """The error for a label without nodes."""
    known = sort_nearest_first(label, list_names(database, "inspect/labels"))
    return DataError("no-nodes", label=label, uri=database.credentials.uri, known=known)


def describe_missing_type(database: Database, type: str, labels: Sequence[str]) -> DataError:
    """The error for a type without relationships of customers."""
    known = sort_nearest_first(type, list_names(database, "inspect/types"))
    uri = database.credentials.uri
    return DataError("no-relationships", type=type, label=list(labels), uri=uri, known=known)


def describe_missing_property(name: str, place: str, known: Iterable[str]) -> DataError:
    """The error for a property that no node or relationship has."""
    return DataError("no-property", name=name, place=place, known=sort_nearest_first(name, known))


def sort_nearest_first(name: str, known: Iterable[str]) -> list[str]:
    """The known names, those that are most like a mistyped one first; a dash if there is none."""

    def rate(other: str) -> tuple[float, str]:
        return -SequenceMatcher(None, name.lower(), other.lower()).ratio(), other

    return sorted(known, key=rate)[:MAX_SHOWN] or ["–"]


def list_node_properties(database: Database, label: str) -> list[str]:
    """Names of properties on the first nodes of a label, in order."""
    text = load_statement("inspect/node_sample").to_cypher(label=label)
    return sorted(str(row[0]) for row in database.read(text, nodes=SAMPLE_ROWS))


def list_relationship_properties(database: Database, type: str) -> list[str]:
    """Names of properties on the first relationships of a type, in order."""
    text = load_statement("inspect/relationship_sample").to_cypher(type=type)
    return sorted(str(row[0]) for row in database.read(text, relationships=SAMPLE_ROWS))


def select_properties(
    table: str, names: Sequence[str], settings: Settings, more: Sequence[str]
) -> list[str]:
    """Those of all names of properties that a table is read with.

    They may be known columns, or are named. more: names that are no known columns.
    """
    known = select_known_headers(table, names, settings)
    return [name for name in names if name in more or name in known]


def find_index(database: Database, label: str, settings: Settings) -> Indexed | None:
    """The index to read a label by: on the property that is, or may be, the id of a customer."""
    try:
        text = load_statement("inspect/range_indexes").to_cypher()
        indexed = [str(row[0]) for row in database.read(text, label=label)]
    except DatabaseError:  # the user may not see indexes
        return None
    named = settings.columns.get("customers.id")
    if named in indexed:
        return Indexed(label, named)
    spelled = find_spelling_matches("customers.id", indexed)
    return Indexed(label, spelled[0]) if spelled else None

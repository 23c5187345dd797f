"""What the readings of one graph share: its names, what was found, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from refgraph.engines.neo4j import external_names as names
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.external_graph import ExternalGraph
from refgraph.engines.neo4j.external_lists import Indexed, drop_unused
from refgraph.engines.queries import load_statement
from refgraph.intake.header_matches import match_headers
from refgraph.model.plain_rows import to_plain_table
from refgraph.model.raw import RawTable
from refgraph.model.settings import Settings


@dataclass(frozen=True, kw_only=True)
class CustomerLabel:
    """How nodes of a label are read and named.

    key: the property with their id. indexed: what they are read in ranges of. others: labels that
    come first; a node with one of those is read there.
    """

    label: str
    key: str
    indexed: Indexed | None
    others: tuple[str, ...]


@dataclass
class Reader:
    """One reading of a graph: its names are looked up once, what was not read is collected."""

    database: Database
    graph: ExternalGraph
    settings: Settings
    all_properties: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    found: set[str] = field(default_factory=set)

    def select_properties(self, table: str, columns: Sequence[str] = ()) -> list[str]:
        """The properties that a table is read with; none that is called like one of its columns,
        unless it is named.
        """
        if not self.all_properties:
            self.all_properties += names.list_names(self.database, "inspect/property_names")
        more = self.graph.properties
        selected = names.select_properties(table, self.all_properties, self.settings, more)
        return [name for name in selected if name in more or name not in columns]

    def finish(
        self, table: str, frame: pl.DataFrame, place: str, keys: Sequence[str] = ()
    ) -> RawTable:
        """The raw table of what was read. A database has no lines: a row is cited by its number in
        the order of all its cells.

        place: the label or type, as Cypher writes it. keys: columns that are no properties.
        """
        used, odd = drop_unused(frame, keys)
        used = used.select(self._list_mapped(table, used.columns, keys))
        shown = place.strip("(:)[]")
        self.ignored += [f"{shown}.{name}" for name in odd]
        self.found.update(used.columns, odd)
        rows = used.sort(used.columns, nulls_last=True) if used.width else used
        return to_plain_table(rows, place)

    def _list_mapped(self, table: str, headers: Sequence[str], keys: Sequence[str]) -> list[str]:
        """Headers that are, or may be, the column of a field, and those that were named."""
        kept = {*keys, *self.graph.properties}
        for match in match_headers(table, headers, self.settings).values():
            kept.update((match.header, *match.others))
        return [name for name in headers if name in kept or name.removesuffix("*") in kept]


def rename_properties(properties: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Headers of properties; one must not be mistaken for a column that is read besides."""
    return [f"{name}*" if name in columns else name for name in properties]


def count_elsewhere(database: Database, type: str, table: RawTable) -> RawTable:
    """The table with relationships of the type that touch other nodes, as skipped rows."""
    text = load_statement("inspect/count_type").to_cypher(type=type)
    elsewhere = max(int(database.read(text)[0][0]) - table.rows_read, 0)
    if not elsewhere:
        return table
    return replace(
        table,
        rows_read=table.rows_read + elsewhere,
        rows_skipped=elsewhere,
        warnings=(("relationship-elsewhere", elsewhere),),
    )

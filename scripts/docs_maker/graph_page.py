"""docs/graph.md: what a load writes into Neo4j, and questions to ask it in Neo4j Browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from docs_maker.markdown import NOTICE, format_table
from refgraph.engines.neo4j.load_record import (
    KEY_PROPERTIES,
    NODE_LABELS,
    RELATIONSHIP_ENDS,
    RELATIONSHIP_TYPES,
    ROW_PROPERTY,
)
from refgraph.engines.queries import Statement, parse_statement
from refgraph.engines.serialization import REQUIRED_COLUMNS
from refgraph.model.dataset import PolarsType, get_schema

CYPHER = Path(__file__).resolve().parent.parent.parent / "cypher"
TYPE_NAMES = {pl.Date: "DATE", pl.Float64: "FLOAT", pl.Int64: "INTEGER", pl.Boolean: "BOOLEAN"}
SUMMARY = "what the load found out about the files"
RECORDS = {
    "RefgraphLoad": "the load itself",
    "RefgraphLock": "which process may write",
    "RefgraphRun": "an answer that `refgraph write-back` wrote: analysis, names, fingerprint, date",
    "RefgraphBlock": "hashes of rows, with which `load --sync` finds what has changed",
}


def build_graph_page() -> str:
    """Labels, types and properties, then the questions."""
    parts = [
        NOTICE,
        "# The graph in Neo4j\n\n",
        "`refgraph load` writes these nodes and relationships. Columns of your own become ",
        "properties, too, as text. A column that is empty in every row is not written.\n\n",
        "## Nodes\n\n",
        format_table(("label", "key", "holds"), _list_labels()),
        "## Relationships\n\n",
        format_table(("pattern", "holds"), _list_types()),
        "## Properties\n\n",
    ]
    for table, place in _list_places().items():
        parts.append(f"### {place}\n\n")
        parts.append(format_table(("property", "type"), _list_properties(table)))
    parts.append("## Six questions for Neo4j Browser\n\n")
    parts += [
        f"{question.purpose}\n\n```cypher\n{question.text}\n```\n\n"
        for question in list_questions()
    ]
    return "".join(parts).rstrip("\n") + "\n"


def list_questions() -> list[Statement]:
    """The statements that people paste into Browser."""
    files = sorted((CYPHER / "browser").glob("*.cypher"))
    return [parse_statement(file.stem, file.read_text(encoding="utf-8")) for file in files]


def _list_labels() -> Iterator[tuple[str, str, str]]:
    tables = {label: table for table, label in NODE_LABELS.items()}
    for label, key in KEY_PROPERTIES.items():
        holds = RECORDS.get(label) or tables.get(label, "groups of companies")
        yield f"`:{label}`", f"`{key}`", f"{SUMMARY}: {holds}" if _is_summary(label) else holds


def _is_summary(label: str) -> bool:
    return label.startswith("Refgraph") and label not in RECORDS


def _list_types() -> Iterator[tuple[str, str]]:
    tables = {type: table for table, type in RELATIONSHIP_TYPES.items()}
    for type, (start, end) in RELATIONSHIP_ENDS.items():
        yield f"`(:{start})-[:{type}]->(:{end})`", tables.get(type, "orders of a customer")


def _list_places() -> dict[str, str]:
    """Table -> the label or type whose properties are its columns."""
    return {
        "customers": "`(:Customer)`",
        "referrals": "`[:REFERRED]`",
        "orders": "`(:Order)`",
        "affiliations": "`[:BELONGS_TO]`",
    }


def _list_properties(table: str) -> Iterator[tuple[str, str]]:
    ends = () if table == "customers" else REQUIRED_COLUMNS[table]
    for name, type in get_schema(table).items():
        if name not in ends:
            yield f"`{name}`", _name_type(type)
    if table in ("orders", "affiliations"):
        yield f"`{ROW_PROPERTY}`", "INTEGER"


def _name_type(type: PolarsType) -> str:
    return TYPE_NAMES.get(type, "STRING")  # type: ignore[call-overload, no-any-return]

"""What looks wrong with the way a graph is read that refgraph did not load."""

from __future__ import annotations

from collections.abc import Iterator

from refgraph.engines.base import HealthFinding
from refgraph.engines.neo4j import external_names as names
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.external_graph import ExternalGraph, ReferralType
from refgraph.engines.neo4j.external_statements import check_statement
from refgraph.engines.queries import load_statement
from refgraph.errors import DataError, UsageError
from refgraph.intake.header_matches import find_spelling_matches
from refgraph.model.message import message
from refgraph.model.settings import Settings

LARGE_LABEL = 50_000
"""Nodes above which reading without an index needs much memory."""
SAMPLE_RELATIONSHIPS = 10_000
MIN_PAIRS = 10
"""Pairs of dates below which they say nothing about the direction."""
ISO_DATE = r"\d{4}-\d{2}-\d{2}"


def check_external_graph(
    database: Database, graph: ExternalGraph, settings: Settings
) -> Iterator[HealthFinding]:
    """Names, index, direction and unused types of a graph, and its statements.

    Raises DatabaseError.
    """
    try:
        names.check_names(database, graph)
    except DataError as error:
        yield HealthFinding(False, message("doctor.graph-unreadable", why=str(error)))
        return
    for table, statement in graph.statements.items():
        yield _check_statement(database, table, statement, settings)
    for label in graph.labels:
        yield _check_label(database, label, settings)
        yield from _list_unused_types(database, graph, label)
    for type in graph.types:
        yield from _check_direction(database, graph, type, settings)


def _check_statement(
    database: Database, table: str, statement: str, settings: Settings
) -> HealthFinding:
    try:
        check_statement(database, table, statement, settings)
    except (DataError, UsageError) as error:
        return HealthFinding(False, message("doctor.graph-unreadable", why=str(error)))
    return HealthFinding(True, message("doctor.graph-statement", table=table))


def _check_label(database: Database, label: str, settings: Settings) -> HealthFinding:
    """How many nodes there are, and whether an index orders them."""
    text = load_statement("inspect/count_nodes").to_cypher(label=label)
    nodes = int(database.read(text)[0][0])
    indexed = names.find_index(database, label, settings)
    if indexed is not None:
        values = {"label": label, "nodes": nodes, "key": indexed.property}
        return HealthFinding(True, message("doctor.graph-indexed", **values))
    fact = message("doctor.graph-no-index", label=label, nodes=nodes)
    return HealthFinding(
        nodes <= LARGE_LABEL, fact, message("doctor.graph-no-index-remedy", label=label)
    )


def _list_unused_types(
    database: Database, graph: ExternalGraph, label: str
) -> Iterator[HealthFinding]:
    """Types between nodes of a label that are not read; they may be referrals, too."""
    text = load_statement("inspect/types_between").to_cypher(label=label)
    rows = database.read(text, relationships=SAMPLE_RELATIONSHIPS)
    used = {*(type.name for type in graph.types), graph.orders_type}
    unused = [str(type) for type, _ in rows if type not in used]
    if unused and "referrals" not in graph.statements:
        fact = message("doctor.graph-unused-types", label=label, types=unused)
        yield HealthFinding(bool(graph.types), fact, message("doctor.graph-unused-types-remedy"))


def _check_direction(
    database: Database, graph: ExternalGraph, type: ReferralType, settings: Settings
) -> Iterator[HealthFinding]:
    """Whether most referrers joined before the customers that they referred."""
    key = settings.columns.get("customers.joined")
    known = [name for label in graph.labels for name in names.list_node_properties(database, label)]
    key = key or next(iter(find_spelling_matches("customers.joined", known)), None)
    if key is None:
        return
    text = load_statement("inspect/date_order").to_cypher(type=type.name, key=key)
    row = database.read(text, relationships=SAMPLE_RELATIONSHIPS, iso=ISO_DATE)[0]
    forward, backward = row[::-1] if type.is_reversed else row
    if forward + backward < MIN_PAIRS:
        return
    is_likely = forward >= backward
    word = "forward" if is_likely else "backward"
    values = {"type": type.name, "later": backward, "pairs": forward + backward, "key": key}
    remedy = message("doctor.graph-backward-remedy", type=type.name)
    yield HealthFinding(is_likely, message(f"doctor.graph-{word}", **values), remedy)

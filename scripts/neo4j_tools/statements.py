"""Run a statement on a server, and print its rows as TSV."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from neo4j_tools import ToolError
from neo4j_tools.server import Server
from neo4j_tools.server_home import DATABASE

ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))


def run_statement(server: Server, statement: str) -> tuple[list[str], list[list[Any]]]:
    """Columns and rows. Raises ToolError with the server's own words."""
    from neo4j import Query
    from neo4j.exceptions import DriverError, Neo4jError

    try:
        with (
            server.driver(notifications_min_severity="OFF") as driver,
            driver.session(database=DATABASE) as session,
        ):
            result = session.run(Query(statement))
            return result.keys(), [record.values() for record in result]
    except Neo4jError as error:
        raise ToolError(f"{error.code}: {error.message}") from None
    except DriverError as error:
        raise ToolError(f"the server does not answer: {error}") from None


def format_cell(value: Any) -> str:
    """A value on one line: escaped text, nothing for null, JSON for lists and maps."""
    value = to_plain(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    text = "" if value is None else str(value)
    for raw, escaped in ESCAPES:
        text = text.replace(raw, escaped)
    return text


def to_plain(value: Any) -> Any:
    """Nodes and relationships as their properties, paths as their nodes, dates as text."""
    if hasattr(value, "relationships"):
        return [to_plain(node) for node in value.nodes]
    if hasattr(value, "items"):
        return {key: to_plain(cell) for key, cell in value.items()}
    is_text = isinstance(value, (str, bytes))
    is_temporal = hasattr(value, "iso_format")
    if isinstance(value, Iterable) and not is_text and not is_temporal:
        return [to_plain(cell) for cell in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)

"""Remarks on what was read: a code, perhaps with the column that it concerns, and a number."""

from __future__ import annotations

from collections.abc import Mapping

from refgraph.model.message import Label, Message, message

REMARK_SEPARATOR = "\t"
"""Between the parts of a remark about a file: its name, a table, and another file."""


EDITED_ROWS, EDITED_VALUES = "edited-rows", "edited-values"
"""Remarks on a graph that was edited after it was loaded."""


def write_row_changes(changes: Mapping[str, tuple[int, int]]) -> str:
    """Table -> rows before and now, as the column of a remark `EDITED_ROWS`."""
    return " ".join(f"{table}={before}>{now}" for table, (before, now) in changes.items())


def _read_row_changes(column: str) -> list[Message]:
    changes = []
    for change in column.split():
        table, _, rows = change.partition("=")
        before, _, now = rows.partition(">")
        values = {"table": Label(table), "before": int(before), "now": int(now)}
        changes.append(message("warning.edited-table", **values))
    return changes


def get_remark_code(code: str) -> str:
    """The code without its column: ``day-first`` of ``day-first customers.joined``."""
    return code.partition(" ")[0]


def describe_remark(code: str, rows: int) -> Message:
    """The sentence for a remark on a number of rows or cells."""
    name, _, column = code.partition(" ")
    values: dict[str, object] = {"rows": rows}
    if name == EDITED_ROWS:
        return message(f"warning.{name}", changes=_read_row_changes(column), **values)
    if REMARK_SEPARATOR in column:
        column, table, other = column.split(REMARK_SEPARATOR)
        values |= {"table": Label(table), "other": other}
    if column:
        values["column"] = column
    return message(f"warning.{name}", **values)

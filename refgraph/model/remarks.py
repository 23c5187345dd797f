"""Remarks on what was read: a code, perhaps with the column that it concerns, and a number."""

from __future__ import annotations

from refgraph.model.message import Label, Message, message

REMARK_SEPARATOR = "\t"
"""Between the parts of a remark about a file: its name, a table, and another file."""


def get_remark_code(code: str) -> str:
    """The code without its column: ``day-first`` of ``day-first customers.joined``."""
    return code.partition(" ")[0]


def describe_remark(code: str, rows: int) -> Message:
    """The sentence for a remark on a number of rows or cells."""
    name, _, column = code.partition(" ")
    values: dict[str, object] = {"rows": rows}
    if REMARK_SEPARATOR in column:
        column, table, other = column.split(REMARK_SEPARATOR)
        values |= {"table": Label(table), "other": other}
    if column:
        values["column"] = column
    return message(f"warning.{name}", **values)

"""Remarks on what was read: a code, perhaps with the column that it concerns, and a number."""

from __future__ import annotations

from refgraph.model.message import Message, message


def get_remark_code(code: str) -> str:
    """The code without its column: ``day-first`` of ``day-first customers.joined``."""
    return code.partition(" ")[0]


def describe_remark(code: str, rows: int) -> Message:
    """The sentence for a remark on a number of rows or cells."""
    name, _, column = code.partition(" ")
    values: dict[str, object] = {"rows": rows}
    if column:
        values["column"] = column
    return message(f"warning.{name}", **values)

"""JSON files -> parts: a list of objects is one table, an object of such lists several.

So are read what pandas writes by ``orient="records"``, the answer of a web service around one list,
and the node-link form of a graph.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from refgraph.errors import DataError
from refgraph.model.raw import RawTable
from refgraph.sources.content import read_bytes
from refgraph.sources.damage import describe_damage
from refgraph.sources.decode import decode
from refgraph.sources.json_lines import parse_record, read_lines
from refgraph.sources.json_records import JsonError, RecordTable, parse_json
from refgraph.sources.options import Dialect
from refgraph.sources.parts import Part

MAX_WRAPPING = 4
"""Objects around the lists."""


def open_parts(path: Path, file: str) -> list[Part]:
    """The lists of objects in a file. An item is cited by its number, from 1.

    Raises FileError; DataError ``encoding-error``, ``damaged-file``; each part what `json_lines`
    raises.
    """
    text = bytes(decode(read_bytes(path), file))
    if _is_lines(text):
        return [_make_part("", read_lines(text, file))]
    try:
        value = parse_json(text)
    except JsonError as error:
        why = describe_damage(error)
        raise DataError("damaged-file", file=file, format="JSON", why=why) from error
    lists = dict(_find_lists(value, "", MAX_WRAPPING))
    name_all = len(lists) > 1
    return [
        _make_part(name if name_all else "", _collect_items(items, file))
        for name, items in lists.items()
    ]


def _is_lines(text: bytes) -> bool:
    """Whether each line is an object of its own."""
    first, _, rest = text.strip().partition(b"\n")
    return bool(rest) and parse_record(first) is not None


def _find_lists(value: Any, name: str, depth: int) -> Any:
    """Name and items of every list of objects."""
    if isinstance(value, list):
        if any(isinstance(item, dict) for item in value):
            yield name, value
    elif isinstance(value, dict) and depth:
        for key, inner in value.items():
            yield from _find_lists(inner, f"{name}.{key}" if name else key, depth - 1)


def _collect_items(items: list[Any], file: str) -> RecordTable:
    table = RecordTable(file)
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            table.add(item, number)
        else:
            table.reject(str(item), number)
    return table


def _make_part(name: str, table: RecordTable) -> Part:
    return Part(name, lambda dialect: table.headers, partial(_cite, table))


def _cite(table: RecordTable, file: str, dialect: Dialect) -> RawTable:
    """The table under the name by which the file is cited."""
    table.file = file
    return table.to_raw_table()

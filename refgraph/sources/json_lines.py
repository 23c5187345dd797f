"""JSON Lines -> raw tables: one object per line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from refgraph.errors import DataError
from refgraph.model.raw import MAX_ROW_BYTES, RawTable
from refgraph.sources.content import read_bytes, to_printable_name
from refgraph.sources.decode import decode
from refgraph.sources.json_records import JsonError, Record, RecordTable, parse_json
from refgraph.sources.options import Dialect

_HEAD_BYTES = 1 << 18


def read(path: Path, file: str, dialect: Dialect) -> RawTable:
    """A file as a table of text; a line without any byte but blanks is no row.

    Rejected rows: ``bad-json``, and those of `frames.read`. Raises FileError; UsageError
    ``unknown-encoding``; DataError ``encoding-error``, ``row-too-long``, ``too-many-columns``,
    ``too-sparse``, ``damaged-file``, ``empty-file``, ``duplicate-header``, ``missing-header``.
    """
    shown = to_printable_name(file)
    text = bytes(decode(read_bytes(path), shown, dialect.encoding))
    return read_lines(text, shown).to_raw_table()


def read_headers(path: Path, file: str, dialect: Dialect) -> list[str]:
    """The names in the first 256 KiB of a file. Raises as `read`."""
    shown = to_printable_name(file)
    data = read_bytes(path, _HEAD_BYTES)
    is_part = len(data) == _HEAD_BYTES
    text = bytes(decode(data, shown, dialect.encoding, partial=is_part))
    end = text.rfind(b"\n") + 1 if is_part else 0
    return read_lines(text[: end or len(text)], shown).headers


def read_lines(text: bytes, file: str) -> RecordTable:
    """The records of UTF-8 text."""
    table = RecordTable(file)
    for number, line in _iterate_lines(text):
        if len(line) > MAX_ROW_BYTES:
            raise DataError("row-too-long", file=file, line=number, most=MAX_ROW_BYTES >> 20)
        record = parse_record(line)
        if record is None:
            table.reject(line.decode(), number)
        else:
            table.add(record, number)
    return table


def parse_record(text: bytes) -> Record | None:
    """The object that a text holds; None if it holds none."""
    try:
        record = parse_json(text)
    except JsonError:
        return None
    return record if isinstance(record, dict) else None


def _iterate_lines(text: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of each line that is not blank."""
    start, number = 0, 1
    while start < len(text):
        end = text.find(b"\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end].strip()
        if line:
            yield number, line
        start, number = end + 1, number + 1

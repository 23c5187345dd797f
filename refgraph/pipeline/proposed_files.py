"""One file of a SOURCE as ``refgraph init`` describes it: every header, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from refgraph.intake.column_shapes import ColumnShape
from refgraph.intake.header_matches import (
    HeaderMatch,
    list_spellings,
    match_headers,
    normalize_header,
)
from refgraph.intake.party_lists import find_level_columns, find_list_kind
from refgraph.intake.sensitive import is_sensitive_header
from refgraph.model.message import Message, message
from refgraph.model.parameter_values import describe_value
from refgraph.model.raw import FileLayout
from refgraph.model.settings import Settings
from refgraph.model.settings_proposal import LineKind, ProposedColumn, ProposedFile
from refgraph.pipeline.planned_files import PlannedFile
from refgraph.sources.content import to_printable_name


def describe_file(
    file: PlannedFile,
    settings: Settings,
    reasons: Mapping[str, Message],
    given: Mapping[str, str],
) -> ProposedFile:
    """A file with its columns. reasons: of guessed columns. given: columns that options name."""
    name = to_printable_name(file.file.name)
    if file.raw is None:
        return ProposedFile(name=name, table=file.table, is_other=file.is_other)
    table = file.table
    matches = match_headers(table, file.headers, settings) if table else {}
    fields = {match.header: (field, match) for field, match in matches.items()}
    columns = []
    for header, shape in file.shapes.items():
        if header not in fields:
            columns.append(_describe_unused(shape, file, matches))
            continue
        field, match = fields[header]
        column = f"{table}.{field}"
        reason = reasons.get(column)
        columns.append(_describe_used(shape, column, match, reason, column in given, file.preset))
    notes = tuple(_describe_layout(file.raw.layout._replace(preset=file.preset)))
    return ProposedFile(
        name=name,
        table=table,
        is_other=file.is_other,
        rows=file.raw.frame.height,
        columns=columns,
        notes=notes,
    )


def _describe_used(
    shape: ColumnShape,
    column: str,
    match: HeaderMatch,
    reason: Message | None,
    is_given: bool,
    preset: str,
) -> ProposedColumn:
    """A column that is read. reason: why it is guessed, if it is."""
    kind: LineKind = "given" if is_given else "guess" if reason else "known"
    if kind == "known" and match.others:
        reason = message("init.also-meant", others=list(match.others))
    if kind == "known" and reason is None:
        name = column.partition(".")[2]
        is_own_name = normalize_header(shape.header) == normalize_header(name)
        reason = message("init.reason-name" if is_own_name else "init.reason-alias")
        if preset and normalize_header(shape.header) not in list_spellings(column):
            reason = message("init.by-preset", preset=preset)
    return ProposedColumn(
        header=shape.header,
        column=column,
        kind=kind,
        reason=reason,
        examples=_list_examples(shape),
    )


def _describe_unused(
    shape: ColumnShape, file: PlannedFile, matches: Mapping[str, HeaderMatch]
) -> ProposedColumn:
    """A column that is not read, or kept as it is: a list of parties, a level, or unknown."""
    reason = message("init.unused")
    levels = find_level_columns(file.headers)
    if is_sensitive_header(shape.header):
        reason = message("init.sensitive")
    elif shape.header in levels:
        reason = message("init.level", first=levels[0])
    elif file.table == "customers" and "id" in matches:
        kind = find_list_kind(shape, file.shapes[matches["id"].header].cells)
        if kind is not None:
            reason = message(f"init.list-{kind}", example=describe_value(_get_longest(shape)))
    return ProposedColumn(header=shape.header, reason=reason, examples=_list_examples(shape))


def _get_longest(shape: ColumnShape) -> str:
    longest: str = max(shape.distinct.to_list(), key=len)
    return longest


def _list_examples(shape: ColumnShape) -> list[str]:
    if is_sensitive_header(shape.header):
        return []
    return [describe_value(text) for text in shape.examples]


def _describe_layout(layout: FileLayout) -> Iterator[Message]:
    if layout.header_line:
        yield message("init.header-line", line=layout.header_line)
    if layout.encoding:
        yield message("init.encoding", encoding=layout.encoding)
    if layout.delimiter:
        yield message("init.delimiter", delimiter=describe_value(layout.delimiter))
    if layout.preset:
        yield message("init.preset", preset=layout.preset)

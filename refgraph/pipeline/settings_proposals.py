"""What refgraph.toml could say about a SOURCE: columns, declarations, words; each with its reason.

Nothing is written here, and nothing that is proposed is applied to an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from refgraph import config, intake
from refgraph.errors import DataError, FileError, RefgraphError, UsageError
from refgraph.intake.column_guesses import ColumnGuess, guess_columns, guess_keys
from refgraph.intake.header_matches import match_headers
from refgraph.intake.mapping import build_header_counter
from refgraph.intake.preset_matches import find_presets, list_preset_columns
from refgraph.model.dataset import Dataset
from refgraph.model.message import Message, message
from refgraph.model.setting_lines import TomlValue
from refgraph.model.settings import Settings
from refgraph.model.settings_proposal import ProposedLine, SettingsProposal
from refgraph.pipeline import read_files
from refgraph.pipeline.options import SourceOptions
from refgraph.pipeline.planned_files import (
    PlannedFile,
    collect_keys,
    collect_wanted,
    complete_plan,
    plan_files,
)
from refgraph.pipeline.proposed_files import describe_file
from refgraph.pipeline.proposed_lines import list_decisions
from refgraph.pipeline.source_files import find_source_tables
from refgraph.sources.assembly import NO_HEADER

_FORM_BY_FAULT = {"serial-dates": "excel", "unix-dates": "unix"}
_MAX_TRIALS = 8


@dataclass
class _Draft:
    """Settings in the making. reasons: by ``table.field``, why a column is proposed."""

    settings: Settings
    reasons: dict[str, Message] = field(default_factory=dict)
    lines: list[ProposedLine] = field(default_factory=list)

    def add_column(self, column: str, header: str, reason: Message) -> None:
        self.settings = config.with_columns(self.settings, {column: header})
        self.reasons[column] = reason

    def add_reading(self, key: str, setting: object, value: TomlValue, why: Message) -> None:
        """Set a key of ``[read]``. value: as the line writes it."""
        read = replace(self.settings.read, **{key: setting})  # type: ignore[arg-type]
        self.settings = replace(self.settings, read=read)
        self.lines.append(ProposedLine(table="read", key=key, value=value, is_on=True, why=[why]))

    def add_date_form(self, column: str, form: str, example: object) -> None:
        forms = {**self.settings.date_format, column: [form]}
        self.settings = replace(self.settings, date_format=forms)
        why = message("init.date-form", column=column, example=example)
        self.lines.append(
            ProposedLine(table="date_format", key=column, value=form, is_on=True, why=[why])
        )


def propose_settings(
    source: str | Path | None, options: SourceOptions = SourceOptions()
) -> SettingsProposal:
    """A proposal for all files of a SOURCE. Settings files that are there are not read.

    Raises FileError and UsageError for a SOURCE or options that cannot be used; what is wrong with
    the data is part of the proposal.
    """
    draft = _Draft(Settings(columns=dict(options.columns)))
    count = build_header_counter(draft.settings)
    planned = plan_files(source, options, draft.settings, count)
    found = _find_tables(source, options, draft.settings)
    planned = complete_plan(planned, draft.settings, found)
    planned = [_add_preset(draft, file) for file in planned]
    _add_guesses(draft, planned)
    _add_dialects(draft, planned)
    _add_tables(draft, planned, source, options)
    data, fault = _try_to_read(draft, source, options)
    files = [
        describe_file(file, draft.settings, draft.reasons, options.columns) for file in planned
    ]
    lines = [*draft.lines, *list_decisions(data, fault, str(source or ""))]
    return SettingsProposal(source=str(source or ""), files=files, lines=lines, fault=fault)


def _add_preset(draft: _Draft, file: PlannedFile) -> PlannedFile:
    """The file with the preset that reads it, whose columns count as known."""
    match = find_presets(file.headers).get(str(file.table))
    if match is None:
        return file
    columns = {**draft.settings.preset_columns, **list_preset_columns(match, file.headers)}
    draft.settings = replace(draft.settings, preset_columns=columns)
    return replace(file, preset=match.preset.name)


def _add_guesses(draft: _Draft, planned: Sequence[PlannedFile]) -> None:
    """Guess the columns that no header identifies; ids and names of customers first."""
    wanted = collect_wanted(planned, draft.settings)
    for file in planned:
        if file.table == "customers" and file.raw is not None:
            _take(draft, guess_keys(file.shapes, draft.settings, wanted))
    keys = collect_keys(planned, draft.settings)
    for file in planned:
        if file.table is not None and file.raw is not None:
            guesses = guess_columns(file.table, file.shapes, draft.settings, keys)
            _take(
                draft, [g for g in guesses if not _is_known_elsewhere(g, planned, draft.settings)]
            )


def _is_known_elsewhere(
    guess: ColumnGuess, planned: Sequence[PlannedFile], settings: Settings
) -> bool:
    """Whether other files have the field under a header that is known."""
    table, _, name = guess.column.partition(".")
    files = (file for file in planned if file.table == table)
    return any(name in match_headers(table, file.headers, settings) for file in files)


def _take(draft: _Draft, guesses: Sequence[ColumnGuess]) -> None:
    for guess in guesses:
        draft.add_column(guess.column, guess.header, message(f"init.reason-{guess.reason}"))


def _find_tables(
    source: str | Path | None, options: SourceOptions, settings: Settings
) -> dict[str, str]:
    """Name of a file -> the table that it is read as; empty if no table is found."""
    try:
        files = find_source_tables(source, options, settings)
    except (DataError, FileError):
        return {}
    return {file.name: table for table, group in files.items() for file in group}


def _add_dialects(draft: _Draft, planned: Sequence[PlannedFile]) -> None:
    """Lines for what makes files readable: a header row by table, one encoding of all."""
    used = [file for file in planned if file.table and file.raw is not None]
    rows = {str(f.table): f.header_row for f in used if f.header_row is not None}
    if rows:
        is_same = len(set(rows.values())) == 1 and all(f.header_row is not None for f in used)
        row = {"": next(iter(rows.values()))} if is_same else rows
        is_none = set(rows.values()) == {NO_HEADER}
        why = message("init.no-header") if is_none else message("init.header-row")
        draft.add_reading("header_row", row, row[""] if is_same else row, why)
    encodings = {f.encoding for f in used if f.encoding}
    others = {f.raw.layout.encoding for f in used if f.raw and not f.encoding}
    if len(encodings) == 1 and others <= encodings:
        (encoding,) = encodings
        draft.add_reading("encoding", encoding, encoding, message("init.one-encoding"))


def _add_tables(
    draft: _Draft, planned: Sequence[PlannedFile], source: str | Path | None, options: SourceOptions
) -> None:
    """Lines that name the files and sheets of tables, where reading would not find them alone."""
    found = _find_tables(source, options, draft.settings)
    used = [file for file in planned if file.table and not file.is_given]
    if all(found.get(file.file.name) == file.table for file in used):
        return
    why = message("init.tables")
    sheets = [f"{file.table}={file.file.part_name}" for file in used if file.file.part_name]
    if sheets:
        draft.add_reading("sheet", tuple(sheets), sheets, why)
    whole = [file for file in used if not file.file.part_name]
    for table in dict.fromkeys(str(file.table) for file in whole):
        paths = [file.file.path for file in whole if file.table == table]
        names = [path.name for path in paths]
        draft.add_reading(table, tuple(map(str, paths)), names, why)


def _try_to_read(
    draft: _Draft, source: str | Path | None, options: SourceOptions
) -> tuple[Dataset | None, RefgraphError | None]:
    """The Dataset that the draft gives; faults with one way out are mended in the draft."""
    fault: RefgraphError | None = None
    for _ in range(_MAX_TRIALS):
        try:
            tables = read_files(source, options, draft.settings)
            data = intake.build_dataset(
                tables.by_name, draft.settings, options.intake, tables.ignored
            )
            return data, None
        except (DataError, FileError, UsageError) as error:
            fault = error
            if not any([_mend(draft, one) for one in (error, *error.others)]):
                break
    return None, fault


def _mend(draft: _Draft, fault: RefgraphError) -> bool:
    """Propose what cures a fault; false if only a person can say what does."""
    column = str(fault.values.get("column", ""))
    if fault.id in _FORM_BY_FAULT and column not in draft.settings.date_format:
        draft.add_date_form(column, _FORM_BY_FAULT[fault.id], fault.values["example"])
        return True
    if fault.id == "several-headers" and column not in draft.settings.columns:
        first, *others = _list_headers(fault)
        draft.add_column(column, first, message("init.chosen", others=others))
        return True
    return False


def _list_headers(fault: RefgraphError) -> Iterator[str]:
    headers = fault.values["headers"]
    assert isinstance(headers, list)
    yield from map(str, headers)

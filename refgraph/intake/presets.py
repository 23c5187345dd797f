"""Files as their presets read them; refgraph.toml always wins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from refgraph.errors import DataError, RefgraphError, combine_errors
from refgraph.intake.header_matches import match_headers
from refgraph.intake.options import IntakeOptions
from refgraph.intake.preset_matches import PresetMatch, find_choice, find_header, find_presets
from refgraph.intake.preset_rows import add_staff_source, keep_newest, keep_rows
from refgraph.intake.relationship_types import select_types
from refgraph.model.preset import Choice, PresetSection
from refgraph.model.raw import RawTable
from refgraph.model.setting_lines import write_setting
from refgraph.model.settings import Settings

RawTables = Mapping[str, Sequence[RawTable]]
CLOSED = "closed"


@dataclass
class _Outcome:
    """Tables and settings in the making."""

    tables: dict[str, list[RawTable]]
    settings: Settings
    faults: list[RefgraphError] = field(default_factory=list)


def add_presets(
    tables: RawTables, settings: Settings, options: IntakeOptions
) -> tuple[RawTables, Settings, IntakeOptions]:
    """The tables as their presets read them, and the settings with what the presets add.

    Also the options with what the settings say.
    Raises DataError ``preset-asks`` and ``preset-asks-referrer`` for fields that an export lacks,
    and as `select_types`.
    """
    states_no_referrals = options.no_referrals or settings.read.no_referrals
    newest = {name: keep_newest(name, raws) for name, raws in tables.items()}
    outcome = _Outcome({name: list(raws) for name, raws in newest.items()}, settings)
    for table, raws in newest.items():
        for position, raw in enumerate(raws):
            found = find_presets(raw.frame.columns)
            if table in found:
                new = _apply(found[table], raw, outcome)
                outcome.tables[table][position] = new
            if table == "customers" and _holds_both(found) and not tables.get("referrals"):
                referrals = _select_referrals(raw, found["referrals"].section)
                new = _apply(found["referrals"], referrals, outcome)
                outcome.tables.setdefault("referrals", []).append(new)
            if table in found:
                outcome.faults += _list_questions(found[table], raw, outcome, states_no_referrals)
    if outcome.faults:
        raise combine_errors(outcome.faults)
    tables = select_types(outcome.tables, outcome.settings)
    return tables, outcome.settings, options.complete(outcome.settings)


def _holds_both(found: Mapping[str, PresetMatch]) -> bool:
    """Whether a file of customers holds the referrals of the same system, too."""
    systems = {found[table].preset.name for table in ("customers", "referrals") if table in found}
    return {"customers", "referrals"} <= set(found) and len(systems) == 1


def _list_questions(
    match: PresetMatch, raw: RawTable, outcome: _Outcome, states_no_referrals: bool
) -> Iterator[DataError]:
    """Fields that the export does not hold and that nobody has named."""
    section = match.section
    for name in section.ask:
        column = f"{section.table}.{name}"
        is_named = column in outcome.settings.columns
        has_other_source = bool(outcome.tables.get("referrals")) or states_no_referrals
        is_referrer = name == "referred_by"
        if is_named or (is_referrer and has_other_source):
            continue
        values: dict[str, Any] = {"file": raw.file, "preset": match.preset.name, "column": column}
        line = write_setting(f"columns.{column}", "…")
        id = "preset-asks-referrer" if is_referrer else "preset-asks"
        yield DataError(id, **values, line=line)


def _select_referrals(raw: RawTable, section: PresetSection) -> RawTable:
    """The rows of customers that name a referrer, as a table of referrals."""
    header = find_header(section.columns["referrer"][0].headers[0], raw.frame.columns)
    assert header is not None
    is_named = raw.frame[header].str.strip_chars().str.len_bytes().fill_null(0) > 0
    frame = raw.frame.filter(is_named)
    empty = raw.rejects.clear()
    return replace(
        raw,
        frame=frame,
        line=raw.line.filter(is_named),
        rows_read=frame.height,
        rejects=empty,
        cell_rejects=empty,
        warnings=(),
        rows_skipped=0,
    )


def _apply(match: PresetMatch, raw: RawTable, outcome: _Outcome) -> RawTable:
    """The table with the columns of the preset; its settings go into the outcome."""
    preset, section = match
    frame = raw.frame
    if preset.unquote:
        sign = pl.all().str.strip_prefix(preset.unquote)
        frame = frame.with_columns(sign)
    columns: dict[str, str] = {}
    own = outcome.settings.columns
    for name, choices in section.columns.items():
        if f"{section.table}.{name}" in own:
            continue
        found = find_choice(choices, frame.columns)
        if found is not None:
            columns[name] = " + ".join(found.headers)
            frame = _join(frame, found, columns[name])
    for name, wanted in section.filled.items():
        header = find_header(wanted, frame.columns)
        if header is not None and f"{section.table}.{name}" not in own:
            columns[name] = f"{name}: {header}"
            is_empty = _is_empty(header)
            where = find_header(section.where, frame.columns)
            is_empty = is_empty & ~_is_empty(where) if where else is_empty
            word = pl.when(is_empty).then(pl.lit(f"no {header}")).otherwise(pl.lit(CLOSED))
            frame = frame.with_columns(word.alias(columns[name]))
    frame, header = add_staff_source(frame, section)
    if header and f"{section.table}.source" not in own:
        columns["source"] = header
    _add_settings(match, columns, frame.columns, outcome)
    frame = _fold(frame, section, outcome.settings)
    layout = raw.layout._replace(preset=preset.name)
    return keep_rows(replace(raw, frame=frame, layout=layout), match)


def _is_empty(header: str) -> pl.Expr:
    return pl.col(header).str.strip_chars().replace("", None).is_null()


def _join(frame: pl.DataFrame, choice: Choice, name: str) -> pl.DataFrame:
    """The frame with a column of the joined cells, null where all are empty."""
    if len(choice.headers) == 1:
        return frame
    parts = [pl.col(header).str.strip_chars().replace("", None) for header in choice.headers]
    joined = pl.concat_str(parts, separator=choice.join, ignore_nulls=True)
    return frame.with_columns(joined.replace("", None).alias(name))


def _fold(frame: pl.DataFrame, section: PresetSection, settings: Settings) -> pl.DataFrame:
    """The frame with fields in lower case that are compared without case."""
    matches = match_headers(section.table, frame.columns, settings)
    headers = [matches[name].header for name in section.fold if name in matches]
    return frame.with_columns(pl.col(header).str.to_lowercase() for header in headers)


def _add_settings(
    match: PresetMatch, columns: Mapping[str, str], headers: Sequence[str], outcome: _Outcome
) -> None:
    """Columns, forms and words of the preset, where the user says nothing."""
    preset, section = match
    settings = outcome.settings
    named = {f"{section.table}.{name}": header for name, header in columns.items()}
    unused = [find_header(header, headers) for header in section.unused]
    outcome.settings = replace(
        settings,
        preset_columns={**settings.preset_columns, **named},
        preset_unused=[
            *settings.preset_unused,
            *(f"{section.table}.{header}" for header in unused if header),
        ],
        date_format={**preset.date_format, **settings.date_format},
        read=replace(settings.read, zone=settings.read.zone or preset.zone),
        status=_add_words(settings.status, preset.status),
        words=_add_words(settings.words, preset.order_status),
    )


def _add_words(
    own: Mapping[str, Sequence[str]], more: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """Words of the user, and of a preset those to which the user gives no meaning."""
    taken = {word.strip().lower() for words in own.values() for word in words}
    added = {key: [w for w in words if w.lower() not in taken] for key, words in more.items()}
    keys = dict.fromkeys((*own, *added))
    return {key: [*own.get(key, ()), *added.get(key, ())] for key in keys}

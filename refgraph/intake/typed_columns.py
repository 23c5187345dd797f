"""One raw table -> typed columns, and the cells and rows that break a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl
from polars import selectors

from refgraph.intake.cast import Cast, cast_column, try_fast_cast
from refgraph.intake.cast_rules import NUMBER_TYPES, CastRules
from refgraph.intake.column_checks import OddDates, collect_remarks, describe_odd_dates
from refgraph.intake.conversions import Conversion, convert_amounts
from refgraph.intake.currencies import apply_currencies
from refgraph.intake.fault_codes import Remarks
from refgraph.intake.mapping import MappedColumn, map_headers
from refgraph.model.field_types import FieldType
from refgraph.model.fields import FIELDS_BY_TABLE
from refgraph.model.raw import RawTable
from refgraph.model.settings import Settings
from refgraph.model.vocabulary import PARTY_WORDS

MAX_VALUE_CHARS = 200
"""Characters of a faulty cell that a reject cites."""

_LENGTH_OF_DATE = 10
_OFFSET_TIME = r"\d[T ]\d{1,2}:[\d:.,]+ ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{0,2})\s*$"


@dataclass(frozen=True, eq=False, kw_only=True)
class TypedTable:
    """A raw table after its casts.

    frame: the canonical columns found, ``file``, ``line``, then unknown columns as text; without
    rows that a fault costs. rejects: one per fault, without raw text.
    headers: ``table.column`` -> header as written. units: pairs of "money" or "volume" and the unit
    that a header names for it.
    trimmed_ids: ids that lost outer spaces. offset_times: times with an offset from UTC, whose day
    was taken as written. remarks: what was decided about how many cells.
    odd: dates and numbers that are not all plain, by the name of the column, with their cells.
    odd_dates: of these, the dates.
    """

    frame: pl.DataFrame
    rejects: pl.DataFrame
    headers: Mapping[str, str]
    units: frozenset[tuple[str, str]]
    trimmed_ids: int = 0
    offset_times: int = 0
    remarks: Remarks = ()
    odd: Mapping[str, MappedColumn] = field(default_factory=dict)
    odd_dates: Mapping[str, OddDates | None] = field(default_factory=dict)


def cast_table(
    table: str,
    raw: RawTable,
    settings: Settings,
    rules: CastRules,
    decisions: Mapping[str, str] = {},
) -> TypedTable:
    """Cast all known columns; every faulty cell is a reject.

    A fault in a mandatory column costs the row, any other fault its cell. decisions: name of a
    column -> how it is written, found in all files. Raises DataError if a mandatory column is
    missing, a unit is unknown, or a column holds several currencies.
    """
    mapped = map_headers(table, raw.file, raw.frame.columns, settings)
    mapped, conversions = apply_currencies(raw, mapped, rules)
    odd: dict[str, MappedColumn] = {}
    casts = [_cast_one(raw, m, rules, decisions, conversions, odd) for m in mapped]
    frame = _join_columns(raw, mapped, casts)
    rejects = [raw.rejects, raw.cell_rejects]
    if any(cast.codes.null_count() < raw.frame.height for cast in casts):
        pairs = zip(mapped, casts, strict=True)
        sound = [cast.codes.is_null() for m, cast in pairs if m.field.costs_row]
        frame = frame.filter(pl.all_horizontal(sound))
        rejects += [
            _make_cell_rejects(raw, column, cast.codes)
            for column, cast in zip(mapped, casts, strict=True)
        ]
    headers = {f"{m.field.table}.{m.field.name}": m.header for m in mapped}
    return TypedTable(
        frame=frame,
        rejects=pl.concat(rejects),
        headers=headers,
        units=_collect_units(mapped),
        trimmed_ids=_count_trimmed_ids(raw, mapped, rules),
        offset_times=_count_offset_times(raw, mapped),
        remarks=collect_remarks(mapped, [cast.remarks for cast in casts]),
        odd=odd,
        odd_dates={
            m.field.name: describe_odd_dates(m, raw.frame[m.header], cast.codes)
            for m, cast in zip(mapped, casts, strict=True)
            if m.field.name in odd and m.field.type is FieldType.DATE
        },
    )


def _join_columns(
    raw: RawTable, mapped: Sequence[MappedColumn], casts: Sequence[Cast]
) -> pl.DataFrame:
    """The columns of `TypedTable.frame` for all rows."""
    values = [c.values.alias(m.field.name) for m, c in zip(mapped, casts, strict=True)]
    extra_names = _name_extra_columns(raw.frame.columns, mapped)
    extras = [raw.frame[header].alias(name) for header, name in extra_names.items()]
    file, line = pl.lit(raw.file).alias("file"), raw.line.cast(pl.Int64).alias("line")
    return raw.frame.select(*map(pl.lit, values), file, pl.lit(line), *map(pl.lit, extras))


def _cast_one(
    raw: RawTable,
    column: MappedColumn,
    rules: CastRules,
    decisions: Mapping[str, str],
    conversions: Mapping[str, Conversion],
    odd: dict[str, MappedColumn],
) -> Cast:
    """Values, fault codes and remarks of one column.

    conversions: field -> what to do with its cells in another currency than the declared one.
    odd: gets the column if it holds dates or numbers that are not all plain.
    """
    field, text = column.field, raw.frame[column.header].alias("text")
    decision = decisions.get(field.name, "")
    cast = None if decision else try_fast_cast(text, column, rules)
    if cast is None:
        cast = cast_column(text, column, rules, decision)
        if field.type in (FieldType.DATE, *NUMBER_TYPES):
            odd[field.name] = column
        if not field.costs_row and f"{field.table}.{field.name}" not in PARTY_WORDS:
            cast = cast._replace(values=_mask(cast.values, cast.codes.is_null()))
    if field.name in conversions:
        cast = convert_amounts(cast, conversions[field.name])
    if field.costs_row and field.type is not FieldType.ID:
        missing = pl.when(cast.values.is_null()).then(pl.lit("missing-value"))
        codes = pl.select(pl.coalesce(cast.codes, missing)).to_series()
        cast = cast._replace(codes=codes)
    return cast


def _mask(values: pl.Series, is_kept: pl.Series) -> pl.Series:
    """The values, null where they are not kept."""
    return pl.select(pl.when(is_kept).then(values)).to_series()


def _make_cell_rejects(raw: RawTable, column: MappedColumn, code: pl.Series) -> pl.DataFrame:
    """One reject for every cell of a column that has a fault code."""
    header = column.header
    is_faulty = code.is_not_null()
    return raw.frame.filter(is_faulty).select(
        file=pl.lit(raw.file),
        line=raw.line.filter(is_faulty).cast(pl.Int64),
        code=code.filter(is_faulty),
        column=pl.lit(header),
        value=selectors.by_name(header).as_expr().str.slice(0, MAX_VALUE_CHARS),
        raw=pl.lit(None, pl.String),
        loss=pl.lit("row" if column.field.costs_row else "cell"),
        at=pl.lit(None, pl.String),
    )


def _name_extra_columns(headers: Sequence[str], mapped: Sequence[MappedColumn]) -> dict[str, str]:
    """Unknown header -> the name of its column: the header, with ``*`` after it if that is taken.

    Names are taken by canonical columns, by tables (in a network, the orders of a party are an
    attribute beside its columns), by other headers, and by polars, for which ``*`` and ``^...$``
    stand for many columns.
    """
    mapped_headers = {m.header for m in mapped}
    taken = {*(m.field.name for m in mapped), *FIELDS_BY_TABLE, "file", "line", "stub"}
    names: dict[str, str] = {}
    for header in headers:
        if header in mapped_headers:
            continue
        name = header
        while name in taken or (name != header and name in headers) or _is_pattern(name):
            name += "*"
        names[header] = name
        taken.add(name)
    return names


def _is_pattern(name: str) -> bool:
    """Whether polars reads a name as a pattern of names."""
    return name == "*" or (name.startswith("^") and name.endswith("$"))


def _collect_units(mapped: Sequence[MappedColumn]) -> frozenset[tuple[str, str]]:
    """Units of what customers buy; their own capital may be in another currency."""
    kinds = {FieldType.MONEY: "money", FieldType.QUANTITY: "volume"}
    return frozenset(
        (kinds[m.field.type], m.symbol)
        for m in mapped
        if m.field.type in kinds and m.symbol and m.field.name != "registered_capital"
    )


def _count_trimmed_ids(raw: RawTable, mapped: Sequence[MappedColumn], rules: CastRules) -> int:
    """How many ids ``--trim`` changes in a table."""
    if not rules.trim:
        return 0
    count = 0
    for column in mapped:
        if column.field.type is FieldType.ID or column.field.name == "referred_by":
            text = raw.frame[column.header].alias("text")
            count += int((text != text.str.strip_chars()).sum())
    return count


def _count_offset_times(raw: RawTable, mapped: Sequence[MappedColumn]) -> int:
    """How many dates are times with an offset from UTC: elsewhere it may be another day."""
    count = 0
    for column in mapped:
        text = raw.frame[column.header]
        longest = text.str.len_bytes().max() if column.field.type is FieldType.DATE else None
        if isinstance(longest, int) and longest > _LENGTH_OF_DATE:
            count += int(text.str.contains(_OFFSET_TIME).sum())
    return count

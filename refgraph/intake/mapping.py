"""Headers as written -> canonical columns: which header is which field, and in which unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cache

from refgraph.errors import DataError, RefgraphError, UsageError, combine_errors
from refgraph.intake.header_matches import (
    HeaderMatch,
    find_absent_fields,
    find_unit,
    iterate_named_headers,
    match_headers,
    normalize_header,
)
from refgraph.intake.preset_matches import find_presets
from refgraph.model.field_types import Field, FieldType
from refgraph.model.fields import (
    FIELDS_BY_TABLE,
    NO_EVIDENCE,
    SIDE_TABLES,
    TABLE_NAMES,
    UNITS,
    find_field,
)
from refgraph.model.parameter_values import find_nearest
from refgraph.model.setting_lines import write_setting
from refgraph.model.settings import Settings
from refgraph.model.side_fields import VAGUE_HEADERS

_MAX_HEADER_CHARS = 100
_SYMBOLS_BY_TYPE = {
    FieldType.MONEY: ("元", "USD", "EUR", "GBP"),
    FieldType.QUANTITY: ("t",),
    FieldType.NUMBER: ("",),
}
UNIT_KINDS = {FieldType.MONEY: "money", FieldType.QUANTITY: "volume"}
"""Type of amounts -> the key of table ``[units]`` for all of them."""


@dataclass(frozen=True)
class MappedColumn:
    """A field, the header it was found under, and the power of ten and symbol of its unit.

    spellings: canonical word -> further spellings, for a column of a vocabulary.
    others: how many further headers could be meant.
    """

    field: Field
    header: str
    power: int = 0
    symbol: str = ""
    spellings: Mapping[str, Sequence[str]] = dataclass_field(default_factory=dict)
    others: int = 0


def detect_tables(headers: Sequence[str], settings: Settings = Settings()) -> tuple[str, ...]:
    """The tables that a file with these headers can hold, the likeliest first; none if no headers
    are those of a table.

    A table fits if all its mandatory fields are there, not all of them under headers of
    `NO_EVIDENCE`. A file with referrer and referred holds referrals; else of several tables that
    fit, it holds the one with the most known headers; of `NO_EVIDENCE`, mandatory ones count.
    ``--column`` is respected. Contacts and events fit only if all their mandatory headers are
    specific, and if no other table knows more of the headers. If a preset fits, its tables are the
    only ones.
    """
    of_preset = find_presets(headers)
    if of_preset:
        return tuple(sorted(of_preset, key=TABLE_NAMES.index))
    counts, sizes = {}, {}
    for table in FIELDS_BY_TABLE:
        matches = match_headers(table, headers, settings)
        named = set(dict(iterate_named_headers(table, settings)).values())
        vague = (*NO_EVIDENCE, *VAGUE_HEADERS.get(table, ()))
        specific = {
            name
            for name, match in matches.items()
            if match.header in named or normalize_header(match.header) not in vague
        }
        mandatory = {field.name for field in FIELDS_BY_TABLE[table] if field.mandatory}
        sizes[table] = len(matches)
        is_specific = mandatory <= specific if table in SIDE_TABLES else specific & mandatory
        if not find_absent_fields(table, matches) and is_specific:
            counts[table] = len(specific | mandatory)
    most = max(sizes[table] for table in FIELDS_BY_TABLE if table not in SIDE_TABLES)
    fitting = [t for t in counts if t not in SIDE_TABLES or sizes[t] >= most]
    return tuple(sorted(fitting, key=lambda table: (table != "referrals", -counts[table])))


def build_header_counter(settings: Settings = Settings()) -> Callable[[Sequence[str]], int]:
    """A function that counts the cells of a row that are headers of one table, the most of any.

    ``--column`` is respected. Cells that mean the same field count once.
    """
    by_spelling = _list_fields_by_spelling()
    named = {
        (table, header): name
        for table in FIELDS_BY_TABLE
        for name, header in iterate_named_headers(table, settings)
    }

    def count_known(cells: Sequence[str]) -> int:
        found: dict[str, set[str]] = {table: set() for table in FIELDS_BY_TABLE}
        for cell in cells:
            if len(cell) > _MAX_HEADER_CHARS:
                continue
            spelling = normalize_header(cell)
            for table, fields in found.items():
                name = named.get((table, cell)) or by_spelling[table].get(spelling)
                if name:
                    fields.add(name)
        return max(map(len, found.values()))

    return count_known


@cache
def _list_fields_by_spelling() -> dict[str, dict[str, str]]:
    """Table -> normalized header -> field."""
    return {
        table: {
            normalize_header(spelling): field.name
            for field in reversed(fields)
            for spelling in (*field.aliases, field.name)
        }
        for table, fields in FIELDS_BY_TABLE.items()
    }


def find_field_types(
    headers: Sequence[str], table: str, settings: Settings = Settings()
) -> dict[str, FieldType]:
    """Header -> the type of its field; ``referred_by`` names parties and counts as an ID."""
    types = {}
    for name, match in match_headers(table, headers, settings).items():
        field = find_field(table, name)
        if field is not None:
            types[match.header] = FieldType.ID if name == "referred_by" else field.type
    return types


def find_headers(
    table: str, headers: Sequence[str], settings: Settings = Settings()
) -> dict[str, str]:
    """Name of a field of a table -> the header that it is found under."""
    matches = match_headers(table, headers, settings)
    return {name: match.header for name, match in matches.items()}


def map_headers(
    table: str, file: str, headers: Sequence[str], settings: Settings
) -> tuple[MappedColumn, ...]:
    """The known fields among the headers of one file, in the order of the table's fields.

    Raises DataError with all faults together: ``missing-column``, which names the headers there
    are, ``several-headers`` for a field that several could be, and ``unknown-unit``.
    """
    matches = match_headers(table, headers, settings)
    faults: list[RefgraphError] = [
        DataError("missing-column", file=file, table=table, column=name, seen=list(headers))
        for name in find_absent_fields(table, matches)
    ]
    faults += [
        DataError(
            "several-headers",
            file=file,
            column=f"{table}.{name}",
            headers=[match.header, *match.others],
            first=match.header,
            line=write_setting(f"columns.{table}.{name}", match.header),
        )
        for name, match in matches.items()
        if match.is_open
    ]
    mapped = []
    for field in FIELDS_BY_TABLE[table]:
        if field.name not in matches:
            continue
        try:
            mapped.append(_resolve_unit(field, matches[field.name], file, settings))
        except DataError as fault:
            faults.append(fault)
    if faults:
        raise combine_errors(faults)
    return tuple(mapped)


def check_columns(columns: Mapping[str, str]) -> None:
    """Raise UsageError ``unknown-column`` for a ``table.column`` that is no field."""
    for target in columns:
        table, _, name = target.partition(".")
        if table not in FIELDS_BY_TABLE or find_field(table, name) is None:
            fields = [field.name for field in FIELDS_BY_TABLE.get(table, ())]
            raise UsageError("unknown-column", name=target, known=fields or list(FIELDS_BY_TABLE))


def find_absent_headers(
    table: str, file: str, headers: Sequence[str], settings: Settings
) -> list[RefgraphError]:
    """Faults ``absent-header`` for headers that settings or ``--column`` name and the files lack.

    Each names the line to correct, with the header that is most like the one named.
    """
    return [
        _describe_absent_header(f"{table}.{name}", header, file, headers, settings)
        for name, header in iterate_named_headers(table, settings)
        if header not in headers
    ]


def _describe_absent_header(
    column: str, header: str, file: str, headers: Sequence[str], settings: Settings
) -> DataError:
    key = f"columns.{column}" if column in settings.columns else "key_account.listed"
    by_lower = {seen.lower(): seen for seen in reversed(headers)}
    nearest = next(iter(find_nearest(header, by_lower)), "")
    line = write_setting(key, by_lower.get(nearest, "..."))
    seen = list(headers)
    return DataError("absent-header", file=file, column=key, header=header, seen=seen, line=line)


def _resolve_unit(field: Field, match: HeaderMatch, file: str, settings: Settings) -> MappedColumn:
    """A field with the unit in its header, else that of the settings, by column or by kind.

    Raises DataError ``unknown-unit``.
    """
    header, others = match.header, len(match.others)
    if field.type not in _SYMBOLS_BY_TYPE:
        spellings = settings.get_spellings(f"{field.table}.{field.name}")
        return MappedColumn(field, header, spellings=spellings, others=others)
    kind = UNIT_KINDS.get(field.type, "")
    declared = settings.units.get(f"{field.table}.{field.name}", settings.units.get(kind, ""))
    unit = find_unit(header) or declared
    symbols = _SYMBOLS_BY_TYPE[field.type]
    known = [name for name, (_, symbol) in UNITS.items() if symbol in symbols]
    if unit and unit.lower() not in known:
        raise DataError("unknown-unit", file=file, header=header, unit=unit, known=known)
    power, symbol = UNITS.get(unit.lower(), (0, ""))
    return MappedColumn(field, header, power, symbol, others=others)

"""Headers as written -> canonical columns: which header is which field, and in which unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cache

from refgraph.errors import DataError, RefgraphError, UsageError, combine_errors
from refgraph.model.field_types import Field, FieldType
from refgraph.model.fields import FIELDS_BY_TABLE, UNITS, find_field
from refgraph.model.han import simplify
from refgraph.model.settings import Settings

_UNIT_PATTERN = re.compile(r"[(（\[【]\s*([^()（）\[\]【】]*?)\s*[)）\]】]\s*$")
_MAX_HEADER_CHARS = 100
_UNIT_PREFIX = re.compile(r"^(?:单位|unit)\s*[:：]?\s*", re.IGNORECASE)
_NO_UNITS = ("必填", "选填", "必填项", "required", "optional", "mandatory")
"""What stands in brackets after a header and is no unit."""
_SYMBOLS_BY_TYPE = {
    FieldType.MONEY: ("元", "USD", "EUR", "GBP"),
    FieldType.QUANTITY: ("t",),
    FieldType.NUMBER: ("",),
}
_UNIT_KINDS = {FieldType.MONEY: "money", FieldType.QUANTITY: "volume"}


@dataclass(frozen=True)
class MappedColumn:
    """A field, the header it was found under, and the power of ten and symbol of its unit.

    spellings: canonical word -> further spellings, for a column of a vocabulary.
    """

    field: Field
    header: str
    power: int = 0
    symbol: str = ""
    spellings: Mapping[str, Sequence[str]] = dataclass_field(default_factory=dict)


def normalize_header(header: str) -> str:
    """A header without case, width, spaces, _, -, * and bracketed unit, in simplified Chinese.

    >>> normalize_header("*Customer_ID (new)")
    'customerid'
    """
    plain = unicodedata.normalize("NFKC", header)
    words = _UNIT_PATTERN.sub("", plain.strip(" *"))
    return simplify(re.sub(r"[\s_\-*]", "", words).lower())


def detect_tables(headers: Sequence[str], settings: Settings = Settings()) -> tuple[str, ...]:
    """The tables that a file with these headers can hold, the likeliest first; none if no headers
    are those of a table.

    A table fits if all its mandatory fields are there. A file with referrer and referred holds
    referrals; else of several tables that fit, it holds the one with the most known headers.
    ``--column`` is respected.
    """
    counts = {}
    for table in FIELDS_BY_TABLE:
        matches = _match_headers(table, headers, settings)
        if not _find_missing_fields(table, matches):
            counts[table] = len(matches)
    return tuple(sorted(counts, key=lambda table: (table != "referrals", -counts[table])))


def build_header_counter(settings: Settings = Settings()) -> Callable[[Sequence[str]], int]:
    """A function that counts the cells of a row that are headers of one table, the most of any.

    ``--column`` is respected. Cells that mean the same field count once.
    """
    by_spelling = _list_fields_by_spelling()
    named = {
        (table, header): name
        for table in FIELDS_BY_TABLE
        for name, header in _iterate_named_headers(table, settings)
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
    for name, header in _match_headers(table, headers, settings).items():
        field = find_field(table, name)
        if field is not None:
            types[header] = FieldType.ID if name == "referred_by" else field.type
    return types


def find_headers(
    table: str, headers: Sequence[str], settings: Settings = Settings()
) -> dict[str, str]:
    """Name of a field of a table -> the header that it is found under."""
    return _match_headers(table, headers, settings)


def map_headers(
    table: str, file: str, headers: Sequence[str], settings: Settings
) -> tuple[MappedColumn, ...]:
    """The known fields among the headers of one file, in the order of the table's fields.

    Raises DataError with all faults together: ``missing-column``, which names the headers there
    are, and ``unknown-unit``.
    """
    matches = _match_headers(table, headers, settings)
    faults: list[RefgraphError] = [
        DataError("missing-column", file=file, table=table, column=name, seen=list(headers))
        for name in _find_missing_fields(table, matches)
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
    """Faults ``missing-column`` for headers that ``--column`` names and the files do not have."""
    return [
        DataError("missing-column", file=file, table=table, column=header, seen=list(headers))
        for _, header in _iterate_named_headers(table, settings)
        if header not in headers
    ]


def _iterate_named_headers(table: str, settings: Settings) -> Iterator[tuple[str, str]]:
    """Canonical name and header of every column of a table that the settings name."""
    for target, header in settings.named_columns.items():
        if target.startswith(f"{table}."):
            yield target.partition(".")[2], header


def _match_headers(table: str, headers: Sequence[str], settings: Settings) -> dict[str, str]:
    """Canonical name -> header.

    Headers named by the settings come first, then canonical names, then aliases in their order.
    """
    matches: dict[str, str] = {}
    free = list(headers)
    for name, header in _iterate_named_headers(table, settings):
        if header in free:
            matches[name] = header
            free.remove(header)
    by_normalized: dict[str, str] = {}
    for header in free:
        by_normalized.setdefault(normalize_header(header), header)
    fields = FIELDS_BY_TABLE[table]
    candidates = [(field.name, field.name) for field in fields]
    candidates += [(field.name, alias) for field in fields for alias in field.aliases]
    for name, spelling in candidates:
        key = normalize_header(spelling)
        if name not in matches and by_normalized.get(key):
            matches[name] = by_normalized.pop(key)
    return matches


def _find_missing_fields(table: str, matches: Mapping[str, str]) -> list[str]:
    """Mandatory fields without a header."""
    return [f.name for f in FIELDS_BY_TABLE[table] if f.mandatory and f.name not in matches]


def _resolve_unit(field: Field, header: str, file: str, settings: Settings) -> MappedColumn:
    """A field with the unit in its header, else that of the settings, by column or by kind.

    Raises DataError ``unknown-unit``.
    """
    if field.type not in _SYMBOLS_BY_TYPE:
        spellings = settings.get_spellings(f"{field.table}.{field.name}")
        return MappedColumn(field, header, spellings=spellings)
    kind = _UNIT_KINDS.get(field.type, "")
    declared = settings.units.get(f"{field.table}.{field.name}", settings.units.get(kind, ""))
    bracket = _UNIT_PATTERN.search(header.strip(" *"))
    named = simplify(_UNIT_PREFIX.sub("", bracket.group(1))) if bracket else ""
    unit = ("" if named.lower() in _NO_UNITS else named) or declared
    symbols = _SYMBOLS_BY_TYPE[field.type]
    known = [name for name, (_, symbol) in UNITS.items() if symbol in symbols]
    if unit and unit.lower() not in known:
        raise DataError("unknown-unit", file=file, header=header, unit=unit, known=known)
    power, symbol = UNITS.get(unit.lower(), (0, ""))
    return MappedColumn(field, header, power, symbol)

"""Which header of a table is which field, and which headers leave that open."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from refgraph.model.field_types import Field
from refgraph.model.fields import FIELDS_BY_TABLE, HEADER_UNITS
from refgraph.model.han import simplify
from refgraph.model.settings import Settings

_UNIT_PATTERN = re.compile(r"[(（\[【]\s*([^()（）\[\]【】]*?)\s*[)）\]】]\s*$")
_UNIT_PREFIX = re.compile(r"^(?:单位|unit)\s*[:：]?\s*", re.IGNORECASE)
_NO_UNITS = ("必填", "选填", "必填项", "required", "optional", "mandatory")
"""What stands in brackets after a header and is no unit."""
_FREE_CHOICE = ("email", "phone", "address", "owner", "next_step", "due", "done", "contact")
"""Fields that a table often has several times; no figure depends on them."""


class HeaderMatch(NamedTuple):
    """The header of a field.

    others: further headers that could be meant. is_open: whether the user has to choose.
    """

    header: str
    others: tuple[str, ...] = ()
    is_open: bool = False


def normalize_header(header: str) -> str:
    """A header without case, width, spaces, _, -, * and bracketed unit, in simplified Chinese.

    >>> normalize_header("*Customer_ID (new)")
    'customerid'
    """
    plain = unicodedata.normalize("NFKC", header)
    words = _UNIT_PATTERN.sub("", plain.strip(" *"))
    return simplify(re.sub(r"[\s_\-*]", "", words).lower())


def find_unit(header: str) -> str:
    """The unit that a header names, as written; empty if it names none.

    >>> find_unit("合同额(单位：万元)"), find_unit("phone (optional)")
    ('万元', '')
    """
    bracket = _UNIT_PATTERN.search(header.strip(" *"))
    if bracket is None:
        return _list_header_units().get(normalize_header(header), "")
    named = simplify(_UNIT_PREFIX.sub("", bracket.group(1)))
    return "" if named.lower() in _NO_UNITS else named


@cache
def _list_header_units() -> dict[str, str]:
    return {normalize_header(header): unit for header, unit in HEADER_UNITS.items()}


@cache
def list_spellings(column: str) -> frozenset[str]:
    """The normalized headers that are known for ``table.field``."""
    table, _, name = column.partition(".")
    field = next(field for field in FIELDS_BY_TABLE[table] if field.name == name)
    return frozenset(map(normalize_header, (field.name, *field.aliases)))


def iterate_named_headers(table: str, settings: Settings) -> Iterator[tuple[str, str]]:
    """Canonical name and header of every column of a table that the settings name."""
    for target, header in settings.named_columns.items():
        if target.startswith(f"{table}."):
            yield target.partition(".")[2], header


def _iterate_preset_headers(table: str, settings: Settings) -> Iterator[tuple[str, str]]:
    for target, header in settings.preset_columns.items():
        if target.startswith(f"{table}."):
            yield target.partition(".")[2], header


def match_headers(
    table: str, headers: Sequence[str], settings: Settings = Settings()
) -> dict[str, HeaderMatch]:
    """Name of a field -> its header.

    Headers that the settings name come first, then those of presets, canonical names and aliases.
    Of several headers for a field the most specific one counts (客户编号, not 编号); otherwise it
    is open which one is meant, and the first by the order of the aliases stands there.
    """
    matches: dict[str, HeaderMatch] = {}
    free = list(headers)
    named = (*iterate_named_headers(table, settings), *_iterate_preset_headers(table, settings))
    for name, header in named:
        if header in free and name not in matches:
            matches[name] = HeaderMatch(header)
            free.remove(header)
    free = [header for header in free if f"{table}.{header}" not in settings.preset_unused]
    by_spelling: dict[str, list[str]] = {}
    for header in free:
        by_spelling.setdefault(normalize_header(header), []).append(header)
    fields = [field for field in FIELDS_BY_TABLE[table] if field.name not in matches]
    for field in fields:
        found = by_spelling.pop(normalize_header(field.name), [])
        if found:
            matches[field.name] = _choose(field, found)
    for field in fields:
        if field.name in matches:
            continue
        found = [
            header
            for alias in field.aliases
            for header in by_spelling.pop(normalize_header(alias), [])
        ]
        if found:
            matches[field.name] = _choose(field, found)
    return matches


def select_known_headers(
    table: str, headers: Sequence[str], settings: Settings = Settings()
) -> list[str]:
    """Those headers that may be a field of a table: named by the settings, or spelled like one."""
    named = {header for _, header in iterate_named_headers(table, settings)}
    known = frozenset[str]().union(
        *(list_spellings(f"{table}.{field.name}") for field in FIELDS_BY_TABLE[table])
    )
    return [h for h in headers if h in named or normalize_header(h) in known]


def find_spelling_matches(column: str, headers: Sequence[str]) -> list[str]:
    """Those headers that are spelled like ``table.field``."""
    known = list_spellings(column)
    return [header for header in headers if normalize_header(header) in known]


def _choose(field: Field, found: Sequence[str]) -> HeaderMatch:
    """The header that is meant, of one or more for a field."""
    if field.name in found:
        return HeaderMatch(field.name)
    spellings = [normalize_header(header) for header in found]
    for header, spelling in zip(found, spellings, strict=True):
        if all(other in spelling for other in spellings) and spellings.count(spelling) == 1:
            return HeaderMatch(header)
    return HeaderMatch(found[0], tuple(found[1:]), is_open=field.name not in _FREE_CHOICE)


def find_absent_fields(table: str, matches: Mapping[str, HeaderMatch]) -> list[str]:
    """Mandatory fields without a header."""
    return [f.name for f in FIELDS_BY_TABLE[table] if f.mandatory and f.name not in matches]

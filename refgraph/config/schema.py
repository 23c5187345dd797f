"""What a settings file may hold, and what is wrong with one that does not keep to it."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from refgraph.errors import DataError
from refgraph.model.field_types import FieldType
from refgraph.model.fields import FIELDS_BY_TABLE
from refgraph.model.message import message

MAX_NUMBER = 1e15
MAX_VALUE_CHARS = 60
"""Longer values are cut in error messages."""
_AMOUNTS = (FieldType.MONEY, FieldType.QUANTITY, FieldType.NUMBER)
"""Types of columns that have a unit."""


@dataclass(frozen=True)
class KeyRule:
    """What a key may hold; see ``data/config.toml``."""

    kind: str
    low: float = -MAX_NUMBER
    high: float = MAX_NUMBER
    words: tuple[str, ...] = ()

    @classmethod
    def from_schema(cls, rule: str | Mapping[str, Any]) -> KeyRule:
        """The rule as the schema writes it: a kind, or a table."""
        if isinstance(rule, str):
            return cls(rule)
        return cls(**{**rule, "words": tuple(rule.get("words", ()))})


@cache
def load_schema() -> dict[str, dict[str, Any]]:
    """Known tables and their keys (``data/config.toml``)."""
    text = files("refgraph.data").joinpath("config.toml").read_text(encoding="utf-8")
    return {**tomllib.loads(text), "units": {"keys": dict.fromkeys(_list_unit_keys(), "text")}}


def _list_unit_keys() -> list[str]:
    """Kinds of amounts, and every column of amounts."""
    amounts = [
        f"{table}.{field.name}"
        for table, fields in FIELDS_BY_TABLE.items()
        for field in fields
        if field.type in _AMOUNTS
    ]
    return ["money", "volume", *amounts]


def find_faults(
    tables: Mapping[str, Any], schema: Mapping[str, Mapping[str, Any]], file: str
) -> Iterator[DataError]:
    """The faults of all tables of a file."""
    for name, table in tables.items():
        if name not in schema:
            yield DataError("config-unknown", file=file, name=f"[{name}]", known=sorted(schema))
        elif not isinstance(table, dict):
            yield DataError("config-unknown", file=file, name=name, known=sorted(schema))
        else:
            yield from _find_table_faults(name, table, schema[name], file)


def _find_table_faults(
    name: str, table: Mapping[str, Any], schema: Mapping[str, Any], file: str
) -> Iterator[DataError]:
    """The faults of one table: keys that are missing, unknown, or hold a wrong value."""
    keys = schema.get("keys", {})
    instead = schema.get("instead")
    for key in schema.get("mandatory", []):
        if instead in table and key in table:
            both = f"[{name}] {key}"
            yield DataError("config-both", file=file, name=both, other=instead)
        elif instead not in table and key not in table:
            yield DataError("config-missing", file=file, name=f"[{name}] {key}")
    for key, value in table.items():
        rule = keys.get(key, schema.get("any"))
        if rule is None:
            known = sorted(keys)
            yield DataError("config-unknown", file=file, name=f"[{name}] {key}", known=known)
        else:
            yield from _find_value_faults(f"[{name}] {key}", value, KeyRule.from_schema(rule), file)


def _find_value_faults(name: str, value: object, rule: KeyRule, file: str) -> Iterator[DataError]:
    """The fault of one value, if it has any."""
    shown = _shorten(value)
    if not _has_kind(value, rule.kind):
        kind = message(f"help.kind-{rule.kind}")
        yield DataError("config-type", file=file, name=name, value=shown, kind=kind)
        return
    parts = _list_parts(value)
    if rule.words and any(part not in rule.words for part in parts):
        known = [word for word in rule.words if word]
        yield DataError("config-word", file=file, name=name, value=shown, known=known)
    numbers = [part for part in parts if isinstance(part, (int, float))]
    if any(not rule.low <= number <= rule.high for number in numbers):
        low, high = rule.low, rule.high
        yield DataError("config-range", file=file, name=name, value=shown, low=low, high=high)


def _list_parts(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else [value]


_TABLES_OF = {
    "line": ("integer",),
    "header": ("text",),
    "spellings": ("text", "texts"),
    "declaration": ("text", "texts"),
    "rates": ("number",),
}
"""Kind of a value that may be a table -> the kinds of the values in it."""
_PLAIN_FORMS = {
    "line": ("integer",),
    "header": ("text",),
    "declaration": ("text", "texts"),
}
"""Kind of a value that may be a table -> the kinds that it may have instead."""


def _has_kind(value: object, kind: str) -> bool:
    """Whether a value of TOML is of a kind of ``data/config.toml``."""
    match kind:
        case "text":
            return isinstance(value, str)
        case "flag":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            is_finite = isinstance(value, float) and math.isfinite(value)
            return is_finite or _has_kind(value, "integer")
        case "texts" | "numbers":
            return _is_list_of(value, kind.removesuffix("s"))
        case "files" | "names":
            return _has_kind(value, "text") or _has_kind(value, "texts")
    if kind in _CHECKS:
        return _CHECKS[kind](value)
    if any(_has_kind(value, plain) for plain in _PLAIN_FORMS.get(kind, ())):
        return True
    if not _is_table_of(value, _TABLES_OF[kind]):
        return False
    return kind != "rates" or all(rate > 0 for rate in value.values())  # type: ignore[attr-defined]


def _is_joined(value: object) -> bool:
    """Whether a value is ``{ all = [headers], join = text }``."""
    if not isinstance(value, dict) or not set(value) <= {"all", "join"}:
        return False
    return _has_kind(value.get("all"), "texts") and _has_kind(value.get("join", ""), "text")


def _is_choice(value: object) -> bool:
    parts = value if isinstance(value, list) else [value]
    return all(_has_kind(part, "text") or _is_joined(part) for part in parts)


def _is_list_of_needs(value: object) -> bool:
    if not isinstance(value, list):
        return False
    return all(_has_kind(part, "text") or _has_kind(part, "texts") for part in value)


def _is_table_of_costs(value: object) -> bool:
    """Whether a value is ``{ source = { year = amount } }``, the amounts at least 0."""
    if not isinstance(value, dict):
        return False
    years = [years for years in value.values()]
    return all(
        _is_table_of(part, ("number",)) and all(_is_cost(*item) for item in part.items())
        for part in years
    )


def _is_cost(year: str, amount: float) -> bool:
    return len(year) == 4 and year.isdecimal() and year.isascii() and 0 <= amount <= MAX_NUMBER


_CHECKS = {"choice": _is_choice, "needs": _is_list_of_needs, "costs": _is_table_of_costs}
"""Kinds that have a check of their own; the first two only presets have."""


def _is_list_of(value: object, kind: str) -> bool:
    return isinstance(value, list) and all(_has_kind(part, kind) for part in value)


def _is_table_of(value: object, kinds: tuple[str, ...]) -> bool:
    """Whether a value is a table whose values are each of one of these kinds."""
    if not isinstance(value, dict):
        return False
    return all(any(_has_kind(part, kind) for kind in kinds) for part in value.values())


def _shorten(value: object) -> str:
    """A value for an error message: not too long, and also for numbers too large to print."""
    try:
        text = str(value)
    except ValueError:
        text = "…"
    return text if len(text) <= MAX_VALUE_CHARS else f"{text[:MAX_VALUE_CHARS]}…"

"""refgraph.toml: found, checked, and passed on as a value.

Precedence: option > environment > refgraph.toml of SOURCE, else of the working folder > that of the
user > default.
"""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from refgraph.errors import DataError, FileError, combine_errors
from refgraph.files import find_config_folder
from refgraph.model.message import message
from refgraph.model.settings import Settings

FILE_NAME = "refgraph.toml"
MAX_NUMBER = 1e15
MAX_VALUE_CHARS = 60
"""Longer values are cut in error messages."""


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
    return tomllib.loads(files("refgraph.data").joinpath("config.toml").read_text(encoding="utf-8"))


def find_config(
    source: str | None, given: str | None = None, environment: Mapping[str, str] = os.environ
) -> Path | None:
    """The settings file: ``given``, else that of SOURCE, of the working folder or of the user."""
    if given:
        return Path(given)
    folders = [Path(".")]
    if source and "://" not in source:
        path = Path(source)
        folders.insert(0, path if path.is_dir() else path.parent)
    user_folder = find_config_folder(environment)
    if user_folder is not None:
        folders.append(user_folder)
    candidates = (folder / FILE_NAME for folder in folders)
    return next((file for file in candidates if file.is_file()), None)


def load_settings(path: Path | None) -> Settings:
    """The settings of a file; the defaults for None.

    Raises FileError if the file cannot be read, DataError with all faults together: not TOML, an
    unknown table or key, a value of the wrong type or outside its limits.
    """
    if path is None:
        return Settings()
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FileError("cannot-read", path=str(path), why=error.strerror or str(error)) from error
    except RecursionError as error:
        raise DataError("config-too-deep", file=str(path)) from error
    except ValueError as error:  # TOML and UTF-8
        if "int_max_str_digits" in str(error):
            raise DataError("config-long-number", file=str(path)) from error
        raise DataError("config-not-toml", file=str(path), why=str(error)) from error
    faults = list(_find_faults(tables, str(path)))
    if faults:
        raise combine_errors(faults)
    return _build_settings(tables)


def read_language(path: Path | None) -> str | None:
    """The ``lang`` of a settings file, whatever else is wrong with it; None if it has none."""
    if path is None:
        return None
    try:
        options = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("options")
    except (OSError, ValueError, RecursionError):
        return None
    language = options.get("lang") if isinstance(options, dict) else None
    return language if isinstance(language, str) else None


def with_columns(settings: Settings, columns: Mapping[str, str]) -> Settings:
    """The settings with ``--column`` in addition to the ``[columns]`` of the file."""
    return replace(settings, columns={**settings.columns, **columns})


def _build_settings(tables: Mapping[str, Any]) -> Settings:
    """Settings from tables without faults."""
    columns = _flatten_columns(tables.get("columns", {}))
    channels = {
        name: _list_spellings(value) if isinstance(value, dict) else value
        for name, value in tables.get("channels", {}).items()
    }
    declared = {
        name: _list_spellings(_flatten_columns(tables.get(name, {})))
        for name in ("date_format", "decimal")
    }
    return Settings.from_tables({**tables, **declared, "columns": columns, "channels": channels})


def _flatten_columns(columns: Mapping[str, Any]) -> dict[str, Any]:
    """``table.field`` -> value, from ``"referrals.referrer" = "alter"`` and nested tables."""
    flat = {name: value for name, value in columns.items() if not isinstance(value, dict)}
    for table, headers in columns.items():
        if isinstance(headers, dict):
            flat |= {f"{table}.{field}": header for field, header in headers.items()}
    return flat


def _list_spellings(table: Mapping[str, Any]) -> dict[str, list[str]]:
    """Word -> list of spellings; a single one may stand without a list."""
    return {word: [one] if isinstance(one, str) else list(one) for word, one in table.items()}


def _find_faults(tables: Mapping[str, Any], file: str) -> Iterator[DataError]:
    """The faults of all tables."""
    schema = load_schema()
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
    parts = value if isinstance(value, list) else [value]
    if rule.words and any(part not in rule.words for part in parts):
        known = [word for word in rule.words if word]
        yield DataError("config-word", file=file, name=name, value=shown, known=known)
    numbers = [part for part in parts if isinstance(part, (int, float))]
    if any(not rule.low <= number <= rule.high for number in numbers):
        low, high = rule.low, rule.high
        yield DataError("config-range", file=file, name=name, value=shown, low=low, high=high)


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
            return _has_kind(value, "integer") or (
                isinstance(value, float) and math.isfinite(value)
            )
        case "texts" | "numbers":
            return _is_list_of(value, kind.removesuffix("s"))
        case "header":
            return isinstance(value, str) or _is_table_of(value, ("text",))
        case "spellings":
            return _is_table_of(value, ("text", "texts"))
        case "declaration":
            is_plain = _has_kind(value, "text") or _has_kind(value, "texts")
            return is_plain or _is_table_of(value, ("text", "texts"))
        case "rates":
            return _is_table_of(value, ("number",)) and all(rate > 0 for rate in value.values())  # type: ignore[attr-defined]
    raise ValueError(kind)


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

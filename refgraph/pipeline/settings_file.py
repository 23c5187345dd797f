"""The refgraph.toml beside exported tables: with it they read back as the same data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import polars as pl

from refgraph.config.schema import load_schema
from refgraph.intake.currencies import normalize_currency
from refgraph.model.dataset import Dataset
from refgraph.model.fields import FIELDS_BY_TABLE
from refgraph.model.settings import KEY_ACCOUNT_WORDS, Settings

SETTLED_TABLES = ("columns", "read", "date_format", "decimal", "currency", "rates", "neo4j")
"""Settings that describe the original files; the exported ones are written in one known way."""
LEVEL_COLUMN = "level"
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def format_settings(data: Dataset, tables: Mapping[str, pl.DataFrame]) -> str:
    """The file as TOML. tables: as they are written.

    Amounts are in the units of the data and converted already, so a unit or a rate here changes
    none of them.
    """
    settings = _list_changed(data.settings)
    if data.settings.key_account is not None:
        settings["key_account"] = _describe_key_accounts(data.settings)
    settings["units"] = dict(data.units)
    settings["currency"] = _describe_currencies(data, tables)
    settings["decimal"] = dict.fromkeys(_list_number_columns(tables), "point")
    known = load_schema()
    return "\n".join(
        line
        for name, table in settings.items()
        if table and name in known
        for line in _format_table(name, table)
    )


def _list_changed(settings: Settings) -> dict[str, Any]:
    """The tables that differ from the defaults, each with the values that differ."""
    changed: dict[str, Any] = {}
    default = asdict(Settings())
    for name, table in asdict(settings).items():
        if name in SETTLED_TABLES or not isinstance(table, dict):
            continue
        before = default[name] or {}
        changed[name] = {key: value for key, value in table.items() if value != before.get(key)}
    return changed


def _describe_key_accounts(settings: Settings) -> dict[str, Any]:
    """The rule; the column that lists key accounts has its canonical name now."""
    rule = settings.key_account
    assert rule is not None
    words = {} if rule.words == KEY_ACCOUNT_WORDS else {"words": list(rule.words)}
    if rule.listed:
        return {"listed": LEVEL_COLUMN, **words}
    return {"measure": rule.measure, "over": rule.over, "period": rule.period, **words}


def _describe_currencies(data: Dataset, tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """The currency of all amounts, and a rate of 1 for others that rows still name."""
    used = data.units.get("money", "")
    named = {
        currency
        for frame in tables.values()
        if "currency" in frame.columns
        for currency in frame.select(normalize_currency(pl.col("currency"))).to_series().unique()
    } - {None}
    if not used or not named:
        return {}
    return {"use": used, "rates": dict.fromkeys(sorted(named - {used}), 1.0)}


def _list_number_columns(tables: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    for table in FIELDS_BY_TABLE:
        if table in tables:
            schema = tables[table].schema
            yield from (f"{table}.{name}" for name, dtype in schema.items() if dtype.is_float())


def _format_table(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    yield f"[{name}]"
    for key, value in table.items():
        if value is not None and value != {}:
            yield f"{_format_key(key)} = {_format_value(value)}"
    yield ""


def _format_key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _format_text(key)


def _format_value(value: object) -> str:
    """A value of TOML. Raises TypeError for what settings never hold."""
    if isinstance(value, str):
        return _format_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_format_value, value))}]"
    if isinstance(value, Mapping):
        pairs = (f"{_format_key(key)} = {_format_value(cell)}" for key, cell in value.items())
        return f"{{ {', '.join(pairs)} }}"
    raise TypeError(value)


def _format_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

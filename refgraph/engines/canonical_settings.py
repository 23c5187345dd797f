"""Settings under which tables that are canonical already pass intake unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from refgraph.intake.currencies import normalize_currency
from refgraph.model.dataset import get_schema
from refgraph.model.external_graph_names import ExternalGraphNames
from refgraph.model.read_settings import ReadSettings
from refgraph.model.settings import Settings

LEVEL_COLUMN = "level"


def make_canonical_settings(
    settings: Settings, units: Mapping[str, str], tables: Mapping[str, pl.DataFrame]
) -> Settings:
    """The settings of a load, for tables of text whose columns are called like their fields.

    Amounts are in the units of the data and converted already: a unit or a rate changes none.
    """
    rule = settings.key_account
    if rule is not None and rule.listed:
        rule = replace(rule, listed=LEVEL_COLUMN)
    numbers = [
        f"{table}.{name}"
        for table, frame in tables.items()
        for name, dtype in get_schema(table).items()
        if dtype == pl.Float64 and name in frame.columns
    ]
    currency, rates = _list_currencies(units, tables)
    return replace(
        settings,
        key_account=rule,
        units=dict(units),
        columns=_list_columns(tables, bool(rule and rule.listed)),
        read=ReadSettings(),
        neo4j=ExternalGraphNames(),
        currency=currency,
        rates=rates,
        date_format={},
        decimal={name: ["point"] for name in numbers},
        preset_columns={},
        preset_unused=[],
    )


def _list_columns(tables: Mapping[str, pl.DataFrame], has_level: bool) -> dict[str, str]:
    """Every field is found under its own name, and under no other."""
    columns = {
        f"{table}.{name}": name
        for table, frame in tables.items()
        for name in get_schema(table)
        if name in frame.columns and name not in ("stub", "file", "line")
    }
    if has_level:
        columns.pop(f"customers.{LEVEL_COLUMN}", None)
    return columns


def _list_currencies(
    units: Mapping[str, str], tables: Mapping[str, pl.DataFrame]
) -> tuple[str, dict[str, float]]:
    """The currency of all amounts, and a rate of 1 for others that rows still name."""
    used = units.get("money", "")
    named = {
        currency
        for frame in tables.values()
        if "currency" in frame.columns
        for currency in frame.select(normalize_currency(pl.col("currency"))).to_series().unique()
    } - {None}
    if not used or not named:
        return "", {}
    return used, dict.fromkeys(sorted(named - {used}), 1.0)

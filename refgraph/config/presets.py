"""The presets that are shipped, checked like refgraph.toml when they are loaded."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from refgraph.config.schema import find_faults
from refgraph.config.tables import flatten_columns, list_spellings
from refgraph.errors import combine_errors
from refgraph.model.fields import TABLE_NAMES
from refgraph.model.preset import Preset, PresetSection


@cache
def load_presets() -> tuple[Preset, ...]:
    """All presets, by name. Raises DataError for one that breaks the schema."""
    folder = files("refgraph.data.presets")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    return tuple(parse_preset(folder.joinpath(n).read_text(encoding="utf-8"), n) for n in names)


def parse_preset(text: str, file: str) -> Preset:
    """A preset from its file. Raises DataError with all faults together."""
    tables = tomllib.loads(text)
    faults = list(find_faults(tables, _load_schema(), file))
    if faults:
        raise combine_errors(faults)
    sections = [PresetSection.from_table(t, tables[t]) for t in TABLE_NAMES if t in tables]
    about = tables["preset"]
    return Preset(
        **about,
        sections=sections,
        date_format=list_spellings(flatten_columns(tables.get("date_format", {}))),
        status=tables.get("status", {}),
        order_status=tables.get("order_status", {}),
    )


@cache
def _load_schema() -> Mapping[str, Mapping[str, Any]]:
    text = files("refgraph.data").joinpath("preset.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)

"""refgraph.toml: read once, checked, passed on as a value.

Order: flag > environment > refgraph.toml of the SOURCE folder, else of the working folder > user file > default.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from refgraph.errors import DataError, FileError, RefgraphError, together
from refgraph.model.settings import KeyAccountRule, OldCustomerRule, Settings

NAME = "refgraph.toml"
TYPES = {"text": (str,), "number": (int, float), "whole": (int,), "texts": (list,), "flag": (bool,), "table": (dict,)}


@cache
def _schema() -> dict[str, dict[str, Any]]:
    """Known tables and keys with their types (``data/config.toml``)."""
    return tomllib.loads(files("refgraph.data").joinpath("config.toml").read_text(encoding="utf-8"))


def locate(source: str | None, given: str | None = None, environment: Mapping[str, str] = os.environ) -> Path | None:
    """The file that holds: ``--config``, else beside SOURCE, else in the working folder, else the user's own."""
    if given:
        return Path(given)
    beside = [Path(source) if Path(source).is_dir() else Path(source).parent] if source and "://" not in source else []
    home = environment.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    for folder in (*beside, Path("."), Path(home) / "refgraph"):
        if (folder / NAME).is_file():
            return folder / NAME
    return None


def load(path: Path | None) -> Settings:
    """Settings of a file, defaults without one.

    Raises FileError when it cannot be read, DataError with all faults together: not TOML, unknown table or key, wrong
    type or word.
    """
    if path is None:
        return Settings()
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FileError("cannot-read", path=str(path), why=error.strerror or str(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError("config-not-toml", file=str(path), why=str(error)) from error
    faults = list(_faults(tables, str(path)))
    if faults:
        raise together(faults)
    return _settings(tables)


def with_columns(settings: Settings, columns: Mapping[str, str]) -> Settings:
    """``--column`` on top of the file's ``[columns]``."""
    return replace(settings, columns={**settings.columns, **columns})


def _settings(tables: Mapping[str, Any]) -> Settings:
    known = {f.name for f in fields(Settings)}
    rule = tables.get("key_account")
    return Settings(
        key_account=KeyAccountRule(**rule) if rule else None,
        old_customer=OldCustomerRule(**tables.get("old_customer", {})),
        units=tables.get("units", {}),
        columns=_flat(tables.get("columns", {})),
        other={name: table for name, table in tables.items() if name not in known},
    )


def _flat(columns: Mapping[str, Any]) -> dict[str, str]:
    """Both ``[columns.referrals] referrer = "alter"`` and ``"referrals.referrer" = "alter"``."""
    nested = {f"{t}.{c}": h for t, of in columns.items() if isinstance(of, dict) for c, h in of.items()}
    return {k: v for k, v in columns.items() if isinstance(v, str)} | nested


def _faults(tables: Mapping[str, Any], file: str) -> list[RefgraphError]:
    schema = _schema()
    faults: list[RefgraphError] = []
    for name, table in tables.items():
        if name not in schema:
            faults.append(DataError("config-unknown", file=file, name=f"[{name}]", known=sorted(schema)))
        elif not isinstance(table, dict):
            faults.append(DataError("config-unknown", file=file, name=name, known=sorted(schema)))
        else:
            faults += _table_faults(name, table, schema[name], file)
    return faults


def _table_faults(name: str, table: Mapping[str, Any], schema: Mapping[str, Any], file: str) -> list[DataError]:
    faults = []
    keys = schema.get("keys", {})
    for key in schema.get("mandatory", []):
        if key not in table:
            faults.append(DataError("config-missing", file=file, name=f"[{name}] {key}"))
    for key, value in table.items():
        kind = keys.get(key, schema.get("any"))
        if kind is None:
            faults.append(DataError("config-unknown", file=file, name=f"[{name}] {key}", known=sorted(keys)))
        elif isinstance(kind, list):
            if value not in kind:
                faults.append(DataError("config-word", file=file, name=f"[{name}] {key}", value=value, known=kind))
        elif not _is(value, kind):
            faults.append(DataError("config-type", file=file, name=f"[{name}] {key}", value=value, kind=kind))
    return faults


def _is(value: object, kind: str) -> bool:
    if kind == "anything":
        return True
    return isinstance(value, TYPES[kind]) and (kind == "flag" or not isinstance(value, bool))

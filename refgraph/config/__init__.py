"""refgraph.toml: found, checked, and passed on as a value.

Precedence: option > environment > refgraph.toml of SOURCE, else of the working folder > that of the
user > default.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from refgraph.config.schema import find_faults, load_schema
from refgraph.config.tables import flatten_columns, list_spellings
from refgraph.errors import DataError, FileError, combine_errors
from refgraph.files import find_config_folder
from refgraph.model.fields import TABLE_NAMES
from refgraph.model.refusals import describe_refusal
from refgraph.model.settings import Settings

FILE_NAME = "refgraph.toml"
FILE_KEYS = (*TABLE_NAMES, "customers_patch", "matches")
"""Keys of table ``[read]`` that hold files."""


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
    tables = read_toml(path)
    faults = list(find_faults(tables, load_schema(), str(path)))
    if faults:
        raise combine_errors(faults)
    return _build_settings(tables, path.parent)


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file. Raises FileError if it cannot be read, DataError if it is none."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FileError("cannot-read", path=str(path), why=describe_refusal(error)) from error
    except RecursionError as error:
        raise DataError("config-too-deep", file=str(path)) from error
    except ValueError as error:  # TOML and UTF-8
        if "int_max_str_digits" in str(error):
            raise DataError("config-long-number", file=str(path)) from error
        raise DataError("config-not-toml", file=str(path), why=str(error)) from error


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


def _build_settings(tables: Mapping[str, Any], folder: Path) -> Settings:
    """Settings from tables without faults. folder: where the files of ``[read]`` are."""
    columns = flatten_columns(tables.get("columns", {}))
    channels = {
        name: list_spellings(value) if isinstance(value, dict) and name != "cost" else value
        for name, value in tables.get("channels", {}).items()
    }
    declared = {
        name: list_spellings(flatten_columns(tables.get(name, {})))
        for name in ("date_format", "decimal")
    }
    read = {
        name: _locate_files(value, folder) if name in FILE_KEYS else value
        for name, value in tables.get("read", {}).items()
    }
    changed = {**declared, "columns": columns, "channels": channels, "read": read}
    return Settings.from_tables({**tables, **changed})


def _locate_files(files: str | list[str], folder: Path) -> list[str]:
    """One file or several, by paths from a folder."""
    named = [files] if isinstance(files, str) else files
    return [str(folder / Path(file).expanduser()) for file in named]

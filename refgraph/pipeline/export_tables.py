"""The tables of a Dataset as files that read back as the same Dataset."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from refgraph.config import FILE_NAME
from refgraph.engines import serialization
from refgraph.engines.base import Engine
from refgraph.model.dataset import LOCATION_SCHEMA, Dataset, get_schema
from refgraph.model.fields import FIELDS_BY_TABLE
from refgraph.pipeline.settings_file import format_settings

FrameWriter = Callable[[pl.DataFrame, Path], object]


def write_csv_tables(engine: Engine, folder: Path) -> None:
    """UTF-8, comma, ISO dates, numbers with a decimal point; and refgraph.toml."""
    _write_tables(engine.dataset(), folder, "csv", pl.DataFrame.write_csv)


def write_parquet_tables(engine: Engine, folder: Path) -> None:
    """Typed columns; and refgraph.toml."""
    _write_tables(engine.dataset(), folder, "parquet", pl.DataFrame.write_parquet)


def list_tables(data: Dataset) -> dict[str, pl.DataFrame]:
    """Table -> its rows in an order that depends on the content only, with the columns it has.

    Without parties that only referrals name: reading the referrals adds them again.
    """
    frames = serialization.to_frames(data)
    tables = {name: frames[name] for name in FIELDS_BY_TABLE if name in frames}
    customers = tables["customers"]
    tables["customers"] = customers.filter(~pl.col("stub").fill_null(False))
    return {name: frame.select(_list_columns(data, name, frame)) for name, frame in tables.items()}


def _list_columns(data: Dataset, table: str, frame: pl.DataFrame) -> list[str]:
    """Required columns, the other known ones that the data have, then unknown ones."""
    known, dropped = get_schema(table), {*LOCATION_SCHEMA, "stub"}
    required = serialization.REQUIRED_COLUMNS[table]

    def is_written(name: str) -> bool:
        if name in dropped:
            return False
        is_filled = frame[name].null_count() < frame.height
        return name in required or name not in known or is_filled or data.has(f"{table}.{name}")

    names = sorted(frame.columns, key=lambda name: (name not in required, name not in known))
    return [name for name in names if is_written(name)]


def _write_tables(data: Dataset, folder: Path, suffix: str, write: FrameWriter) -> None:
    tables = list_tables(data)
    for name, frame in tables.items():
        write(frame, folder / f"{name}.{suffix}")
    (folder / FILE_NAME).write_text(format_settings(data, tables), encoding="utf-8")

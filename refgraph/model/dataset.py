"""The Dataset: what the files say, checked and in canonical columns, before any question is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from refgraph.model.fingerprint import fingerprint
from refgraph.model.fields import TABLES, Type
from refgraph.model.raw import no_rejects
from refgraph.model.settings import Settings

Kind = type[pl.DataType] | pl.DataType
POLARS: dict[Type, Kind] = {Type.DATE: pl.Date, Type.MONEY: pl.Float64, Type.QUANTITY: pl.Float64, Type.NUMBER: pl.Float64}
LEDGER: dict[str, Kind] = {"file": pl.String, "table": pl.String, "read": pl.Int64, "used": pl.Int64, "set_aside": pl.Int64,
          "deduplicated": pl.Int64}  # fmt: skip
FINDINGS: dict[str, Kind] = {"code": pl.String, "members": pl.List(pl.String), "file": pl.String, "line": pl.Int64,
            "detail": pl.String}  # fmt: skip
PLACE: dict[str, Kind] = {"file": pl.String, "line": pl.Int64}


def schema(table: str) -> dict[str, Kind]:
    """Canonical columns of a table with their polars types; every table also has ``file`` and ``line``.

    customers also have ``stub``: true for a party that only referrals name (its file and line are null).
    """
    fields = {f.name: POLARS.get(f.type, pl.String) for f in TABLES[table] if f.name != "referred_by"}
    return fields | ({"stub": pl.Boolean} if table == "customers" else {}) | PLACE


def empty(table: str) -> pl.DataFrame:
    """A table of the Dataset without rows."""
    return pl.DataFrame(schema=schema(table))


@dataclass(frozen=True, eq=False)
class Rows:
    """In which row of ``customers`` each id of these tables stands, Int32 each, as intake found it.

    It holds for the very tables named here; a Dataset that was given others is looked through again.
    """

    customers: pl.DataFrame
    referrals: pl.DataFrame
    orders: pl.DataFrame | None
    referrer: pl.Series
    referred: pl.Series
    customer: pl.Series | None

    def are_of(self, dataset: Dataset) -> bool:
        """Whether they hold for this Dataset."""
        return (dataset.customers is self.customers and dataset.referrals is self.referrals
                and dataset.orders is self.orders)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Dataset:
    """Customers, referrals and, where the data has them, orders and affiliations.

    Frames have all canonical columns (`schema`), null where the data has none, then unknown columns as text.
    recorded: the columns that the data really has, as ``table.column``.
    units: the unit of ``money`` and of ``volume``, empty where it is not declared.
    ledger: per file read = used + set_aside + deduplicated. findings: flagged, used. rejects: set aside.
    mapping: ``table.canonical`` -> header as written, for ``refgraph check``. warnings: (code, count) of repairs.
    ignored: files of the folder that hold no known table. rows: what intake knows of who is meant by the ids.
    """

    customers: pl.DataFrame
    referrals: pl.DataFrame
    orders: pl.DataFrame | None = None
    affiliations: pl.DataFrame | None = None
    recorded: frozenset[str] = frozenset()
    units: Mapping[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    ledger: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LEDGER))
    findings: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FINDINGS))
    rejects: pl.DataFrame = field(default_factory=no_rejects)
    mapping: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[tuple[str, int], ...] = ()
    ignored: tuple[str, ...] = ()
    rows: Rows | None = None

    def has(self, column: str) -> bool:
        """Whether the data has the column, given as ``table.column``."""
        return column in self.recorded

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 in hex over every cell of every table, file and line left out; the same for any order of rows.

        How it is found, and why two Datasets that differ do not share it, is told in `model.fingerprint`.
        """
        tables = {table: getattr(self, table) for table in TABLES if getattr(self, table) is not None}
        return fingerprint({table: (frame, _content(table, frame)) for table, frame in tables.items()})


def _content(table: str, frame: pl.DataFrame) -> list[str]:
    """The columns of a table that are its content: canonical ones, then the others by name."""
    names = [f.name for f in TABLES[table] if f.name in frame.columns]
    return names + sorted(set(frame.columns) - {*names, "file", "line"})

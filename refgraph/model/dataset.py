"""The Dataset: the content of the files, checked and in canonical columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from refgraph.model.field_types import FieldType
from refgraph.model.fields import FIELDS_BY_TABLE
from refgraph.model.fingerprint import compute_fingerprint
from refgraph.model.raw import FileLayout, make_empty_rejects
from refgraph.model.representation import count_things, describe_fields, describe_object
from refgraph.model.settings import Settings

PolarsType = type[pl.DataType] | pl.DataType
"""How a schema names a type: ``pl.Int64``, or ``pl.List(pl.String)``."""

POLARS_TYPES: dict[FieldType, PolarsType] = {
    FieldType.DATE: pl.Date,
    FieldType.MONEY: pl.Float64,
    FieldType.QUANTITY: pl.Float64,
    FieldType.NUMBER: pl.Float64,
}
"""Type of a column by the type of its field; text if there is none."""

LEDGER_SCHEMA: dict[str, PolarsType] = {
    "file": pl.String,
    "table": pl.String,
    "read": pl.Int64,
    "used": pl.Int64,
    "rejected": pl.Int64,
    "duplicates": pl.Int64,
    "skipped": pl.Int64,
    "cells": pl.Int64,
}
"""One row per file and table; read = used + rejected + duplicates + skipped.

cells: rejected cells, whose rows lose that cell only.
"""

LEDGER_COUNTS = ("read", "used", "rejected", "duplicates", "skipped")
"""The numbers of rows in the ledger; the first is the sum of the others."""

ANNOUNCED_CODES = (
    "header-found",
    "delimiter-found",
    "encoding-found",
    "mojibake",
    "above-header",
    "blank-row",
    "copied-row",
    "left-out-copy",
    "repeated-header",
    "footer",
    "total-row",
    "index-column",
    "merged-cells",
    "filled-cell",
    "only-referrals",
    "sheet-error",
    "formula-unsaved",
    "formula-id",
    "shown-zeros",
    "nobody-referrer",
    "channel-referrer",
    "split-cell",
    "matched-by-confirmed",
    "matched-by-same-firm",
    "merged-customer",
    "stale-match",
    "match-other-name",
    "match-undecided",
    "matches-unused",
    "matches-open",
    "several-contacts",
    "conflicting-columns",
    "joined-contacts",
    "matched-by-person",
    "matched-by-name-or-person",
    "matched-by-column",
    "matched-by-contact",
    "matched-by-spelling",
    "matched-by-legal-form",
    "relationship-elsewhere",
    "edited-rows",
    "edited-values",
    "edited-unusable",
    "refunded-order",
    "cancelled-order",
    "unpaid-order",
    "partly-refunded-order",
    "repaired-id",
    "day-first",
    "month-first",
    "short-year",
    "decimal-comma",
    "thousands-comma",
    "converted-amount",
    "order-line",
    "preset-row",
    "preset-older",
    "other-type",
    "equal-order",
    "placeholder-date",
    "shared-date",
    "sensitive-word",
)
"""Warnings that stand beside the ledger: why rows were skipped, and repairs."""

FINDINGS_SCHEMA: dict[str, PolarsType] = {
    "code": pl.String,
    "members": pl.List(pl.String),
    "file": pl.String,
    "line": pl.Int64,
    "detail": pl.String,
}
"""Rows that are used but deserve a look: which finding, whose ids, and where."""

LOCATION_SCHEMA: dict[str, PolarsType] = {"file": pl.String, "line": pl.Int64}


def get_schema(table: str) -> dict[str, PolarsType]:
    """The canonical columns of a table with their polars types, then ``file`` and ``line``.

    Customers also have ``stub``: true for a party that only referrals name, without file and line.
    """
    schema = {
        field.name: POLARS_TYPES.get(field.type, pl.String)
        for field in FIELDS_BY_TABLE[table]
        if field.name != "referred_by"
    }
    if table == "customers":
        schema["stub"] = pl.Boolean
    return schema | LOCATION_SCHEMA


def make_empty_table(table: str) -> pl.DataFrame:
    """A table with all canonical columns and no rows."""
    return pl.DataFrame(schema=get_schema(table))


@dataclass(frozen=True, eq=False, kw_only=True)
class CustomerRows:
    """The rows of ``customers`` that the ids of other tables mean, as intake found them.

    customers, referrals, orders: the frames for which this holds; a Dataset with other frames has
    to look the ids up again. referrer, referred: Int32, one per referral. customer: Int32, one per
    order, None without orders.
    """

    customers: pl.DataFrame
    referrals: pl.DataFrame
    orders: pl.DataFrame | None
    referrer: pl.Series
    referred: pl.Series
    customer: pl.Series | None

    def __repr__(self) -> str:
        return describe_fields(self)

    def is_valid_for(self, dataset: Dataset) -> bool:
        """Whether a Dataset still has the frames for which the rows were found."""
        return (
            dataset.customers is self.customers
            and dataset.referrals is self.referrals
            and dataset.orders is self.orders
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Dataset:
    """Customers, referrals and, if the data have them, the other tables.

    Frames have all canonical columns (`get_schema`), null if the data lack them, then unknown
    columns as text.
    recorded: the columns that the data have, as ``table.column``.
    units: the unit of ``money`` and of ``volume``; no entry if it is not declared.
    ledger: `LEDGER_SCHEMA`. findings: `FINDINGS_SCHEMA`. rejects: `REJECTS_SCHEMA` of `model.raw`.
    mapping: ``table.column`` -> header as written, for ``refgraph check``.
    warnings: (code, count) of repairs and omissions, see `model.remarks`.
    ignored: data files that hold no known table.
    layouts: file -> what was found out about it, for files that are not laid out as usual.
    customer_rows: the row of the customer behind each id, if intake looked it up.
    decided_matches: ``kind``, ``written``, ``candidate`` and ``confirm`` of what a person decided
    in files of matches, and the ``id`` that a text means by it; None without any.
    """

    customers: pl.DataFrame
    referrals: pl.DataFrame
    orders: pl.DataFrame | None = None
    affiliations: pl.DataFrame | None = None
    contacts: pl.DataFrame | None = None
    events: pl.DataFrame | None = None
    recorded: frozenset[str] = frozenset()
    units: Mapping[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    ledger: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LEDGER_SCHEMA))
    findings: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FINDINGS_SCHEMA))
    rejects: pl.DataFrame = field(default_factory=make_empty_rejects)
    mapping: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[tuple[str, int], ...] = ()
    ignored: tuple[str, ...] = ()
    layouts: tuple[tuple[str, FileLayout], ...] = ()
    customer_rows: CustomerRows | None = None
    decided_matches: pl.DataFrame | None = None

    def __repr__(self) -> str:
        frames = {table: getattr(self, table) for table in FIELDS_BY_TABLE}
        facts = [f"{f.height:,} {table}" for table, f in frames.items() if f is not None]
        rejected = int(self.ledger["rejected"].sum())
        rows = f"{count_things(rejected, 'row')} rejected" if rejected else None
        return describe_object(self, *facts, rows)

    def has(self, column: str) -> bool:
        """Whether the data have a column, given as ``table.column``."""
        return column in self.recorded

    @cached_property
    def confirmed_names(self) -> dict[str, str]:
        """What a person confirmed that a text means: the text -> the id of a customer."""
        if self.decided_matches is None:
            return {}
        applied = self.decided_matches.drop_nulls("id")
        return dict(applied.select("written", "id").iter_rows())

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 in hex over all cells but file and line; the same for any order of rows.

        See `model.fingerprint`.
        """
        tables = {}
        for table in FIELDS_BY_TABLE:
            frame = getattr(self, table)
            if frame is not None:
                tables[table] = frame, _content_columns(table, frame)
        return compute_fingerprint(tables)


def _content_columns(table: str, frame: pl.DataFrame) -> list[str]:
    """The columns of a table without file and line: canonical ones, then the others by name."""
    names = [f.name for f in FIELDS_BY_TABLE[table] if f.name in frame.columns]
    return names + sorted(set(frame.columns) - {*names, "file", "line"})

"""A Dataset taken apart for keeping elsewhere: rows as frames, the rest as plain values; and put together again, the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import polars as pl

from refgraph.errors import DataError
from refgraph.model.dataset import FINDINGS, LEDGER, Dataset, Kind, schema
from refgraph.model.fields import TABLES
from refgraph.model.raw import REJECTS
from refgraph.model.settings import KeyAccountRule, OldCustomerRule, Settings

LAYOUT = 1
"""Number of this layout; what was kept under another is not read."""
NAMED = {"customers": ("id",), "referrals": ("referrer", "referred"), "orders": ("customer",),
         "affiliations": ("customer", "group")}  # fmt: skip
"""Columns of each table that no row is without: they are always carried, and first."""
KEYS = {"customers": ("id",), "referrals": ("referrer", "referred"), "orders": ("customer", "at", "order_id"),
        "affiliations": ("customer", "group")}
ROWS: dict[str, Mapping[str, Kind]] = {"ledger": LEDGER, "findings": FINDINGS, "rejects": REJECTS}
"""Tables of an account of the data, beside those of `TABLES`."""


def frames(data: Dataset) -> dict[str, pl.DataFrame]:
    """All tables in one order of rows that depends on their content only, not on that of the files."""
    found = {}
    for table in TABLES:
        frame = getattr(data, table)
        if frame is not None:
            keys = KEYS[table]
            rest = [c for c in frame.columns if c not in keys and frame[c].null_count() < frame.height]
            single = table in ("customers", "referrals")
            found[table] = frame.sort(*keys, *([] if single else rest), nulls_last=True, maintain_order=True)
    return found | {"ledger": data.ledger, "findings": data.findings, "rejects": data.rejects}


def about(data: Dataset) -> dict[str, Any]:
    """What is not rows, in plain values of JSON.

    columns: all columns of each table; full: those of them that hold anything and differ from row to row; same: columns
    that say the same in every row that has a line (a table of one file names it once).
    """
    tables = {t: getattr(data, t) for t in TABLES if getattr(data, t) is not None}
    settings = asdict(data.settings)
    return {
        "layout": LAYOUT,
        "columns": {t: frame.columns for t, frame in tables.items()},
        "same": {t: {"file": name} for t, frame in tables.items() if (name := _one_file(frame)) is not None},
        "full": {t: [c for c in frame.columns if frame[c].null_count() < frame.height] for t, frame in tables.items()},
        "rows": {t: frame.height for t, frame in tables.items()},
        "recorded": sorted(data.recorded),
        "units": dict(data.units),
        "settings": json.loads(json.dumps(settings, default=str)),
        "mapping": dict(data.mapping),
        "warnings": [list(each) for each in data.warnings],
        "ignored": list(data.ignored),
    }


def _one_file(frame: pl.DataFrame) -> str | None:
    placed = frame.filter(pl.col("line").is_not_null())["file"]
    return str(placed[0]) if placed.len() and placed.n_unique() == 1 and placed[0] is not None else None


def moved(told: Mapping[str, Any], table: str) -> list[str]:
    """The columns of a table that must be carried: the named ones, then full ones that do not say the same in every row."""
    apart = (*NAMED[table], *told["same"].get(table, {}))
    return [*NAMED[table], *(c for c in told["full"][table] if c not in apart)]


def restored(told: Mapping[str, Any], tables: Mapping[str, pl.DataFrame], settings: Settings | None = None) -> Dataset:
    """The Dataset again, from what `about` told and the carried columns of each table.

    settings: in place of those kept. Raises DataError ``kept-otherwise`` for another layout.
    """
    if told.get("layout") != LAYOUT:
        raise DataError("kept-otherwise", layout=told.get("layout"))
    whole = {t: _whole(t, tables[t], told) for t in told["columns"]}
    return Dataset(
        whole["customers"], whole["referrals"], whole.get("orders"), whole.get("affiliations"),
        frozenset(told["recorded"]), dict(told["units"]), settings or settings_of(told["settings"]),
        tables["ledger"], tables["findings"], tables["rejects"],
        dict(told["mapping"]), tuple((code, n) for code, n in told["warnings"]), tuple(told["ignored"]),
    )  # fmt: skip


def _whole(table: str, frame: pl.DataFrame, told: Mapping[str, Any]) -> pl.DataFrame:
    kinds = schema(table)
    same = told["same"].get(table, {})
    lit = {c: pl.when(pl.col("line").is_not_null()).then(pl.lit(value)) for c, value in same.items()}
    columns = [lit.get(c, pl.col(c) if c in frame.columns else pl.lit(None, kinds.get(c, pl.String))).alias(c)
               for c in told["columns"][table]]
    return frame.select(columns)


def settings_of(told: Mapping[str, Any]) -> Settings:
    """The Settings that `about` told of."""
    rule = told["key_account"]
    return Settings(KeyAccountRule(**rule) if rule else None, OldCustomerRule(**told["old_customer"]), dict(told["units"]),
                    dict(told["columns"]), dict(told["other"]))


def identity(told: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> str:
    """SHA-256 in hex over everything kept, places in files included: two loads of the same identity write the same."""
    digest = hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode())
    for name, frame in tables.items():
        digest.update(f"\n{name} {frame.height}\n".encode())
        flat = frame.with_columns(pl.col("members").list.join("\x1f")) if "members" in frame.columns else frame
        digest.update(flat.write_csv().encode())
    return digest.hexdigest()

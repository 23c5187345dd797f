"""Rows of text -> Dataset, for the tests of intake."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from refgraph import intake
from refgraph.intake.cast_rules import CastRules
from refgraph.model.dataset import Dataset
from refgraph.model.raw import RawTable
from refgraph.model.settings import Settings
from support import toys

Row = Mapping[str, str | None]


def table(file: str, rows: Sequence[Row]) -> RawTable:
    """A file of these rows; an empty cell is null, as the readers make it."""
    columns = list(dict.fromkeys(c for row in rows for c in row))
    return toys.raw(file, [{c: v or None for c, v in row.items()} for row in rows], columns)


def admit(
    customers: Sequence[Row],
    referrals: Sequence[Row] = (),
    orders: Sequence[Row] = (),
    *,
    rules: CastRules = CastRules(),
    settings: Settings = Settings(),
    strict: bool = False,
    duplicates: str = "reject",
) -> Dataset:
    """A Dataset of these rows; each table is one file, named after it."""
    tables = {"customers": customers, "referrals": referrals, "orders": orders}
    raws = {name: [table(f"{name}.csv", rows)] for name, rows in tables.items() if rows}
    return intake.build_dataset(raws, settings, intake.IntakeOptions(rules, strict, duplicates))


def codes(data: Dataset) -> list[str]:
    """The codes of all rejects, in order of file and line."""
    return data.rejects["code"].to_list()


def count_rows(data: Dataset) -> dict[str, tuple[int, int, int, int]]:
    """Table -> rows read, used, rejected or skipped, and duplicates, over all its files."""
    by_table: dict[str, tuple[int, int, int, int]] = {}
    sums = data.ledger.group_by("table", maintain_order=True).agg(pl.exclude("file").sum())
    for table, read, used, rejected, duplicates, skipped, _ in sums.iter_rows():
        assert read == used + rejected + duplicates + skipped
        by_table[table] = read, used, rejected + skipped, duplicates
    return by_table


def cast_one(column: str, text: str, rules: CastRules = CastRules()) -> object:
    """The value of a single cell of customers, or the code of its fault."""
    data = admit([{"id": "a", column: text}], rules=rules)
    if data.rejects.height:
        return data.rejects["code"][0]
    name_without_unit = re.sub(r"\(.*", "", column)
    return data.customers[name_without_unit][0]

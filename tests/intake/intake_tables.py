"""Rows of text -> Dataset, for the tests of intake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import toys
from refgraph import intake
from refgraph.intake.cast import Rules
from refgraph.model.dataset import Dataset
from refgraph.model.raw import RawTable
from refgraph.model.settings import Settings

Row = Mapping[str, str | None]


def table(file: str, rows: Sequence[Row]) -> RawTable:
    """A file of these rows; an empty cell is null, as the readers make it."""
    columns = list(dict.fromkeys(c for row in rows for c in row))
    return toys.raw(file, [{c: v or None for c, v in row.items()} for row in rows], columns)


def admit(customers: Sequence[Row], referrals: Sequence[Row] = (), orders: Sequence[Row] = (), *, rules: Rules = Rules(),
          settings: Settings = Settings(), strict: bool = False, duplicates: str = "reject") -> Dataset:
    """Each table one file, named after it."""
    tables = {"customers": customers, "referrals": referrals, "orders": orders}
    raws = {name: [table(f"{name}.csv", rows)] for name, rows in tables.items() if rows}
    return intake.admit(raws, settings, intake.Options(rules, strict, duplicates))


def codes(data: Dataset) -> list[str]:
    """The codes of all rejects, in order of file and line."""
    return data.rejects["code"].to_list()


def totals(data: Dataset) -> dict[str, tuple[int, ...]]:
    """Table -> rows read, used, set aside and deduplicated over all its files."""
    found: dict[str, tuple[int, ...]] = {}
    for _, name, *counts in data.ledger.iter_rows():
        found[name] = tuple(a + b for a, b in zip(found.get(name, (0, 0, 0, 0)), counts, strict=True))
    return found

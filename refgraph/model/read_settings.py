"""How files are read: what options and table ``[read]`` of refgraph.toml have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ReadingChoices:
    """What the command line and table ``[read]`` say alike.

    customers to matches: files. date_format, decimal: of all columns in table ``[read]``.
    """

    customers: tuple[str, ...] = ()
    referrals: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    customers_patch: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    input_format: str | None = None
    sheet: tuple[str, ...] = ()
    date_format: tuple[str, ...] = ()
    decimal: tuple[str, ...] = ()
    loose_numbers: bool = False
    trim: bool = False
    strict: bool = False
    no_referrals: bool = False
    repair_ids: bool = False
    same_order_once: bool = False
    fill_down: tuple[str, ...] = ()
    sensitive: bool = False
    allow_rejects: bool = False


@dataclass(frozen=True, kw_only=True)
class ReadSettings(ReadingChoices):
    """Table ``[read]``: what options of reading are if they are not given.

    customers to matches: files, by paths from the folder of refgraph.toml.
    header_row: line of the header by table, "" = all tables; 0 = none. date_format, decimal: of all
    columns; tables ``[date_format]`` and ``[decimal]`` have those of single columns. zone: time
    zone in which the days of Unix times are counted, empty = UTC.
    """

    header_row: dict[str, int] = field(default_factory=dict)
    duplicates: str | None = None
    zone: str = ""

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> ReadSettings:
        """From a table as a file gives it, or as it was stored. Raises TypeError for others."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in table.items()
        }
        row = values.get("header_row")
        if not isinstance(row, Mapping):
            values["header_row"] = {} if row is None else {"": row}
        return cls(**values)

"""What bringing a load up to date with new files changes, for people and programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class TableSync:
    """The rows of a table that change. moved: equal rows that stand elsewhere in the file.

    removed: rows that the files do not have. examples: word (``added`` ...) -> what names some of
    these rows.
    """

    added: int
    updated: int
    moved: int
    removed: int
    examples: Mapping[str, list[str]]

    @property
    def total(self) -> int:
        """All rows that change."""
        return self.added + self.updated + self.moved + self.removed


@dataclass(frozen=True, kw_only=True)
class SyncSummary:
    """The changes of all tables. was_fresh: whether they were found without reading the rows.

    lost_properties: names of properties that refgraph did not load, on customers to be removed.
    same: whether the load is that of these very files already.
    """

    tables: Mapping[str, TableSync]
    was_fresh: bool
    lost_properties: list[str]
    same: bool

    @property
    def removed(self) -> int:
        """Rows of all tables that the files do not have."""
        return sum(table.removed for table in self.tables.values())

    @property
    def changes(self) -> int:
        """All rows of all tables that change."""
        return sum(table.total for table in self.tables.values())

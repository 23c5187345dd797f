"""The outcome of a check: every row of a table is accepted, rejected or a duplicate."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from refgraph.model.raw import make_empty_rejects


class Partition(NamedTuple):
    """The rows of a table after one or more checks; every row is in one of the frames.

    accepted: rows to use. rejected: one reject per row (`REJECTS_SCHEMA`), though several may cite
    the same line. duplicates: rows that repeat an accepted one. skipped: rows left out
    on purpose, None = none.
    """

    accepted: pl.DataFrame
    rejected: pl.DataFrame
    duplicates: pl.DataFrame
    skipped: pl.DataFrame | None = None

    def then(self, later: Partition) -> Partition:
        """The outcome of this check and a later one, which was given the accepted rows."""
        rejected = pl.concat([self.rejected, later.rejected])
        duplicates = pl.concat([self.duplicates, later.duplicates], how="diagonal")
        parts = [part for part in (self.skipped, later.skipped) if part is not None]
        skipped = pl.concat(parts, how="diagonal") if parts else None
        return Partition(later.accepted, rejected, duplicates, skipped)


def accept_all(frame: pl.DataFrame) -> Partition:
    """All rows accepted."""
    return Partition(frame, make_empty_rejects(), frame.clear())

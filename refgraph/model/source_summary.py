"""Settings, ledger and counts: what a page says about the data, without loading the data."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from refgraph.model.dataset import LEDGER_COUNTS, Dataset
from refgraph.model.representation import describe_fields
from refgraph.model.settings import Settings


@dataclass(frozen=True, eq=False, kw_only=True)
class SourceSummary:
    """Facts about the data behind an engine.

    customers: number of parties that the data name. ledger: as in Dataset. findings: number of
    findings. ignored: names of files that were not read. warnings: as in Dataset.
    """

    settings: Settings
    customers: int
    ledger: pl.DataFrame
    findings: int
    ignored: tuple[str, ...]
    warnings: tuple[tuple[str, int], ...] = ()

    def __repr__(self) -> str:
        return describe_fields(self)

    @property
    def totals(self) -> dict[str, int]:
        """Rows read, used, rejected, duplicates and skipped, and rejected cells, over all files."""
        return {name: int(self.ledger[name].sum()) for name in (*LEDGER_COUNTS, "cells")}


def summarize_dataset(data: Dataset) -> SourceSummary:
    """The summary of a Dataset."""
    return SourceSummary(
        settings=data.settings,
        customers=data.customers.height,
        ledger=data.ledger,
        findings=data.findings.height,
        ignored=data.ignored,
        warnings=data.warnings,
    )

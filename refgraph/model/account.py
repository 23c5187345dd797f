"""The account of the data behind an engine: enough to begin and end a page with, without the data themselves."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from refgraph.model.dataset import Dataset
from refgraph.model.settings import Settings


@dataclass(frozen=True, eq=False)
class Account:
    """customers: how many parties the data name. ledger: as in Dataset. findings: how many. ignored: files left unread."""

    settings: Settings
    customers: int
    ledger: pl.DataFrame
    findings: int
    ignored: tuple[str, ...]

    @property
    def totals(self) -> dict[str, int]:
        """Rows read, used, set aside and deduplicated."""
        return {name: int(self.ledger[name].sum()) for name in ("read", "used", "set_aside", "deduplicated")}


def of(data: Dataset) -> Account:
    """The account of a Dataset."""
    return Account(data.settings, data.customers.height, data.ledger, data.findings.height, data.ignored)

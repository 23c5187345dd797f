"""How a SOURCE is read: everything a person may say about the form of the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from refgraph.intake import Options


@dataclass(frozen=True)
class Reading:
    """Single tables beside or in place of SOURCE, dialect, columns, and how strict intake is."""

    customers: tuple[str, ...] = ()
    referrals: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    delimiter: str | None = None
    encoding: str | None = None
    config: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    intake: Options = Options()

"""Settings that change answers; they travel with the data and stand in every engine."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class KeyAccountRule:
    """Table ``[key_account]``: a customer is a key account when its ``measure`` is strictly more than ``over``.

    measure: revenue, profit or volume. period: yearly_mean or total. over: in 元 and t (or the unit of the data).
    """

    measure: str
    over: float
    period: str = "yearly_mean"


@dataclass(frozen=True)
class OldCustomerRule:
    """Table ``[old_customer]``: customer for at least ``months``, or at least ``orders`` orders, before referring."""

    months: int = 12
    orders: int = 2


@dataclass(frozen=True)
class Settings:
    """What refgraph.toml says; the defaults hold where it is silent.

    units: unit of a column (``orders.volume``) or of a kind (``money``, ``volume``), as written, where headers have none.
    columns: ``table.canonical`` -> header. other: tables kept for analyses that read their own (``accounts`` ...).
    """

    key_account: KeyAccountRule | None = None
    old_customer: OldCustomerRule = OldCustomerRule()
    units: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    other: dict[str, object] = field(default_factory=dict)

"""What a company shall look like: one knob a field, with its range, and what it is in a plain company.

A knob's sentence for people stands in ``texts`` (``[option]``, by its name), its law here and in `refgraph.generator`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from refgraph.errors import UsageError

END = date(2025, 12, 31)
"""The last day of every company: the as-of day of its data, for somebody signs on it."""


def _knob(default: Any, low: float, high: float, plain: Any = None) -> Any:
    return field(default=default, metadata={"low": low, "high": high, "plain": default if plain is None else plain})


@dataclass(frozen=True)
class Plan:
    """A company to generate. Shares and rates are 0-1, rates a year; counts are whole.

    size: parties in customers.csv, prospects, staff, partners and authorities included. referral_share: R/n of M1, met
    exactly (rounded to a customer). missing_sources: existing customers without source and arc (U of M2), as often
    referred in truth as the others. nameless: of R, those whose source says "referral" and names nobody. strangers: of R,
    those whose referrer is missing in customers.csv. staff, partners, authorities: existing customers with such a
    recommendation and none by a customer. loops of loop_length members; self_referrals: rows that intake sets aside.

    heterogeneity: coefficient of variation of what makes one recommend (gamma; 0 = dealt at random among the customers
    present: no recommender effect). chain: of the referred, those whose referrer came by referral itself, so that depth is
    geometric, P(depth > k) = chain**k; None = as dealt. several: of the named referred, those with two referrers.
    homophily: referred parties that take sector and region of their referrer.

    churn: hazard of leaving. retention: its factor for the referred while the referrer is a customer; retention_after:
    once the referrer has left. value_gap: yearly value of the referred / of others of the same size, minus 1.
    size_confounding: log odds of being referred for each standard deviation of log size. conversion: closed / (closed +
    lost) of the referred. open_prospects, cold_prospects: per customer, referred and open, or nobody's.

    farms: thin alias accounts / customers. bursts: referrers with ten referrals in one week. shared_contacts: customers
    that share a phone or an address for honest reasons. groups: customers bound to a group of companies (affiliations.csv).
    false_keys: of the customers above 100 t a year, those who only look like key accounts (bulk, no profit, exploiter in turn);
    without any, orders.csv has no rebates, returns, service cost and credit days. history_years, growth: the number of
    customers ever won grows as time**growth. order_years, orders_a_year: the orders table. shuffle_ids: ids in random order,
    not by entry.
    """

    size: int = _knob(1000, 10, 10_000_000)
    referral_share: float = _knob(0.3, 0.0, 0.9)
    seed: int = _knob(1, 0, 2**63 - 1)
    missing_sources: float = _knob(0.1, 0.0, 0.9, 0.0)
    nameless: float = _knob(0.03, 0.0, 1.0, 0.0)
    strangers: float = _knob(0.01, 0.0, 1.0, 0.0)
    staff: float = _knob(0.03, 0.0, 0.5, 0.0)
    partners: float = _knob(0.03, 0.0, 0.5, 0.0)
    authorities: float = _knob(0.005, 0.0, 0.5, 0.0)
    loops: int = _knob(1, 0, 100_000, 0)
    loop_length: int = _knob(3, 2, 1000)
    self_referrals: int = _knob(0, 0, 100_000, 0)
    heterogeneity: float = _knob(1.0, 0.0, 5.0, 0.0)
    chain: float | None = _knob(None, 0.0, 0.95)
    several: float = _knob(0.03, 0.0, 0.5, 0.0)
    homophily: float = _knob(0.3, 0.0, 1.0, 0.0)
    churn: float = _knob(0.06, 0.0, 1.0)
    retention: float = _knob(0.7, 0.0, 10.0, 1.0)
    retention_after: float = _knob(1.0, 0.0, 10.0, 1.0)
    value_gap: float = _knob(0.16, -0.9, 9.0, 0.0)
    size_confounding: float = _knob(0.5, -3.0, 3.0, 0.0)
    conversion: float = _knob(0.7, 0.05, 1.0)
    open_prospects: float = _knob(0.05, 0.0, 5.0)
    cold_prospects: float = _knob(0.1, 0.0, 5.0)
    farms: float = _knob(0.01, 0.0, 0.2, 0.0)
    bursts: int = _knob(1, 0, 100_000, 0)
    shared_contacts: float = _knob(0.005, 0.0, 0.2, 0.0)
    groups: float = _knob(0.03, 0.0, 0.9, 0.0)
    false_keys: float = _knob(0.1, 0.0, 1.0, 0.0)
    history_years: int = _knob(20, 2, 60)
    growth: float = _knob(2.0, 1.0, 5.0)
    order_years: int = _knob(4, 0, 60)
    orders_a_year: float = _knob(2.0, 0.1, 24.0)
    shuffle_ids: bool = _knob(False, 0, 1)

    def __post_init__(self) -> None:
        """Raises UsageError ``generate-range`` for a knob out of its range, with all such knobs together."""
        wrong = [f for f in fields(self) if not _within(getattr(self, f.name), f.metadata)]
        faults = [UsageError("generate-range", knob=flag(f.name), value=getattr(self, f.name), low=f.metadata["low"],
                             high=f.metadata["high"]) for f in wrong]  # fmt: skip
        if faults:
            raise UsageError(faults[0].id, faults[1:], **faults[0].values)

    @property
    def days(self) -> int:
        """Days from the first contract to `END`."""
        return round(self.history_years * 365.25)

    @property
    def window(self) -> int:
        """The first day of the orders table: 1 January of its first calendar year, day 0 at the earliest."""
        return max(self.days - (END - date(END.year - self.order_years + 1, 1, 1)).days, 0)


def plain(**knobs: Any) -> Plan:
    """A company with nothing planted but what is named: dealt at random, no effects, no faults."""
    return replace(Plan(), **{f.name: f.metadata["plain"] for f in fields(Plan)} | knobs)


def flag(name: str) -> str:
    """How the command line calls a knob."""
    return "--" + name.replace("_", "-")


def _within(value: Any, limits: Any) -> bool:
    return value is None or bool(limits["low"] <= value <= limits["high"])

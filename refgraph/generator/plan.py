"""The knobs of a company: one field each, with its range and its value in a plain company.

The help of a knob is in ``texts`` (``[option]``, by name), its law here and in
`refgraph.generator`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import date
from typing import Any

from refgraph.errors import UsageError
from refgraph.measures.calendar import YEAR

END = date(2025, 12, 31)
"""The last day of every company: the as-of day of its data, because somebody joins on it."""


def _define_knob(default: Any, low: float, high: float, plain: Any = None) -> Any:
    """A field with its range. plain: its value in a plain company, if not the default."""
    plain = default if plain is None else plain
    return field(default=default, metadata={"low": low, "high": high, "plain": plain})


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A company to generate. Shares and rates are 0-1, rates per year; counts are whole numbers.

    Parties and referrals:
    size: parties in customers.csv, with prospects, staff, partners and authorities. referral_share:
    R/n of M1, met exactly (rounded to a customer). missing_sources: existing customers without
    source and referral (U of M2), as often referred in truth as the others. nameless: share of R
    whose source is "referral" without a name. strangers: share of R whose referrer is missing from
    customers.csv. staff, partners, authorities: existing customers with such a recommendation and
    none by a customer. loops: referral cycles of loop_length members. self_referrals: rows that
    intake rejects.

    Who refers:
    heterogeneity: coefficient of variation of the activity (gamma; 0 = referrals assigned at random
    to the customers present, no recommender effect). chain: share of the referred whose referrer
    was referred, so that depth is geometric, P(depth > k) = chain**k; None = as drawn. several:
    share of the named referred with two referrers. homophily: share of the referred with sector and
    region of the referrer.

    Staying and value:
    churn: hazard of leaving. retention: its factor for the referred while the referrer is a
    customer; retention_after: once the referrer has left. value_gap: yearly value of the referred /
    of others of the same size, minus 1. size_confounding: log odds of being referred per standard
    deviation of log size. conversion: closed / (closed + lost) of the referred. open_prospects,
    cold_prospects: per customer, referred and open, or referred by nobody.

    Patterns:
    farms: thin alias accounts / customers. bursts: referrers with ten referrals in one week.
    shared_contacts: customers that share a phone or an address for honest reasons. groups:
    customers in a group of companies (affiliations.csv). false_keys: of the customers above 100 t a
    year, those that only look like key accounts (bulk, no profit, exploiter in turn); without any,
    orders.csv has no rebates, returns, service cost and credit days.

    Tables:
    history_years, growth: the number of customers ever won grows as time**growth. order_years,
    orders_a_year: the orders table. shuffle_ids: ids in random order, not by entry.
    stage_dates: a column lost_at with the day of each loss. entry_dates: a column entered_at, the
    day of the first contact.

    Only for simulations (off in every company unless asked for):
    leaving_spread: standard deviation of the log of each one's own hazard of leaving;
    leaving_homophily: its correlation with the referrer's. value_variation: coefficient of
    variation of yearly value at one size and sector, None = about 0.66; value_homophily: its
    correlation with the referrer's, in logs. gap_by_size: the log of 1 + value_gap changes by it
    per standard deviation of log size. advisers: customers appointed as advisers on joining
    (adviser_since); adviser_rate: how many times as often they refer. people: mean number of
    persons per customer (contacts.csv). events: mean number per customer and year (events.csv).
    """

    size: int = _define_knob(1000, 10, 10_000_000)
    referral_share: float = _define_knob(0.3, 0.0, 0.9)
    seed: int = _define_knob(1, 0, 2**63 - 1)
    missing_sources: float = _define_knob(0.1, 0.0, 0.9, 0.0)
    nameless: float = _define_knob(0.03, 0.0, 1.0, 0.0)
    strangers: float = _define_knob(0.01, 0.0, 1.0, 0.0)
    staff: float = _define_knob(0.03, 0.0, 0.5, 0.0)
    partners: float = _define_knob(0.03, 0.0, 0.5, 0.0)
    authorities: float = _define_knob(0.005, 0.0, 0.5, 0.0)
    loops: int = _define_knob(1, 0, 100_000, 0)
    loop_length: int = _define_knob(3, 2, 1000)
    self_referrals: int = _define_knob(0, 0, 100_000, 0)
    heterogeneity: float = _define_knob(1.0, 0.0, 5.0, 0.0)
    chain: float | None = _define_knob(None, 0.0, 0.95)
    several: float = _define_knob(0.03, 0.0, 0.5, 0.0)
    homophily: float = _define_knob(0.3, 0.0, 1.0, 0.0)
    churn: float = _define_knob(0.06, 0.0, 1.0)
    retention: float = _define_knob(0.7, 0.0, 10.0, 1.0)
    retention_after: float = _define_knob(1.0, 0.0, 10.0, 1.0)
    value_gap: float = _define_knob(0.16, -0.9, 9.0, 0.0)
    size_confounding: float = _define_knob(0.5, -3.0, 3.0, 0.0)
    conversion: float = _define_knob(0.7, 0.05, 1.0)
    open_prospects: float = _define_knob(0.05, 0.0, 5.0)
    cold_prospects: float = _define_knob(0.1, 0.0, 5.0)
    farms: float = _define_knob(0.01, 0.0, 0.2, 0.0)
    bursts: int = _define_knob(1, 0, 100_000, 0)
    shared_contacts: float = _define_knob(0.005, 0.0, 0.2, 0.0)
    groups: float = _define_knob(0.03, 0.0, 0.9, 0.0)
    false_keys: float = _define_knob(0.1, 0.0, 1.0, 0.0)
    history_years: int = _define_knob(20, 2, 60)
    growth: float = _define_knob(2.0, 1.0, 5.0)
    order_years: int = _define_knob(4, 0, 60)
    orders_a_year: float = _define_knob(2.0, 0.1, 24.0)
    shuffle_ids: bool = _define_knob(False, 0, 1)
    stage_dates: bool = _define_knob(False, 0, 1)
    entry_dates: bool = _define_knob(False, 0, 1)
    leaving_spread: float = _define_knob(0.0, 0.0, 2.0)
    leaving_homophily: float = _define_knob(0.0, 0.0, 0.99)
    value_variation: float | None = _define_knob(None, 0.0, 10.0)
    value_homophily: float = _define_knob(0.0, 0.0, 0.99)
    gap_by_size: float = _define_knob(0.0, -1.0, 1.0)
    advisers: float = _define_knob(0.0, 0.0, 0.5)
    adviser_rate: float = _define_knob(1.0, 0.1, 20.0)
    people: float = _define_knob(0.0, 0.0, 20.0)
    events: float = _define_knob(0.0, 0.0, 52.0)

    def __post_init__(self) -> None:
        """Raises UsageError ``generate-range`` with all knobs that are out of range."""
        faults = [
            _build_range_fault(knob, getattr(self, knob.name))
            for knob in fields(self)
            if not _is_within(getattr(self, knob.name), knob.metadata)
        ]
        if faults:
            raise UsageError(faults[0].id, faults[1:], **faults[0].values)

    @property
    def days(self) -> int:
        """Days from the first contract to `END`."""
        return round(self.history_years * YEAR)

    @property
    def window(self) -> int:
        """The first day of the orders table: 1 January of its first year, day 0 at the earliest."""
        first = date(END.year - self.order_years + 1, 1, 1)
        return max(self.days - (END - first).days, 0)


def make_plain_plan(**knobs: Any) -> Plan:
    """A plan with nothing planted but the knobs given: random referrers, no effects, no faults."""
    plain = {knob.name: knob.metadata["plain"] for knob in fields(Plan)}
    return Plan(**plain | knobs)


def to_flag(name: str) -> str:
    """The option of a knob on the command line."""
    return "--" + name.replace("_", "-")


def _build_range_fault(knob: Field[Any], value: Any) -> UsageError:
    return UsageError(
        "generate-range",
        knob=to_flag(knob.name),
        value=value,
        low=knob.metadata["low"],
        high=knob.metadata["high"],
    )


def _is_within(value: Any, limits: Mapping[str, Any]) -> bool:
    return value is None or bool(limits["low"] <= value <= limits["high"])

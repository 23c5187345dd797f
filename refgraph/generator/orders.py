"""Orders: Poisson in number, log-normal in amount, written in blocks of customers.

Years before the orders table begins have none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.generator.company import Company, compute_order_windows
from refgraph.generator.false_keys import (
    MIN_ORDERS,
    FalseKeyReason,
    compute_margins,
    compute_order_weights,
    draw_costs,
)
from refgraph.generator.origins import Longs
from refgraph.generator.referrer_sampling import Floats, Ints
from refgraph.generator.streams import make_stream
from refgraph.generator.tables import to_dates
from refgraph.measures.calendar import YEAR

BLOCK = 2**18
"""Customers per block."""
AMOUNT_SPREAD, MAX_ORDERS_PER_YEAR = 0.4, 52.0
MEAN_MARGIN, MARGIN_SPREAD = 0.08, 0.04
PRICES = (3700, 5600)
"""元 per tonne, from and to."""
DAY_SLOTS = 2**16
"""More than the days of a company: customer x slots + day sorts by both."""


@dataclass(frozen=True, eq=False)
class OrderRates:
    """By customer: first day of ordering, number of days (int32), orders per year (float64)."""

    first: Ints
    days: Ints
    per_year: Floats

    def compute_expected_orders(self, block: slice) -> Floats:
        """The mean number of orders of some customers."""
        return np.asarray(self.per_year[block] * self.days[block] / YEAR, np.float64)


def compute_order_rates(company: Company) -> Floats:
    """Orders per year by customer: the larger the more (elasticity 0.3); 1 for thin accounts."""
    size = company.history.size
    rate = company.plan.orders_a_year * np.exp(0.3 * size - 0.045)
    thin = np.ones(company.sizes.thin)
    return np.concatenate([np.minimum(rate, MAX_ORDERS_PER_YEAR), thin])


def build_orders(company: Company, ids: pl.Series) -> Iterator[pl.DataFrame]:
    """orders.csv in blocks, by customer and date.

    Expected revenue = planned yearly value x years of ordering, exactly. The first order of a
    customer who joined within the table is on the day it joined.
    """
    if not company.plan.order_years:
        return
    windows = compute_order_windows(company.plan, company.joined, company.left)
    rates = OrderRates(*windows, compute_order_rates(company))
    customers, first_order = len(rates.per_year), 0
    for block, first in enumerate(range(0, customers, BLOCK)):
        members = slice(first, min(first + BLOCK, customers))
        rng = make_stream(company.plan.seed, "orders", block)
        count = _draw_order_counts(company, rates, members, rng)
        customer = np.repeat(np.arange(members.start, members.stop), count)
        yield _build_block(company, ids, customer, rates, first_order, rng)
        first_order += int(count.sum())


def _draw_order_counts(
    company: Company, rates: OrderRates, members: slice, rng: np.random.Generator
) -> Longs:
    """Poisson; 1 for a thin account; for a planted customer the mean, at least `MIN_ORDERS`."""
    expected = rates.compute_expected_orders(members)
    count = rng.poisson(expected)
    is_thin = np.arange(members.start, members.stop) >= company.sizes.organic
    count = np.where(is_thin, 1, count)
    regular = np.maximum(np.rint(expected).astype(np.int64), MIN_ORDERS)
    is_planted = company.false_key_reason[members] != FalseKeyReason.NONE
    return np.where(is_planted, regular, count)


def _build_block(
    company: Company,
    ids: pl.Series,
    customer: Longs,
    rates: OrderRates,
    first_order: int,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """The orders of some customers. customer: by order, sorted. first_order: orders before them."""
    day = _draw_days(company, customer, rates, rng)
    revenue = _draw_revenue(company, customer, rates, rng)
    reason = company.false_key_reason[customer]
    margin = rng.normal(MEAN_MARGIN, MARGIN_SPREAD, customer.size)
    low, high = PRICES
    price = rng.uniform(low, high, customer.size)
    margin = compute_margins(reason, margin, (price - low) / (high - low))
    costs = draw_costs(reason, revenue, rng) if company.plan.false_keys else {}
    profit = np.rint(revenue * margin * 100) / 100
    volume = np.rint(revenue / price * 1000) / 1000
    return pl.DataFrame(
        {
            "order_id": _format_order_ids(first_order, customer.size),
            "customer": ids.gather(customer),
            "at": to_dates(company, day),
            "revenue": revenue,
            "profit": profit,
            "volume": volume,
            **costs,
        }
    )


def _draw_days(
    company: Company, customer: Longs, rates: OrderRates, rng: np.random.Generator
) -> Longs:
    """int64 by order: uniform over the customer's days, sorted; the first on the day it joined."""
    offset = (rng.random(customer.size) * rates.days[customer]).astype(np.int64)
    drawn = rates.first[customer] + offset
    day = np.sort(customer * DAY_SLOTS + drawn) - customer * DAY_SLOTS
    is_first = np.concatenate([[True], customer[1:] != customer[:-1]])[: customer.size]
    is_first &= company.joined[customer] == rates.first[customer]
    day[is_first] = rates.first[customer[is_first]]
    return day


def _draw_revenue(
    company: Company, customer: Longs, rates: OrderRates, rng: np.random.Generator
) -> Floats:
    """元 by order; planted customers spread their whole revenue by `compute_order_weights`."""
    is_thin = customer >= company.sizes.organic
    noise = rng.lognormal(-(AMOUNT_SPREAD**2) / 2, AMOUNT_SPREAD, customer.size)
    ordinary = np.where(is_thin, 1.0, noise) / rates.per_year[customer]
    is_planted = company.false_key_reason[customer] != FalseKeyReason.NONE
    years = np.where(is_planted, rates.days[customer] / YEAR, ordinary)
    years = years * compute_order_weights(company.false_key_reason, customer)
    return np.asarray(np.rint(company.value[customer] * years * 100) / 100, np.float64)


def _format_order_ids(first: int, count: int) -> pl.Series:
    number = pl.lit(pl.Series(first + np.arange(count) + 1)).cast(pl.String).str.zfill(9)
    return pl.select(pl.concat_str(pl.lit("O"), number)).to_series()

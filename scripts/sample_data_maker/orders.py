"""Orders of 2022-2025: planned totals per customer spread over days, to 1 kg and 0.01 万元."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from refgraph.measures.calendar import YEAR
from sample_data_maker.customers import Customer

FIRST_DAY, LAST_DAY = date(2022, 1, 4), date(2025, 12, 31)
LAST_ORDERS = {"C001": LAST_DAY, "C009": date(2025, 3, 20)}
"""Last orders: C001 sets the as-of date; C009 is inactive, far beyond its usual interval."""
ONE_OFF_CUSTOMER = "C082"
BULK_CUSTOMER, BULK_YEAR, BULK_KG = "C053", 2023, 600_000
YEAR_PRICE = {2022: 1.02, 2023: 1.00, 2024: 0.99, 2025: 0.98}


class Terms(NamedTuple):
    """What a customer costs besides the goods.

    Rebate, returns and service in 0.01 % of sales, credit in days.
    """

    rebate: int
    returns: int
    service: int
    credit_days: int


TERMS = {
    "M": Terms(50, 20, 30, 30),  # mills
    "A": Terms(60, 30, 40, 45),
    "B": Terms(30, 10, 20, 60),
    "C": Terms(0, 0, 20, 30),
    "D": Terms(0, 0, 30, 0),
    "N": Terms(0, 0, 10, 0),  # volume without profit: hardly any margin, pays at once
    "F": Terms(
        420, 300, 200, 150
    ),  # a fine gross margin eaten up by rebates, returns, service and credit
}


class Order(NamedTuple):
    """Money in 0.01 万元, weight in kg."""

    customer: str
    at: date
    sales: int
    profit: int
    kg: int
    rebate: int
    returns: int
    service: int
    credit_days: int


def make_orders(plan: list[Customer]) -> list[Order]:
    """All orders by day, then customer."""
    return sorted(
        (order for c in plan for order in _make_customer_orders(c)),
        key=lambda o: (o.at, o.customer),
    )


def compute_totals(c: Customer) -> tuple[int, int]:
    """Planned sales and profit 2022-2025 in 0.01 万元."""
    sales = (c.kg * c.price + 50_000) // 100_000
    return sales, (sales * round(c.margin * 10) + 500) // 1000


def _make_customer_orders(c: Customer) -> list[Order]:
    draw = Random(f"l96 {c.id}")
    days = _draw_days(c, draw)
    kilos = _draw_kilograms(c, days, draw)
    sales, profit = compute_totals(c)
    prices = [YEAR_PRICE[day.year] * _draw_factor(draw, 0.01) for day in days]
    amounts = apportion(sales, [kg * price for kg, price in zip(kilos, prices, strict=True)])
    profits = apportion(profit, [amount * _draw_factor(draw, 0.12) for amount in amounts])
    rows = zip(days, amounts, profits, kilos, strict=True)
    return [
        Order(c.id, *row, *_compute_costs(row[1], TERMS[c.terms], k)) for k, row in enumerate(rows)
    ]


def _draw_days(c: Customer, draw: Random) -> list[date]:
    """Order dates at regular intervals.

    The last is at most 0.7 intervals before the end, except for the inactive account.
    """
    joined = date.fromisoformat(c.joined)
    if c.id == ONE_OFF_CUSTOMER:
        return [joined + timedelta(7)]
    rhythm = YEAR / c.orders_a_year
    latest = min(rhythm / 2, 6 if joined > FIRST_DAY else 40)
    start = max(joined, FIRST_DAY) + timedelta(int(draw.random() * latest))
    end = LAST_ORDERS.get(c.id) or (
        date.fromisoformat(c.left) if c.left else LAST_DAY - timedelta(1)
    )
    count = max(3, int((end - start).days / rhythm) + 1)
    gap = (end - start).days / (
        count - 1 + (0 if c.id in LAST_ORDERS else 0.1 + 0.6 * draw.random())
    )
    inner = [
        start + timedelta(round((k + 0.36 * draw.random() - 0.18) * gap))
        for k in range(1, count - 1)
    ]
    return [start, *inner, start + timedelta(round((count - 1) * gap))]


def _draw_kilograms(c: Customer, days: list[date], draw: Random) -> list[int]:
    weights = [_draw_factor(draw, 0.35) for _ in days]
    if c.id != BULK_CUSTOMER:
        return apportion(c.kg, weights)
    at = next(k for k, day in enumerate(days) if day.year == BULK_YEAR)
    small = apportion(c.kg - BULK_KG, [*weights[:at], *weights[at + 1 :]])
    return [*small[:at], BULK_KG, *small[at:]]


def _compute_costs(sales: int, terms: Terms, k: int) -> tuple[int, int, int, int]:
    """Rebate, returns and service of an order; every third order has triple returns."""
    returns = 3 * terms.returns if k % 3 == 1 else 0
    rebate, back, service = (
        (sales * rate + 5000) // 10_000 for rate in (terms.rebate, returns, terms.service)
    )
    return rebate, back, service, terms.credit_days


def apportion(total: int, weights: list[float]) -> list[int]:
    """Integers that add up to a total, in proportion to weights (largest remainder method)."""
    quotas = [total * w / sum(weights) for w in weights]
    parts = [int(q) for q in quotas]
    order = sorted(range(len(parts)), key=lambda k: (parts[k] - quotas[k], k))
    for k in order[: total - sum(parts)]:
        parts[k] += 1
    return parts


def _draw_factor(draw: Random, spread: float) -> float:
    return 1 + spread * (2 * draw.random() - 1)

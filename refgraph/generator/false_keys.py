"""Large customers that only look like key accounts: one huge order, no profit, or high costs."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from refgraph.generator.origins import Longs
from refgraph.generator.plan import END, Plan
from refgraph.generator.referrer_sampling import Floats, Ints
from refgraph.generator.streams import make_stream
from refgraph.measures.calendar import YEAR

MAX_TONNE_PRICE, MIN_TONNES, MIN_ORDERS, BULK_SHARE = 5600, 110.0, 6, 0.7
"""元 per tonne at most; tonnes per year that are surely above 100; orders of a planted customer at
least; the share of a bulk buyer's largest order."""


class FalseKeyReason(IntEnum):
    """Why a planted customer is no key account."""

    NONE = 0
    BULK = 1
    NO_PROFIT = 2
    EXPLOITER = 3


REASON_WORDS = {
    FalseKeyReason.BULK: "bulk",
    FalseKeyReason.NO_PROFIT: "no-profit",
    FalseKeyReason.EXPLOITER: "exploiter",
}
"""The reasons as `refgraph accounts` gives them."""
MARGIN_RANGES = {
    FalseKeyReason.BULK: (0.05, 0.1),
    FalseKeyReason.NO_PROFIT: (0.0, 0.006),
    FalseKeyReason.EXPLOITER: (0.03, 0.05),
}
"""Profit / revenue of their orders, uniform; the floor for key accounts is 0.01."""
USUAL_CREDIT_DAYS, LONG_CREDIT_DAYS = (0, 30, 60, 90), (120, 150, 180)
"""Days of credit of ordinary orders and of exploiters; 120 days at 6 % a year cost 1.97 %."""
EXPLOITER_SHARES = {"rebate": 0.025, "returns": 0.01, "service_cost": 0.011}
"""What the orders of exploiters cost, as shares of the price."""


def select_false_keys(
    plan: Plan, existing: NDArray[np.bool_], value: Floats, begin: Ints, days: Ints
) -> NDArray[np.int8]:
    """`FalseKeyReason` by customer: a share ``false_keys`` of the large ones, the reasons in turn.

    value: planned yearly revenue. begin, days: when each can order. A tonne costs at most
    `MAX_TONNE_PRICE`, so planned revenue bounds the tonnes per calendar year from below; large are
    those that surely buy more than `MIN_TONNES`.
    """
    first_day = np.datetime64(END, "D") - plan.days
    first_year = (first_day + begin).astype("M8[Y]").astype(np.int64) + 1970
    tonnes = value * days / YEAR / MAX_TONNE_PRICE
    is_large = tonnes > MIN_TONNES * (END.year - first_year + 1)
    candidates = np.flatnonzero(existing & (days > 0) & is_large)
    shuffled = make_stream(plan.seed, "lures").permutation(candidates)
    chosen = shuffled[: round(plan.false_keys * candidates.size)]
    reason = np.zeros(len(value), np.int8)
    reason[chosen] = 1 + np.arange(chosen.size) % len(REASON_WORDS)
    return reason


def compute_order_weights(reason: NDArray[np.int8], customer: Longs) -> Floats:
    """float64 by order: its part of a planted customer's revenue, 1 for the others.

    reason: by customer. customer: by order, sorted. `BULK_SHARE` lies in the last order of a bulk
    buyer; the orders of other planted customers have equal parts.
    """
    order_reason = reason[customer]
    offset = customer - (customer[0] if customer.size else 0)
    orders = np.bincount(offset, minlength=1)[offset]
    is_last = np.concatenate([customer[1:] != customer[:-1], [True]])[: customer.size]
    bulk = np.where(is_last, BULK_SHARE, (1 - BULK_SHARE) / np.maximum(orders - 1, 1))
    weight = np.where(order_reason == FalseKeyReason.NONE, 1.0, 1 / orders)
    return np.where(order_reason == FalseKeyReason.BULK, bulk, weight)


def compute_margins(reason: NDArray[np.int8], drawn: Floats, uniform: Floats) -> Floats:
    """Profit / revenue by order: as drawn, for planted customers spread over `MARGIN_RANGES`.

    uniform: numbers from 0 to 1, by order.
    """
    margin = drawn.copy()
    for planted, (low, high) in MARGIN_RANGES.items():
        margin = np.where(reason == planted, low + (high - low) * uniform, margin)
    return margin


def draw_costs(
    reason: NDArray[np.int8], revenue: Floats, rng: np.random.Generator
) -> dict[str, Floats | Longs]:
    """rebate, returns, service_cost in 元 and credit_days, by order.

    About 2 % of the price with credit at 6 % a year; for exploiters 6.5 % and more, which is above
    their margin.
    """
    size = len(revenue)
    is_exploiter = reason == FalseKeyReason.EXPLOITER
    returns = np.where(rng.random(size) < 0.05, rng.uniform(0.01, 0.05, size), 0.0)
    usual_shares = {
        "rebate": rng.uniform(0, 0.01, size),
        "returns": returns,
        "service_cost": rng.uniform(0.002, 0.008, size),
    }
    costs: dict[str, Floats | Longs] = {}
    for name, usual in usual_shares.items():
        share = np.where(is_exploiter, EXPLOITER_SHARES[name], usual)
        costs[name] = np.rint(revenue * share * 100) / 100
    long_credit = np.take(LONG_CREDIT_DAYS, rng.integers(0, len(LONG_CREDIT_DAYS), size))
    usual_credit = np.take(USUAL_CREDIT_DAYS, rng.integers(0, len(USUAL_CREDIT_DAYS), size))
    return {**costs, "credit_days": np.where(is_exploiter, long_credit, usual_credit)}

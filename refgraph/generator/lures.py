"""Large customers that only look like key accounts: one huge order, volume without profit, or profit that costs eat up."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from refgraph.generator.dealing import Floats, Ints
from refgraph.generator.history import YEAR
from refgraph.generator.origins import Longs
from refgraph.generator.plan import END, Plan
from refgraph.generator.streams import stream

DEAREST, LARGE, FEWEST_ORDERS, BULK_PART = 5600, 110.0, 6, 0.7
"""元 for a tonne; tonnes a year from which a customer is surely above 100; orders of a planted one; its largest of all."""


class Lure(IntEnum):
    """Why a planted customer is no key account."""

    NONE = 0
    BULK = 1
    NO_PROFIT = 2
    EXPLOITER = 3


WORDS = {Lure.BULK: "bulk", Lure.NO_PROFIT: "no-profit", Lure.EXPLOITER: "exploiter"}
"""The reasons as `refgraph accounts` gives them."""
MARGINS = {Lure.BULK: (0.05, 0.1), Lure.NO_PROFIT: (0.0, 0.006), Lure.EXPLOITER: (0.03, 0.05)}
"""Profit / revenue of their orders, evenly spread; the floor for key accounts is 0.01."""
USUAL, DEAR = (0, 30, 60, 90), (120, 150, 180)
"""Days of credit: of ordinary orders, and of exploiters. 120 days at 6 % a year cost 1.97 % of the price."""


def lures(plan: Plan, existing: NDArray[np.bool_], value: Floats, begin: Ints, days: Ints) -> NDArray[np.int8]:
    """`Lure` by customer: ``false_keys`` of the existing customers who surely buy more than 100 t a year, one kind after another.

    value: planned yearly revenue; begin, days: when each can order. A tonne costs at most `DEAREST`, so its planned revenue
    says how many tonnes a customer buys at least; its years are calendar years, as in the rules.
    """
    found = np.zeros(len(value), np.int8)
    first = END.toordinal() - plan.days
    year = (np.datetime64("0001-01-01", "D") + (begin + first - 1)).astype("M8[Y]").astype(np.int64) + 1970
    tonnes = value * days / YEAR / DEAREST
    able = np.flatnonzero(existing & (days > 0) & (tonnes > LARGE * (END.year - year + 1)))
    chosen = stream(plan.seed, "lures").permutation(able)[: round(plan.false_keys * able.size)]
    found[chosen] = 1 + np.arange(chosen.size) % len(WORDS)
    return found


def weights(lure: NDArray[np.int8], who: Longs) -> Floats:
    """Part of a planted customer's revenue by order, 1 for the others: `BULK_PART` in its last order, else all alike."""
    kind = lure[who]
    here = who - (who[0] if who.size else 0)
    each = np.bincount(here, minlength=1)[here]
    last = np.concatenate([who[1:] != who[:-1], [True]])[: who.size]
    bulk = np.where(last, BULK_PART, (1 - BULK_PART) / np.maximum(each - 1, 1))
    return np.where(kind == Lure.BULK, bulk, np.where(kind == Lure.NONE, 1.0, 1 / each))


def margins(lure: NDArray[np.int8], drawn: Floats, even: Floats) -> Floats:
    """Profit / revenue by order: as drawn, for planted customers from `MARGINS`; even: numbers from 0 to 1."""
    out = drawn.copy()
    for kind, (low, high) in MARGINS.items():
        out = np.where(lure == kind, low + (high - low) * even, out)
    return out


def costs(lure: NDArray[np.int8], revenue: Floats, rng: np.random.Generator) -> dict[str, Floats | Longs]:
    """rebate, returns, service_cost in 元 and credit_days by order: about 2 % of the price with credit at 6 % a year; of
    exploiters 6.5 % and more, which is above their margin."""
    size, greedy = len(revenue), lure == Lure.EXPLOITER
    back = np.where(rng.random(size) < 0.05, rng.uniform(0.01, 0.05, size), 0.0)
    shares = {"rebate": (rng.uniform(0, 0.01, size), 0.025), "returns": (back, 0.01),
              "service_cost": (rng.uniform(0.002, 0.008, size), 0.011)}  # fmt: skip
    found = {name: np.rint(revenue * np.where(greedy, dear, usual) * 100) / 100 for name, (usual, dear) in shares.items()}
    days = np.where(greedy, np.take(DEAR, rng.integers(0, len(DEAR), size)), np.take(USUAL, rng.integers(0, len(USUAL), size)))
    return {**found, "credit_days": days}

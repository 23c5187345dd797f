"""Pairs of a referrer and a customer it referred, who leave with planted hazards; and others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

import refgraph
from refgraph.model.dataset import Dataset

Floats = NDArray[np.float64]
START, END = np.datetime64("2010-01-01"), np.datetime64("2020-01-01")
JOINING_DAYS, YEAR = 700, 365.0


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """All leave at ``rate`` a year, times what is planted.

    active: the referred, while the referrer is there. forward: after the referrer has left, against
    before. backward: the referrer, after the referred has left. spread, hop: log-normal frailty,
    with that correlation within a pair (homophily of leaving).
    """

    pairs: int
    others: int = 0
    rate: float = 0.15
    active: float = 1.0
    forward: float = 1.0
    backward: float = 1.0
    spread: float = 0.0
    hop: float = 0.0


def draw_leaving(dice: np.random.Generator, plan: Leaving) -> Dataset:
    """A company of pairs and others, as read from frames; the last day is 2020-01-01."""
    joined, left, referred_by = _draw_pairs(dice, plan)
    alone = dice.integers(0, JOINING_DAYS, plan.others).astype(np.float64)
    frailty = np.exp(plan.spread * dice.normal(size=plan.others) - plan.spread**2 / 2)
    gone = alone + YEAR * dice.exponential(1 / (plan.rate * frailty))
    last = (END - START).astype(int)
    joined = np.concatenate([joined, alone, [last]])
    left = np.concatenate([left, gone, [last * 9.0]])
    count = len(joined)
    ids = pl.Series([f"c{k:06}" for k in range(count)])
    day_left = np.maximum(left.astype(np.int64), joined.astype(np.int64) + 1)
    has_left = day_left <= last
    customers = pl.DataFrame(
        {
            "id": ids,
            "joined": pl.Series(START + joined.astype(np.int64)).cast(pl.Date),
            "left": pl.Series(START + np.minimum(day_left, last)).cast(pl.Date),
            "employees": dice.integers(5, 500, count),
        }
    ).with_columns(left=pl.when(pl.Series(has_left)).then("left"))
    is_referred = np.flatnonzero(referred_by >= 0)
    referrals = pl.DataFrame(
        {
            "referrer": ids.gather(referred_by[is_referred]),
            "referred": ids.gather(is_referred),
            "at": customers["joined"].gather(referred_by[is_referred]),
        }
    )
    return refgraph.read(customers, referrals=referrals)


def _draw_pairs(
    dice: np.random.Generator, plan: Leaving
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Joining and leaving days of referrers, then of the referred; and the referrer of each."""
    n = plan.pairs
    joined = dice.integers(0, JOINING_DAYS, n).astype(np.float64)
    wait = YEAR * dice.uniform(0.1, 1.0, n)
    first, second = dice.normal(size=n), dice.normal(size=n)
    second = plan.hop * first + np.sqrt(1 - plan.hop**2) * second
    rates = [
        plan.rate / YEAR * np.exp(plan.spread * x - plan.spread**2 / 2) for x in (first, second)
    ]
    upper, lower = rates[0], rates[1] * plan.active
    alone = dice.exponential(1 / upper)
    is_pair = alone > wait  # who left before could refer nobody, and the other one joined alone
    until = dice.exponential(1 / (upper + lower))
    is_upper = dice.random(n) < upper / (upper + lower)
    upper_after = until + dice.exponential(1 / (upper * plan.backward))
    lower_after = until + dice.exponential(1 / (lower * plan.forward))
    start = joined + wait
    upper_left = start + np.where(is_upper, until, upper_after)
    lower_left = start + np.where(is_upper, lower_after, until)
    upper_left = np.where(is_pair, upper_left, joined + alone)
    lower_left = np.where(is_pair, lower_left, start + dice.exponential(1 / rates[1]))
    referred_by = np.concatenate([np.full(n, -1), np.where(is_pair, np.arange(n), -1)])
    return np.concatenate([joined, start]), np.concatenate([upper_left, lower_left]), referred_by

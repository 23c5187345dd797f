"""Histories of referrals with a planted rate: of each customer, by tenure, or by sector."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from refgraph.measures.calendar import MAX_DAY, YEAR_DAYS
from refgraph.measures.referral_forecast import History

STEP, YEAR = 30, 365.25
BASE, STAY_YEARS = 0.08, 15.0
KINDS = ("gamma", "tenure", "sector")


class Planted(NamedTuple):
    """A history up to the day ``now``, and what came in the year after it.

    came int64[n], true float64[n]: referrals, and their expectation given everything planted.
    best float64[n]: the expectation given everything planted but the activity of each customer,
    and given the history: no forecast from history can rank better.
    """

    history: History
    now: int
    came: np.ndarray
    true: np.ndarray
    best: np.ndarray


def plant(kind: str, seed: int, n: int = 2000, years: int = 12) -> Planted:
    """A company of a kind: ``gamma`` (very different customers), ``tenure``, ``sector``."""
    dice = np.random.default_rng(seed)
    now = int(years * YEAR)
    joined = dice.integers(0, now - 100, n)
    left = joined + (dice.exponential(STAY_YEARS, n) * YEAR).astype(np.int64)
    sector = dice.integers(0, 5, n)
    shape = 0.5 if kind == "gamma" else 1.0
    activity = dice.gamma(shape, 1 / shape, n)
    rate = BASE * activity
    if kind == "sector":
        rate *= np.array([0.2, 0.5, 1.0, 1.5, 3.0])[sector]
    who, day = [], []
    came, true, made, past = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    for start, stop in _list_steps(0, now) + _list_steps(now, now + YEAR_DAYS):
        length = stop - start
        tenure = (start - joined) / YEAR
        expected = rate * length / YEAR * ((tenure >= 0) & (start < left))
        expected *= _get_tenure_effect(tenure) if kind == "tenure" else 1.0
        count = dice.poisson(expected)
        if start < now:
            who.append(np.repeat(np.arange(n), count))
            day.append(start + dice.integers(0, length, count.sum()))
            made += count
            past += expected / activity
        else:
            came += count
            true += expected
    recommender, days = np.concatenate(who).astype(np.int64), np.concatenate(day).astype(np.int64)
    history = History(
        joined=joined.astype(np.int64),
        left=np.where(left <= now, left, MAX_DAY),
        recommender=recommender,
        day=np.maximum(days, joined[recommender]),
        begin=int(days.min()),
        x=_build_columns(sector, kind == "sector"),
    )
    best = (shape + made) / (shape + past) * true / activity
    return Planted(history, now, came, true, best)


def _list_steps(begin: int, end: int) -> list[tuple[int, int]]:
    return [(k, min(k + STEP, end)) for k in range(begin, end, STEP)]


def _get_tenure_effect(tenure: np.ndarray) -> np.ndarray:
    return np.select([tenure < 1, tenure < 2, tenure < 4], [3.0, 1.5, 0.8], 0.3)


def _build_columns(sector: np.ndarray, is_by_sector: bool) -> np.ndarray:
    """float64[n, p]: a column of zeros, and one for each sector if these matter, centered."""
    columns = [np.zeros(len(sector))] + [sector == s for s in range(5 if is_by_sector else 0)]
    x = np.column_stack(columns).astype(np.float64)
    return x - x.mean(0)

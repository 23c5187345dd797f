"""Would the forecast have worked a year ago? Its top list and total, and simple rankings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.estimates.rank import quantile_scores
from refgraph.measures.calendar import MIN_DAY, YEAR_DAYS, to_day_numbers
from refgraph.measures.referral_forecast import History, forecast_referrals
from refgraph.model.graph import Floats, Graph, Longs

TOP, SMALL_SHARE, MIN_TOP = 50, 10, 5
"""How many of a ranking are judged: 50, of fewer than 500 customers a tenth, but at least 5."""


@dataclass(frozen=True)
class BackTest:
    """A forecast made a year before the as-of date.

    top: how many of each ranking are judged. precision: of the model and of the rankings by
    referrals of the year before, RFM of orders and all referrals so far: share of the top that did
    refer. low, expected, high: the forecast of all referrals and its 80 % interval. came: referrals
    that came.
    """

    top: int
    precision: dict[str, float]
    low: float
    expected: float
    high: float
    came: int


def choose_top(customers: int) -> int:
    """How many of a ranking of so many customers are judged."""
    return TOP if customers >= SMALL_SHARE * TOP else max(MIN_TOP, customers // SMALL_SHARE)


def run_backtest(graph: Graph, index: Longs, history: History, now: int) -> BackTest | None:
    """The back-test of the year before ``now``; None without enough history before it."""
    then = now - YEAR_DAYS
    made = forecast_referrals(history, then)
    if made is None or not len(made.customer):
        return None
    customer, n = made.customer, len(history.joined)
    is_after = (history.day > then) & (history.day <= now)
    later = np.bincount(history.recommender[is_after], minlength=n)[customer]
    top = choose_top(len(customer))

    def judge(score: Floats | Longs) -> float:
        best = np.argsort(-np.asarray(score, np.float64), kind="stable")[:top]
        return float((later[best] > 0).mean())

    is_before = history.day <= then
    so_far = np.bincount(history.recommender[is_before], minlength=n)[customer]
    is_last_year = is_before & (history.day > then - YEAR_DAYS)
    last_year = np.bincount(history.recommender[is_last_year], minlength=n)[customer]
    precision = {
        "model": judge(made.referrals),
        "last-year": judge(last_year),
        "degree": judge(so_far),
        "rfm": judge(_score_orders(graph, index[customer], then)),
    }
    low, high = made.bound_sum(np.arange(len(customer)))
    return BackTest(top, precision, low, float(made.referrals.sum()), high, int(later.sum()))


def _score_orders(graph: Graph, party: Longs, until: int) -> Longs:
    """int64[e]: sum of the scores 1 to 5 of recency, number and sum of the orders up to a day."""
    orders = graph.orders
    if orders is None or not orders.height:
        return np.zeros(len(party), np.int64)
    day = to_day_numbers(orders["at"], MIN_DAY)
    is_past = (day > MIN_DAY) & (day <= until)
    customer = orders["customer"].cast(pl.Int64).to_numpy()[is_past]
    basis = graph.value.basis
    has_amount = basis in orders.columns and graph.has(f"orders.{basis}")
    amount = (
        orders[basis].fill_null(0.0).to_numpy()[is_past] if has_amount else np.ones(len(customer))
    )
    last = np.full(len(graph), float(MIN_DAY))
    np.maximum.at(last, customer, day[is_past].astype(np.float64))
    count = np.bincount(customer, minlength=len(graph)).astype(np.float64)
    total = np.bincount(customer, weights=amount, minlength=len(graph))
    return np.asarray(sum(quantile_scores(part[party]) for part in (last, count, total)))

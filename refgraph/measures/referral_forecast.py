"""How often each customer will refer in the next 12 months, from what it did so far (M57)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.estimates.referral_counts import CountFit, bound_total, fit_counts, list_factors
from refgraph.measures.calendar import (
    MIN_DAY,
    YEAR,
    YEAR_DAYS,
    compute_membership,
    list_referral_events,
    to_day_number,
)
from refgraph.measures.occasions import list_occasions, number_occasions
from refgraph.model.graph import Bools, Floats, Graph, Longs

BANDS = (0.0, 1.0, 2.0, 4.0, 8.0)
"""Years as a customer at which a new band of rates begins."""
MIN_OCCASIONS = 10
"""No model with fewer occasions; a sector needs as many to have a rate of its own."""
MAX_SECTORS, MAX_FITTED = 20, 100_000
"""Sectors with a rate of their own; customers that the rates are learned from."""
DRAWS, LOW, HIGH, PULL = 200, 0.1, 0.9, 5.0


@dataclass(frozen=True, eq=False, kw_only=True)
class History:
    """What is known of customers; days since 1970-01-01, int64[n] or int64[m].

    joined, left: by customer, `MAX_DAY` = has not left. recommender, day: of each dated referral
    along counted arcs, by row of customer. begin: first day of the records. x: float64[n, p],
    columns fixed on joining, centered: came by referral, and sectors of enough occasions up to a
    year before the as-of date, so that the back-test sees no more.
    """

    joined: Longs
    left: Longs
    recommender: Longs
    day: Longs
    begin: int
    x: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Forecast:
    """The next 12 months from a day on, for the customers who exist on that day.

    customer int64[e]: rows of the history. occasions float64[e]: expected; variance float64[e].
    referrals float64[e]: expected, occasions times names per occasion. chance float64[e]: at least
    one occasion. active: mean share of the year in which they are still customers. names_variance:
    of the referrals per occasion. unsure: relative variance of the total that comes from names and
    leaving. fit: the rates. slope float64[e, b + p]: of the log of the expected occasions. past
    float64[e]: occasions so far.
    """

    customer: Longs
    occasions: Floats
    variance: Floats
    referrals: Floats
    chance: Floats
    active: float
    names_variance: float
    unsure: float
    fit: CountFit
    slope: Floats
    past: Floats

    def bound_sum(self, members: Bools | Longs) -> tuple[float, float]:
        """The 80 % interval of the referrals of a group in the year: whole numbers.

        What the rates leave open is a factor of 200 equally likely values, lognormal.
        """
        weight = self.occasions[members]
        total = float(weight.sum())
        if total <= 0:
            return 0.0, 0.0
        slope = (weight[:, None] * self.slope[members]).sum(0) / total
        spread = float(np.sqrt(max(slope @ self.fit.covariance @ slope, 0.0) + self.unsure))
        factor = list_factors(spread, DRAWS)
        expected = total * factor
        over = max(float(self.variance[members].sum()) - total, 0.0) * factor**2
        names = float(self.referrals[members].sum()) / total
        noise = expected * self.names_variance + (expected + over) * names**2
        return bound_total(names * expected, noise, LOW, HIGH)


def read_history(graph: Graph) -> tuple[Longs, History] | None:
    """The customers (indexes of parties, former ones too) and their history; None without dates."""
    membership = compute_membership(graph)
    is_dated = graph.customers & (membership.joined > MIN_DAY)
    events = list_referral_events(graph)
    if graph.as_of is None or not events.height or not is_dated.any():
        return None
    index = np.flatnonzero(is_dated)
    row = np.full(len(graph), -1, np.int64)
    row[index] = np.arange(len(index))
    recommender, day = row[events["referrer"].to_numpy()], events["at"].to_numpy()
    joined = membership.joined[index]
    left, maker = membership.left[index], np.maximum(recommender, 0)
    is_followed = (recommender >= 0) & (day >= joined[maker]) & (day < left[maker])
    is_old = day[is_followed] <= to_day_number(graph.as_of) - YEAR_DAYS
    begin = int(day[is_followed].min(initial=to_day_number(graph.as_of)))
    recommender, day = recommender[is_followed], day[is_followed]
    return index, History(
        joined=joined,
        left=left,
        recommender=recommender,
        day=day,
        begin=begin,
        x=_build_columns(graph, index, recommender[is_old], day[is_old]),
    )


def forecast_referrals(history: History, now: int) -> Forecast | None:
    """The year after a day, from what happened up to it; None with fewer than 10 occasions."""
    past = _count_past(history, now)
    if past.count[past.is_seen].sum() < MIN_OCCASIONS:
        return None
    rows = _choose_fitted(past)
    fit = fit_counts(past.by_band[rows], past.years[rows], history.x[rows])
    n = len(history.joined)
    is_present = (history.joined <= now) & (now < history.left)
    customer = np.flatnonzero(is_present)
    ahead = _split_years(history.joined, np.full(n, now), np.full(n, now + YEAR_DAYS))[customer]
    hazard, leavers = _compute_leaving_rates(history, past, now)
    active = ahead * np.where(hazard > 0, -np.expm1(-hazard) / np.maximum(hazard, 1e-12), 1.0)
    x, count = history.x[customer], past.count[customer]
    seen_mean = np.where(past.is_seen, fit.predict_mean(past.years, history.x), 0.0)[customer]
    expected = fit.predict_mean(active, x) * fit.weigh_history(count, seen_mean)
    shape = fit.shape + count
    own_names = (past.names_of[customer] + PULL * past.names.mean()) / (count + PULL)
    mean_active = float(active.sum(1).mean())
    unsure = past.names.var() / past.names.mean() ** 2 / len(past.names)
    unsure += (1.0 - mean_active) ** 2 / max(leavers, 1)
    return Forecast(
        customer=customer,
        occasions=expected,
        variance=expected + expected**2 / shape,
        referrals=expected * own_names,
        chance=-np.expm1(-shape * np.log1p(expected / shape)),
        active=mean_active,
        names_variance=float(past.names.var()),
        unsure=float(unsure),
        fit=fit,
        slope=_compute_slope(fit, active, x, (past.years * past.is_seen[:, None])[customer]),
        past=count,
    )


@dataclass(frozen=True, eq=False)
class _Past:
    """count float64[n]: occasions; by_band float64[n, b]. years float64[n, b]: time under
    observation by band. is_seen bool[n]: any at all. names float64[o]: referrals of each
    occasion; names_of int64[n]: of each customer.
    """

    count: Floats
    by_band: Floats
    years: Floats
    is_seen: Bools
    names: Floats
    names_of: Longs


def _choose_fitted(past: _Past) -> Longs:
    """Rows to learn from: all that were seen or, of very many, every second, third ... by id."""
    rows = np.flatnonzero(past.is_seen)
    sample = rows[:: -(-len(rows) // MAX_FITTED) or 1]
    return sample if past.count[sample].sum() >= MIN_OCCASIONS else rows


def _count_past(history: History, now: int) -> _Past:
    """What happened up to a day, as far as customers were under observation."""
    is_past = history.day <= now
    recommender, day = history.recommender[is_past], history.day[is_past]
    n = len(history.joined)
    names = np.unique(number_occasions(recommender, day), return_counts=True)[1]
    by_band = _count_by_band(history.joined, *list_occasions(recommender, day))
    start = np.maximum(history.joined, history.begin)
    years = _split_years(history.joined, start, np.minimum(history.left, now))
    is_seen = years.sum(1) > 0
    by_band[~is_seen] = 0.0
    return _Past(
        count=by_band.sum(1),
        by_band=by_band,
        years=years,
        is_seen=is_seen,
        names=names.astype(np.float64),
        names_of=np.bincount(recommender, minlength=n),
    )


def _count_by_band(joined: Longs, who: Longs, day: Longs) -> Floats:
    """float64[n, b]: occasions of each customer in each band of tenure."""
    tenure = (day - joined[who]) / YEAR
    band = np.searchsorted(np.array(BANDS), tenure, side="right") - 1
    places = who * len(BANDS) + np.maximum(band, 0)
    counts = np.bincount(places, minlength=len(joined) * len(BANDS))
    return np.asarray(counts.reshape(len(joined), len(BANDS)), np.float64)


def _compute_slope(fit: CountFit, active: Floats, x: Floats, past_years: Floats) -> Floats:
    """float64[e, b + p]: derivative of the log of the expected occasions by bands and effects.

    past_years float64[e, b]: under observation, by band. A higher rate also makes the past less
    surprising: the weight of the own history, (r + k) / (r + m), falls with m.
    """
    rates = active * np.exp(fit.bands)
    share = rates / np.maximum(rates.sum(1), 1e-12)[:, None]
    means = past_years * np.exp(fit.bands) * np.exp(x @ fit.effects)[:, None]
    surprise = means / (fit.shape + means.sum(1))[:, None]
    return np.asarray(np.hstack([share - surprise, x * (1.0 - surprise.sum(1))[:, None]]))


def _split_years(joined: Longs, start: Longs, end: Longs) -> Floats:
    """float64[n, b]: years between two days in each band of tenure."""
    edges = np.array([*BANDS, np.inf])
    from_years, to_years = (start - joined) / YEAR, (end - joined) / YEAR
    low = np.maximum(from_years[:, None], edges[:-1])
    high = np.minimum(to_years[:, None], edges[1:])
    return np.asarray(np.maximum(high - low, 0.0))


def _compute_leaving_rates(history: History, past: _Past, now: int) -> tuple[Floats, int]:
    """float64[b]: share that leaves per year, by band, 0 where nobody did; and how many left."""
    years = past.years.sum(0)
    has_left = (history.left <= now) & past.is_seen
    tenure = (history.left - history.joined)[has_left] / YEAR
    band = np.searchsorted(np.array(BANDS), tenure, side="right") - 1
    leavers = np.bincount(band, minlength=len(BANDS))
    return leavers / np.maximum(years, 1e-9) * (years > 0), int(leavers.sum())


def _build_columns(graph: Graph, index: Longs, recommender: Longs, day: Longs) -> Floats:
    """float64[n, p]: came by referral; one column for each sector of at least 10 occasions."""
    referred = graph.in_degree[index] > 0
    columns = [referred.astype(np.float64)]
    sector = graph.parties["sector"].gather(index).fill_null("")
    of_occasion = sector.gather(list_occasions(recommender, day)[0])
    counts = of_occasion.value_counts().filter(pl.col("count") >= MIN_OCCASIONS)
    words = [word for word in sorted(counts["sector"].to_list()) if word][:MAX_SECTORS]
    columns += [(sector == word).to_numpy().astype(np.float64) for word in words]
    x = np.column_stack(columns)
    return np.asarray(x - x.mean(0))

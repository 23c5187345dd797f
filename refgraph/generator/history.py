"""Who joined when, who was referred by whom, and who left: the process that everything else hangs on.

A referral comes `LAG` days or more before the contract that it leads to. So of all who joined before the day of a
referral it is known whether and when they leave once the referrals of earlier 60 days are dealt: the process runs in
steps of 60 days, each in whole columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.generator.budget import quotas
from refgraph.generator.dealing import FAR, FOUNDER, Bools, Dealer, Floats, Ints, Tilted
from refgraph.generator.plan import Plan
from refgraph.generator.streams import stream

STEP, LAG, LONGEST = 60, 61, 400
MEAN_WAIT = 45.0
YEAR = 365.25
PILOT = 250_000
LEAST = 1e-3
"""A smaller coefficient of variation of the activity is none."""


@dataclass(frozen=True, eq=False)
class History:
    """Organic customers in order of joining, days counted from the first contract.

    joined, left (`FAR` = stays), at (day of the referral, for everybody), parent (-1 = not referred): int32; size: log
    size in standard deviations; activity: mean 1; referred: bool.
    """

    joined: Ints
    left: Ints
    at: Ints
    parent: Ints
    size: Floats
    activity: Floats
    referred: Bools

    def dealer(self) -> Dealer:
        """Draws among all who are present."""
        return Dealer(self.joined, self.left, self.activity)


def days_won(rng: np.random.Generator, count: int, plan: Plan) -> Ints:
    """Days 1 to the last, sorted: the number won by day t grows as t**growth."""
    day = np.ceil(plan.days * np.sort(rng.random(count)) ** (1 / plan.growth))
    return np.clip(day, 1, plan.days).astype(np.int32)


def history(plan: Plan, customers: int, share: float) -> History:
    """``customers`` organic customers of whom round(share x customers) are referred, if so many can be."""
    seed = plan.seed
    joined = days_won(stream(seed, "joined"), customers, plan)
    joined[0], joined[-1] = 0, plan.days
    wait = np.minimum(stream(seed, "wait").exponential(MEAN_WAIT, customers), LONGEST).astype(np.int32)
    at = joined - LAG - wait
    size = stream(seed, "size").standard_normal(customers)
    referred = _referred(plan, size, at > 0, round(share * customers))
    activity = _activity(plan, customers)
    budget = stream(seed, "leaving").standard_exponential(customers)
    budget[FOUNDER] = np.inf
    left = _day(joined + _quotient(budget, plan.churn / YEAR), joined)
    left[referred] = FAR
    parent = np.full(customers, -1, np.int32)
    run = History(joined, left, at, parent, size, activity, referred)
    _deal(plan, run, budget)
    return run


def calibrated(plan: Plan, organic: int, thin: int) -> float:
    """The share of the organic customers to be referred so that the existing ones meet the quotas.

    The process itself is run with a share, and again with the share corrected by what came out; above `PILOT` customers a
    smaller company stands for the whole. Where being referred does not change who stays, one run is enough.
    """
    share = plan.referral_share
    for _ in range(1 if plan.retention == plan.retention_after == 1.0 else 3):
        run = history(plan, min(organic, PILOT), share)
        stays = run.left > plan.days
        existing = stays.mean() * organic
        wanted = quotas(plan, round(existing) + thin, thin).dealt / existing
        share = float(np.clip(share * wanted * stays.sum() / max(int((stays & run.referred).sum()), 1), 0.0, 1.0))
    return share


def _referred(plan: Plan, size: Floats, able: Bools, count: int) -> Bools:
    """The ``count`` with the greatest size_confounding x size + logistic noise: log odds linear in size."""
    score = plan.size_confounding * size + stream(plan.seed, "referred").logistic(size=len(size))
    score[~able] = -np.inf
    count = min(count, int(able.sum()))
    chosen = np.zeros(len(size), bool)
    if count:
        chosen[np.argpartition(-score, count - 1)[:count]] = True
    return chosen


def _activity(plan: Plan, customers: int) -> Floats:
    """Gamma with mean 1 and the planned coefficient of variation; referrals of one customer are then negative binomial."""
    if plan.heterogeneity < LEAST:
        return np.ones(customers)
    shape = plan.heterogeneity**-2
    activity = stream(plan.seed, "activity").gamma(shape, 1 / shape, customers)
    activity[FOUNDER] = max(activity[FOUNDER], 1.0)
    return activity


def _deal(plan: Plan, run: History, budget: Floats) -> None:
    """Fill parent and left of the referred, in order of the day of referral."""
    rng, parts = stream(plan.seed, "parents"), (run.joined, run.left, run.activity)
    dealer = Dealer(*parts) if plan.chain is None else Tilted(*parts, run.referred, plan.chain)
    those = np.flatnonzero(run.referred)
    those = those[np.argsort(run.at[those], kind="stable")]
    for part in np.split(those, np.flatnonzero(np.diff(run.at[those] // STEP)) + 1):
        parent = dealer.draw(rng, run.at[part])
        parent = np.where(parent < 0, FOUNDER, parent)
        run.parent[part] = parent
        run.left[part] = _leaving(plan, run.joined[part], run.left[parent], budget[part])


def _leaving(plan: Plan, joined: Ints, parent_left: Ints, budget: Floats) -> Ints:
    """When the cumulative hazard reaches an exponential ``budget``: churn x retention a year while the referrer stays,
    churn x retention_after from then on."""
    beside, after = plan.churn * plan.retention / YEAR, plan.churn * plan.retention_after / YEAR
    together = np.maximum(parent_left.astype(np.int64) - joined, 0)
    early = joined + _quotient(budget, beside)
    late = joined + together + _quotient(np.maximum(budget - together * beside, 0.0), after)
    return _day(np.where(together * beside >= budget, early, late), joined)


def _quotient(budget: Floats, rate: float) -> Floats:
    if rate <= 0:
        return np.full(len(budget), np.inf)
    with np.errstate(over="ignore"):
        return budget / rate


def _day(leaving: Floats, joined: Ints) -> Ints:
    """Whole days, at least one after joining."""
    return np.clip(np.ceil(np.minimum(leaving, FAR)), joined + 1, FAR).astype(np.int32)

"""Who joined when, who referred them, and who left: the process that all records follow from.

A referral comes `MIN_LAG_DAYS` or more before the contract that it leads to. So once the referrals
of earlier periods of `STEP_DAYS` have their referrers, it is known for everyone who joined before
the day of a referral whether and when they leave. The process therefore runs period by period, each
in whole columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.generator.frailty import Frailty, draw_frailty
from refgraph.generator.party_counts import PartyCounts, compute_quotas
from refgraph.generator.plan import Plan
from refgraph.generator.referrer_sampling import (
    FOUNDER,
    NEVER_LEAVES,
    Bools,
    ChainedSampler,
    Floats,
    Ints,
    ReferrerSampler,
)
from refgraph.generator.streams import make_stream
from refgraph.measures.calendar import YEAR

STEP_DAYS, MIN_LAG_DAYS, MAX_WAIT_DAYS = 60, 61, 400
MEAN_WAIT_DAYS = 45.0
"""From referral to contract beyond `MIN_LAG_DAYS`: exponential, cut at `MAX_WAIT_DAYS`."""
MAX_PILOT_SIZE = 250_000
MAX_PILOT_RUNS = 3
MIN_VARIATION = 1e-3
"""A smaller coefficient of variation of the activity counts as none."""


@dataclass(frozen=True, eq=False, kw_only=True)
class History:
    """Organic customers in order of joining; days are counted from the first contract.

    joined, left (`NEVER_LEAVES` = stays), at (day of the referral, drawn for everyone), parent (-1
    = not referred): int32. size: log size in standard deviations. activity: mean 1. referred: bool.
    """

    joined: Ints
    left: Ints
    at: Ints
    parent: Ints
    size: Floats
    activity: Floats
    referred: Bools

    def make_sampler(self) -> ReferrerSampler:
        """Draws referrers among all customers present on a day."""
        return ReferrerSampler(self.joined, self.left, self.activity)

    def count_existing(self, last_day: int) -> int:
        """How many have not left by the last day."""
        return int((self.left > last_day).sum())


def draw_joining_days(rng: np.random.Generator, count: int, plan: Plan) -> Ints:
    """int32[count], sorted, from day 1 to the last: the number won by day t grows as t**growth."""
    day = np.ceil(plan.days * np.sort(rng.random(count)) ** (1 / plan.growth))
    return np.clip(day, 1, plan.days).astype(np.int32)


def simulate_history(plan: Plan, customers: int, share: float) -> History:
    """The history of ``customers`` organic customers.

    round(share x customers) of them are referred, or as many as joined late enough.
    """
    seed = plan.seed
    joined = draw_joining_days(make_stream(seed, "joined"), customers, plan)
    joined[0], joined[-1] = 0, plan.days
    wait = make_stream(seed, "wait").exponential(MEAN_WAIT_DAYS, customers)
    at = joined - MIN_LAG_DAYS - np.minimum(wait, MAX_WAIT_DAYS).astype(np.int32)
    size = make_stream(seed, "size").standard_normal(customers)
    referred = _select_referred(plan, size, at > 0, round(share * customers))
    hazard_budget = make_stream(seed, "leaving").standard_exponential(customers)
    hazard_budget[FOUNDER] = np.inf
    frailty = draw_frailty(plan, customers)
    own_budget = hazard_budget / frailty.compute_factors(np.arange(customers))
    left = _to_days(joined + _divide_by_rate(own_budget, plan.churn / YEAR), joined)
    left[referred] = NEVER_LEAVES
    history = History(
        joined=joined,
        left=left,
        at=at,
        parent=np.full(customers, -1, np.int32),
        size=size,
        activity=_draw_activity(plan, customers),
        referred=referred,
    )
    _assign_referrers(plan, history, hazard_budget, frailty)
    return history


def calibrate_share(plan: Plan, counts: PartyCounts) -> float:
    """The share of organic customers to be referred so that the existing ones meet the quotas.

    The process is run with a share, then again with the share corrected by the outcome. Above
    `MAX_PILOT_SIZE` customers a smaller company stands for the real one. Where being referred does
    not change who stays, one run is enough.
    """
    share = plan.referral_share
    has_no_effect = plan.retention == plan.retention_after == 1.0
    for _ in range(1 if has_no_effect else MAX_PILOT_RUNS):
        history = simulate_history(plan, min(counts.organic, MAX_PILOT_SIZE), share)
        stays = history.left > plan.days
        existing = stays.mean() * counts.organic
        quotas = compute_quotas(plan, round(existing) + counts.thin, counts.thin)
        wanted = quotas.truly_referred / existing
        referred = max(int((stays & history.referred).sum()), 1)
        share = float(np.clip(share * wanted * stays.sum() / referred, 0.0, 1.0))
    return share


def _select_referred(plan: Plan, size: Floats, possible: Bools, count: int) -> Bools:
    """bool by customer: log odds of being referred are linear in size.

    The ``count`` with the greatest size_confounding x size + logistic noise among the possible.
    """
    noise = make_stream(plan.seed, "referred").logistic(size=len(size))
    score = plan.size_confounding * size + noise
    score[~possible] = -np.inf
    count = min(count, int(possible.sum()))
    chosen = np.zeros(len(size), bool)
    if count:
        chosen[np.argpartition(-score, count - 1)[:count]] = True
    return chosen


def _draw_activity(plan: Plan, customers: int) -> Floats:
    """float64 by customer: gamma with mean 1 and the planned coefficient of variation.

    The referrals of one customer are then negative binomial.
    """
    rate = np.where(select_advisers(plan, customers), plan.adviser_rate, 1.0)
    if plan.heterogeneity < MIN_VARIATION:
        return rate
    shape = plan.heterogeneity**-2
    activity = make_stream(plan.seed, "activity").gamma(shape, 1 / shape, customers)
    activity[FOUNDER] = max(activity[FOUNDER], 1.0)
    return activity * rate


def select_advisers(plan: Plan, customers: int) -> Bools:
    """bool by organic customer: appointed as an adviser on the day it joined."""
    return make_stream(plan.seed, "advisers").random(customers) < plan.advisers


def _assign_referrers(
    plan: Plan, history: History, hazard_budget: Floats, frailty: Frailty
) -> None:
    """Fill parent and left of the referred in place, in order of the day of referral."""
    rng = make_stream(plan.seed, "parents")
    sampler = _make_planned_sampler(plan, history)
    referred = np.flatnonzero(history.referred)
    referred = referred[np.argsort(history.at[referred], kind="stable")]
    step = history.at[referred] // STEP_DAYS
    for customers in np.split(referred, np.flatnonzero(np.diff(step)) + 1):
        drawn = sampler.draw(rng, history.at[customers])
        parent = np.where(drawn < 0, FOUNDER, drawn)
        history.parent[customers] = parent
        frailty.inherit(customers, parent)
        budget = hazard_budget[customers] / frailty.compute_factors(customers)
        history.left[customers] = _compute_leaving_days(
            plan, history.joined[customers], history.left[parent], budget
        )


def _make_planned_sampler(plan: Plan, history: History) -> ReferrerSampler | ChainedSampler:
    if plan.chain is None:
        return history.make_sampler()
    return ChainedSampler(
        history.joined, history.left, history.activity, history.referred, plan.chain
    )


def _compute_leaving_days(plan: Plan, joined: Ints, parent_left: Ints, budget: Floats) -> Ints:
    """int32: the day on which the cumulative hazard reaches an exponential ``budget``.

    The yearly hazard is churn x retention while the referrer stays, churn x retention_after from
    then on.
    """
    rate = plan.churn * plan.retention / YEAR
    rate_after = plan.churn * plan.retention_after / YEAR
    days_together = np.maximum(parent_left.astype(np.int64) - joined, 0)
    used = days_together * rate
    early = joined + _divide_by_rate(budget, rate)
    rest = np.maximum(budget - used, 0.0)
    late = joined + days_together + _divide_by_rate(rest, rate_after)
    return _to_days(np.where(used >= budget, early, late), joined)


def _divide_by_rate(budget: Floats, rate: float) -> Floats:
    """Days until a hazard of ``rate`` per day has used up the budget; infinity for no hazard."""
    if rate <= 0:
        return np.full(len(budget), np.inf)
    with np.errstate(over="ignore"):
        return budget / rate


def _to_days(leaving: Floats, joined: Ints) -> Ints:
    """Whole days, at least one after joining."""
    days = np.ceil(np.minimum(leaving, NEVER_LEAVES))
    return np.clip(days, joined + 1, NEVER_LEAVES).astype(np.int32)

"""A whole company as arrays: plan -> history -> records. No text yet; `refgraph.generator.tables` writes it down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from refgraph.generator import referrals
from refgraph.generator.attributes import Attributes, attributes
from refgraph.generator.budget import Quotas, Sizes, check, quotas, sizes
from refgraph.generator.dealing import Bools, Floats, Ints
from refgraph.generator.farms import Farms, farms, sharers
from refgraph.generator.groups import Groups, groups
from refgraph.generator.history import History, calibrated, history
from refgraph.generator.lures import lures
from refgraph.generator.origins import REFERRED, Longs, Origin, Origins, settle
from refgraph.generator.plan import Plan
from refgraph.generator.prospects import Prospects, prospects
from refgraph.generator.referrals import Arcs, Burst
from refgraph.generator.streams import stream

MEAN, SPREAD, NOISE = 120_000.0, 1.0, 0.6
"""Yearly revenue in 元; standard deviations of its log by size, and beside size."""


@dataclass(frozen=True, eq=False)
class Company:
    """Parties are numbered: organic customers in order of joining, thin accounts, prospects, staff, partners, authorities;
    strangers (referrers that customers.csv lacks) come after the last party.

    joined, left: int32 days by customer (left `FAR` = stays). origin: int8 by customer. parent: int32 by party, who in truth
    referred it. value: float64 by customer, planned yearly revenue in 元. number: int64 by customer or prospect, of its id.
    shared: pairs (first, second, kind) who share a phone (0) or an address (1) for honest reasons. lure: int8 by customer, why
    a large one is no key account (`Lure`).
    """

    plan: Plan
    sizes: Sizes
    quotas: Quotas
    run: History
    origins: Origins
    farms: Farms
    prospects: Prospects
    arcs: Arcs
    bursts: tuple[Burst, ...]
    shared: tuple[Longs, Longs, Longs]
    joined: Ints
    left: Ints
    origin: NDArray[np.int8]
    parent: Ints
    attributes: Attributes
    value: Floats
    number: Longs
    lure: NDArray[np.int8]
    groups: Groups

    @property
    def existing(self) -> Bools:
        """bool by customer: has not left."""
        return self.left > self.plan.days

    @property
    def referred(self) -> Bools:
        """bool by customer: referred on record (with a referral of a customer or a stranger, or by an unknown)."""
        return np.isin(self.origin, REFERRED)

    @property
    def truly_referred(self) -> Bools:
        """bool by customer: came by a dealt referral, on record or not; what the effects on value and staying act on."""
        return np.concatenate([self.run.referred, np.zeros(self.sizes.thin, bool)])


def build(plan: Plan) -> Company:
    """The company of a plan. Raises UsageError ``generate-too-much`` when its counts do not fit together."""
    size = sizes(plan)
    run = history(plan, size.organic, calibrated(plan, size.organic, size.thin))
    stays = int((run.left > plan.days).sum())
    quota = check(plan, quotas(plan, stays + size.thin, size.thin))
    origins = settle(plan, run, quota)
    made = referrals.among_customers(plan, run, origins, plan.size)
    star = farms(plan, run, origins, size.thin)
    thin = referrals.arcs(star.hub, size.organic + np.arange(size.thin), star.at)
    claims = referrals.joined([*made.arcs, thin])
    waiting = prospects(plan, run, size.prospects, int(np.count_nonzero(np.bincount(claims.referred))))
    named = np.flatnonzero(waiting.parent >= 0)
    leads = referrals.arcs(waiting.parent[named], size.customers + named, waiting.since[named])
    joined = np.concatenate([run.joined, star.joined])
    left = np.concatenate([run.left, np.full(size.thin, run.left[0])])
    origin = np.concatenate([origins.of, np.full(size.thin, Origin.THIN, np.int8)])
    parent = np.concatenate([np.where(run.referred, run.parent, -1), star.hub, waiting.parent,
                             np.full(plan.size - size.customers - size.prospects, -1)]).astype(np.int32)  # fmt: skip
    whole = referrals.joined([claims, leads, referrals.by_others(plan, run, origins, size),
                              referrals.selves(plan, joined >= 0)])  # fmt: skip
    traits = attributes(plan, size, parent, run.size)
    shared = sharers(plan, size.organic, star.hub, size.customers, whole)
    value, organic = _value(plan, run, traits, size), (left > plan.days) & (np.arange(size.customers) < size.organic)
    return Company(
        plan, size, quota, run, origins, star, waiting, whole, made.bursts, shared, joined,
        left, origin, parent, traits, value, _numbers(plan, joined, waiting),
        lures(plan, organic, value, *ordering(plan, joined, left)), groups(plan, organic),
    )  # fmt: skip


def ordering(plan: Plan, joined: Ints, left: Ints) -> tuple[Ints, Ints]:
    """(first day, days) by customer in which it can order: from joining to the day before it leaves, within the table; no days
    where there is no table."""
    begin = np.maximum(joined, plan.window)
    end = np.minimum(left - 1, plan.days)
    return begin.astype(np.int32), np.maximum(end - begin + 1, 0).astype(np.int32) * (plan.order_years > 0)


def _value(plan: Plan, run: History, traits: Attributes, size: Sizes) -> Floats:
    """Yearly revenue in 元: log-normal, elasticity 1 in log size, times the sector's factor, times 1 + gap if referred;
    thin accounts have 500 to 3,000."""
    rng = stream(plan.seed, "value")
    noise = rng.normal(-NOISE**2 / 2, NOISE, size.organic)
    log = np.log(MEAN) + SPREAD * run.size - SPREAD**2 / 2 + noise
    value = np.exp(log) * traits.factor[: size.organic] * np.where(run.referred, 1 + plan.value_gap, 1.0)
    return np.concatenate([value, rng.uniform(500, 3000, size.thin)])



def _numbers(plan: Plan, joined: Ints, waiting: Prospects) -> Longs:
    """Ids are given by first entry, or by lot."""
    entry = np.concatenate([joined, waiting.since])
    order = np.argsort(entry, kind="stable") if not plan.shuffle_ids else stream(plan.seed, "ids").permutation(len(entry))
    number = np.empty(len(entry), np.int64)
    number[order] = np.arange(len(entry))
    return number

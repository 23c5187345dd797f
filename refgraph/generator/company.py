"""A whole company as arrays: plan -> history -> records; `refgraph.generator.tables` makes text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from refgraph.generator import referrals
from refgraph.generator.attributes import Attributes, draw_attributes
from refgraph.generator.false_keys import select_false_keys
from refgraph.generator.farms import Farms, draw_farms, draw_sharers
from refgraph.generator.frailty import correlate_with_referrer
from refgraph.generator.groups import Groups, draw_groups
from refgraph.generator.history import History, calibrate_share, simulate_history
from refgraph.generator.origins import REFERRED_ORIGINS, Longs, Origin, Origins, assign_origins
from refgraph.generator.party_counts import (
    PartyCounts,
    Quotas,
    check_quotas,
    compute_party_counts,
    compute_quotas,
)
from refgraph.generator.plan import Plan
from refgraph.generator.prospects import Prospects, draw_prospects
from refgraph.generator.referrals import Arcs, Burst
from refgraph.generator.referrer_sampling import Bools, Floats, Ints
from refgraph.generator.streams import make_stream

MEAN_REVENUE, SIZE_SPREAD, NOISE_SPREAD = 120_000.0, 1.0, 0.6
"""Mean yearly revenue in 元; standard deviations of its log due to size and to anything else."""
THIN_REVENUE = (500, 3000)
"""Range of the yearly revenue of a thin account in 元."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Company:
    """Everything that was drawn for a plan, by index of the party.

    Parties are numbered: organic customers in order of joining, thin accounts, prospects, staff,
    partners, authorities; strangers (referrers that customers.csv lacks) follow the last party.

    joined, left: int32 days by customer (left `NEVER_LEAVES` = stays). origin: int8 by customer.
    parent: int32 by party, its true referrer, -1 = none. value: float64 by customer, planned yearly
    revenue in 元. number: int64 by customer or prospect, the number in its id. shared: pairs
    (first, second, kind) that share a phone (0) or an address (1) for honest reasons.
    false_key_reason: int8 by customer, why a large one is no key account (`FalseKeyReason`).
    """

    plan: Plan
    sizes: PartyCounts
    quotas: Quotas
    history: History
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
    false_key_reason: NDArray[np.int8]
    groups: Groups

    @property
    def existing(self) -> Bools:
        """bool by customer: has not left."""
        return self.left > self.plan.days

    @property
    def referred(self) -> Bools:
        """bool by customer: recorded as referred, by a customer, a stranger or somebody unknown."""
        return np.isin(self.origin, REFERRED_ORIGINS)


def build_company(plan: Plan) -> Company:
    """The company of a plan. Raises UsageError ``generate-too-much`` when its counts do not fit."""
    counts = compute_party_counts(plan)
    history = simulate_history(plan, counts.organic, calibrate_share(plan, counts))
    existing = history.count_existing(plan.days) + counts.thin
    quotas = check_quotas(compute_quotas(plan, existing, counts.thin))
    origins = assign_origins(plan, history, quotas)
    recorded = referrals.build_customer_referrals(plan, history, origins, plan.size)
    farms = draw_farms(plan, history, origins, counts.thin)
    claims = referrals.concatenate_arcs([*recorded.arcs, farms.make_arcs(counts.organic)])
    prospects = draw_prospects(plan, history, counts.prospects, claims.count_referred())
    joined, left = _join_periods(history, farms, counts.thin)
    arcs = _join_arcs(plan, counts, history, origins, claims, prospects, joined)
    shared = draw_sharers(plan, counts.organic, farms.hub, counts.customers, arcs)
    parent = _join_parents(plan, counts, history, farms, prospects)
    attributes = draw_attributes(plan, counts, parent, history.size)
    value = _draw_values(plan, history, attributes, counts)
    is_organic = (left > plan.days) & (np.arange(counts.customers) < counts.organic)
    order_windows = compute_order_windows(plan, joined, left)
    false_key_reason = select_false_keys(plan, is_organic, value, *order_windows)
    return Company(
        plan=plan,
        sizes=counts,
        quotas=quotas,
        history=history,
        origins=origins,
        farms=farms,
        prospects=prospects,
        arcs=arcs,
        bursts=recorded.bursts,
        shared=shared,
        joined=joined,
        left=left,
        origin=_join_origins(origins, counts),
        parent=parent,
        attributes=attributes,
        value=value,
        number=_assign_numbers(plan, joined, prospects),
        false_key_reason=false_key_reason,
        groups=draw_groups(plan, is_organic),
    )


def _join_periods(history: History, farms: Farms, thin: int) -> tuple[Ints, Ints]:
    """(joined, left) by customer, thin accounts last: these never leave."""
    joined = np.concatenate([history.joined, farms.joined])
    left = np.concatenate([history.left, np.full(thin, history.left[0])])
    return joined, left


def _join_origins(origins: Origins, counts: PartyCounts) -> NDArray[np.int8]:
    """`Origin` by customer, thin accounts last."""
    return np.concatenate([origins.by_customer, np.full(counts.thin, Origin.THIN, np.int8)])


def _join_arcs(
    plan: Plan,
    counts: PartyCounts,
    history: History,
    origins: Origins,
    claims: Arcs,
    prospects: Prospects,
    joined: Ints,
) -> Arcs:
    """All rows of the referrals table: customers, prospects, recommendations of others, faults."""
    named = np.flatnonzero(prospects.parent >= 0)
    leads = referrals.make_arcs(
        prospects.parent[named], counts.customers + named, prospects.since[named]
    )
    others = referrals.draw_other_recommendations(plan, history, origins, counts)
    faults = referrals.draw_self_referrals(plan, joined >= 0)
    return referrals.concatenate_arcs([claims, leads, others, faults])


def _join_parents(
    plan: Plan, counts: PartyCounts, history: History, farms: Farms, prospects: Prospects
) -> Ints:
    """int32 by party: who referred it in truth, -1 = nobody."""
    others = plan.size - counts.customers - counts.prospects
    parts = [
        np.where(history.referred, history.parent, -1),
        farms.hub,
        prospects.parent,
        np.full(others, -1),
    ]
    return np.concatenate(parts).astype(np.int32)


def compute_order_windows(plan: Plan, joined: Ints, left: Ints) -> tuple[Ints, Ints]:
    """(first day, number of days) by customer in which it can order.

    From joining to the day before it leaves, within the orders table; 0 days where there is none.
    """
    first = np.maximum(joined, plan.window)
    last = np.minimum(left - 1, plan.days)
    days = np.maximum(last - first + 1, 0).astype(np.int32) * (plan.order_years > 0)
    return first.astype(np.int32), days


def _draw_values(
    plan: Plan, history: History, attributes: Attributes, counts: PartyCounts
) -> Floats:
    """float64 by customer: yearly revenue in 元.

    Log-normal with elasticity 1 in size, times the factor of the sector, times 1 + gap if referred;
    thin accounts lie in `THIN_REVENUE`.
    """
    rng = make_stream(plan.seed, "value")
    noise = rng.normal(-(NOISE_SPREAD**2) / 2, NOISE_SPREAD, counts.organic)
    noise = _reshape_noise(plan, history, noise)
    log = np.log(MEAN_REVENUE) + SIZE_SPREAD * history.size - SIZE_SPREAD**2 / 2 + noise
    sector_factor = attributes.factor[: counts.organic]
    gap = (1 + plan.value_gap) * np.exp(plan.gap_by_size * history.size)
    referral_factor = np.where(history.referred, gap, 1.0)
    value = np.exp(log) * sector_factor * referral_factor
    return np.concatenate([value, rng.uniform(*THIN_REVENUE, counts.thin)])


def _reshape_noise(plan: Plan, history: History, noise: Floats) -> Floats:
    """The log of value beyond size and sector, with the planned spread and correlation in trees."""
    if plan.value_variation is None and not plan.value_homophily:
        return noise
    spread = NOISE_SPREAD
    if plan.value_variation is not None:
        spread = float(np.sqrt(np.log1p(plan.value_variation**2)))
    standard = (noise + NOISE_SPREAD**2 / 2) / NOISE_SPREAD
    shared = correlate_with_referrer(
        standard, history.parent, history.referred, plan.value_homophily
    )
    return spread * shared - spread**2 / 2


def _assign_numbers(plan: Plan, joined: Ints, prospects: Prospects) -> Longs:
    """int64 by customer or prospect: the number in its id, by first entry or at random."""
    first_entry = np.concatenate([joined, prospects.since])
    if plan.shuffle_ids:
        order = make_stream(plan.seed, "ids").permutation(len(first_entry))
    else:
        order = np.argsort(first_entry, kind="stable")
    number = np.empty(len(first_entry), np.int64)
    number[order] = np.arange(len(first_entry))
    return number

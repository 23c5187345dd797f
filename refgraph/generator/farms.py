"""Alias farms, and pairs that share a contact for honest reasons.

In a farm a customer "refers" many thin accounts that share its phone, e-mail or address. The honest
pairs make sure that sharing alone proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.generator.history import History
from refgraph.generator.origins import Longs, Origin, Origins
from refgraph.generator.party_counts import MAX_FARM_SIZE, MIN_FARM_SIZE
from refgraph.generator.plan import Plan
from refgraph.generator.referrals import Arcs, make_arcs
from refgraph.generator.referrer_sampling import FOUNDER, Ints
from refgraph.generator.streams import make_stream

SHARED_CHANNELS = (
    ("phone",),
    ("address",),
    ("phone", "email"),
    ("phone", "address"),
    ("email", "address"),
)
FARM_DAYS, MAX_SIGNING_DAYS, LAST_START_DAYS = 21, 14, 36
"""Days of a farm's referrals; from referral to contract at most; from the start to the last day."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Farms:
    """hub, at (day of the referral), joined: int32 by thin account. farm: the index of its farm.

    channels: by farm, what its members share with the hub.
    """

    hub: Ints
    at: Ints
    joined: Ints
    farm: Longs
    channels: tuple[tuple[str, ...], ...]

    def make_arcs(self, first_thin: int) -> Arcs:
        """The referrals by hubs. first_thin: the index of the first thin account."""
        return make_arcs(self.hub, first_thin + np.arange(len(self.farm)), self.at)


def draw_farms(plan: Plan, history: History, origins: Origins, thin: int) -> Farms:
    """``thin`` accounts in farms of 4 to 12, all of one farm within `FARM_DAYS`.

    A hub is an existing customer that came on its own or by a customer's referral, and has one
    farm; the founder has all of them where there are too few such customers.
    """
    rng = make_stream(plan.seed, "farms")
    size = _draw_farm_sizes(rng, thin)
    hubs = _draw_hubs(rng, plan, history, origins, len(size))
    days = plan.days - LAST_START_DAYS - history.joined[hubs]
    start = history.joined[hubs] + 1 + (rng.random(len(size)) * days).astype(np.int32)
    farm = np.repeat(np.arange(len(size)), size)
    at = start[farm] + rng.integers(0, FARM_DAYS, thin)
    channels = rng.integers(0, len(SHARED_CHANNELS), len(size))
    joined = at + rng.integers(1, MAX_SIGNING_DAYS + 1, thin)
    return Farms(
        hub=hubs[farm].astype(np.int32),
        at=at.astype(np.int32),
        joined=joined.astype(np.int32),
        farm=farm,
        channels=tuple(SHARED_CHANNELS[code] for code in channels),
    )


def _draw_farm_sizes(rng: np.random.Generator, thin: int) -> Longs:
    """Eight accounts per farm on average: the smallest size each, the rest drawn at random."""
    farms = -(-2 * thin // (MIN_FARM_SIZE + MAX_FARM_SIZE))
    extra_size = MAX_FARM_SIZE - MIN_FARM_SIZE
    drawn = rng.permutation(extra_size * farms)[: thin - MIN_FARM_SIZE * farms]
    return MIN_FARM_SIZE + np.bincount(drawn // extra_size, minlength=farms)


def _draw_hubs(
    rng: np.random.Generator, plan: Plan, history: History, origins: Origins, farms: int
) -> Longs:
    """One customer per farm, in order of index; the founder for all where too few qualify."""
    has_known_origin = np.isin(origins.by_customer, (Origin.OWN, Origin.NAMED))
    has_time = history.joined < plan.days - LAST_START_DAYS
    candidates = np.flatnonzero(has_known_origin & (history.left > plan.days) & has_time)
    if candidates.size < farms:
        return np.full(farms, FOUNDER)
    return np.sort(rng.choice(candidates, farms, replace=False))


def draw_sharers(
    plan: Plan, organic: int, hubs: Ints, customers: int, claims: Arcs
) -> tuple[Longs, Longs, Longs]:
    """Honest pairs: (first, second, 0 = phone or 1 = address).

    None is the hub of a farm or referred the other.
    """
    rng = make_stream(plan.seed, "sharers")
    is_free = np.ones(organic, bool)
    is_free[hubs] = False
    pairs = min(round(plan.shared_contacts * customers / 2), int(is_free.sum()) // 2)
    drawn = rng.permutation(np.flatnonzero(is_free))[: 2 * pairs]
    first, second = drawn.reshape(2, pairs)
    referrals = claims.referrer * np.int64(plan.size) + claims.referred
    referred = np.isin(first * plan.size + second, referrals)
    referred |= np.isin(second * plan.size + first, referrals)
    return first[~referred], second[~referred], rng.integers(0, 2, pairs)[~referred]

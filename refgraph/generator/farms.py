"""Alias farms: a customer who "refers" a star of thin accounts that share its phone, e-mail or address; and people who
share a phone or an address for honest reasons, so that sharing alone proves nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.generator.budget import LARGEST_FARM, SMALLEST_FARM
from refgraph.generator.dealing import FOUNDER, Ints
from refgraph.generator.history import History
from refgraph.generator.origins import Longs, Origin, Origins
from refgraph.generator.plan import Plan
from refgraph.generator.referrals import Arcs
from refgraph.generator.streams import stream

CHANNELS = (("phone",), ("address",), ("phone", "email"), ("phone", "address"), ("email", "address"))
SPAN, SIGNING, LATE = 21, 14, 36


@dataclass(frozen=True, eq=False)
class Farms:
    """hub, at, joined: int32 by thin account; farm: which farm; channels: of each farm, what its members share with the hub."""

    hub: Ints
    at: Ints
    joined: Ints
    farm: Longs
    channels: tuple[tuple[str, ...], ...]


def farms(plan: Plan, run: History, origins: Origins, thin: int) -> Farms:
    """``thin`` accounts in farms of 4 to 12, of hubs who stay; all of a farm within three weeks, signed two weeks later.

    A hub is an existing customer that came by its own way or a dealt referral, and has one farm (the founder all of
    them where there are too few).
    """
    rng = stream(plan.seed, "farms")
    size = _farm_sizes(rng, thin)
    known = np.isin(origins.of, (Origin.OWN, Origin.NAMED))
    able = np.flatnonzero(known & (run.left > plan.days) & (run.joined < plan.days - LATE))
    enough = able.size >= len(size)
    hubs = np.sort(rng.choice(able, len(size), replace=False)) if enough else np.full(len(size), FOUNDER)
    room = plan.days - LATE - run.joined[hubs]
    day = run.joined[hubs] + 1 + (rng.random(len(size)) * room).astype(np.int32)
    farm = np.repeat(np.arange(len(size)), size)
    at = day[farm] + rng.integers(0, SPAN, thin)
    channels = tuple(CHANNELS[k] for k in rng.integers(0, len(CHANNELS), len(size)))
    signed = at + rng.integers(1, SIGNING + 1, thin)
    return Farms(hubs[farm].astype(np.int32), at.astype(np.int32), signed.astype(np.int32), farm, channels)


def _farm_sizes(rng: np.random.Generator, thin: int) -> Longs:
    """Eight a farm on average: four each, the rest on places drawn by lot, of which each farm has eight more."""
    number = -(-2 * thin // (SMALLEST_FARM + LARGEST_FARM))
    places = (LARGEST_FARM - SMALLEST_FARM) * number
    taken = rng.permutation(places)[: thin - SMALLEST_FARM * number]
    return SMALLEST_FARM + np.bincount(taken // (LARGEST_FARM - SMALLEST_FARM), minlength=number)


def sharers(plan: Plan, organic: int, taken: Ints, customers: int, claims: Arcs) -> tuple[Longs, Longs, Longs]:
    """Honest pairs: (first, second, 0 = phone or 1 = address); none is in a farm, none referred the other."""
    rng = stream(plan.seed, "sharers")
    free = np.ones(organic, bool)
    free[taken] = False
    pairs = min(round(plan.shared_contacts * customers / 2), int(free.sum()) // 2)
    first, second = rng.permutation(np.flatnonzero(free))[: 2 * pairs].reshape(2, pairs)
    told = claims.referrer * np.int64(plan.size) + claims.referred
    apart = ~np.isin(first * plan.size + second, told) & ~np.isin(second * plan.size + first, told)
    return first[apart], second[apart], rng.integers(0, 2, pairs)[apart]

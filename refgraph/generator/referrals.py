"""Who referred whom on record, as arrays: referrals dealt, second referrers, bursts, loops, staff, strangers, faults."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from refgraph.generator.budget import Sizes
from refgraph.generator.dealing import FOUNDER, Bools, Floats, Ints
from refgraph.generator.history import History
from refgraph.generator.origins import Longs, Origin, Origins
from refgraph.generator.plan import Plan
from refgraph.generator.streams import stream

BURST, WEEK = 10, 7
SPLITS = (np.nan, np.nan, 0.5, 0.6, 0.7)
"""Share of the first of two referrers; nan = not recorded, which means equal."""
REDRAWS = 20


@dataclass(frozen=True, eq=False)
class Arcs:
    """Referrals by row: referrer, referred (parties; a referrer past the last party is a stranger), at (day), share."""

    referrer: Ints
    referred: Ints
    at: Ints
    share: Floats

    def __len__(self) -> int:
        return len(self.referrer)


@dataclass(frozen=True)
class Burst:
    """One referrer who made `BURST` referrals within a week from ``day``."""

    referrer: int
    day: int
    referred: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Made:
    """Parts of the referrals table and what is planted in them."""

    arcs: list[Arcs]
    bursts: tuple[Burst, ...] = field(default=())


def arcs(referrer: Ints | Longs, referred: Ints | Longs, at: Ints, share: Floats | float = np.nan) -> Arcs:
    """Arcs of one kind, int32 and float64."""
    whole = np.broadcast_to(np.asarray(share, np.float64), len(referred))
    return Arcs(referrer.astype(np.int32), referred.astype(np.int32), at.astype(np.int32), whole)


def among_customers(plan: Plan, run: History, origins: Origins, first_stranger: int) -> Made:
    """All referrals of organic customers: dealt ones, bursts among them, second referrers, strangers and loops."""
    named = np.flatnonzero(origins.of == Origin.NAMED)
    bursts = _bursts(plan, run, named)
    busy = np.isin(named, [child for burst in bursts for child in burst.referred])
    second, split = _second(plan, run, named[~busy])
    share = np.full(len(run.joined), np.nan)
    share[second.referred] = split
    strange = np.flatnonzero(origins.of == Origin.STRANGER)
    return Made([
        arcs(run.parent[named], named, run.at[named], share[named]), second,
        arcs(first_stranger + np.arange(strange.size), strange, run.at[strange]), _loops(run, origins, plan.days),
    ], bursts)  # fmt: skip


def _bursts(plan: Plan, run: History, named: Longs) -> tuple[Burst, ...]:
    """Ten referrals that follow one another in time each get one referrer and one week; parent and at change in place."""
    rng = stream(plan.seed, "bursts")
    in_time = named[np.argsort(run.at[named], kind="stable")]
    slots = in_time[: len(in_time) // BURST * BURST].reshape(-1, BURST)
    found, dealer = [], run.dealer()
    for slot in np.sort(rng.permutation(len(slots))[: plan.bursts]):
        children = slots[slot]
        day = run.at[children].min()
        hub = int(max(dealer.draw(rng, np.array([day], np.int32))[0], FOUNDER))
        run.parent[children] = hub
        run.at[children] = np.minimum(day + rng.integers(0, WEEK, BURST), run.joined[children])
        found.append(Burst(hub, int(day), tuple(int(child) for child in children)))
    return tuple(found)


def _second(plan: Plan, run: History, named: Longs) -> tuple[Arcs, Floats]:
    """A second referrer, one to twenty days after the first and not before it, for round(several x named) of them.

    Also the share of the first: at least one half, and above it where both days are the same, so that it stays primary.
    """
    rng = stream(plan.seed, "second")
    count = round(plan.several * len(named))
    those = np.sort(rng.choice(named, count, replace=False))
    at = np.minimum(run.at[those] + 1 + rng.integers(0, 20, count), np.maximum(run.joined[those], run.at[those])).astype(np.int32)
    dealer, other = run.dealer(), np.full(count, -1, np.int32)
    for _ in range(REDRAWS):
        again = np.flatnonzero((other < 0) | (other == run.parent[those]))
        other[again] = dealer.draw(rng, at[again])
    good = (other >= 0) & (other != run.parent[those])
    split = np.asarray(SPLITS)[rng.integers(0, len(SPLITS), count)]
    split = np.where((at == run.at[those]) & ~(split > 0.5), 0.6, split)[good]
    return arcs(other[good], those[good], at[good], 1.0 - split), split


def _loops(run: History, origins: Origins, last: int) -> Arcs:
    """Each member refers the next one to join, the last refers the first, one day after it joined itself.

    Members have no other referrer, so no loop grows beyond its members; they may refer others.
    """
    members, following = origins.loops.ravel(), np.roll(origins.loops, -1, axis=1).ravel()
    at = np.maximum(run.at[following], run.joined[members])
    back = run.joined[following] <= run.joined[members]
    at[back] = np.minimum(run.joined[members] + 1, last)[back]
    return arcs(members, following, at)


def by_others(plan: Plan, run: History, origins: Origins, sizes: Sizes) -> Arcs:
    """Recommendations by staff, partners and authorities, each by a random one of them, before the contract."""
    rng = stream(plan.seed, "others")
    first, parts = sizes.customers + sizes.prospects, []
    for origin, number in ((Origin.STAFF, sizes.staff), (Origin.PARTNER, sizes.partners), (Origin.AUTHORITY, sizes.authorities)):
        those = np.flatnonzero(origins.of == origin)
        parts.append(arcs(first + rng.integers(0, max(number, 1), those.size), those, np.maximum(run.at[those], 0)))
        first += number
    return joined(parts)


def joined(parts: list[Arcs]) -> Arcs:
    """Parts under one another."""
    return Arcs(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("referrer", "referred", "at", "share")))


def selves(plan: Plan, customers: Bools) -> Arcs:
    """Rows in which a customer refers itself."""
    those = stream(plan.seed, "selves").choice(np.flatnonzero(customers), plan.self_referrals)
    return arcs(those, those, np.full(those.size, plan.days, np.int32))

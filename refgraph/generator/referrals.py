"""Recorded referrals as arrays: by customers, strangers and others; bursts, cycles, faults."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.generator.history import History
from refgraph.generator.origins import Longs, Origin, Origins
from refgraph.generator.party_counts import PartyCounts
from refgraph.generator.plan import Plan
from refgraph.generator.referrer_sampling import FOUNDER, Bools, Floats, Ints
from refgraph.generator.streams import make_stream

BURST_SIZE, BURST_DAYS = 10, 7
FIRST_SHARES = (np.nan, np.nan, 0.5, 0.6, 0.7)
"""Share of the first of two referrers; nan = not recorded, which means equal."""
TIE_BREAKING_SHARE = 0.6
"""Share of the first referrer where both days are the same, so that it stays the primary one."""
MAX_SECOND_DELAY = 20
MAX_REDRAWS = 20


@dataclass(frozen=True, eq=False)
class Arcs:
    """Referrals by row. referrer, referred: parties; strangers follow the last. at: day."""

    referrer: Ints
    referred: Ints
    at: Ints
    share: Floats

    def __len__(self) -> int:
        return len(self.referrer)

    def count_referred(self) -> int:
        """How many parties are referred by any row."""
        return int(np.count_nonzero(np.bincount(self.referred)))


@dataclass(frozen=True)
class Burst:
    """One referrer who made `BURST_SIZE` referrals within a week from ``day``."""

    referrer: int
    day: int
    referred: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class CustomerReferrals:
    """Parts of the referrals table, and the bursts planted in them."""

    arcs: list[Arcs]
    bursts: tuple[Burst, ...] = ()


def make_arcs(
    referrer: Ints | Longs, referred: Ints | Longs, at: Ints, share: Floats | float = np.nan
) -> Arcs:
    """Arcs from any integers; one share for all, or one per row."""
    shares = np.broadcast_to(np.asarray(share, np.float64), len(referred))
    return Arcs(referrer.astype(np.int32), referred.astype(np.int32), at.astype(np.int32), shares)


def concatenate_arcs(parts: list[Arcs]) -> Arcs:
    """The rows of all parts, in order."""
    referrer = np.concatenate([part.referrer for part in parts])
    referred = np.concatenate([part.referred for part in parts])
    at = np.concatenate([part.at for part in parts])
    share = np.concatenate([part.share for part in parts])
    return Arcs(referrer, referred, at, share)


def build_customer_referrals(
    plan: Plan, history: History, origins: Origins, first_stranger: int
) -> CustomerReferrals:
    """All referrals of organic customers, by customers and strangers.

    Bursts change the history in place. first_stranger: the index after the last party.
    """
    named = np.flatnonzero(origins.by_customer == Origin.NAMED)
    bursts = _plant_bursts(plan, history, named)
    in_burst = np.isin(named, [child for burst in bursts for child in burst.referred])
    second, first_share = _draw_second_referrers(plan, history, named[~in_burst])
    share = np.full(len(history.joined), np.nan)
    share[second.referred] = first_share
    first = make_arcs(history.parent[named], named, history.at[named], share[named])
    by_stranger = np.flatnonzero(origins.by_customer == Origin.STRANGER)
    strangers = first_stranger + np.arange(by_stranger.size)
    claims = make_arcs(strangers, by_stranger, history.at[by_stranger])
    cycles = _build_cycles(history, origins, plan.days)
    return CustomerReferrals([first, second, claims, cycles], bursts)


def _plant_bursts(plan: Plan, history: History, named: Longs) -> tuple[Burst, ...]:
    """Give ten consecutive referrals one referrer and one week; changes parent and at in place."""
    rng = make_stream(plan.seed, "bursts")
    by_day = named[np.argsort(history.at[named], kind="stable")]
    slots = by_day[: len(by_day) // BURST_SIZE * BURST_SIZE].reshape(-1, BURST_SIZE)
    sampler = history.make_sampler()
    bursts = []
    for slot in np.sort(rng.permutation(len(slots))[: plan.bursts]):
        children = slots[slot]
        day = history.at[children].min()
        drawn = sampler.draw(rng, np.array([day], np.int32))[0]
        referrer = int(max(drawn, FOUNDER))
        days = day + rng.integers(0, BURST_DAYS, BURST_SIZE)
        history.parent[children] = referrer
        history.at[children] = np.minimum(days, history.joined[children])
        bursts.append(Burst(referrer, int(day), tuple(map(int, children))))
    return tuple(bursts)


def _draw_second_referrers(plan: Plan, history: History, named: Longs) -> tuple[Arcs, Floats]:
    """Second referrers for round(several x named) customers, and the share of their first one.

    The second referral comes one to twenty days after the first, at the latest on the day of
    joining. The first share is at least one half, and above it where both days are the same.
    """
    rng = make_stream(plan.seed, "second")
    count = round(plan.several * len(named))
    children = np.sort(rng.choice(named, count, replace=False))
    first_day = history.at[children]
    delayed = first_day + 1 + rng.integers(0, MAX_SECOND_DELAY, count)
    at = np.minimum(delayed, np.maximum(history.joined[children], first_day)).astype(np.int32)
    second = _draw_other_referrers(history, rng, children, at)
    is_found = (second >= 0) & (second != history.parent[children])
    share = np.asarray(FIRST_SHARES)[rng.integers(0, len(FIRST_SHARES), count)]
    is_tied = (at == first_day) & ~(share > 0.5)
    share = np.where(is_tied, TIE_BREAKING_SHARE, share)[is_found]
    arcs = make_arcs(second[is_found], children[is_found], at[is_found], 1.0 - share)
    return arcs, share


def _draw_other_referrers(
    history: History, rng: np.random.Generator, children: Longs, at: Ints
) -> Ints:
    """A referrer other than the first one, for each child.

    After `MAX_REDRAWS` it may still be missing (-1) or the same.
    """
    sampler = history.make_sampler()
    first = history.parent[children]
    second = np.full(len(children), -1, np.int32)
    for _ in range(MAX_REDRAWS):
        redrawn = np.flatnonzero((second < 0) | (second == first))
        second[redrawn] = sampler.draw(rng, at[redrawn])
    return second


def _build_cycles(history: History, origins: Origins, last_day: int) -> Arcs:
    """Each member refers the next one to join; the last refers the first, one day after it joined.

    Members have no other referrer, so no cycle extends beyond them; they may refer others.
    """
    members = origins.loops.ravel()
    following = np.roll(origins.loops, -1, axis=1).ravel()
    joined = history.joined[members]
    at = np.maximum(history.at[following], joined)
    closes_cycle = history.joined[following] <= joined
    at[closes_cycle] = np.minimum(joined + 1, last_day)[closes_cycle]
    return make_arcs(members, following, at)


def draw_other_recommendations(
    plan: Plan, history: History, origins: Origins, sizes: PartyCounts
) -> Arcs:
    """Recommendations by random staff, partners and authorities, before the contract."""
    rng = make_stream(plan.seed, "others")
    first = sizes.customers + sizes.prospects
    parts = []
    for origin, count in (
        (Origin.STAFF, sizes.staff),
        (Origin.PARTNER, sizes.partners),
        (Origin.AUTHORITY, sizes.authorities),
    ):
        customers = np.flatnonzero(origins.by_customer == origin)
        referrer = first + rng.integers(0, max(count, 1), customers.size)
        parts.append(make_arcs(referrer, customers, np.maximum(history.at[customers], 0)))
        first += count
    return concatenate_arcs(parts)


def draw_self_referrals(plan: Plan, is_customer: Bools) -> Arcs:
    """Rows in which a customer refers itself, on the last day."""
    candidates = np.flatnonzero(is_customer)
    customers = make_stream(plan.seed, "selves").choice(candidates, plan.self_referrals)
    return make_arcs(customers, customers, np.full(customers.size, plan.days, np.int32))

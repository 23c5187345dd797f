"""How each organic customer came, and what the records say of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from refgraph.generator.history import History
from refgraph.generator.party_counts import Quotas
from refgraph.generator.plan import Plan
from refgraph.generator.referrer_sampling import FOUNDER, Bools
from refgraph.generator.streams import make_stream

Longs = NDArray[np.int64]


class Origin(IntEnum):
    """What the records say of how a customer came.

    OWN: through a channel of the company. NAMED: referred by a recorded customer. NAMELESS:
    referred, the referrer is not named. STRANGER: the referrer is missing from customers.csv.
    HIDDEN: referred, but not recorded. MISSING: nothing is recorded. LOOP: in a referral cycle.
    THIN: an alias account.
    """

    OWN = 0
    NAMED = 1
    NAMELESS = 2
    STRANGER = 3
    HIDDEN = 4
    MISSING = 5
    STAFF = 6
    PARTNER = 7
    AUTHORITY = 8
    LOOP = 9
    THIN = 10


REFERRED_ORIGINS = (Origin.NAMED, Origin.NAMELESS, Origin.STRANGER, Origin.LOOP, Origin.THIN)
"""Origins that count as referred."""


@dataclass(frozen=True, eq=False)
class Origins:
    """by_customer: int8, `Origin` of each organic customer.

    loops: one row per cycle, its members in the order in which they refer each other.
    """

    by_customer: NDArray[np.int8]
    loops: Longs


def assign_origins(plan: Plan, history: History, quotas: Quotas) -> Origins:
    """Say how each customer came, exactly ``quotas.truly_referred`` existing ones by referral.

    Changes the history of a few customers in place, see `_meet_quota`.
    """
    rng = make_stream(plan.seed, "origins")
    stays = history.left > plan.days
    _meet_quota(history, stays, quotas.truly_referred, rng)
    origin = np.where(history.referred, Origin.NAMED, Origin.OWN).astype(np.int8)
    for code, customers in _select_unnamed(history, stays, quotas, rng):
        origin[customers] = code
    pool = np.flatnonzero(stays & ~history.referred)
    pool = rng.permutation(pool[pool != FOUNDER])
    counts = {
        Origin.LOOP: quotas.looped,
        Origin.MISSING: quotas.unknown - quotas.hidden,
        Origin.STAFF: quotas.staff,
        Origin.PARTNER: quotas.partners,
        Origin.AUTHORITY: quotas.authorities,
    }
    start = 0
    for code, count in counts.items():
        origin[pool[start : start + count]] = code
        start += count
    former = np.flatnonzero(~stays & ~history.referred)
    origin[former[rng.random(former.size) < plan.missing_sources]] = Origin.MISSING
    cycles = pool[: quotas.looped].reshape(plan.loops, plan.loop_length)
    return Origins(origin, np.sort(cycles, axis=1))


def _select_unnamed(
    history: History, stays: Bools, quotas: Quotas, rng: np.random.Generator
) -> list[tuple[Origin, Longs]]:
    """Existing referred customers to be hidden, nameless, or referred by strangers.

    Those who referred nobody are taken first, so that no chain is broken.
    """
    customers = rng.permutation(np.flatnonzero(stays & history.referred))
    refers = np.zeros(len(stays), bool)
    refers[history.parent[history.referred]] = True
    customers = customers[np.argsort(refers[customers], kind="stable")]
    ends = np.cumsum([quotas.hidden, quotas.nameless, quotas.stranger])
    hidden, nameless, stranger, _ = np.split(customers, ends)
    return [(Origin.HIDDEN, hidden), (Origin.NAMELESS, nameless), (Origin.STRANGER, stranger)]


def _meet_quota(history: History, stays: Bools, wanted: int, rng: np.random.Generator) -> None:
    """Make exactly ``wanted`` existing customers referred, in place.

    The calibrated share misses by less than the square root of their number. That many, drawn at
    random, become referred by a customer present on the day, or cease to be referred.
    """
    referred = np.flatnonzero(stays & history.referred)
    if referred.size > wanted:
        dropped = rng.choice(referred, referred.size - wanted, replace=False)
        history.referred[dropped] = False
        history.parent[dropped] = -1
        return
    others = np.flatnonzero(stays & ~history.referred)
    others = others[others != FOUNDER]
    added = np.sort(rng.choice(others, wanted - referred.size, replace=False))
    history.at[added] = np.maximum(history.at[added], 1)
    history.referred[added] = True
    drawn = history.make_sampler().draw(rng, history.at[added])
    history.parent[added] = np.maximum(drawn, FOUNDER)

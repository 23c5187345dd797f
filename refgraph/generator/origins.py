"""How each organic customer came, and what the records say of it: referred, nameless, hidden, by staff, in a loop."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from refgraph.generator.budget import Quotas
from refgraph.generator.dealing import FOUNDER
from refgraph.generator.history import History
from refgraph.generator.plan import Plan
from refgraph.generator.streams import stream

Longs = NDArray[np.int64]


class Origin(IntEnum):
    """What the records say: OWN another source than a referral, NAMED a referral on record, and so on."""

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


REFERRED = (Origin.NAMED, Origin.NAMELESS, Origin.STRANGER, Origin.LOOP, Origin.THIN)
"""What makes an existing customer one of R."""


@dataclass(frozen=True, eq=False)
class Origins:
    """of: int8 by organic customer. loops: one row a loop, its members in the order in which they refer each other."""

    of: NDArray[np.int8]
    loops: Longs


def settle(plan: Plan, run: History, quotas: Quotas) -> Origins:
    """Make exactly ``quotas.dealt`` existing customers referred (a handful change, see `_exactly`), then say how each came."""
    rng = stream(plan.seed, "origins")
    stays = run.left > plan.days
    _exactly(plan, run, stays, quotas.dealt, rng)
    of = np.where(run.referred, Origin.NAMED, Origin.OWN).astype(np.int8)
    for origin, those in _apart(run, stays, quotas, rng):
        of[those] = origin
    pool = np.flatnonzero(stays & ~run.referred)
    pool = rng.permutation(pool[pool != FOUNDER])
    counts = {Origin.LOOP: quotas.looped, Origin.MISSING: quotas.unknown - quotas.hidden, Origin.STAFF: quotas.staff,
              Origin.PARTNER: quotas.partners, Origin.AUTHORITY: quotas.authorities}  # fmt: skip
    start = 0
    for origin, count in counts.items():
        of[pool[start : start + count]] = origin
        start += count
    gone = np.flatnonzero(~stays & ~run.referred)
    of[gone[rng.random(gone.size) < plan.missing_sources]] = Origin.MISSING
    loops = np.sort(pool[: quotas.looped].reshape(plan.loops, plan.loop_length), axis=1)
    return Origins(of, loops)


def _apart(run: History, stays: NDArray[np.bool_], quotas: Quotas, rng: np.random.Generator) -> list[tuple[Origin, Longs]]:
    """Of the referred who stay: hidden, nameless and referred by strangers. Those who referred nobody are taken first, so
    that no chain is torn."""
    those = rng.permutation(np.flatnonzero(stays & run.referred))
    refers = np.zeros(len(stays), bool)
    refers[run.parent[run.referred]] = True
    those = those[np.argsort(refers[those], kind="stable")]
    cuts = np.cumsum([quotas.hidden, quotas.nameless, quotas.stranger])
    hidden, nameless, stranger, _ = np.split(those, cuts)
    return [(Origin.HIDDEN, hidden), (Origin.NAMELESS, nameless), (Origin.STRANGER, stranger)]


def _exactly(plan: Plan, run: History, stays: NDArray[np.bool_], wanted: int, rng: np.random.Generator) -> None:
    """As many existing referred as wanted: the calibrated share misses by less than the square root of their number, and
    as many, drawn at random, become referred (dealt among those present) or cease to be."""
    those = np.flatnonzero(stays & run.referred)
    if those.size > wanted:
        gone = rng.choice(those, those.size - wanted, replace=False)
        run.referred[gone], run.parent[gone] = False, -1
        return
    others = np.flatnonzero(stays & ~run.referred)
    more = np.sort(rng.choice(others[others != FOUNDER], wanted - those.size, replace=False))
    run.at[more] = np.maximum(run.at[more], 1)
    run.referred[more], run.parent[more] = True, np.maximum(run.dealer().draw(rng, run.at[more]), FOUNDER)

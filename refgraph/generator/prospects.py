"""Parties that have not closed: referred and lost, referred and open, or cold (not referred)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from refgraph.generator.history import History, draw_joining_days
from refgraph.generator.plan import Plan
from refgraph.generator.referrer_sampling import FOUNDER, Ints
from refgraph.generator.streams import make_stream

RECENT_DAYS = 400
"""Open prospects were referred within this many days before the end."""
LOST_SHARE_OF_COLD = 1 / 3


class Stage(IntEnum):
    """Status in customers.csv; the first four are those of prospects, NONE that of other roles."""

    PROSPECT = 0
    CONTACTED = 1
    NEGOTIATING = 2
    LOST = 3
    CLOSED = 4
    NONE = 5


@dataclass(frozen=True, eq=False)
class Prospects:
    """By prospect: stage (int8); since (first day on file), parent (referrer, -1 = none): int32."""

    stage: NDArray[np.int8]
    since: Ints
    parent: Ints


def draw_prospects(plan: Plan, history: History, count: int, converted: int) -> Prospects:
    """``count`` prospects: first the lost ones, then the open ones, the rest cold.

    converted: referred parties that closed. With conversion c, converted (1 - c) / c are lost, and
    one in three of the cold ones. Referrers are drawn among the customers present, as for everyone.
    """
    rng = make_stream(plan.seed, "prospects")
    lost = min(round(converted * (1 - plan.conversion) / plan.conversion), count)
    open_ = round(plan.open_prospects * len(history.joined)) if plan.referral_share else 0
    open_ = min(open_, count - lost)
    referred = lost + open_
    since = rng.permutation(draw_joining_days(rng, count, plan))
    since[lost:referred] = plan.days - rng.integers(0, min(RECENT_DAYS, plan.days), open_)
    drawn = history.make_sampler().draw(rng, since[:referred])
    parent = np.full(count, -1, np.int32)
    parent[:referred] = np.maximum(drawn, FOUNDER)
    stage = rng.integers(0, Stage.LOST, count).astype(np.int8)
    stage[:lost] = Stage.LOST
    cold = np.arange(referred, count)
    stage[cold[rng.random(cold.size) < LOST_SHARE_OF_COLD]] = Stage.LOST
    return Prospects(stage, since, parent)

"""Who has not closed: referred and lost (as many as the conversion says), referred and open, or nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from refgraph.generator.dealing import FOUNDER, Ints
from refgraph.generator.history import History, days_won
from refgraph.generator.plan import Plan
from refgraph.generator.streams import stream

RECENT = 400


class Stage(IntEnum):
    """Status in customers.csv; the first four are those of prospects, NONE of those who never buy."""

    PROSPECT = 0
    CONTACTED = 1
    NEGOTIATING = 2
    LOST = 3
    CLOSED = 4
    NONE = 5


@dataclass(frozen=True, eq=False)
class Prospects:
    """By prospect: stage int8, since (first day on file), parent (customer who referred it, -1 = none): int32."""

    stage: NDArray[np.int8]
    since: Ints
    parent: Ints


def prospects(plan: Plan, run: History, count: int, converted: int) -> Prospects:
    """``count`` prospects. converted: referred parties that closed; lost = round(converted (1 - c) / c), then the open ones,
    the rest are cold (one in three of them lost). Referrers are dealt among the customers present, as for all."""
    rng = stream(plan.seed, "prospects")
    lost = min(round(converted * (1 - plan.conversion) / plan.conversion), count)
    open = min(round(plan.open_prospects * len(run.joined)) if plan.referral_share else 0, count - lost)
    since = rng.permutation(days_won(rng, count, plan))
    recent = plan.days - rng.integers(0, min(RECENT, plan.days), open)
    since[lost : lost + open] = recent
    parent = np.full(count, -1, np.int32)
    parent[: lost + open] = np.maximum(run.dealer().draw(rng, since[: lost + open]), FOUNDER)
    stage = rng.integers(0, 3, count).astype(np.int8)
    stage[:lost] = Stage.LOST
    cold = np.arange(lost + open, count)
    stage[cold[rng.random(cold.size) < 1 / 3]] = Stage.LOST
    return Prospects(stage, since, parent)

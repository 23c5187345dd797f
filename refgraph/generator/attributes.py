"""Attributes of each party: sector, region, ownership, kind, employees, potential."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refgraph.generator import words
from refgraph.generator.party_counts import PartyCounts
from refgraph.generator.plan import Plan
from refgraph.generator.referrer_sampling import Floats, Ints
from refgraph.generator.streams import make_stream

Codes = NDArray[np.int8]
THIN_SIZE_DROP = 3.0
"""How much smaller thin accounts are than others, in standard deviations of log size."""
MEAN_LOG_EMPLOYEES = 4.0
POTENTIAL_LIMITS = (-0.6, 0.9)
"""Log sizes from which the potential is medium and high."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Attributes:
    """Codes by party: indices into `refgraph.generator.words`.

    employees: int32, potential: int8 (0 low, 1 medium, 2 high) by customer or prospect. factor:
    float64, what the sector multiplies yearly value by (mean about 1).
    """

    sector: Codes
    region: Codes
    ownership: Codes
    kind: Codes
    employees: Ints
    potential: Codes
    factor: Floats


def draw_attributes(plan: Plan, sizes: PartyCounts, parent: Ints, size: Floats) -> Attributes:
    """Drawn by weight; a share ``homophily`` of the referred has sector and region of its referrer.

    parent: true referrers by party. size: log sizes of organic customers in standard deviations.
    """
    count = len(parent)
    rng = make_stream(plan.seed, "attributes")
    origin = _find_attribute_origins(rng, parent, plan.homophily)
    sector = draw_weighted(rng, [weight for weight, _, _ in words.SECTORS.values()], count)[origin]
    region = draw_weighted(rng, [weight for weight, _ in words.REGIONS.values()], count)[origin]
    buyers = sizes.customers + sizes.prospects
    log_size = np.concatenate([size, rng.standard_normal(buyers - len(size))])
    log_size[sizes.organic : sizes.customers] -= THIN_SIZE_DROP
    employees = np.maximum(np.rint(np.exp(MEAN_LOG_EMPLOYEES + log_size)), 1)
    potential = np.searchsorted(POTENTIAL_LIMITS, log_size)
    factors = np.array([factor for _, factor, _ in words.SECTORS.values()])
    return Attributes(
        sector=sector,
        region=region,
        ownership=draw_weighted(rng, words.OWNERSHIPS, count),
        kind=draw_weighted(rng, words.KINDS, count),
        employees=employees.astype(np.int32),
        potential=potential.astype(np.int8),
        factor=factors[sector],
    )


def draw_weighted(
    rng: np.random.Generator, weights: Sequence[float] | Mapping[Any, float], count: int
) -> Codes:
    """int8[count]: indices drawn in proportion to their weights."""
    values = list(weights.values()) if isinstance(weights, Mapping) else weights
    edges = np.cumsum(values) / np.sum(values)
    drawn = np.searchsorted(edges, rng.random(count), "right")
    return np.minimum(drawn, len(edges) - 1).astype(np.int8)


def _find_attribute_origins(rng: np.random.Generator, parent: Ints, homophily: float) -> Ints:
    """int32 by party: the nearest ancestor, or itself, that did not inherit sector and region.

    Pointer doubling: every pass halves the remaining distance.
    """
    party = np.arange(len(parent), dtype=np.int32)
    inherits = (parent >= 0) & (rng.random(len(parent)) < homophily)
    origin = np.where(inherits, parent, party)
    while True:
        above = origin[origin]
        if np.array_equal(above, origin):
            return origin
        origin = above

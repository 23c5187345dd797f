"""What is known of each party besides its deals: sector, region, ownership, kind, employees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refgraph.generator import words
from refgraph.generator.budget import Sizes
from refgraph.generator.dealing import Floats, Ints
from refgraph.generator.plan import Plan
from refgraph.generator.streams import stream

Codes = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Attributes:
    """Codes (places in `refgraph.generator.words`) by party; employees int32, potential int8 (0 low, 1 medium, 2 high) by
    customer or prospect. factor: float64, what the sector does to the yearly value (mean about 1)."""

    sector: Codes
    region: Codes
    ownership: Codes
    kind: Codes
    employees: Ints
    potential: Codes
    factor: Floats


def attributes(plan: Plan, sizes: Sizes, parent: Ints, size: Floats) -> Attributes:
    """Drawn by weight; ``homophily`` of the referred take sector and region of who referred them."""
    count = len(parent)
    buyers = sizes.customers + sizes.prospects
    rng = stream(plan.seed, "attributes")
    origin = _inherited(rng, parent, plan.homophily)
    sector = pick(rng, [w for w, _, _ in words.SECTORS.values()], count)[origin]
    region = pick(rng, [w for w, _ in words.REGIONS.values()], count)[origin]
    every = np.concatenate([size, rng.standard_normal(buyers - len(size))])
    every[sizes.organic : sizes.customers] -= 3.0
    return Attributes(
        sector, region, pick(rng, list(words.OWNERSHIPS.values()), count), pick(rng, list(words.KINDS.values()), count),
        np.maximum(np.rint(np.exp(4.0 + every)), 1).astype(np.int32), np.searchsorted([-0.6, 0.9], every).astype(np.int8),
        np.array([factor for _, factor, _ in words.SECTORS.values()])[sector],
    )  # fmt: skip


def pick(rng: np.random.Generator, weights: Sequence[float] | Mapping[Any, float], count: int) -> Codes:
    """int8[count]: places drawn by weight."""
    values = list(weights.values()) if isinstance(weights, Mapping) else weights
    edges = np.cumsum(values) / np.sum(values)
    return np.minimum(np.searchsorted(edges, rng.random(count), "right"), len(edges) - 1).astype(np.int8)


def _inherited(rng: np.random.Generator, parent: Ints, homophily: float) -> Ints:
    """From whom each party has sector and region: the nearest ancestor that did not inherit them (pointer doubling)."""
    own = np.arange(len(parent), dtype=np.int32)
    origin = np.where((parent >= 0) & (rng.random(len(parent)) < homophily), parent, own)
    while True:
        above = origin[origin]
        if np.array_equal(above, origin):
            return origin
        origin = above

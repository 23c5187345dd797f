"""Traits that a customer shares with its referrer: how soon it leaves, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from refgraph.generator.plan import Plan
from refgraph.generator.referrer_sampling import Bools, Floats, Ints
from refgraph.generator.streams import make_stream

Longs = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Frailty:
    """trait: float64 by customer, standard normal; changed in place as the referred inherit."""

    trait: Floats
    spread: float
    homophily: float

    def inherit(self, customers: Longs, parent: Ints) -> None:
        """Correlate the trait of some customers with their referrers'."""
        own = np.sqrt(1.0 - self.homophily**2) * self.trait[customers]
        self.trait[customers] = self.homophily * self.trait[parent] + own

    def compute_factors(self, customers: Longs) -> Floats:
        """Log-normal factors of the hazard with mean 1; exactly 1 without spread."""
        factors: Floats = np.exp(self.spread * self.trait[customers] - self.spread**2 / 2)
        return factors


def draw_frailty(plan: Plan, customers: int) -> Frailty:
    """How soon each customer leaves beyond what the plan says of all; 0 without spread."""
    trait = np.zeros(customers)
    if plan.leaving_spread:
        trait = make_stream(plan.seed, "frailty").standard_normal(customers)
    return Frailty(trait, plan.leaving_spread, plan.leaving_homophily)


def correlate_with_referrer(
    noise: Floats, parent: Ints, is_referred: Bools, homophily: float
) -> Floats:
    """Standard normal noise by customer, correlated with that of the referrer of the referred.

    One step per generation, each in whole columns; the noise itself without homophily.
    """
    if not homophily:
        return noise
    shared, is_done = noise.copy(), ~is_referred
    while not is_done.all():
        ready = np.flatnonzero(~is_done & is_done[parent])
        own = np.sqrt(1.0 - homophily**2) * noise[ready]
        shared[ready] = homophily * shared[parent[ready]] + own
        is_done[ready] = True
    return shared

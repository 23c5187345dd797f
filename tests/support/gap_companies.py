"""Simulated customers with a known gap: confounded by size, alike within a tree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from refgraph.estimates.comparison import Comparison, pool_levels

SECTORS, YEARS = 5, 8
SHARE_OF_SIZE, HOP = 0.35, 0.5
"""Part of the variance of the log of value that is size; correlation with the referrer."""


def simulate_comparison(
    dice: np.random.Generator, n: int, *, cv: float = 2.0, gap: float = 0.16, hop: float = HOP
) -> Comparison:
    """About 31 % referred, more of them large and late; the referred are worth 1 + gap times more.

    cv: coefficient of variation of value at one size. The true ratio is 1 + gap for everybody.
    """
    sector, year = dice.integers(0, SECTORS, n), dice.integers(0, YEARS, n)
    size = dice.normal(size=n)
    tilt = np.linspace(-0.4, 0.4, SECTORS)[sector] + 0.15 * (year - (YEARS - 1) / 2)
    referred = dice.random(n) < 1 / (1 + np.exp(1.1 - 0.8 * size - tilt))
    referred[: max(2, n // 4)] = False
    back = 1 + (dice.random(n) * np.minimum(np.arange(n), n // 4)).astype(np.int64)
    parent = np.where(referred, np.arange(n) - back, -1)
    tree, trait = np.arange(n), dice.normal(size=n)
    for child in np.flatnonzero(referred):
        tree[child] = tree[parent[child]]
        trait[child] = hop * trait[parent[child]] + np.sqrt(1 - hop**2) * trait[child]
    spread = np.log1p(cv**2)
    log_value = np.sqrt(SHARE_OF_SIZE * spread) * size
    log_value += np.sqrt((1 - SHARE_OF_SIZE) * spread) * trait
    log_value += np.log1p(gap) * referred + np.linspace(0, 0.3, SECTORS)[sector]
    value = np.exp(log_value) * (YEARS + 1 - year)
    data = Comparison(value, referred, size, (), tree)
    pooled = (
        pool_levels(sector, referred, ordered=False),
        pool_levels(year, referred, ordered=True),
    )
    return replace(data, factors=pooled)

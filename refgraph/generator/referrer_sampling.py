"""Who refers: drawn among the customers present on a day, in proportion to their activity."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
NEVER_LEAVES = 2_000_000
"""The leaving day of customers who stay."""
MAX_ATTEMPTS = 1000
FOUNDER = 0
"""The first customer; it never leaves, so somebody is always present."""


class ReferrerSampler:
    """Draws referrers from ``members`` (indices in order of joining; all customers unless given).

    joined, left: int32 days by customer; left may be filled while referrers are drawn, as long as
    it is known for everyone who joined before the day asked about. activity: float64, the weights.
    """

    def __init__(
        self, joined: Ints, left: Ints, activity: Floats, members: Ints | None = None
    ) -> None:
        self.members = np.arange(len(joined), dtype=np.int32) if members is None else members
        self.joined = joined[self.members]
        self.left = left
        self.cumulative_activity = np.concatenate([[0.0], np.cumsum(activity[self.members])])

    def draw(self, rng: np.random.Generator, at: Ints) -> Ints:
        """One referrer per day: joined before it and not left by it; -1 after `MAX_ATTEMPTS`.

        Inverse of the cumulative activity of all who joined before, drawn again while the result
        has left.
        """
        joined_before = np.searchsorted(self.joined, at, "left")
        referrer = np.full(len(at), -1, np.int32)
        open_ = np.flatnonzero(joined_before > 0)
        for _ in range(MAX_ATTEMPTS):
            if not open_.size:
                break
            candidates = joined_before[open_]
            target = rng.random(open_.size) * self.cumulative_activity[candidates]
            found = np.searchsorted(self.cumulative_activity, target, "right")
            index = np.minimum(found, candidates) - 1
            drawn = self.members[np.maximum(index, 0)]
            is_present = self.left[drawn] > at[open_]
            referrer[open_[is_present]] = drawn[is_present]
            open_ = open_[~is_present]
        return referrer


class ChainedSampler:
    """Draws from the referred with probability ``chain``, otherwise from the others.

    Depth is then geometric: P(depth > k + 1 | depth > k) = chain, because the referrer of a
    customer drawn from the referred was itself referred with probability chain. Where nobody of the
    class is present, the other class is tried.
    """

    def __init__(
        self, joined: Ints, left: Ints, activity: Floats, referred: Bools, chain: float
    ) -> None:
        self.chain = chain
        self.samplers = [
            ReferrerSampler(joined, left, activity, np.flatnonzero(members).astype(np.int32))
            for members in (~referred, referred)
        ]

    def draw(self, rng: np.random.Generator, at: Ints) -> Ints:
        """One referrer per day; the founder where both classes fail."""
        wanted_class = (rng.random(len(at)) < self.chain).astype(np.int64)
        referrer = np.full(len(at), -1, np.int32)
        for tried_class in (wanted_class, 1 - wanted_class):
            for code, sampler in enumerate(self.samplers):
                open_ = np.flatnonzero((tried_class == code) & (referrer < 0))
                referrer[open_] = sampler.draw(rng, at[open_])
        return np.where(referrer < 0, FOUNDER, referrer).astype(np.int32)

"""Occasions and descendants, referral by referral: oracles of the comparison with chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf


def find_descendants(referrals: Sequence[tuple[str, str, int | None]]) -> Callable[[str], set[str]]:
    """A function from a party to itself and all below it along primary referrers.

    The primary referrer is the earliest, then the first by id; shares are equal.
    """
    primary: dict[str, tuple[float, str]] = {}
    for u, v, day in referrals:
        rank = (inf if day is None else day, u)
        primary[v] = min(primary.get(v, rank), rank)

    def find_below(v: str) -> set[str]:
        return {v}.union(*(find_below(w) for w, (_, u) in primary.items() if u == v))

    return find_below


def find_occasions(mine: list[tuple[str, str, int]], days: int) -> list[tuple[int, str, set[str]]]:
    """First day, recommender and referred of each occasion, referral by referral."""
    found: list[tuple[int, str, set[str]]] = []
    for x in {u for u, _, _ in mine}:
        first = None
        for day, v in sorted((day, v) for u, v, day in mine if u == x):
            if first is None or day > first + days:
                first = day
                found.append((day, x, set()))
            found[-1][2].add(v)
    return found

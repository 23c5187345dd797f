"""Customers that a person declared to be one firm: groups, and which customer stands for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Pair = tuple[str, str]
"""Ids of a customer and of the one that it is part of."""


class FirmGroups(NamedTuple):
    """target: id -> the id that stands for its firm, for every other member of a group.

    refuted: ids of groups with two members that are declared to be different firms, or with a pair
    of one id.
    """

    target: dict[str, str]
    refuted: frozenset[str]


def group_firms(pairs: Sequence[Pair], different: Iterable[Pair]) -> FirmGroups:
    """Join pairs that share a customer.

    A firm is represented by the customer that is a candidate and never part of another one; of
    several, and in a circle, by the most frequent candidate, then by the smallest id.
    """
    members = _join(pairs)
    refuted = {id for pair in pairs if pair[0] == pair[1] for id in members[pair[0]]}
    for one, other in different:
        if one in members and other in members[one]:
            refuted |= members[one]
    written, candidates = {pair[0] for pair in pairs}, Counter(pair[1] for pair in pairs)
    target: dict[str, str] = {}
    for group in {id(group): group for group in members.values()}.values():
        if group & refuted:
            continue
        best = min(group, key=lambda id: (id in written, -candidates[id], id))
        target |= {member: best for member in sorted(group) if member != best}
    return FirmGroups(target, frozenset(refuted))


def _join(pairs: Iterable[Pair]) -> dict[str, set[str]]:
    """Id -> all ids of its group, one set per group."""
    members: dict[str, set[str]] = {}
    for pair in pairs:
        one, other = (members.setdefault(id, {id}) for id in pair)
        if one is not other:
            small, large = sorted((one, other), key=len)
            large |= small
            members.update(dict.fromkeys(small, large))
    return members

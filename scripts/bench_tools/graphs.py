"""The shapes: forests of each kind and size, and a digraph; fixed seeds give the same arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from refgraph.kernels import forest

Array = npt.NDArray[np.generic]
SEED = 96
TEAM, NEW_SHARE = 2.4, 0.5
"""Members of a team, and the share of its places that new members take."""
FORESTS = ("random", "sparse", "ordered", "star", "chain")
"""Random recursive forest, 90 % referred, ids shuffled; 30 of 96 referred; the first without
shuffling; star; chain.
"""
NETWORKS = ("digraph", "coauthors")
SHAPES = (*FORESTS, "tree", *NETWORKS)
"""tree: the first with all but one referred. coauthors: teams of old and new members,
linked both ways, about as dense as NetHEPT.
"""


@dataclass(frozen=True)
class Case:
    """A graph of n parties.

    parent: int32[n], the referrer of each, -1 = nobody; a digraph has arcs instead.
    """

    shape: str
    n: int
    parent: npt.NDArray[np.int32]
    source: npt.NDArray[np.int32]
    target: npt.NDArray[np.int32]
    value: npt.NDArray[np.float64]

    @cached_property
    def child(self) -> npt.NDArray[np.int32]:
        """The referred parties, in order of position."""
        return np.flatnonzero(self.parent >= 0).astype(np.int32)

    @property
    def arcs(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """(referrer, referred), int32[m] each."""
        return (
            (self.source, self.target)
            if self.shape in NETWORKS
            else (self.parent[self.child], self.child)
        )

    def compute_layout(self) -> forest.Preorder:
        """The preorder, built by refgraph."""
        return forest.to_preorder(self.parent)


def make_case(shape: str, n: int) -> Case:
    """A graph of n parties. Raises KeyError for an unknown shape."""
    random = np.random.default_rng(SEED)
    value = np.round(random.gamma(2.0, 50_000.0, n), 2)
    none = np.empty(0, np.int32)
    if shape in NETWORKS:
        make = _make_digraph if shape == "digraph" else _make_coauthors
        source, target = make(n, random)
        return Case(shape, n, np.full(n, -1, np.int32), source, target, value)
    parent = {
        "random": _make_random,
        "tree": _make_tree,
        "sparse": _make_sparse,
        "ordered": _make_ordered,
        "star": _make_star,
        "chain": _make_chain,
    }[shape](n, random)
    return Case(shape, n, parent, none, none, value)


def _make_recursive(n: int, share: float, random: np.random.Generator) -> npt.NDArray[np.int32]:
    """Each party but the first is referred with this probability, by any earlier party."""
    parent = (random.random(n) * np.arange(n)).astype(np.int32)
    parent[random.random(n) >= share] = -1
    parent[:1] = -1
    return parent


def _shuffle_ids(
    parent: npt.NDArray[np.int32], random: np.random.Generator
) -> npt.NDArray[np.int32]:
    name = random.permutation(len(parent)).astype(np.int32)
    out = np.empty_like(parent)
    out[name] = np.where(parent >= 0, name[parent], -1)
    return out


def _make_random(n: int, random: np.random.Generator) -> npt.NDArray[np.int32]:
    return _shuffle_ids(_make_recursive(n, 0.9, random), random)


def _make_tree(n: int, random: np.random.Generator) -> npt.NDArray[np.int32]:
    return _shuffle_ids(_make_recursive(n, 1.0, random), random)


def _make_sparse(n: int, random: np.random.Generator) -> npt.NDArray[np.int32]:
    return _shuffle_ids(_make_recursive(n, 30 / 96, random), random)


def _make_ordered(n: int, random: np.random.Generator) -> npt.NDArray[np.int32]:
    return _make_recursive(n, 0.9, random)


def _make_star(n: int, _: np.random.Generator) -> npt.NDArray[np.int32]:
    parent = np.zeros(n, np.int32)
    parent[:1] = -1
    return parent


def _make_chain(n: int, _: np.random.Generator) -> npt.NDArray[np.int32]:
    return np.arange(-1, n - 1, dtype=np.int32)


def _make_digraph(
    n: int, random: np.random.Generator
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """About ten arcs per party without duplicates or self-loops; a few parties refer many."""
    source = (n * random.random(10 * n) ** 2).astype(np.int64)
    target = random.integers(0, n, 10 * n)
    code = np.unique((source * n + target)[source != target])
    name = random.permutation(n).astype(np.int32)
    return name[code // n], name[code % n]


def _make_coauthors(
    n: int, random: np.random.Generator
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Teams until n members have come; a place goes to a new member, or to one of an earlier
    place.
    """
    places: list[int] = []
    pairs: set[tuple[int, int]] = set()
    members = 0
    while members < n:
        team = set()
        for _ in range(1 + int(random.poisson(TEAM - 1))):
            known = places or [0]
            is_new = members < n and (not places or random.random() < NEW_SHARE)
            one = members if is_new else known[int(random.integers(len(known)))]
            members += is_new
            team.add(one)
        places.extend(sorted(team))
        pairs.update((a, b) for a in team for b in team if a != b)
    source, target = np.array(sorted(pairs), np.int32).reshape(-1, 2).T
    return np.ascontiguousarray(source), np.ascontiguousarray(target)

"""The shapes: forests of each kind and size, and a digraph. The same arrays every time, from fixed seeds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from refgraph.kernels import forest

Array = npt.NDArray[np.generic]
SEED = 96
FORESTS = ("random", "sparse", "ordered", "star", "chain")
"""Random recursive forest, 90 % referred, ids shuffled; 30 of 96 referred; the first without shuffling; star; chain."""
SHAPES = (*FORESTS, "tree", "digraph")
"""tree: the first with all but one referred."""


@dataclass(frozen=True)
class Case:
    """A graph to ask about: n parties, each referred by parent (int32[n], -1 = nobody) or, for a digraph, arcs."""

    shape: str
    n: int
    parent: npt.NDArray[np.int32]
    source: npt.NDArray[np.int32]
    target: npt.NDArray[np.int32]
    value: npt.NDArray[np.float64]

    @cached_property
    def child(self) -> npt.NDArray[np.int32]:
        """The referred, in order of position."""
        return np.flatnonzero(self.parent >= 0).astype(np.int32)

    @property
    def arcs(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """(referrer, referred), int32[m] each."""
        return (self.source, self.target) if self.shape == "digraph" else (self.parent[self.child], self.child)

    def laid(self) -> forest.Layout:
        """Our own graph building: the preorder."""
        return forest.layout(self.parent)


def make(shape: str, n: int) -> Case:
    """A graph of n parties. Raises KeyError for an unknown shape."""
    random = np.random.default_rng(SEED)
    value = np.round(random.gamma(2.0, 50_000.0, n), 2)
    none = np.empty(0, np.int32)
    if shape == "digraph":
        source, target = _digraph(n, random)
        return Case(shape, n, np.full(n, -1, np.int32), source, target, value)
    parent = {"random": _random, "tree": _tree, "sparse": _sparse, "ordered": _ordered, "star": _star, "chain": _chain}[shape](n, random)
    return Case(shape, n, parent, none, none, value)


def _recursive(n: int, share: float, random: np.random.Generator) -> npt.NDArray[np.int32]:
    """Each party but the first is referred with this probability, by any of those before it."""
    parent = (random.random(n) * np.arange(n)).astype(np.int32)
    parent[random.random(n) >= share] = -1
    parent[:1] = -1
    return parent


def _shuffled(parent: npt.NDArray[np.int32], random: np.random.Generator) -> npt.NDArray[np.int32]:
    name = random.permutation(len(parent)).astype(np.int32)
    out = np.empty_like(parent)
    out[name] = np.where(parent >= 0, name[parent], -1)
    return out


def _random(n: int, random: np.random.Generator) -> npt.NDArray[np.int32]:
    return _shuffled(_recursive(n, 0.9, random), random)


def _tree(n: int, random: np.random.Generator) -> npt.NDArray[np.int32]:
    return _shuffled(_recursive(n, 1.0, random), random)


def _sparse(n: int, random: np.random.Generator) -> npt.NDArray[np.int32]:
    return _shuffled(_recursive(n, 30 / 96, random), random)


def _ordered(n: int, random: np.random.Generator) -> npt.NDArray[np.int32]:
    return _recursive(n, 0.9, random)


def _star(n: int, _: np.random.Generator) -> npt.NDArray[np.int32]:
    parent = np.zeros(n, np.int32)
    parent[:1] = -1
    return parent


def _chain(n: int, _: np.random.Generator) -> npt.NDArray[np.int32]:
    return np.arange(-1, n - 1, dtype=np.int32)


def _digraph(n: int, random: np.random.Generator) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """About ten arcs a party, each pair once, none to itself; a few refer many."""
    source = (n * random.random(10 * n) ** 2).astype(np.int64)
    target = random.integers(0, n, 10 * n)
    code = np.unique((source * n + target)[source != target])
    name = random.permutation(n).astype(np.int32)
    return name[code // n], name[code % n]

"""Random forests and graphs for kernel tests; a kernel gives the same bits plain and compiled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, is_dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from refgraph.kernels.adjacency import build_csr
from refgraph.kernels.compilation import force_mode
from support.random_cases import cases

T = TypeVar("T")
many = settings(max_examples=cases(120), deadline=None)
few = settings(max_examples=cases(40), deadline=None)


def both(ask: Callable[[], T]) -> T:
    """The answer, after asking plain and compiled and finding the same bits."""
    with force_mode("plain"):
        plain = ask()
    with force_mode("compiled"):
        compiled = ask()
    assert bits(plain) == bits(compiled)
    return plain


def bits(answer: Any) -> Any:
    """Something that is equal only for equal types and bytes."""
    if is_dataclass(answer) and not isinstance(answer, type):
        return bits(astuple(answer))
    if isinstance(answer, tuple):
        return tuple(bits(part) for part in answer)
    return (
        (answer.dtype, answer.shape, answer.tobytes()) if isinstance(answer, np.ndarray) else answer
    )


@st.composite
def forests(draw: st.DrawFn, most: int = 30) -> np.ndarray:
    """`parent` by node, int32, numbered at random."""
    n = draw(st.integers(0, most))
    above = [draw(st.integers(-1, k - 1)) for k in range(n)]
    name = draw(st.permutations(range(n)))
    parent = np.full(n, -1, np.int32)
    for k, p in enumerate(above):
        if p >= 0:
            parent[name[k]] = name[p]
    return parent


class Arcs(NamedTuple):
    """Arcs 0 .. m-1 of a graph of n nodes, in any order."""

    n: int
    source: np.ndarray
    target: np.ndarray

    def pairs(self) -> list[tuple[int, int]]:
        return list(zip(self.source.tolist(), self.target.tolist(), strict=True))


def arcs(n: int, pairs: list[tuple[int, int]]) -> Arcs:
    ends = np.array(pairs, np.int32).reshape(-1, 2)
    return Arcs(n, ends[:, 0].copy(), ends[:, 1].copy())


@st.composite
def digraphs(draw: st.DrawFn, most: int = 8, density: int = 3) -> Arcs:
    """Any arcs but those from a node to itself, each once."""
    n = draw(st.integers(1, most))
    node = st.integers(0, n - 1)
    pair = st.tuples(node, node).filter(lambda p: p[0] != p[1])
    return arcs(n, draw(st.lists(pair, max_size=density * n, unique=True)) if n > 1 else [])


@st.composite
def networks(draw: st.DrawFn, most: int = 9, density: int = 3) -> Arcs:
    """Any arcs: loops, repeated ones, and nodes that no arc touches; or nothing at all."""
    n = draw(st.integers(0, most))
    node = st.integers(0, n - 1)
    return arcs(n, draw(st.lists(st.tuples(node, node), max_size=density * n)) if n else [])


@st.composite
def dags(draw: st.DrawFn, most: int = 12, referrers: int = 3) -> Arcs:
    """Without loops, numbered at random, at most this many referrers each."""
    n = draw(st.integers(1, most))
    name = draw(st.permutations(range(n)))
    pairs = []
    for k in range(1, n):
        chosen = draw(st.sets(st.integers(0, k - 1), max_size=referrers))
        pairs.extend((name[p], name[k]) for p in chosen)
    return arcs(n, draw(st.permutations(pairs)))


class Flow(NamedTuple):
    """Both compressed forms, with equal shares."""

    in_ptr: np.ndarray
    in_src: np.ndarray
    in_share: np.ndarray
    out_ptr: np.ndarray
    out_dst: np.ndarray
    out_share: np.ndarray


def flow(graph: Arcs, weight: Callable[[int, int], int] = lambda u, v: 1) -> Flow:
    """The compressed forms; the shares of a referred party are in proportion to `weight`."""
    in_ptr, in_src = build_csr(graph.n, graph.target, graph.source)
    out_ptr, out_dst = build_csr(graph.n, graph.source, graph.target)
    total = [
        sum(weight(u, v) for u in in_src[in_ptr[v] : in_ptr[v + 1]].tolist())
        for v in range(graph.n)
    ]
    target, source = (
        np.repeat(np.arange(graph.n), np.diff(ptr)).tolist() for ptr in (in_ptr, out_ptr)
    )
    in_share = [weight(u, v) / total[v] for u, v in zip(in_src.tolist(), target, strict=True)]
    out_share = [weight(u, v) / total[v] for u, v in zip(source, out_dst.tolist(), strict=True)]
    return Flow(
        in_ptr,
        in_src,
        np.array(in_share, np.float64),
        out_ptr,
        out_dst,
        np.array(out_share, np.float64),
    )

"""What is promised: at least so many times as quick as the quickest way of the peers named."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """peers: tools, or one way of a tool as `tool how`. factor: time of the peer over refgraph's; shapes and least: on which
    graphs it holds."""

    operation: str
    peers: tuple[str, ...]
    factor: float
    shapes: tuple[str, ...] = ("random",)
    least: int = 1_000_000


TARGETS = (
    Target("depth and root, asked once", ("numpy",), 3.0),
    Target("depth and root, asked once", ("numpy",), 1.0, ("ordered",)),
    Target("depth and root, after layout", ("numpy", "scipy"), 15.0),
    Target("descendants and decayed revenue, after layout", ("numpy", "scipy"), 15.0),
    Target("PageRank of a forest, after layout", ("igraph",), 40.0),
    Target("components of a forest, after layout", ("scipy",), 15.0),
    Target("Shapley credit, asked once", ("numpy", "scipy"), 5.0),
    Target("PageRank of a digraph", ("scipy",), 1.0, ("digraph",)),
    Target("weak components of a digraph", ("scipy",), 3.0, ("digraph",)),
    Target("k-core of a digraph", ("networkit",), 2.0, ("digraph",)),
    Target("betweenness from 64 sources", ("igraph",), 1.8, ("digraph",)),
    Target("positions of text ids", ("polars",), 1 / 0.6, least=10_000_000),
    Target("positions of text ids", ("pandas",), 1 / 0.15, least=10_000_000),
    Target("recommenders from CSV", ("polars",), 1 / 3, least=10_000_000),
    Target("drawing of a tree", ("networkx",), 10.0, ("tree",), 3_000),
    Target("load into Neo4j", ("neo4j",), 0.9),
    Target("read from Neo4j", ("neo4j",), 0.9),
    Target("recommenders from Neo4j", ("neo4j",), 1 / 1.2),
    Target("recommenders from a snapshot", ("refgraph CSV",), 1 / 1.2),
)


@dataclass(frozen=True)
class Limit:
    """What is promised in seconds or MB on an ordinary machine with nothing else to do."""

    operation: str
    n: int
    seconds: float
    megabytes: float | None = None


LIMITS = (
    Limit("layout of a tree", 100_000, 1.0),
    Limit("SVG of a tree", 30_000, 1.0),
    Limit("PNG of a tree", 30_000, 3.0),
    Limit("recommenders from frames", 10_000_000, 5.0),
    Limit("recommenders from CSV", 10_000_000, float("inf"), 4_000.0),
)

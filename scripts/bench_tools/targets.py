"""Promised factors: how many times as quick as the quickest of the named peers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A promised factor.

    peers: tools, or one way of a tool as `tool how`. factor: time of the peer divided by
    refgraph's. shapes, least: on which graphs it holds, and from which size on.
    """

    operation: str
    peers: tuple[str, ...]
    factor: float
    shapes: tuple[str, ...] = ("random",)
    least: int = 1_000_000


TARGETS = (
    Target("descendants and decayed revenue, after layout", ("numpy", "scipy"), 15.0),
    Target("components of a forest, after layout", ("scipy",), 15.0),
    Target("Shapley credit, after layout", ("numpy", "scipy"), 5.0),
    Target("weak components of a digraph", ("scipy",), 3.0, ("digraph",)),
    Target("k-core of a digraph", ("networkit",), 2.0, ("digraph",)),
    Target("betweenness from 64 sources", ("igraph",), 1.8, ("digraph",)),
    Target("50 starters of a network", ("refgraph IMM",), 1 / 0.6, ("coauthors",), 15_000),
    Target("positions of text ids", ("polars",), 1 / 0.6, least=10_000_000),
    Target("positions of text ids", ("pandas",), 1 / 0.15, least=10_000_000),
    Target("recommenders from CSV", ("polars",), 1 / 3, least=10_000_000),
    Target("recommenders from Parquet", ("polars",), 1 / 4, least=10_000_000),
    Target("sheet of a workbook", ("fastexcel",), 1 / 2),
    Target("reading a messy file", ("refgraph clean",), 1 / 1.5),
    Target("drawing of a tree", ("networkx",), 10.0, ("tree",), 3_000),
    Target("load into Neo4j", ("neo4j",), 0.9),
    Target("read from Neo4j", ("neo4j",), 0.9),
    Target("recommenders from Neo4j", ("neo4j",), 1 / 1.2),
    Target("recommenders from a snapshot", ("refgraph CSV",), 1 / 1.2),
)


@dataclass(frozen=True)
class Limit:
    """Promised seconds or MB on an ordinary machine without other load."""

    operation: str
    n: int
    seconds: float
    megabytes: float | None = None


LIMITS = (
    Limit("layout of a tree", 100_000, 1.0),
    Limit("SVG of a tree", 30_000, 1.0),
    Limit("PNG of a tree", 30_000, 3.0),
    Limit("recommenders from frames", 10_000_000, 5.0),
    Limit("recommenders from CSV", 10_000_000, float("inf"), 3_500.0),
    Limit("recommenders from Parquet", 10_000_000, float("inf"), 3_500.0),
)

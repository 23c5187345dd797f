"""A part of a Graph, told what the whole company tells, says of its parties what the whole says: hundreds of odd companies."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import networkx as nx
import polars as pl
import pytest

import companies
import toys
from refgraph.analyses.path import path
from refgraph.analyses.reach import reach
from refgraph.graphs import build, lookup, pictured, ways
from refgraph.graphs.census import census, counts
from refgraph.model.census import Census, from_json
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.message import Amount, Label, Names, message
from refgraph.model.plain import plain, told
from refgraph.model.scope import Scope
from strangers import stranger

SEEDS = range(40 * int(os.environ.get("REFGRAPH_SOAK", "1")))


def network(data: Dataset) -> nx.DiGraph:
    """Who referred whom, counted or not."""
    made = nx.DiGraph()
    made.add_nodes_from(data.customers["id"])
    made.add_edges_from(data.referrals.select("referrer", "referred").iter_rows())
    return made


def below(data: Dataset, *ids: str) -> tuple[set[str], set[str]]:
    """These and all below them, and who else referred any of them."""
    made = network(data)
    inner = set(ids).union(*(nx.descendants(made, id) for id in ids))
    return inner, inner | {giver for each in inner for giver in made.predecessors(each)}


def above(data: Dataset, *ids: str) -> tuple[set[str], set[str]]:
    """These and all who led to them."""
    made = network(data)
    inner = set(ids).union(*(nx.ancestors(made, id) for id in ids))
    return inner, inner


def around(data: Dataset, *ids: str) -> tuple[set[str], set[str]]:
    """All who are connected with these."""
    made = network(data).to_undirected()
    inner = set().union(*(nx.node_connected_component(made, id) for id in ids))
    return inner, inner


def part(data: Dataset, inner: Iterable[str], members: Iterable[str], of: Census) -> Graph:
    """The Graph of some parties."""
    known = list(members)
    some = replace(
        data, customers=data.customers.filter(pl.col("id").is_in(known)), rows=None,
        referrals=data.referrals.filter(pl.col("referred").is_in(list(inner))),
        orders=None if data.orders is None else data.orders.filter(pl.col("customer").is_in(known)),
        affiliations=None if data.affiliations is None else data.affiliations.clear(),
        findings=data.findings.clear(), rejects=data.rejects.clear())  # fmt: skip
    return build(some, Scope(), from_json(json.loads(json.dumps(of.as_json()))))


def said(answer: Any) -> tuple[Any, ...]:
    """All that an answer or a picture says."""
    frames = [each for each in vars(answer).values() if isinstance(each, pl.DataFrame)]
    return [(f.schema, f.rows()) for f in frames], [v for v in vars(answer).values() if not isinstance(v, pl.DataFrame)]


def same(whole: Graph, some: Graph) -> None:
    """What stands beside every answer."""
    assert (some.as_of, some.notes, counts(some), some.units) == (whole.as_of, whole.notes, counts(whole), whole.units)
    value = ("basis", "unit", "scale", "since", "until", "missing")
    assert [getattr(some.value, name) for name in value] == [getattr(whole.value, name) for name in value]


def held_together(data: Dataset, some: Iterable[str]) -> None:
    """Parts about each of some parties against the whole."""
    whole = build(data, Scope())
    of, ids = census(data, whole), data.customers["id"].sort().to_list()
    for id in some:
        mine = part(data, *below(data, id), of)
        same(whole, mine)
        assert said(reach(mine, of=(id,))) == said(reach(whole, of=(id,)))
        for depth in (None, 1):
            drawn = [pictured.pictured(g, lookup.position(g, id), depth) for g in (mine, whole)]
            assert said(drawn[0]) == said(drawn[1])
        for other in {ids[0], ids[-1], ids[len(ids) // 2]} - {id}:
            both = part(data, *around(data, id, other), of)
            same(whole, both)
            assert said(path(both, from_=id, to=other)) == said(path(whole, from_=id, to=other))
            line = part(data, *above(data, id, other), of)
            assert ways.lead(line, (id, other)) is ways.lead(whole, (id, other))
            if ways.lead(line, (id, other)):
                same(whole, line)
                assert said(path(line, from_=id, to=other)) == said(path(whole, from_=id, to=other))


@pytest.mark.parametrize("seed", SEEDS)
def test_strange_companies(seed: int) -> None:
    data = stranger(seed)
    held_together(data, data.customers["id"].sort()[:3])


@pytest.mark.parametrize("toy", toys.TOYS)
def test_toys(toy: str) -> None:
    data = toys.TOYS[toy]()
    held_together(data, data.customers["id"].sort())


@pytest.mark.parametrize("seed", [1])
def test_generated_companies(seed: int) -> None:
    data = companies.dataset(companies.company(size=1_500, seed=seed))
    held_together(data, data.customers["id"].sort().gather_every(300))


def test_a_census_comes_back_from_json_the_same() -> None:
    found = census(toys.chain(), build(toys.chain(), Scope()))
    assert from_json(json.loads(json.dumps(found.as_json()))) == found


def test_messages_come_back_from_json_the_same() -> None:
    from datetime import date

    inner = message("b", names=Names(("沙钢", "x"), 3), label=Label("revenue"), nothing=None, yes=True)
    given = message("a", day=date(2026, 1, 2), worth=Amount(0.1 + 0.2, "元", True), count=3, share=1 / 3, text="…", inner=inner)
    assert told(json.loads(json.dumps(plain(given)))) == given

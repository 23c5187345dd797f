"""The Picture of a party against networkx: who is below whom, what they are worth, and what is left outside."""

from __future__ import annotations

import networkx as nx
import toys
from hypothesis import given, settings
from hypothesis import strategies as st

from refgraph.engines.offline import Offline
from refgraph.flow.drawing import picture, pictures
from refgraph.model.dataset import Dataset
from refgraph.model.picture import CLOSED, EXTRAS, NODES
from refgraph.model.scope import Scope

STATUSES = ["closed", "lost", "negotiating", "contacted", "prospect"]


@st.composite
def companies(draw: st.DrawFn) -> tuple[Dataset, dict[str, dict[str, object]], dict[str, tuple[str, str]]]:
    """A forest: (data, customers, referrer and day of each referred)."""
    n = draw(st.integers(1, 14))
    ids = draw(st.permutations([f"{k:02d}" for k in range(n)]))
    people: dict[str, dict[str, object]] = {
        x: {"status": draw(st.sampled_from(STATUSES)), "revenue": draw(st.integers(0, 50)), "name": f"n{x}"} for x in ids}
    above = {}
    for k, x in enumerate(ids[1:], 1):
        if draw(st.booleans()):
            above[x] = (ids[draw(st.integers(0, k - 1))], f"202{draw(st.integers(0, 3))}-05-01")
    arcs = [{"referrer": u, "referred": v, "at": at, "tie": f"t{v}"} for v, (u, at) in above.items()]
    return toys.company(people, arcs), people, above


@settings(max_examples=40)
@given(companies())
def test_everybody_below_with_what_they_are_worth(made: tuple[Dataset, dict[str, dict[str, object]], dict[str, tuple[str, str]]]) -> None:
    data, people, above = made
    tree = nx.DiGraph([(u, v) for v, (u, _) in above.items()])
    tree.add_nodes_from(people)
    for id in people:
        got = picture(Offline(data), id)
        rows = got.nodes.to_dicts()
        below = nx.descendants(tree, id)
        assert {r["id"] for r in rows} == below | {id}
        assert got.nodes.schema == NODES
        assert got.extras.schema == EXTRAS and not got.extras.height
        for k, row in enumerate(rows):
            v, under = row["id"], nx.descendants(tree, row["id"])
            closed = {x for x in under if people[x]["status"] == "closed"}
            assert row["parent"] == -1 if k == 0 else rows[row["parent"]]["id"] == above[v][0]
            assert (row["state"] in CLOSED) == (people[v]["status"] == "closed")
            assert row["value"] == (people[v]["revenue"] if people[v]["status"] == "closed" else 0)
            assert (row["downstream"], row["downstream_closed"]) == (len(under), len(closed))
            assert row["downstream_value"] == sum(int(str(people[x]["revenue"])) for x in closed)
            assert (str(row["date"]), row["channel"]) == ((above[v][1], f"t{v}") if v in above else ("None", None))
            children = [(above[r["id"]][1], r["id"]) for r in rows[1:] if r["parent"] == k]
            assert children == sorted(children)
        said = got.caption[0].values
        assert said["parties"] == len(rows) and said["closed"] == sum(people[r["id"]]["status"] == "closed" for r in rows)
        assert any(m.id == "picture.above" for m in got.caption) == (id in above)


@settings(max_examples=40)
@given(companies())
def test_one_picture_a_tree_above_singles_by_value(made: tuple[Dataset, dict[str, dict[str, object]], dict[str, tuple[str, str]]]) -> None:
    data, people, above = made
    found = list(pictures(Offline(data)))
    trees = [c for c in nx.connected_components(nx.Graph([(u, v) for v, (u, _) in above.items()]))]
    assert {frozenset(p.nodes["id"]) for p in found} == {frozenset(c) for c in trees}
    order = [(-p.nodes["value"].sum(), -len(p), p.id) for p in found]
    assert order == sorted(order)
    assert [p.nodes.rows() for p in found] == [picture(Offline(data), p.id).nodes.rows() for p in found]


def test_further_referrers_inside_and_outside() -> None:
    data = toys.company({x: {} for x in "abcdx"}, [
        {"referrer": "a", "referred": "b", "at": "2020-01-01"}, {"referrer": "a", "referred": "c", "at": "2020-01-01"},
        {"referrer": "b", "referred": "d", "at": "2020-01-01"}, {"referrer": "c", "referred": "d", "at": "2021-01-01"},
        {"referrer": "x", "referred": "d", "at": "2022-01-01"}])  # fmt: skip
    whole = picture(Offline(data), "a")
    ids = whole.nodes["id"].to_list()
    assert [(ids[s], ids[t], cut) for s, t, cut, _ in whole.extras.rows()] == [("c", "d", False)]
    assert whole.nodes["also"].to_list() == [["x"] if i == "d" else None for i in ids]
    assert {m.id for m in whole.caption} == {"picture.counts", "picture.second", "picture.outside"}
    part = picture(Offline(data), "b")
    assert part.extras.height == 0 and part.nodes["also"].to_list() == [None, ["c", "x"]]


def test_a_cut_loop_is_flagged() -> None:
    whole = picture(Offline(toys.loop()), "a")
    ids = whole.nodes["id"].to_list()
    assert ids == ["a", "b", "c"]
    assert [(ids[s], ids[t], cut) for s, t, cut, _ in whole.extras.rows()] == [("c", "a", True)]
    assert [m.values["referrals"] for m in whole.caption if m.id == "picture.loops"] == [1]


def test_staff_and_former_customers_and_a_single() -> None:
    people = {"a": {"role": "customer"}, "b": {"role": "customer", "left": "2020-05-05"}, "s": {"role": "staff"}}
    data = toys.company(people, [{"referrer": "s", "referred": "a", "at": "2021-01-01"}, {"referrer": "a", "referred": "b"}])
    alone = picture(Offline(data), "s")
    assert (len(alone), alone.nodes["state"][0]) == (1, "other")
    counted = picture(Offline(data), "s", Scope(count=("staff",)))
    assert counted.nodes["state"].to_list() == ["other", "closed", "former"]
    assert counted.caption[0].id == "picture.counts-former"
    assert counted.nodes["downstream_closed"].to_list() == [2, 1, 0]

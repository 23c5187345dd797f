"""The Picture of a party against networkx: who is below it, their values, and what is outside."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st
from support import toys
from support.random_cases import cases

from refgraph.engines.offline import OfflineEngine
from refgraph.model.dataset import Dataset
from refgraph.model.picture import CLOSED_STATES, EXTRA_SCHEMA, NODE_SCHEMA, Picture
from refgraph.model.scope import Scope
from refgraph.pipeline.drawing import build_picture, build_pictures

STATUSES = ["closed", "lost", "negotiating", "contacted", "prospect"]


@dataclass(frozen=True)
class Company:
    """A forest: columns of each customer; referrer and date of each referred one."""

    data: Dataset
    people: dict[str, dict[str, object]]
    referral: dict[str, tuple[str, str]]

    def build_tree(self) -> nx.DiGraph:
        tree = nx.DiGraph([(u, v) for v, (u, _) in self.referral.items()])
        tree.add_nodes_from(self.people)
        return tree

    def is_closed(self, id: str) -> bool:
        return self.people[id]["status"] == "closed"

    def get_value(self, id: str) -> int:
        return int(str(self.people[id]["revenue"])) if self.is_closed(id) else 0


@st.composite
def companies(draw: st.DrawFn) -> Company:
    n = draw(st.integers(1, 14))
    ids = draw(st.permutations([f"{k:02d}" for k in range(n)]))
    people: dict[str, dict[str, object]] = {}
    for x in ids:
        status, revenue = draw(st.sampled_from(STATUSES)), draw(st.integers(0, 50))
        people[x] = {"status": status, "revenue": revenue, "name": f"n{x}"}
    referral = {}
    for k, x in enumerate(ids[1:], 1):
        if draw(st.booleans()):
            referrer, year = ids[draw(st.integers(0, k - 1))], draw(st.integers(0, 3))
            referral[x] = (referrer, f"202{year}-05-01")
    arcs = [
        {"referrer": u, "referred": v, "at": at, "tie": f"t{v}"} for v, (u, at) in referral.items()
    ]
    return Company(toys.company(people, arcs), people, referral)


def assert_nodes_are_right(company: Company, picture: Picture) -> None:
    """Every node against the tree of networkx."""
    tree, rows = company.build_tree(), picture.nodes.to_dicts()
    for k, row in enumerate(rows):
        id = row["id"]
        descendants = nx.descendants(tree, id)
        closed = {x for x in descendants if company.is_closed(x)}
        if k == 0:
            assert row["parent"] == -1
        else:
            assert rows[row["parent"]]["id"] == company.referral[id][0]
        assert (row["state"] in CLOSED_STATES) == company.is_closed(id)
        assert row["value"] == company.get_value(id)
        assert (row["downstream"], row["downstream_closed"]) == (len(descendants), len(closed))
        assert row["downstream_value"] == sum(company.get_value(x) for x in closed)
        _, date = company.referral.get(id, (None, None))
        assert str(row["date"]) == str(date)
        assert row["channel"] == (f"t{id}" if date else None)
        children = [(company.referral[r["id"]][1], r["id"]) for r in rows[1:] if r["parent"] == k]
        assert children == sorted(children)


@settings(max_examples=cases(40))
@given(companies())
def test_build_picture_of_any_party_shows_all_descendants_with_their_values(
    company: Company,
) -> None:
    tree = company.build_tree()
    for id in company.people:
        picture = build_picture(OfflineEngine(company.data), id)
        ids = picture.nodes["id"].to_list()
        assert set(ids) == nx.descendants(tree, id) | {id}
        assert picture.nodes.schema == NODE_SCHEMA
        assert picture.extras.schema == EXTRA_SCHEMA and not picture.extras.height
        assert_nodes_are_right(company, picture)
        counts = picture.caption[0].values
        assert counts["parties"] == len(ids)
        assert counts["closed"] == sum(company.is_closed(x) for x in ids)
        assert any(m.id == "picture.above" for m in picture.caption) == (id in company.referral)


@settings(max_examples=cases(40))
@given(companies())
def test_build_pictures_of_any_company_gives_each_tree_once_by_value(company: Company) -> None:
    pictures = list(build_pictures(OfflineEngine(company.data)))
    arcs = nx.Graph([(u, v) for v, (u, _) in company.referral.items()])
    trees = {frozenset(component) for component in nx.connected_components(arcs)}
    assert {frozenset(p.nodes["id"]) for p in pictures} == trees
    assert len(pictures) == len(trees)
    order = [(-p.nodes["value"].sum(), -len(p), p.id) for p in pictures]
    assert order == sorted(order)
    for picture in pictures:
        alone = build_picture(OfflineEngine(company.data), picture.id)
        assert picture.nodes.rows() == alone.nodes.rows()


def build_company_with_extra_referrers() -> Dataset:
    """a referred b and c; d was referred by b, c and x."""
    pairs = [("a", "b", 2020), ("a", "c", 2020), ("b", "d", 2020), ("c", "d", 2021)]
    arcs = [
        {"referrer": u, "referred": v, "at": f"{year}-01-01"}
        for u, v, year in [*pairs, ("x", "d", 2022)]
    ]
    return toys.company({x: {} for x in "abcdx"}, arcs)


def list_extras(picture: Picture) -> list[tuple[str, str, bool]]:
    """Ids of referrer and referred, and whether the referral is cut."""
    ids = picture.nodes["id"].to_list()
    return [(ids[source], ids[target], cut) for source, target, cut, _ in picture.extras.rows()]


def test_build_picture_with_further_referrers_shows_those_inside_and_names_the_others() -> None:
    picture = build_picture(OfflineEngine(build_company_with_extra_referrers()), "a")
    assert list_extras(picture) == [("c", "d", False)]
    also = dict(picture.nodes.select("id", "also").iter_rows())
    assert also == {"a": None, "b": None, "c": None, "d": ["x"]}
    counts, second, outside = picture.caption
    assert (counts.id, counts.values["parties"], counts.values["generations"]) == (
        "picture.counts",
        4,
        2,
    )
    assert (second.id, second.values) == ("picture.second", {"referrals": 1})
    assert (outside.id, outside.values) == ("picture.outside", {"referrals": 1})


def test_build_picture_of_a_subtree_names_referrers_outside_it() -> None:
    picture = build_picture(OfflineEngine(build_company_with_extra_referrers()), "b")
    assert picture.extras.height == 0
    assert picture.nodes["also"].to_list() == [None, ["c", "x"]]
    reported = {m.id: m.values for m in picture.caption}
    assert reported["picture.outside"] == {"referrals": 2}
    assert reported["picture.above"] == {"name": "b", "referrer": "a"}


def test_build_picture_of_a_cycle_flags_the_cut_referral() -> None:
    picture = build_picture(OfflineEngine(toys.loop()), "a")
    assert picture.nodes["id"].to_list() == ["a", "b", "c"]
    assert list_extras(picture) == [("c", "a", True)]
    cuts = [m.values["referrals"] for m in picture.caption if m.id == "picture.loops"]
    assert cuts == [1]


def build_company_with_staff() -> Dataset:
    """s, staff, referred a; a referred b, who has left."""
    people: dict[str, dict[str, object]] = {
        "a": {"role": "customer"},
        "b": {"role": "customer", "left": "2020-05-05"},
        "s": {"role": "staff"},
    }
    arcs: list[dict[str, object]] = [
        {"referrer": "s", "referred": "a", "at": "2021-01-01"},
        {"referrer": "a", "referred": "b"},
    ]
    return toys.company(people, arcs)


def test_build_picture_of_staff_that_do_not_count_shows_them_alone() -> None:
    picture = build_picture(OfflineEngine(build_company_with_staff()), "s")
    assert (len(picture), picture.nodes["state"][0]) == (1, "other")


def test_build_picture_of_counted_staff_shows_their_referrals() -> None:
    data = build_company_with_staff()
    picture = build_picture(OfflineEngine(data), "s", Scope(count=("staff",)))
    assert picture.nodes["state"].to_list() == ["other", "closed", "former"]
    assert picture.caption[0].id == "picture.counts-former"
    assert picture.nodes["downstream_closed"].to_list() == [2, 1, 0]


def test_picture_of_a_pair_recorded_twice_has_its_first_date_and_one_node() -> None:
    days = ("2024-03-01", None, "2021-05-01", "2022-05-01")
    arcs = [{"referrer": "a", "referred": "b", "at": day, "tie": f"t{day}"} for day in days]
    engine = OfflineEngine(toys.company({"a": {}, "b": {}}, arcs))
    nodes = build_picture(engine, "a").nodes
    assert nodes["id"].to_list() == ["a", "b"]
    assert str(nodes["date"][1]) == "2021-05-01"
    assert nodes["channel"][1] == "t2021-05-01"


def test_picture_lists_children_by_date_and_those_without_one_last() -> None:
    days = {"b": None, "c": "2022-05-01", "d": "2021-05-01", "e": None}
    arcs = [{"referrer": "a", "referred": id, "at": day} for id, day in days.items()]
    engine = OfflineEngine(toys.company({id: {} for id in "abcde"}, arcs))
    assert build_picture(engine, "a").nodes["id"].to_list() == ["a", "d", "c", "b", "e"]

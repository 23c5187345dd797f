"""Groups as one party: the classic case, hand-worked toys, and a plain recount for any small company."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import l96
from refgraph import flow
from refgraph.engines.offline import Offline
from refgraph.errors import UsageError
from refgraph.graphs import build
from refgraph.graphs.lookup import position
from refgraph.graphs.rollup import rolled
from refgraph.model.dataset import Dataset
from refgraph.model.scope import Scope
from tests.toys import company

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
UP = Scope(roll_up=True)
Row = dict[str, object]


def effect(data: Dataset, scope: Scope = Scope()) -> dict[str, object]:
    return flow.run(Offline(data), "effect", scope=scope).frame.row(0, named=True)


def test_the_classic_case_rolls_its_one_group_up() -> None:
    engine = flow.open_source(CASE)
    plain, up = engine.graph(Scope()), engine.graph(UP)
    assert set(plain.parties["id"]) - set(up.parties["id"]) == {l96.GROUP_WITHOUT_PURCHASES}
    mine = up.parties.filter(id=l96.GROUP).row(0, named=True)
    assert (mine["name"], mine["stage"]) == (l96.GROUP_NAME, "existing")
    assert int(up.existing.sum()) == len(l96.EXISTING)
    result = flow.run(engine, "effect", scope=UP)
    said = next(n.values for n in result.notes if n.id == "note.rolled-up")
    assert (said["groups"], said["parties"], said["inside"], said["late"]) == (1, 2, 0, 0)
    assert said["before"] == said["after"] == len(l96.REFERRED) / len(l96.EXISTING)
    assert result.scope.as_json()["roll_up"] is True


def conglomerate() -> Dataset:
    """G: a (2010), b (2015, referred by a), c (2018, referred by x), all customers; x came on its own, y through c and b."""
    people: dict[str, Row] = {
        "a": {"name": "甲", "group": "G", "joined": "2010-01-01", "revenue": "0.1", "source": "展会"},
        "b": {"name": "乙", "group": " G", "joined": "2015-01-01", "revenue": "0.2", "left": "2016-01-01"},
        "c": {"name": "丙", "group": "G", "joined": "2018-01-01", "revenue": "0.4"},
        "x": {"joined": "2011-01-01", "revenue": "7", "source": "展会"}, "y": {"joined": "2020-01-01", "revenue": "5"}}
    arcs: list[Row] = [
        {"referrer": "a", "referred": "b", "at": "2014-12-01"}, {"referrer": "x", "referred": "c", "at": "2017-12-01"},
        {"referrer": "c", "referred": "y", "at": "2019-06-01", "share": "0.25", "reward": "3"},
        {"referrer": "b", "referred": "y", "at": "2019-01-01", "share": "0.5", "reward": "4"},
        {"referrer": "x", "referred": "y", "at": "2019-02-01", "share": "0.25"}]
    return company(people, arcs)


def test_a_group_is_what_its_first_member_is() -> None:
    data = conglomerate()
    graph = build(data, UP)
    assert graph.parties["id"].to_list() == ["a", "x", "y"]
    group = graph.parties.row(0, named=True)
    assert (group["name"], group["since"], group["left"], group["source"]) == ("G", date(2010, 1, 1), None, "展会")
    assert graph.value.whole[0] / graph.value.scale == 0.7
    arcs = graph.arcs.sort("referrer").select("referrer", "referred", "at", "share", "reward").rows()
    assert arcs == [(0, 2, date(2019, 1, 1), 0.75, 7.0), (1, 2, date(2019, 2, 1), 0.25, None)]
    found = rolled(data)
    assert (found.groups, found.parties, found.inside, found.late) == (1, 3, 1, 1)


def test_whoever_names_a_member_means_its_group() -> None:
    graph = build(conglomerate(), UP)
    assert [position(graph, word) for word in ("a", "b", "c", "G", "乙", "丙")] == [0] * 6
    with pytest.raises(UsageError):
        position(build(conglomerate(), Scope()), "G")


def test_the_day_of_the_question_stays_the_same() -> None:
    people: dict[str, Row] = {"a": {"group": "G", "joined": "2020-01-01"}, "b": {"group": "G", "joined": "2024-01-01"}}
    assert build(company(people, []), UP).as_of == build(company(people, []), Scope()).as_of == date(2024, 1, 1)


def test_the_lift_by_referrals_inside_groups_is_told() -> None:
    data = conglomerate()
    # plain: existing a, c, x, y (b has left); c and y referred, c from outside
    assert (effect(data)["referred"], effect(data)["customers"]) == (2, 4)
    assert (effect(data, UP)["referred"], effect(data, UP)["customers"]) == (1, 3)
    said = {n.id: n.values for n in flow.run(Offline(data), "effect", scope=UP).notes}["note.rolled-up"]
    assert (said["before"], said["after"]) == (0.5, 1 / 3)
    people: dict[str, Row] = {"a": {"group": "G"}, "b": {"group": "G"}, "c": {}, "d": {}}
    inside = company(people, [("a", "b"), ("c", "d")])
    note = {n.id: n.values for n in flow.run(Offline(inside), "effect").notes}["note.inside-groups"]
    assert (note["customers"], note["referred"], note["share"], note["without"]) == (1, 2, 0.5, 0.25)
    without = effect(inside, Scope(exclude=("inside-group",)))["share"]
    assert without == note["without"]
    assert "note.inside-groups" not in {n.id for n in flow.run(Offline(inside), "effect", scope=UP).notes}


def test_who_is_no_subsidiary_stays_apart() -> None:
    people: dict[str, Row] = {
        "a": {"group": "G", "role": "customer"}, "b": {"group": "G", "role": "staff"}, "c": {"group": "G", "status": "void"},
        "d": {"group": "H"}, "e": {"group": ""}}
    data = company({k: {"status": "closed"} | v for k, v in people.items()}, [("z", "a")])
    assert not rolled(data).groups
    assert build(data, UP).parties["id"].to_list() == ["a", "b", "c", "d", "e", "z"]
    result = flow.run(Offline(data), "effect", scope=UP)
    assert "note.rolled-none" in {n.id for n in result.notes}


@pytest.mark.parametrize(("relation", "one"), [("owner", True), ("", True), ("supplier", False), ("buyer", False), ("association", False)])
def test_only_owned_companies_are_rolled_up(tmp_path: Path, relation: str, one: bool) -> None:
    (tmp_path / "customers.csv").write_text("id,joined\na,2020-01-01\nb,2021-01-01\nc,2021-01-01\n")
    (tmp_path / "affiliations.csv").write_text(f"customer,group,relation\na,G,{relation}\nb,G,{relation}\nb,F,association\n")
    graph = flow.open_source(tmp_path).graph(UP)
    assert graph.parties["id"].to_list() == (["a", "c"] if one else ["a", "b", "c"])


def test_customers_stand_for_prospects_and_a_group_has_left_when_all_have() -> None:
    people: dict[str, Row] = {
        "a": {"group": "G", "status": "negotiating"}, "b": {"group": "G", "status": "closed", "joined": "2020-01-01", "left": "2021-01-01"},
        "c": {"group": "G", "status": "closed", "joined": "2020-06-01", "left": "2022-01-01"}, "d": {"group": "H", "status": "lost"},
        "e": {"group": "H", "status": "contacted"}, "f": {"status": "closed", "joined": "2023-01-01"}}
    graph = build(company(people, [("f", "e"), ("f", "d")]), UP)
    rows = {r["id"]: r for r in graph.parties.iter_rows(named=True)}
    assert set(rows) == {"b", "e", "f"}
    assert (rows["b"]["stage"], rows["b"]["left"]) == ("former", date(2022, 1, 1))
    assert (rows["e"]["stage"], graph.arcs.height) == ("prospect", 1)


IDS = "abcdef"
PERSON = st.fixed_dictionaries({"group": st.sampled_from(["", "G", "H"]), "joined": st.sampled_from(["", "2019-01-01", "2020-01-01"]),
                                "revenue": st.sampled_from(["", "0.1", "0.25", "3"])})  # fmt: skip
ARCS = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda p: p[0] != p[1]), max_size=10, unique=True)


@settings(max_examples=120, deadline=None)
@given(st.lists(PERSON, min_size=6, max_size=6), ARCS)
def test_a_plain_recount(rows: list[Row], arcs: list[tuple[str, str]]) -> None:
    people = dict(zip(IDS, rows, strict=True))
    data, graph = company(people, arcs), build(company(people, arcs), UP)
    first: dict[str, str] = {}
    for name in ("G", "H"):
        of = sorted((i for i in IDS if people[i]["group"] == name), key=lambda i: (people[i]["joined"] or "9999", i))
        first |= {i: of[0] for i in of if len(of) > 1}
    stands = {i: first.get(i, i) for i in IDS}
    late = {i for i, one in stands.items() if i != one and people[one]["joined"]}
    kept = {(stands[u], stands[v]) for u, v in arcs if stands[u] != stands[v] and v not in late}
    ids = graph.parties["id"]
    assert set(ids) == set(stands.values())
    assert set(zip(ids.gather(graph.arcs["referrer"]), ids.gather(graph.arcs["referred"]), strict=True)) == kept
    worth = {one: sum(Fraction(str(people[i]["revenue"] or "0")) for i in IDS if stands[i] == one) for one in ids}
    if graph.value.basis == "revenue":
        assert graph.value.numbers.tolist() == [float(worth[i]) for i in ids]
    found = rolled(data)
    assert found.inside == sum(stands[u] == stands[v] for u, v in arcs)
    assert found.late == sum(stands[u] != stands[v] and v in late for u, v in arcs)


def test_orders_add_up_and_their_order_does_not_matter() -> None:
    people: dict[str, Row] = {"a": {"group": "G"}, "b": {"group": "G"}, "c": {}}
    bought = [{"customer": who, "at": day, "revenue": money, "order_id": str(k)} for k, (who, day, money) in enumerate(
        [("b", "2020-05-01", "0.1"), ("a", "2021-05-01", "0.2"), ("c", "2021-05-01", "4"), ("b", "2022-05-01", "0.4")])]
    for orders in (bought, bought[::-1]):
        graph = build(company(people, [("a", "c")], orders), UP)
        assert graph.parties["id"].to_list() == ["b", "c"]
        assert graph.parties["since"][0] == date(2020, 5, 1)
        assert graph.value.numbers.tolist() == [0.7, 4.0]
        assert graph.orders is not None
        assert graph.orders.filter(pl.col("customer") == 0).height == 3

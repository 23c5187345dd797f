"""Groups as one party: the classic case, a worked example, and a plain recount."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import l96
from support.random_cases import cases
from support.toys import company

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.graph import build_graph
from refgraph.graph.lookup import find_party_index
from refgraph.graph.rollup import roll_up_groups
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result
from refgraph.model.scope import Scope

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
ROLLED_UP = Scope(roll_up=True)
Row = dict[str, object]


def run_effect(data: Dataset, scope: Scope | None = None) -> Result:
    return pipeline.run(OfflineEngine(data), "effect", scope=scope or Scope())


def count_referred(data: Dataset, scope: Scope | None = None) -> tuple[object, object]:
    """Referred customers and all customers, in the narrow definition."""
    row = run_effect(data, scope).frame.row(0, named=True)
    return row["referred"], row["customers"]


def get_note(result: Result, id: str) -> dict[str, object]:
    """The values of a note."""
    return dict(next(note.values for note in result.notes if note.id == id))


def build_conglomerate() -> Dataset:
    """G: a (2010), b (2015, referred by a), c (2018, referred by x), all customers.

    x came on its own, y through c and b.
    """
    people: dict[str, Row] = {
        "a": {
            "name": "甲",
            "group": "G",
            "joined": "2010-01-01",
            "revenue": "0.1",
            "source": "展会",
        },
        "b": {
            "name": "乙",
            "group": " G",
            "joined": "2015-01-01",
            "revenue": "0.2",
            "left": "2016-01-01",
        },
        "c": {"name": "丙", "group": "G", "joined": "2018-01-01", "revenue": "0.4"},
        "x": {"joined": "2011-01-01", "revenue": "7", "source": "展会"},
        "y": {"joined": "2020-01-01", "revenue": "5"},
    }
    arcs: list[Row] = [
        {"referrer": "a", "referred": "b", "at": "2014-12-01"},
        {"referrer": "x", "referred": "c", "at": "2017-12-01"},
        {"referrer": "c", "referred": "y", "at": "2019-06-01", "share": "0.25", "reward": "3"},
        {"referrer": "b", "referred": "y", "at": "2019-01-01", "share": "0.5", "reward": "4"},
        {"referrer": "x", "referred": "y", "at": "2019-02-01", "share": "0.25"},
    ]
    return company(people, arcs)


def test_roll_up_of_the_classic_case_merges_its_one_group() -> None:
    engine = pipeline.open_source(CASE)
    plain, rolled_up = engine.graph(Scope()), engine.graph(ROLLED_UP)
    merged = set(plain.parties["id"]) - set(rolled_up.parties["id"])
    assert merged == {l96.GROUP_WITHOUT_PURCHASES}
    group = rolled_up.parties.filter(id=l96.GROUP).row(0, named=True)
    assert (group["name"], group["stage"]) == (l96.GROUP_NAME, "existing")
    assert int(rolled_up.existing.sum()) == len(l96.EXISTING)
    result = pipeline.run(engine, "effect", scope=ROLLED_UP)
    note = get_note(result, "note.rolled-up")
    assert (note["groups"], note["parties"], note["inside"], note["late"]) == (1, 2, 0, 0)
    assert note["before"] == note["after"] == len(l96.REFERRED) / len(l96.EXISTING)
    assert result.scope.to_json()["roll_up"] is True


def test_roll_up_keeps_the_first_member_with_the_sums_of_the_group() -> None:
    graph = build_graph(build_conglomerate(), ROLLED_UP)
    assert graph.parties["id"].to_list() == ["a", "x", "y"]
    group = graph.parties.row(0, named=True)
    assert (group["name"], group["source"]) == ("G", "展会")
    assert (group["since"], group["left"]) == (date(2010, 1, 1), None)
    assert graph.value.scaled[0] / graph.value.scale == 0.7


def test_roll_up_merges_referrals_of_members_and_counts_those_left_out() -> None:
    data = build_conglomerate()
    arcs = build_graph(data, ROLLED_UP).arcs.sort("referrer")
    rows = arcs.select("referrer", "referred", "at", "share", "reward").rows()
    assert rows == [(0, 2, date(2019, 1, 1), 0.75, 7.0), (1, 2, date(2019, 2, 1), 0.25, None)]
    rolled_up = roll_up_groups(data)
    assert (rolled_up.groups, rolled_up.parties) == (1, 3)
    assert (rolled_up.inside_groups, rolled_up.into_later_members) == (1, 1)


def test_roll_up_leaves_void_referrals_out_of_its_counts_and_sums() -> None:
    people: dict[str, Row] = {
        "a": {"group": "G", "joined": "2010-01-01"},
        "b": {"group": "G", "joined": "2015-01-01"},
        "x": {"joined": "2011-01-01"},
        "y": {"joined": "2020-01-01"},
    }
    void = {"status": "void", "share": "0.5", "reward": "100"}
    arcs: list[Row] = [
        {"referrer": "a", "referred": "b", **void},
        {"referrer": "x", "referred": "b", **void},
        {"referrer": "a", "referred": "y", "share": "0.25", "reward": "3"},
        {"referrer": "b", "referred": "y", **void},
        {"referrer": "x", "referred": "y", "share": "0.75"},
    ]
    data = company(people, arcs)
    rolled_up = roll_up_groups(data)
    assert (rolled_up.inside_groups, rolled_up.into_later_members) == (0, 0)
    valid = build_graph(data, ROLLED_UP).arcs.filter("valid")
    assert valid.select("referrer", "share", "reward").rows() == [(0, 0.25, 3.0), (1, 0.75, None)]


def test_find_party_index_of_any_member_finds_the_group() -> None:
    graph = build_graph(build_conglomerate(), ROLLED_UP)
    assert [find_party_index(graph, word) for word in ("a", "b", "c", "G", "乙", "丙")] == [0] * 6
    with pytest.raises(UsageError):
        find_party_index(build_graph(build_conglomerate(), Scope()), "G")


def test_roll_up_does_not_change_the_as_of_date() -> None:
    people: dict[str, Row] = {
        "a": {"group": "G", "joined": "2020-01-01"},
        "b": {"group": "G", "joined": "2024-01-01"},
    }
    data = company(people, [])
    for scope in (ROLLED_UP, Scope()):
        assert build_graph(data, scope).as_of == date(2024, 1, 1)


def test_effect_with_roll_up_notes_the_share_before_and_after() -> None:
    data = build_conglomerate()
    # Plain: existing are a, c, x, y (b has left); c and y are referred, c from outside.
    assert count_referred(data) == (2, 4)
    assert count_referred(data, ROLLED_UP) == (1, 3)
    note = get_note(run_effect(data, ROLLED_UP), "note.rolled-up")
    assert (note["before"], note["after"]) == (0.5, 1 / 3)


def test_effect_with_referrals_inside_groups_notes_the_share_without_them() -> None:
    people: dict[str, Row] = {"a": {"group": "G"}, "b": {"group": "G"}, "c": {}, "d": {}}
    data = company(people, [("a", "b"), ("c", "d")])
    note = get_note(run_effect(data), "note.inside-groups")
    assert (note["customers"], note["referred"]) == (1, 2)
    assert (note["share"], note["without"]) == (0.5, 0.25)
    excluded = run_effect(data, Scope(exclude=("inside-group",)))
    assert excluded.frame["share"][0] == note["without"]
    rolled_up = run_effect(data, ROLLED_UP)
    assert "note.inside-groups" not in {note.id for note in rolled_up.notes}


IDS = "abcdef"
PERSON = st.fixed_dictionaries(
    {
        "group": st.sampled_from(["", "G", "H"]),
        "joined": st.sampled_from(["", "2019-01-01", "2020-01-01"]),
        "revenue": st.sampled_from(["", "0.1", "0.25", "3"]),
    }
)
PAIR = st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda p: p[0] != p[1])


def find_first_members(people: dict[str, Row]) -> dict[str, str]:
    """Id of each party -> id of the first member of its group, or its own."""
    first = {id: id for id in people}
    for name in ("G", "H"):
        members = [id for id in people if people[id]["group"] == name]
        members.sort(key=lambda id: (people[id]["joined"] or "9999", id))
        first |= dict.fromkeys(members, members[0] if members else "")
    return first


@settings(max_examples=cases(120), deadline=None)
@given(st.lists(PERSON, min_size=6, max_size=6), st.lists(PAIR, max_size=10, unique=True))
def test_roll_up_of_any_company_equals_a_plain_recount(
    rows: list[Row], arcs: list[tuple[str, str]]
) -> None:
    people = dict(zip(IDS, rows, strict=True))
    data = company(people, arcs)
    graph, first = build_graph(data, ROLLED_UP), find_first_members(people)
    is_later = {id: id != one and bool(people[one]["joined"]) for id, one in first.items()}
    between = [(u, v) for u, v in arcs if first[u] != first[v]]
    expected = {(first[u], first[v]) for u, v in between if not is_later[v]}
    ids = graph.parties["id"]
    assert set(ids) == set(first.values())
    referrer, referred = (ids.gather(graph.arcs[end]) for end in ("referrer", "referred"))
    assert set(zip(referrer, referred, strict=True)) == expected
    if graph.value.basis == "revenue":
        sums = dict.fromkeys(ids, Fraction(0))
        for id, person in people.items():
            sums[first[id]] += Fraction(str(person["revenue"] or "0"))
        assert graph.value.numbers.tolist() == [float(x) for x in sums.values()]
    rolled_up = roll_up_groups(data)
    assert rolled_up.inside_groups == len(arcs) - len(between)
    assert rolled_up.into_later_members == sum(is_later[v] for _, v in between)


def test_roll_up_sums_orders_of_members_in_any_order_of_rows() -> None:
    people: dict[str, Row] = {"a": {"group": "G"}, "b": {"group": "G"}, "c": {}}
    rows = [
        ("b", "2020-05-01", "0.1"),
        ("a", "2021-05-01", "0.2"),
        ("c", "2021-05-01", "4"),
        ("b", "2022-05-01", "0.4"),
    ]
    orders = [
        {"customer": customer, "at": day, "revenue": revenue, "order_id": str(k)}
        for k, (customer, day, revenue) in enumerate(rows)
    ]
    for ordered in (orders, orders[::-1]):
        graph = build_graph(company(people, [("a", "c")], ordered), ROLLED_UP)
        assert graph.parties["id"].to_list() == ["b", "c"]
        assert graph.parties["since"][0] == date(2020, 5, 1)
        assert graph.value.numbers.tolist() == [0.7, 4.0]
        assert graph.orders is not None
        assert graph.orders.filter(pl.col("customer") == 0).height == 3

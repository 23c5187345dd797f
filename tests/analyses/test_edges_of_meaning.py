"""Cases that a small change of the program would get wrong unseen."""

from __future__ import annotations

import pytest
from support.toys import company

from refgraph.engines.offline import OfflineEngine
from refgraph.graph import build_graph
from refgraph.measures.referral_forecast import read_history
from refgraph.model.scope import Scope
from refgraph.pipeline import run

People = dict[str, dict[str, object]]


@pytest.mark.parametrize("analysis", ["recommenders", "flows", "channels", "funnel"])
def test_conversion_without_a_status_column_is_blank_and_not_one(analysis: str) -> None:
    people: People = {id: {"revenue": 10, "source": "own sales"} for id in "abcd"}
    arcs = [("a", "b"), ("a", "c"), ("b", "d")]
    parameters = {"by": "source"} if analysis == "flows" else {}
    result = run(OfflineEngine(company(people, arcs)), analysis, parameters)
    assert result.frame["closed"].sum() > 0
    assert result.frame["conversion"].null_count() == result.frame.height > 0
    assert "note.conversion-not-recorded" in {note.id for note in result.notes}


def test_compare_without_a_status_column_has_no_conversion() -> None:
    engine = OfflineEngine(company({id: {} for id in "abc"}, [("a", "b"), ("a", "c")]))
    rows = run(engine, "compare", {"of": ("a", "b")}).frame.rows_by_key("element", named=True)
    assert rows["conversion"][0]["first"] is None
    assert rows["closed"][0]["first"] == 2


def test_three_orders_of_one_day_in_reversed_file_order_change_nothing() -> None:
    people: People = {"a": {"joined": "2020-01-01"}, "b": {"joined": "2020-01-01"}}
    orders = [
        {"order_id": id, "customer": customer, "at": "2021-05-05", "revenue": revenue}
        for customer in "ab"
        for id, revenue in ((f"{customer}3", 10), (f"{customer}1", 30), (f"{customer}2", 20))
    ]
    graphs = [
        build_graph(company(people, [("a", "b")], rows), Scope())
        for rows in (orders, orders[::-1], orders[2:] + orders[:2])
    ]
    tables = [graph.orders.drop("file", "line") for graph in graphs if graph.orders is not None]
    assert len(tables) == 3
    assert tables[0].equals(tables[1]) and tables[0].equals(tables[2])
    assert tables[0]["order_id"].to_list() == ["a1", "a2", "a3", "b1", "b2", "b3"]


def test_customer_who_joined_on_the_as_of_day_is_watched_and_refers_on_that_day() -> None:
    people: People = {
        "a": {"joined": "2015-01-01"},
        "b": {"joined": "2016-01-01"},
        "c": {"joined": "2020-06-01"},
        "d": {"joined": "2020-06-01"},
    }
    rows = [
        {"referrer": "a", "referred": "b", "at": "2015-01-01"},
        {"referrer": "c", "referred": "d", "at": "2020-06-01"},
    ]
    result = run(OfflineEngine(company(people, rows)), "time-to-refer")
    first = result.frame.row(0, named=True)
    assert result.headline.values["customers"] == 4
    assert result.headline.values["first"] == 2  # a and c, both on their first day
    assert (first["watched"], first["referrals"], first["first_referrals"]) == (2, 2, 2)


def test_day_of_joining_counts_and_day_of_leaving_does_not_in_chance_and_in_times() -> None:
    people: People = {
        "A": {"joined": "2015-01-01", "left": "2018-01-01"},
        "B": {"joined": "2015-01-01"},
        "C": {"joined": "2018-01-01"},
        "D": {"joined": "2019-01-01"},
    }
    rows = [
        {"referrer": "A", "referred": "B", "at": "2015-01-01"},
        {"referrer": "A", "referred": "C", "at": "2018-01-01"},
        {"referrer": "B", "referred": "D", "at": "2018-06-01"},
    ]
    engine = OfflineEngine(company(people, rows))
    chance = {row["customer"]: row for row in run(engine, "chance").frame.iter_rows(named=True)}
    assert {id: row["referrals"] for id, row in chance.items()} == {"A": 1, "B": 1}
    # On the first day A and B are there, but B is the one referred; in 2018 B and C are.
    assert [chance[id]["expected"] for id in "AB"] == [1.0, 0.5]
    times = run(engine, "time-to-refer").headline.values
    assert times["first"] == 2  # A on its first day, B in its fourth year
    found = read_history(engine.graph(Scope()))
    assert found is not None and len(found[1].day) == 2  # of A only the first, one of B

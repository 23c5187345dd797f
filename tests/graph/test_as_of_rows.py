"""Which rows a Dataset cut at a day keeps: those of the day itself, and those of listed parties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from support.toys import company

from refgraph.graph import build_graph
from refgraph.graph.as_of import cut_dataset
from refgraph.model.scope import Scope


def test_rows_of_parties_outside_the_list_have_no_say_on_a_past_day() -> None:
    """A Dataset changed after intake may name parties that it no longer lists."""
    people: dict[str, dict[str, object]] = {
        id: {"status": "closed", "joined": "2015-01-01"} for id in "abcd"
    }
    arcs = [
        {"referrer": "a", "referred": "b", "at": "2016-01-01"},
        {"referrer": "c", "referred": "d", "at": "2017-01-01"},
    ]
    orders = [{"customer": id, "at": "2018-01-01", "revenue": 1} for id in "bcd"]
    data = company(people | {"d": {"joined": "2021-01-01"}}, arcs, orders)
    known = replace(data, customers=data.customers.filter(data.customers["id"] != "b"))
    graph = build_graph(known, Scope(as_of=date(2018, 12, 31)))
    found = dict(graph.parties.select("id", "stage").iter_rows())
    assert found == {"a": "existing", "c": "existing", "d": "prospect"}
    # The order of d does not count either: it is a prospect on that day.
    assert graph.arcs.height == 1 and graph.orders is not None and graph.orders.height == 1


@pytest.mark.parametrize(("day", "orders"), [("2018-01-01", 1), ("2017-12-31", 0)])
def test_order_of_the_day_itself_stays_on_a_past_day(day: str, orders: int) -> None:
    people: dict[str, dict[str, object]] = {"a": {"status": "closed", "joined": "2015-01-01"}}
    days = ("2018-01-01", "2020-01-01")
    data = company(people, [], [{"customer": "a", "at": at, "revenue": 1} for at in days])
    graph = build_graph(data, Scope(as_of=date.fromisoformat(day)))
    assert graph.orders is not None and graph.orders.height == orders
    cut = cut_dataset(data, date.fromisoformat(day)).dataset
    assert cut.orders is not None and cut.orders.height == orders

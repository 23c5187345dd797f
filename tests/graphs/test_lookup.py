"""A party is found by id first, then by a name that is its own; else the nearest are named."""

from __future__ import annotations

import pytest

from refgraph.engines.offline import Offline
from refgraph.errors import UsageError
from refgraph.graphs.lookup import nearest, position, positions
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope
from tests.toys import company


@pytest.fixture(scope="module")
def graph() -> Graph:
    people = {"c1": {"name": "c2"}, "c2": {"name": "河北钢铁"}, "c3": {"name": "Twin"}, "c4": {"name": "Twin"}, "c5": {}}
    return Offline(company(people, [("c1", "c2")])).graph(Scope())


def test_an_id_goes_before_a_name(graph: Graph) -> None:
    assert graph.parties["id"][position(graph, "c2")] == "c2"
    assert graph.parties["id"][position(graph, "河北钢铁")] == "c2"
    assert positions(graph, ["c5", "河北钢铁", "c2"]) == [1, 4]


def test_a_name_of_two_is_no_answer(graph: Graph) -> None:
    with pytest.raises(UsageError) as told:
        position(graph, "Twin")
    assert (told.value.id, told.value.values["known"]) == ("ambiguous-party", ["c3", "c4"])


def test_an_unknown_one_gets_the_nearest(graph: Graph) -> None:
    with pytest.raises(UsageError) as told:
        position(graph, "河北铁")
    assert told.value.id == "unknown-party"
    assert nearest(graph, "河北铁")[0] == "河北钢铁"
    assert nearest(graph, "twin") == ["Twin"]


def test_one_that_is_like_nobody_is_not_offered_an_empty_list(graph: Graph) -> None:
    with pytest.raises(UsageError) as told:
        position(graph, "%%%%")
    assert told.value.id == "unknown-party"
    assert 0 < len(told.value.values["known"]) <= 5

"""A party is found by id, else by a unique name; otherwise similar names are suggested."""

from __future__ import annotations

import pytest
from support.toys import company

from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.graph.lookup import find_party_index, find_party_indexes, suggest_names
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope


@pytest.fixture(scope="module")
def graph() -> Graph:
    people = {
        "c1": {"name": "c2"},
        "c2": {"name": "河北钢铁"},
        "c3": {"name": "Twin"},
        "c4": {"name": "Twin"},
        "c5": {},
    }
    return OfflineEngine(company(people, [("c1", "c2")])).graph(Scope())


def test_find_party_index_of_text_that_is_id_and_name_finds_the_id(graph: Graph) -> None:
    assert graph.parties["id"][find_party_index(graph, "c2")] == "c2"
    assert graph.parties["id"][find_party_index(graph, "河北钢铁")] == "c2"


def test_find_party_indexes_with_repeats_returns_each_party_once(graph: Graph) -> None:
    assert find_party_indexes(graph, ["c5", "河北钢铁", "c2"]) == [1, 4]


def test_find_party_index_of_a_name_of_two_raises_with_both_ids(graph: Graph) -> None:
    with pytest.raises(UsageError) as caught:
        find_party_index(graph, "Twin")
    assert caught.value.id == "ambiguous-party"
    assert caught.value.values["known"] == ["c3", "c4"]


def test_find_party_index_of_an_unknown_name_raises(graph: Graph) -> None:
    with pytest.raises(UsageError) as caught:
        find_party_index(graph, "河北铁")
    assert caught.value.id == "unknown-party"


def test_suggest_names_puts_the_most_similar_first(graph: Graph) -> None:
    assert suggest_names(graph, "河北铁")[0] == "河北钢铁"
    assert suggest_names(graph, "twin") == ["Twin"]


def test_find_party_index_of_text_like_no_name_suggests_none(graph: Graph) -> None:
    with pytest.raises(UsageError) as caught:
        find_party_index(graph, "%%%%")
    assert caught.value.id == "unknown-party"
    assert caught.value.values["known"] == []
    assert str(caught.value).endswith("%%%%. IDs are in the id column.")

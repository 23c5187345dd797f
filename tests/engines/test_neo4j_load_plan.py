"""What a load would write, worked out without a server."""

from __future__ import annotations

import pytest
from support import toys
from support.stores import describe_dataset

from refgraph import intake
from refgraph.engines import serialization
from refgraph.engines.neo4j.load_plan import plan_load
from refgraph.errors import DataError
from refgraph.model.settings import Settings


@pytest.mark.parametrize("toy", toys.TOYS)
def test_restore_dataset_toy_round_trip(toy: str) -> None:
    data = toys.TOYS[toy]()
    metadata, frames = serialization.to_metadata(data), serialization.to_frames(data)
    stored = serialization.select_stored_frames(metadata, frames)
    restored = serialization.restore_dataset(metadata, stored)
    assert describe_dataset(restored) == describe_dataset(data)


def test_restore_dataset_other_layout_is_refused() -> None:
    data = toys.star()
    metadata, frames = serialization.to_metadata(data), serialization.to_frames(data)
    with pytest.raises(DataError) as caught:
        serialization.restore_dataset({**metadata, "layout": 0}, frames)
    assert caught.value.id == "kept-otherwise"


def test_plan_load_row_order_is_independent_of_files() -> None:
    pairs = [("a", "b"), ("a", "c")]
    companies = [
        toys.company({id: {"revenue": 1} for id in "abc"}, pairs),
        toys.company({id: {"revenue": 1} for id in "cba"}, pairs[::-1]),
    ]
    first, second = (plan_load(data, "") for data in companies)
    assert first.fingerprint == second.fingerprint
    assert first.identity != second.identity  # line numbers differ, and are stored
    orders = [plan.tables["referrals"]["referred"].to_list() for plan in (first, second)]
    assert orders == [["b", "c"], ["b", "c"]]


def test_plan_load_group_too_long_for_an_index_is_refused() -> None:
    customers = toys.raw("c.csv", [{"id": "a"}], ["id"])
    rows = [{"customer": "a", "group": "集" * 3_000}]
    tables = {
        "customers": [customers],
        "affiliations": [toys.raw("a.csv", rows, ["customer", "group"])],
    }
    with pytest.raises(DataError) as caught:
        plan_load(intake.build_dataset(tables, Settings()), "")
    assert caught.value.id == "group-too-long"


def test_plan_load_reserved_column_is_refused() -> None:
    customers = toys.raw("c.csv", [{"id": "a", "refgraph_row": "1"}], ["id", "refgraph_row"])
    with pytest.raises(DataError) as caught:
        plan_load(intake.build_dataset({"customers": [customers]}, Settings()), "")
    assert caught.value.id == "attribute-reserved"

"""What a load would write, worked out before a server is asked."""

from __future__ import annotations

import pytest

import toys
from refgraph import intake
from refgraph.engines import archive
from refgraph.engines.neo4j import loading
from refgraph.engines.neo4j.lease import _dead
from refgraph.errors import DataError
from stores import content


@pytest.mark.parametrize("toy", toys.TOYS)
def test_a_dataset_taken_apart_is_put_together_the_same(toy: str) -> None:
    data = toys.TOYS[toy]()
    told, tables = archive.about(data), archive.frames(data)
    carried = {t: f.select(archive.moved(told, t)) if t in told["columns"] else f for t, f in tables.items()}
    assert content(archive.restored(told, carried)) == content(data)
    with pytest.raises(DataError) as caught:
        archive.restored(told | {"layout": 0}, carried)
    assert caught.value.id == "kept-otherwise"


def test_the_order_of_rows_is_none_of_the_files() -> None:
    one, other = (toys.company({x: {"revenue": 1} for x in ids}, [("a", "b"), ("a", "c")][::step]) for ids, step in (("abc", 1), ("abc", -1)))
    plans = [loading.plan(data, "") for data in (one, other)]
    assert plans[0].fingerprint == plans[1].fingerprint
    assert plans[0].identity != plans[1].identity  # the lines differ, and are kept
    assert plans[0].tables["referrals"]["referred"].to_list() == plans[1].tables["referrals"]["referred"].to_list()


def test_a_name_too_long_for_an_index_and_a_reserved_column() -> None:
    people = [toys.raw("c.csv", [{"id": "a"}], ["id"])]
    group = [toys.raw("a.csv", [{"customer": "a", "group": "集" * 3_000}], ["customer", "group"])]
    with pytest.raises(DataError) as caught:
        loading.plan(intake.admit({"customers": people, "affiliations": group}, toys.Settings()), "")
    assert caught.value.id == "group-too-long"
    odd = [toys.raw("c.csv", [{"id": "a", "refgraph_row": "1"}], ["id", "refgraph_row"])]
    with pytest.raises(DataError) as caught:
        loading.plan(intake.admit({"customers": odd}, toys.Settings()), "")
    assert caught.value.id == "attribute-reserved"


@pytest.mark.parametrize(("holder", "dead"), [("elsewhere 1 x", False), ("", False), ("odd", False)])
def test_only_a_process_of_this_machine_can_be_known_to_be_dead(holder: str, dead: bool) -> None:
    assert _dead(holder) is dead

"""Real data: 125 physicians and whom they named as adviser, discussion partner and friend (tests/data, with its origin)."""

from __future__ import annotations

import csv
from pathlib import Path

import networkx as nx
import pytest

from refgraph import flow
from refgraph.engines.base import Engine
from refgraph.errors import DataError
from refgraph.flow.reading import Reading

DATA = Path(__file__).parent.parent / "data" / "medical-innovation"
COLUMNS = {"referrals.referrer": "alter", "referrals.referred": "ego"}
READING = Reading(customers=(str(DATA / "doctors.csv"),), referrals=(str(DATA / "nominations.csv"),),
                  columns=COLUMNS)  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="") as stream:
        return list(csv.DictReader(stream))


DOCTORS = {r["id"] for r in rows("doctors.csv")}
PAIRS = {(r["alter"], r["ego"]) for r in rows("nominations.csv")}


@pytest.fixture(scope="module", params=["folder", "files"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """The folder, its files told by the columns that are named, and the same files named one by one."""
    return flow.open_source(DATA, Reading(columns=COLUMNS)) if request.param == "folder" else flow.open_source(None, READING)


def test_columns_of_a_table_that_no_file_holds_are_told() -> None:
    with pytest.raises(DataError) as fault:
        flow.open_source(DATA, Reading(columns={"referrals.referrer": "alter"}))
    assert fault.value.id == "column-without-table"


def test_doctors_pairs_and_the_alters_that_were_not_surveyed(engine: Engine) -> None:
    data = engine.dataset()
    assert data.customers.filter(~data.customers["stub"])["id"].to_list().__len__() == len(DOCTORS) == 125
    pairs = set(data.referrals.select("referrer", "referred").iter_rows())
    assert pairs == PAIRS
    assert len([p for p in pairs if set(p) <= DOCTORS]) == 294
    outside = {u for u, _ in PAIRS} - DOCTORS
    flagged = data.findings.filter(data.findings["code"] == "unknown-party")["members"].explode().to_list()
    assert sorted(flagged) == sorted(outside)
    assert set(data.customers.filter(data.customers["stub"])["role"]) == {"outside"}


def test_recommenders_agree_with_an_independent_count(engine: Engine) -> None:
    graph = nx.DiGraph(list(PAIRS))
    cuts = 0
    while loops := [c for c in nx.strongly_connected_components(graph) if len(c) > 1]:
        for loop in loops:
            inner = [(u, v) for u, v in graph.in_edges(min(loop)) if u in loop]
            graph.remove_edges_from(inner)
            cuts += len(inner)
    result = flow.run(engine, "recommenders")
    found = {r["customer"]: (r["direct"], r["downstream"]) for r in result.frame.iter_rows(named=True)}
    expected = {x: (graph.out_degree(x), len(nx.descendants(graph, x))) for x in graph if graph.out_degree(x)}
    assert found == expected
    note = next(n for n in result.notes if n.id == "note.loops-cut")
    assert note.values["cuts"] == cuts
    named = [f for f in engine.graph(result.scope).findings.iter_rows(named=True) if f["code"] == "referral-loop"]
    assert {frozenset(f["members"]) for f in named} == {
        frozenset(c) for c in nx.strongly_connected_components(nx.DiGraph(list(PAIRS))) if len(c) > 1}

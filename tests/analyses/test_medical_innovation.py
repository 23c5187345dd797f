"""Real data: 125 physicians and those they named (tests/data, with its origin).

They named an adviser, a discussion partner and a friend.
"""

from __future__ import annotations

import csv
from pathlib import Path

import networkx as nx
import pytest

from refgraph import pipeline
from refgraph.engines.base import Engine
from refgraph.errors import DataError
from refgraph.pipeline.options import SourceOptions

DATA = Path(__file__).parent.parent / "data" / "medical-innovation"
COLUMNS = {"referrals.referrer": "alter", "referrals.referred": "ego"}
READING = SourceOptions(
    customers=(str(DATA / "doctors.csv"),),
    referrals=(str(DATA / "nominations.csv"),),
    columns=COLUMNS,
)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="") as stream:
        return list(csv.DictReader(stream))


DOCTORS = {r["id"] for r in rows("doctors.csv")}
PAIRS = {(r["alter"], r["ego"]) for r in rows("nominations.csv")}


@pytest.fixture(scope="module", params=["folder", "files"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """The folder, its files told by the named columns, and the same files named one by one."""
    return (
        pipeline.open_source(DATA, SourceOptions(columns=COLUMNS))
        if request.param == "folder"
        else pipeline.open_source(None, READING)
    )


def test_medical_innovation_missing_columns_are_reported() -> None:
    with pytest.raises(DataError) as fault:
        pipeline.open_source(DATA, SourceOptions(columns={"referrals.referrer": "alter"}))
    assert fault.value.id == "column-without-table"


def test_medical_innovation_counts_doctors_pairs_and_stubs(engine: Engine) -> None:
    data = engine.dataset()
    assert (
        data.customers.filter(~data.customers["stub"])["id"].to_list().__len__()
        == len(DOCTORS)
        == 125
    )
    pairs = set(data.referrals.select("referrer", "referred").iter_rows())
    assert pairs == PAIRS
    assert len([p for p in pairs if set(p) <= DOCTORS]) == 294
    outside = {u for u, _ in PAIRS} - DOCTORS
    flagged = (
        data.findings.filter(data.findings["code"] == "unknown-party")["members"]
        .explode()
        .to_list()
    )
    assert sorted(flagged) == sorted(outside)
    assert set(data.customers.filter(data.customers["stub"])["role"]) == {"outside"}


def test_medical_innovation_recommenders_equal_recount(engine: Engine) -> None:
    every_pair = nx.DiGraph(list(PAIRS))
    graph = every_pair.copy()
    cuts = 0
    while loops := [c for c in nx.strongly_connected_components(graph) if len(c) > 1]:
        for loop in loops:
            inner = [(u, v) for u, v in graph.in_edges(min(loop)) if u in loop]
            graph.remove_edges_from(inner)
            cuts += len(inner)
    result = pipeline.run(engine, "recommenders")
    found = {
        r["customer"]: (r["direct"], r["downstream"]) for r in result.frame.iter_rows(named=True)
    }
    expected = {
        x: (every_pair.out_degree(x), len(nx.descendants(graph, x)))
        for x in graph
        if every_pair.out_degree(x)
    }
    assert found == expected
    note = next(n for n in result.notes if n.id == "note.loops-cut")
    assert note.values["cuts"] == cuts
    named = [
        f
        for f in engine.graph(result.scope).findings.iter_rows(named=True)
        if f["code"] == "referral-loop"
    ]
    assert {frozenset(f["members"]) for f in named} == {
        frozenset(c)
        for c in nx.strongly_connected_components(nx.DiGraph(list(PAIRS)))
        if len(c) > 1
    }

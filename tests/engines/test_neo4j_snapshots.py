"""Snapshots: private, used while the database is unchanged, replaced when damaged."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from support import toys
from support.stores import describe_dataset, open_store, run_cypher

from refgraph import pipeline
from refgraph.engines.neo4j import snapshots, whole_graph
from refgraph.engines.neo4j.external_graph import ExternalGraph, ReferralType
from refgraph.engines.options import LoadOptions
from refgraph.model.settings import KeyAccountRule, Settings

pytestmark = pytest.mark.neo4j
SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "l96"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("REFGRAPH_CACHE", str(folder))
    return folder


def forbid_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, reading a graph from a database fails."""
    monkeypatch.setattr(whole_graph, "read_once", lambda *_: pytest.fail("read again"))


def find_mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_snapshot_is_used_until_the_database_changes(
    neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = pipeline.open_source(SAMPLE).dataset()
    open_store(neo4j_empty).load(data)
    first = open_store(neo4j_empty, snapshot=True)
    assert describe_dataset(first.dataset()) == describe_dataset(data)
    assert describe_dataset(open_store(neo4j_empty).dataset()) == describe_dataset(data)
    with monkeypatch.context() as patch:
        forbid_reading(patch)
        second = open_store(neo4j_empty, snapshot=True)
        assert describe_dataset(second.dataset()) == describe_dataset(data)
    assert second.origin() == first.origin()
    other = pipeline.open_source(SAMPLE.parent / "l96-29").dataset()
    open_store(neo4j_empty).load(other, options=LoadOptions(replace=True))
    third = open_store(neo4j_empty, snapshot=True)
    assert describe_dataset(third.dataset()) == describe_dataset(other)
    assert len(list(snapshots.list_snapshots())) == 1


def test_snapshot_files_are_private(neo4j_empty: Any, cache: Path) -> None:
    open_store(neo4j_empty).load(pipeline.open_source(SAMPLE).dataset())
    open_store(neo4j_empty, snapshot=True).dataset()
    files = [file for file in cache.rglob("*") if file.is_file()]
    assert len(files) == 8
    assert {find_mode(file) for file in files} == {0o600}
    assert find_mode(cache / "snapshots") == 0o700


def test_snapshot_settings_of_the_caller_override_stored_ones(neo4j_empty: Any) -> None:
    open_store(neo4j_empty).load(toys.star())
    open_store(neo4j_empty, snapshot=True).dataset()
    settings = Settings(key_account=KeyAccountRule("revenue", 1.0))
    engine = open_store(neo4j_empty, snapshot=True, settings=settings)
    assert engine.dataset().settings == settings


@pytest.mark.parametrize("name", ["about.json", "customers.arrow"])
def test_snapshot_damaged_is_replaced(name: str, neo4j_empty: Any, cache: Path) -> None:
    data = toys.forest()
    open_store(neo4j_empty).load(data)
    open_store(neo4j_empty, snapshot=True).dataset()
    (file,) = cache.rglob(name)
    file.write_bytes(file.read_bytes()[:-20])
    truncated = open_store(neo4j_empty, snapshot=True)
    assert describe_dataset(truncated.dataset()) == describe_dataset(data)
    file.unlink()
    missing = open_store(neo4j_empty, snapshot=True)
    assert describe_dataset(missing.dataset()) == describe_dataset(data)


def test_snapshot_each_mapping_has_its_own(
    neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_cypher(neo4j_empty, "CREATE (:A {id: 'x'})-[:R]->(:A {id: 'y'})")

    def read_pairs(graph: ExternalGraph) -> list[tuple[str, ...]]:
        engine = open_store(neo4j_empty, snapshot=True, settings=Settings(), external_graph=graph)
        return engine.dataset().referrals.select("referrer", "referred").rows()

    forward, backward = (
        ExternalGraph(("A",), (ReferralType("R", is_reversed),)) for is_reversed in (False, True)
    )
    assert read_pairs(forward) == [("x", "y")]
    assert read_pairs(backward) == [("y", "x")]
    forbid_reading(monkeypatch)
    assert read_pairs(backward) == [("y", "x")]
    assert len(list(snapshots.list_snapshots())) == 2


def test_clear_snapshots_returns_how_many_there_were(neo4j_empty: Any) -> None:
    open_store(neo4j_empty).load(toys.star())
    open_store(neo4j_empty, snapshot=True).dataset()
    assert snapshots.clear_snapshots() == 1
    assert not list(snapshots.list_snapshots())
    assert snapshots.clear_snapshots() == 0


@pytest.mark.parametrize("toy", ["empty", "single", "unicode"])
def test_snapshot_small_dataset_round_trip(toy: str, neo4j_empty: Any) -> None:
    data = toys.TOYS[toy]()
    open_store(neo4j_empty).load(data)
    for _ in range(2):
        engine = open_store(neo4j_empty, snapshot=True)
        assert describe_dataset(engine.dataset()) == describe_dataset(data)

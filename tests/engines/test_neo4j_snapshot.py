"""Snapshots: kept for their owner, used while the database does not change, thrown away when damaged."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

import toys
from refgraph import flow
from refgraph.engines.neo4j import snapshots
from refgraph.engines.neo4j.foreign import Foreign
from refgraph.engines.neo4j.store import Loading
from refgraph.model.settings import KeyAccountRule, Settings
from stores import content, run, store

pytestmark = pytest.mark.neo4j
CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REFGRAPH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def unread(engine: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The engine, which fails where it would read the graph."""
    monkeypatch.setattr(engine, "_picture", lambda: pytest.fail("read again"))
    return engine


def test_kept_and_used_until_the_database_changes(neo4j_empty: Any, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = flow.open_source(CASE).dataset()
    store(neo4j_empty).load(data)
    first = store(neo4j_empty, snapshot=True)
    assert content(first.dataset()) == content(data)
    second = unread(store(neo4j_empty, snapshot=True), monkeypatch)
    assert content(second.dataset()) == content(data)
    assert second.origin() == first.origin()
    assert content(store(neo4j_empty).dataset()) == content(data)
    files = [f for f in cache.rglob("*") if f.is_file()]
    assert len(files) == 8
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}
    assert stat.S_IMODE((cache / "snapshots").stat().st_mode) == 0o700
    other = flow.open_source(CASE.parent / "l96-29").dataset()
    store(neo4j_empty).load(other, how=Loading(replace=True))
    assert content(store(neo4j_empty, snapshot=True).dataset()) == content(other)
    assert len(list(snapshots.listed())) == 1


def test_settings_of_the_caller_hold_over_kept_ones(neo4j_empty: Any) -> None:
    store(neo4j_empty).load(toys.star())
    store(neo4j_empty, snapshot=True).dataset()
    rule = Settings(key_account=KeyAccountRule("revenue", 1.0))
    assert store(neo4j_empty, snapshot=True, settings=rule).dataset().settings == rule


def test_a_damaged_snapshot_is_made_again(neo4j_empty: Any, cache: Path) -> None:
    data = toys.forest()
    store(neo4j_empty).load(data)
    for harm in ("about.json", "customers.arrow"):
        store(neo4j_empty, snapshot=True).dataset()
        for file in cache.rglob(harm):
            file.write_bytes(file.read_bytes()[:-20])
        assert content(store(neo4j_empty, snapshot=True).dataset()) == content(data)
        for file in cache.rglob(harm):
            file.unlink()
        assert content(store(neo4j_empty, snapshot=True).dataset()) == content(data)


def test_every_way_of_reading_has_its_own(neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    run(neo4j_empty, "CREATE (:A {id: 'x'})-[:R]->(:A {id: 'y'})")
    plain, turned = Foreign("A", "R"), Foreign("A", "R", True)
    pairs = [store(neo4j_empty, snapshot=True, settings=Settings(), graph=g).dataset().referrals.select(
        "referrer", "referred").rows() for g in (plain, turned)]  # fmt: skip
    assert pairs == [[("x", "y")], [("y", "x")]]
    again = unread(store(neo4j_empty, snapshot=True, settings=Settings(), graph=turned), monkeypatch)
    assert again.dataset().referrals.select("referrer", "referred").rows() == [("y", "x")]
    assert len(list(snapshots.listed())) == 2
    assert snapshots.clear() == 2
    assert not list(snapshots.listed())
    assert snapshots.clear() == 0


@pytest.mark.parametrize("toy", ["empty", "single", "unicode"])
def test_what_is_small_is_kept_as_well(toy: str, neo4j_empty: Any) -> None:
    data = toys.TOYS[toy]()
    store(neo4j_empty).load(data)
    for _ in range(2):
        assert content(store(neo4j_empty, snapshot=True).dataset()) == content(data)

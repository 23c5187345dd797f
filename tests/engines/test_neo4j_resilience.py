"""Broken connections and killed servers: no load is written twice or left half done unnoticed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import toys
from support.cutting_proxy import CuttingProxy
from support.random_cases import choose, choose_few
from support.stores import describe_dataset, open_store, run_cypher

from refgraph import pipeline
from refgraph.engines.neo4j import batches, probe, sessions
from refgraph.engines.neo4j.load_plan import plan_load
from refgraph.engines.options import LoadOptions
from refgraph.errors import DatabaseError
from refgraph.model.dataset import Dataset
from refgraph.progress import Progress

pytestmark = pytest.mark.neo4j
SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
SAMPLE_ORDERS = 2862
KILLS = choose(1, 5)
RESUME, REPLACE = LoadOptions(resume=True), LoadOptions(replace=True)


@pytest.fixture(scope="module")
def sample() -> Dataset:
    return pipeline.open_source(SAMPLE).dataset()


@pytest.fixture
def proxy(neo4j_empty: Any) -> Iterator[CuttingProxy]:
    with CuttingProxy(neo4j_empty.uri) as running:
        yield running


@pytest.mark.parametrize(
    "commit",
    [pytest.param(1, marks=pytest.mark.slow), 4, pytest.param(9, marks=pytest.mark.slow)],
)
@pytest.mark.parametrize(
    "fault", [pytest.param("cut_before_commit", marks=pytest.mark.slow), "cut_after_commit"]
)
def test_load_connection_cut_around_commit_writes_nothing_twice(
    fault: str,
    commit: int,
    neo4j_empty: Any,
    proxy: CuttingProxy,
    sample: Dataset,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The driver cannot know whether the batch was committed; it is written again."""
    open_store(neo4j_empty).load(sample)
    monkeypatch.setattr(batches, "BATCH_ROWS", 400)
    armed: list[str] = []

    def arm(stage: str, done: int, total: int | None = None) -> None:
        if not armed:
            armed.append(stage)
            getattr(proxy, fault)(commit)

    open_store(neo4j_empty, proxy.uri).load(sample, arm, REPLACE)
    assert armed
    assert proxy.cuts == 1
    assert describe_dataset(open_store(neo4j_empty).dataset()) == describe_dataset(sample)


@pytest.mark.parametrize("count", choose_few([9_000, 2_000, 60_000], 1))
def test_dataset_connection_cut_while_reading_is_read_again(
    count: int, neo4j_empty: Any, proxy: CuttingProxy, sample: Dataset
) -> None:
    open_store(neo4j_empty).load(sample)
    proxy.cut_after_bytes(count)
    engine = open_store(neo4j_empty, proxy.uri)
    assert describe_dataset(engine.dataset()) == describe_dataset(sample)


@pytest.mark.parametrize("fault", ["cut_before_commit", "cut_after_commit"])
def test_dataset_connection_cut_at_the_end_of_a_read_is_read_again(
    fault: str, neo4j_empty: Any, proxy: CuttingProxy, sample: Dataset
) -> None:
    open_store(neo4j_empty).load(sample)
    getattr(proxy, fault)(1)
    engine = open_store(neo4j_empty, proxy.uri)
    assert describe_dataset(engine.dataset()) == describe_dataset(sample)
    assert proxy.cuts == 1


def test_load_slow_connection_round_trip(neo4j_empty: Any, proxy: CuttingProxy) -> None:
    data = toys.loop()
    proxy.slow(delay=0.005)
    engine = open_store(neo4j_empty, proxy.uri)
    assert engine.load(data) == "new"
    assert describe_dataset(engine.dataset()) == describe_dataset(data)


@pytest.fixture
def _short_timeouts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH_ROWS", 400)
    monkeypatch.setattr(sessions, "SILENCE_SECONDS", 1.5)
    monkeypatch.setattr(probe, "TIMEOUT_SECONDS", 0.3)


def expect_error(error: str, engine: Any, *arguments: Any) -> None:
    """Loading, or reading without arguments, raises this DatabaseError."""
    with pytest.raises(DatabaseError) as caught:
        engine.load(*arguments) if arguments else engine.dataset()
    assert caught.value.id == error


@pytest.mark.usefixtures("_short_timeouts")
def test_load_silent_server_is_given_up_and_late_messages_do_no_harm(
    neo4j_empty: Any, proxy: CuttingProxy, sample: Dataset
) -> None:
    """Messages under way arrive after another load has gone on."""

    def fall_silent(stage: str, done: int, total: int | None = None) -> None:
        if stage == "load-orders" and done == 800:
            proxy.black_hole()

    expect_error("db-silent", open_store(neo4j_empty, proxy.uri), sample, fall_silent)
    expect_error("db-mute", open_store(neo4j_empty, proxy.uri))
    run_cypher(neo4j_empty, "MATCH (k:RefgraphLock) SET k.until = 0")
    assert open_store(neo4j_empty).load(sample, options=RESUME) == "resume"
    proxy.heal()
    assert open_store(neo4j_empty).load(sample) == "same"
    engine = open_store(neo4j_empty, proxy.uri)
    assert describe_dataset(engine.dataset()) == describe_dataset(sample)


@pytest.mark.usefixtures("_short_timeouts")
def test_dataset_silent_server_is_given_up(
    neo4j_empty: Any, proxy: CuttingProxy, sample: Dataset
) -> None:
    open_store(neo4j_empty).load(sample)
    engine = open_store(neo4j_empty, proxy.uri)
    engine.read_load_record()
    proxy.black_hole()
    expect_error("db-silent", engine)


def kill_at(server: Any, call: int) -> Progress:
    """A progress callback that kills the server in its n-th call, counted from 0."""
    calls = iter(range(10**6))

    def report(stage: str, done: int, total: int | None = None) -> None:
        if next(calls) == call and stage != "load-removed":
            server.kill()

    return report


@pytest.mark.neo4j(restarts=True)
@pytest.mark.parametrize("seed", KILLS)
def test_load_server_killed_resumes_after_restart(
    seed: int, neo4j_empty: Any, sample: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_ROWS", 100)
    monkeypatch.setattr(sessions, "RETRY_SECONDS", 0.5)
    tables = plan_load(sample, "").tables.values()
    calls = sum(1 + -(-frame.height // batches.BATCH_ROWS) for frame in tables)
    call = random.Random(seed).randrange(1, calls - 1)
    try:
        open_store(neo4j_empty).load(sample, kill_at(neo4j_empty, call), REPLACE)
    except DatabaseError as error:
        assert error.id in ("db-unreachable", "db-lost-commit")
    if not neo4j_empty.is_running():
        neo4j_empty.restart()
    action = open_store(neo4j_empty).load(sample, options=RESUME)
    assert action in ("resume", "same", "replace")
    assert describe_dataset(open_store(neo4j_empty).dataset()) == describe_dataset(sample)
    count = "MATCH (n:Order) RETURN count(n), count(DISTINCT n.refgraph_row)"
    assert run_cypher(neo4j_empty, count) == [[SAMPLE_ORDERS, SAMPLE_ORDERS]]

"""Loads are idempotent, resumable, and leave the data of other programs alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support import companies
from support.stores import connect, describe_dataset, open_store, run_cypher

from refgraph import pipeline
from refgraph.engines.neo4j import batches, load_record, loading
from refgraph.engines.neo4j.load_plan import plan_load
from refgraph.engines.options import LoadOptions
from refgraph.errors import DatabaseError, DataError, OutOfMemoryError, UsageError
from refgraph.model.dataset import Dataset
from refgraph.progress import Progress

pytestmark = pytest.mark.neo4j
SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
OTHER_SAMPLE = SAMPLE.parent / "l96-29"
RESUME, REPLACE = LoadOptions(resume=True), LoadOptions(replace=True)
INTO_EXISTING = LoadOptions(into_existing=True)
REPLACE_IN_EXISTING = LoadOptions(into_existing=True, replace=True)


@pytest.fixture(scope="module")
def sample() -> Dataset:
    return pipeline.open_source(SAMPLE).dataset()


@pytest.fixture(scope="module")
def other_sample() -> Dataset:
    return pipeline.open_source(OTHER_SAMPLE).dataset()


class StoppedError(Exception):
    """A load that is interrupted on purpose."""


def interrupt_at(call: int) -> Progress:
    """A progress callback that interrupts the load in its n-th call, counted from 0."""
    calls = iter(range(10**9))

    def report(stage: str, done: int, total: int | None = None) -> None:
        if next(calls) == call:
            raise StoppedError

    return report


def count_progress_calls(data: Dataset) -> int:
    """Calls of the progress callback in a load: one before each table, one after each batch."""
    tables = plan_load(data, "").tables.values()
    return sum(1 + -(-frame.height // batches.BATCH_ROWS) for frame in tables)


def test_load_again_commits_nothing(neo4j_empty: Any, sample: Dataset) -> None:
    engine = open_store(neo4j_empty)
    assert engine.load(sample, source="l96") == "new"
    before = connect(neo4j_empty).version()
    assert open_store(neo4j_empty).load(sample) == "same"
    assert open_store(neo4j_empty).load(sample, options=RESUME) == "same"
    assert connect(neo4j_empty).version() == before


def test_read_load_record_after_load_describes_it(neo4j_empty: Any, sample: Dataset) -> None:
    engine = open_store(neo4j_empty)
    engine.load(sample, source="l96")
    record = engine.read_load_record()
    assert record is not None
    assert (record.source, record.state) == ("l96", "complete")
    assert record.fingerprint == sample.fingerprint
    assert record.rows == record.written_rows == plan_load(sample, "").rows


def test_load_interrupted_anywhere_resumes(
    neo4j_empty: Any, sample: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_ROWS", 400)
    calls = range(count_progress_calls(sample))
    assert len(calls) > 15
    for call in calls[1 :: len(calls) // 3]:
        engine = open_store(neo4j_empty)
        with pytest.raises(StoppedError):
            engine.load(sample, interrupt_at(call), REPLACE)
        with pytest.raises(DataError) as incomplete:
            open_store(neo4j_empty).dataset()
        assert incomplete.value.id == "load-incomplete"
        with pytest.raises(UsageError) as interrupted:
            open_store(neo4j_empty).load(sample)
        assert interrupted.value.id == "load-broken-off"
        assert open_store(neo4j_empty).load(sample, options=RESUME) in ("resume", "replace")
        assert describe_dataset(open_store(neo4j_empty).dataset()) == describe_dataset(sample)


def test_load_resume_other_data_is_refused(
    neo4j_empty: Any, sample: Dataset, other_sample: Dataset
) -> None:
    with pytest.raises(StoppedError):
        open_store(neo4j_empty).load(sample, interrupt_at(3))
    with pytest.raises(UsageError) as caught:
        open_store(neo4j_empty).load(other_sample, options=RESUME)
    assert caught.value.id == "load-broken-off"
    assert open_store(neo4j_empty).load(other_sample, options=REPLACE) == "replace"
    assert describe_dataset(open_store(neo4j_empty).dataset()) == describe_dataset(other_sample)


def test_load_resume_empty_database_is_new(neo4j_empty: Any, sample: Dataset) -> None:
    assert open_store(neo4j_empty).load(sample, options=RESUME) == "new"


def test_load_other_data_needs_replace(
    neo4j_empty: Any, sample: Dataset, other_sample: Dataset
) -> None:
    open_store(neo4j_empty).load(sample)
    with pytest.raises(UsageError) as caught:
        open_store(neo4j_empty).load(other_sample)
    assert caught.value.id == "load-there"
    with pytest.raises(StoppedError):  # while the old load is being deleted
        open_store(neo4j_empty).load(other_sample, interrupt_at(1), REPLACE)
    with pytest.raises(DataError):
        open_store(neo4j_empty).dataset()
    assert open_store(neo4j_empty).load(other_sample, options=REPLACE) == "replace"
    assert describe_dataset(open_store(neo4j_empty).dataset()) == describe_dataset(other_sample)
    counts = load_record.count_nodes(connect(neo4j_empty))
    assert counts["Customer"] == other_sample.customers.height
    assert other_sample.orders is not None
    assert counts["Order"] == other_sample.orders.height


def test_load_into_existing_leaves_foreign_data_alone(
    neo4j_empty: Any, sample: Dataset, other_sample: Dataset
) -> None:
    films = "CREATE (:Film {title: 'x'})-[:REFERRED {at: 1}]->(:Film {title: 'y'})"
    run_cypher(neo4j_empty, films)
    with pytest.raises(UsageError) as caught:
        open_store(neo4j_empty).load(sample)
    assert caught.value.id == "database-not-empty"
    assert open_store(neo4j_empty).load(sample, options=INTO_EXISTING) == "new"
    assert describe_dataset(open_store(neo4j_empty).dataset()) == describe_dataset(sample)
    assert open_store(neo4j_empty).load(other_sample, options=REPLACE_IN_EXISTING) == "replace"
    find_films = "MATCH (a:Film)-[r:REFERRED]->(b) RETURN a.title, r.at, b.title"
    assert run_cypher(neo4j_empty, find_films) == [["x", 1, "y"]]


def test_load_replace_with_foreign_relationships_is_refused(
    neo4j_empty: Any, sample: Dataset, other_sample: Dataset
) -> None:
    open_store(neo4j_empty).load(other_sample)
    run_cypher(neo4j_empty, "MATCH (c:Customer {id: 'C020'}) CREATE (c)-[:SAW]->(:Film)")
    with pytest.raises(DatabaseError) as caught:
        open_store(neo4j_empty).load(sample, options=REPLACE_IN_EXISTING)
    assert caught.value.id == "db-foreign-relationships"
    count = "MATCH (:Customer {id: 'C020'})-[r:SAW]->() RETURN count(r)"
    assert run_cypher(neo4j_empty, count) == [[1]]


def test_load_foreign_nodes_with_own_labels_are_refused(neo4j_empty: Any, sample: Dataset) -> None:
    run_cypher(neo4j_empty, "CREATE (:Customer {id: 'x'})")
    with pytest.raises(UsageError) as caught:
        open_store(neo4j_empty).load(sample, options=REPLACE_IN_EXISTING)
    assert caught.value.id == "labels-taken"


def test_dataset_empty_database_is_reported(neo4j_empty: Any) -> None:
    with pytest.raises(DataError) as caught:
        open_store(neo4j_empty).dataset()
    assert caught.value.id == "nothing-loaded"


def test_load_server_out_of_memory_halves_the_batch(
    neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = companies.dataset(companies.company(size=2_000, seed=6))
    tried: list[int] = []
    write_batch = loading._write_batch

    def write_small_batch(
        database: Any, lease: Any, text: Any, batch: loading.Batch, *rest: Any
    ) -> None:
        tried.append(batch.rows)
        if batch.rows > 500:
            raise OutOfMemoryError("db-memory", uri="", why="")
        write_batch(database, lease, text, batch, *rest)

    monkeypatch.setattr(loading, "_write_batch", write_small_batch)
    engine = open_store(neo4j_empty)
    assert engine.load(data) == "new"
    assert max(tried) > 500
    monkeypatch.undo()
    assert engine.dataset().fingerprint == data.fingerprint

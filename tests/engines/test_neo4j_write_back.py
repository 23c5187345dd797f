"""``refgraph write-back``, ``--undo`` and ``unload`` on a real server, checked by plain Cypher."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from support.neo4j_program import Program
from support.stores import connect, open_store, run_cypher

from refgraph import pipeline
from refgraph.engines.neo4j import batches, lease
from refgraph.engines.neo4j.freshness import is_unchanged_since_load
from refgraph.engines.neo4j.load_record import read_load_record
from refgraph.engines.write_back import WriteBack
from refgraph.errors import LockedError, UsageError
from refgraph.model.result import Result
from refgraph.pipeline.write_back import plan_write_back, to_label
from refgraph.progress import Progress

pytestmark = pytest.mark.neo4j
SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
ALL_NODES = "MATCH (n) RETURN labels(n), properties(n) ORDER BY elementId(n)"
BATCH = 7
"""Rows of a batch: the 129 customers of the sample are many batches."""


class StoppedError(Exception):
    """A run that is interrupted on purpose."""


@pytest.fixture(scope="module")
def offline() -> Any:
    return pipeline.open_source(SAMPLE)


@pytest.fixture(scope="module")
def recommenders(offline: Any) -> Result:
    return pipeline.run(offline, "recommenders")


@pytest.fixture
def loaded(neo4j_empty: Any, offline: Any) -> Any:
    open_store(neo4j_empty).load(offline.dataset(), source="l96")
    return neo4j_empty


@pytest.fixture
def program(loaded: Any, tmp_path: Path) -> Program:
    return Program(loaded, tmp_path)


def plan(result: Result, **options: Any) -> WriteBack:
    return plan_write_back(result, "f" * 64, **options)


def list_customers(server: Any) -> dict[str, dict[str, Any]]:
    """Id -> properties that a run wrote."""
    rows = run_cypher(server, "MATCH (n:Customer) RETURN properties(n)")
    return {p["id"]: {k: v for k, v in p.items() if k.startswith("refgraph_")} for (p,) in rows}


def interrupt_at(call: int) -> Progress:
    calls = iter(range(10**9))

    def report(stage: str, done: int, total: int | None = None) -> None:
        if next(calls) == call:
            raise StoppedError

    return report


def test_write_back_writes_every_cell_of_the_answer(loaded: Any, recommenders: Result) -> None:
    run = open_store(loaded).write_back(plan(recommenders, labels=["recommender_tier"]))
    assert run.nodes == run.rows == recommenders.frame.height
    written = list_customers(loaded)
    for row in recommenders.frame.iter_rows(named=True):
        properties = written.pop(row["customer"])
        assert properties.pop("refgraph_recommenders_run") == run.id
        for name, value in row.items():
            if name in ("customer", "name"):
                continue
            stored = properties.pop(f"refgraph_{name}", None)
            assert (str(stored) if name in ("first", "last") else stored) == (
                str(value) if name in ("first", "last") else value
            ), name
        assert properties == {}
    assert not any(written.values())
    tiers = recommenders.frame["recommender_tier"].value_counts()
    for word, rows in tiers.iter_rows():
        if word is not None:
            label = to_label("refgraph_", word, "recommender_tier")
            assert run_cypher(loaded, f"MATCH (n:`{label}`) RETURN count(n)") == [[rows]]


def test_write_back_and_undo_leave_the_load_fresh_and_the_graph_as_before(
    loaded: Any, recommenders: Result, offline: Any
) -> None:
    before = run_cypher(loaded, "MATCH (n:Customer) RETURN labels(n), properties(n) ORDER BY n.id")
    store = open_store(loaded)
    run = store.write_back(plan(recommenders, labels=["recommender_tier"]))
    with connect(loaded) as database:
        record = read_load_record(database)
        assert record and is_unchanged_since_load(record, database.version())
    undone = store.undo_write_back(run.id)
    assert undone.nodes == run.nodes
    after = run_cypher(loaded, "MATCH (n:Customer) RETURN labels(n), properties(n) ORDER BY n.id")
    assert after == before
    assert run_cypher(loaded, "MATCH (r:RefgraphRun) RETURN count(r)") == [[0]]
    with connect(loaded) as database:
        record = read_load_record(database)
        assert record and is_unchanged_since_load(record, database.version())
    assert open_store(loaded).load(offline.dataset()) == "same"


@pytest.mark.parametrize("foreign", ["property", "label", "another run"])
def test_write_back_never_writes_into_names_that_exist(
    foreign: str, loaded: Any, recommenders: Result
) -> None:
    if foreign == "property":
        run_cypher(loaded, "MATCH (n:Customer) WITH n LIMIT 1 SET n.refgraph_direct = 'mine'")
    elif foreign == "another run":
        other = plan(recommenders, columns=["direct"])
        values = other.values
        open_store(loaded).write_back(
            WriteBack(**{**vars(other), "marker": "refgraph_other_run", "values": values})
        )
    tier = recommenders.frame["recommender_tier"].drop_nulls()[0]
    label = to_label("refgraph_", tier, "recommender_tier")
    if foreign == "label":
        run_cypher(loaded, f"CREATE (:`{label}` {{mine: 1}})")
    before = run_cypher(loaded, ALL_NODES)
    with pytest.raises(UsageError) as caught:
        open_store(loaded).write_back(plan(recommenders, labels=["recommender_tier"]))
    assert caught.value.id == "write-back-taken"
    after = [row for row in run_cypher(loaded, ALL_NODES) if row[0] != ["RefgraphLock"]]
    assert after == [row for row in before if row[0] != ["RefgraphLock"]]


def test_write_back_again_replaces_the_run_node_by_node(
    loaded: Any, recommenders: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New values, fewer rows, other columns: nothing of the old run stays."""
    monkeypatch.setattr(batches, "BATCH_ROWS", BATCH)
    store = open_store(loaded)
    old = store.write_back(plan(recommenders, labels=["recommender_tier"]))
    fewer = recommenders.frame.filter(pl.col("rank") <= 10).with_columns(pl.col("direct") + 100)
    shorter = Result(**{**vars(recommenders), "frame": fewer})
    new = store.write_back(plan(shorter, columns=["direct"]))
    assert (new.replaced, new.nodes) == (1, fewer.height)
    found = {id: p for id, p in list_customers(loaded).items() if p}
    assert found == {
        id: {"refgraph_direct": direct, "refgraph_recommenders_run": new.id}
        for id, direct in fewer.select("customer", "direct").iter_rows()
    }
    runs = run_cypher(loaded, "MATCH (r:RefgraphRun) RETURN r.id, r.state, r.fingerprint")
    assert runs == [[new.id, "complete", "f" * 64]]
    tiers = "MATCH (n:Customer) WHERE size(labels(n)) > 1 RETURN count(n)"
    assert run_cypher(loaded, tiers) == [[0]]
    assert old.id != new.id


def test_write_back_interrupted_anywhere_continues(
    loaded: Any, recommenders: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_ROWS", BATCH)
    what = plan(recommenders, columns=["direct", "first"])
    for batch in range(1, 4):
        with pytest.raises(StoppedError):
            open_store(loaded).write_back(what, interrupt_at(1))
        held = [p for p in list_customers(loaded).values() if p]
        assert len(held) == batch * BATCH
    run = open_store(loaded).write_back(what)
    assert run.nodes == recommenders.frame.height
    assert run_cypher(loaded, "MATCH (r:RefgraphRun) RETURN r.state") == [["complete"]]


def test_write_back_into_foreign_nodes_with_integer_keys(
    neo4j_empty: Any, recommenders: Result
) -> None:
    run_cypher(neo4j_empty, "UNWIND range(1, 50) AS i CREATE (:Person {nr: i, mood: 'calm'})")
    frame = recommenders.frame.head(20).with_columns(
        customer=(pl.int_range(pl.len()) + 41).cast(pl.String)
    )
    result = Result(**{**vars(recommenders), "frame": frame})
    what = plan(result, columns=["direct"], node_label="Person", node_key="nr")
    run = open_store(neo4j_empty).write_back(what)
    assert (run.nodes, run.rows) == (10, 20)
    store = open_store(neo4j_empty)
    assert store.plan_unload().runs
    store.unload()
    assert run_cypher(neo4j_empty, "MATCH (n) RETURN DISTINCT labels(n), keys(n), count(n)") in (
        [[["Person"], ["nr", "mood"], 50]],
        [[["Person"], ["mood", "nr"], 50]],
    )
    assert run_cypher(neo4j_empty, "SHOW CONSTRAINTS") == []


def test_write_back_needs_an_index_for_many_nodes(neo4j_empty: Any, recommenders: Result) -> None:
    run_cypher(neo4j_empty, "UNWIND range(1, 5001) AS i CREATE (:Person {nr: toString(i)})")
    with pytest.raises(UsageError) as caught:
        open_store(neo4j_empty).write_back(plan(recommenders, node_label="Person", node_key="nr"))
    assert caught.value.id == "key-without-index"
    with pytest.raises(UsageError) as caught:
        open_store(neo4j_empty).write_back(plan(recommenders, node_label="Human"))
    assert caught.value.id == "no-nodes-to-write"


def test_commands_write_undo_and_unload(program: Program, loaded: Any) -> None:
    words = ("write-back", "accounts", "neo4j://", "--write", "account", "--label", "account")
    done = program(*words, "--lang", "en")
    assert done.returncode == 0, done.stderr
    run = done.stdout.split()[1].rstrip(":")
    key = "MATCH (n:RefgraphKeyAccount) RETURN DISTINCT n.refgraph_account, n.refgraph_accounts_run"
    assert run_cypher(loaded, key) == [["account-key", run]]
    unknown = program("write-back", "--undo", "nothing", "neo4j://")
    assert unknown.returncode == 2
    assert run in unknown.stderr
    undone = program("write-back", f"--undo={run[:12]}", "neo4j://")
    assert undone.returncode == 0, undone.stderr
    assert run_cypher(loaded, key) == []
    assert program("unload", "neo4j://").returncode == 2
    assert program("unload", "neo4j://", "--yes").returncode == 0
    assert program("unload", "neo4j://", "--lang", "en").stdout.startswith("Nothing to do")
    assert run_cypher(loaded, "MATCH (n) RETURN count(n)") == [[0]]


def test_commands_refuse_what_cannot_be_written(program: Program) -> None:
    refused = {
        ("effect", "neo4j://"): "one row per customer",
        ("recommenders", "neo4j://", "--prefix", "9"): "cannot begin",
        ("recommenders", "neo4j://", "--write", "nope"): "nope",
        ("recommenders", "neo4j://", "--label", "direct"): "fixed list",
        ("recommenders", str(SAMPLE)): "not a database",
    }
    for words, part in refused.items():
        done = program("write-back", *words, "--lang", "en")
        assert done.returncode == 2, (words, done)
        assert part in done.stderr, (words, done.stderr)


def test_write_back_waits_for_nobody(loaded: Any, recommenders: Result) -> None:
    """A second writer is refused with the name of the first."""
    with connect(loaded) as database, lease.hold_lease(database), pytest.raises(LockedError):
        open_store(loaded).write_back(plan(recommenders))

"""``load --sync`` makes of a load what a fresh load of the new files would be."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from support import toys
from support.neo4j_program import Program
from support.stores import connect, describe_dataset, open_store, run_cypher

from refgraph import pipeline
from refgraph.engines.neo4j import batches, lease, row_hashes
from refgraph.engines.neo4j.freshness import is_unchanged_since_load
from refgraph.engines.neo4j.load_record import read_load_record
from refgraph.errors import DatabaseError, DataError, LockedError, UsageError
from refgraph.model.dataset import Dataset
from refgraph.progress import Progress

pytestmark = pytest.mark.neo4j
SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
OTHER_SAMPLE = SAMPLE.parent / "l96-29"
GRAPH = (
    "MATCH (n) WHERE NOT n:RefgraphLoad AND NOT n:RefgraphLock AND NOT n:RefgraphBlock "
    "RETURN labels(n), properties(n)",
    "MATCH (a)-[r]->(b) RETURN type(r), properties(r), a.id, coalesce(b.id, b.name)",
)


class StoppedError(Exception):
    """A sync that is interrupted on purpose."""


@pytest.fixture(scope="module")
def sample() -> Dataset:
    return pipeline.open_source(SAMPLE).dataset()


@pytest.fixture(scope="module")
def other_sample() -> Dataset:
    return pipeline.open_source(OTHER_SAMPLE).dataset()


def dump(server: Any) -> list[list[str]]:
    """All nodes and relationships as sorted texts, without the numbers of orders."""
    found = []
    for statement in GRAPH:
        for row in (rows := run_cypher(server, statement)):
            is_summary = any(str(label).startswith("Refgraph") for label in row[0])
            if not is_summary:
                row[1].pop("refgraph_row", None)
            row[1] = sorted(row[1].items(), key=str)
        found.append(sorted(str(row) for row in rows))
    return found


def interrupt_at(call: int) -> Progress:
    calls = iter(range(10**9))

    def report(stage: str, done: int, total: int | None = None) -> None:
        if next(calls) == call:
            raise StoppedError

    return report


def is_fresh(server: Any) -> bool:
    with connect(server) as database:
        record = read_load_record(database)
        assert record is not None
        return is_unchanged_since_load(record, database.version())


def assert_like_fresh_load(server: Any, data: Dataset, fresh: list[list[str]]) -> None:
    assert dump(server) == fresh
    engine = open_store(server)
    assert describe_dataset(engine.dataset()) == describe_dataset(data)
    assert engine.read_load_record().fingerprint == data.fingerprint
    assert is_fresh(server)
    rows = run_cypher(server, "MATCH (n:Order) RETURN n.refgraph_row AS r ORDER BY r")
    assert rows == [[number] for number in range(len(rows))]


def load_fresh(server: Any, data: Dataset) -> list[list[str]]:
    open_store(server).load(data)
    graph = dump(server)
    open_store(server).unload()
    return graph


@pytest.mark.parametrize(
    "way", ["hashes", "rows", pytest.param("other polars", marks=pytest.mark.slow)]
)
def test_sync_equals_a_fresh_load(
    way: str,
    neo4j_empty: Any,
    sample: Dataset,
    other_sample: Dataset,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batches, "BATCH_ROWS", 500)
    fresh = load_fresh(neo4j_empty, other_sample)
    open_store(neo4j_empty).load(sample)
    if way == "rows":
        run_cypher(neo4j_empty, "CREATE (:Note)")
    if way == "other polars":
        monkeypatch.setattr(row_hashes, "make_stamp", lambda identity: "other")
        monkeypatch.setattr("refgraph.engines.neo4j.hash_blocks.make_stamp", lambda i: "other")
    summary = open_store(neo4j_empty).sync(other_sample, prune=True)
    assert summary.was_fresh == (way == "hashes")
    assert summary.changes > 0
    run_cypher(neo4j_empty, "MATCH (n:Note) DELETE n")
    if way == "rows":
        again = open_store(neo4j_empty).sync(other_sample, prune=True)
        assert again.same
    assert_like_fresh_load(neo4j_empty, other_sample, fresh)
    assert open_store(neo4j_empty).plan_sync(other_sample).same


def change_company(seed: int) -> tuple[Dataset, Dataset]:
    choose = random.Random(seed)
    ids = [f"C{i}" for i in range(12)]
    customers = [{"id": i, "name": i.lower(), "sector": choose.choice("ab")} for i in ids]
    referrals = [{"referrer": ids[choose.randrange(n)], "referred": ids[n]} for n in range(1, 10)]
    orders = [
        {"customer": choose.choice(ids), "at": f"2024-0{choose.randint(1, 3)}-01", "amount": "5"}
        for _ in range(15)
    ]

    def vary(rows: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
        kept = [dict(row) for row in rows if choose.random() > 0.25]
        for row in kept:
            if choose.random() < 0.3:
                row[key] = choose.choice(["a", "c"]) if key == "sector" else "7"
        choose.shuffle(kept)
        return kept

    new_customers = [*vary(customers, "sector"), {"id": "X1", "name": "new", "sector": "d"}]
    known = {row["id"] for row in new_customers}
    new_referrals = [r for r in referrals if set(r.values()) <= known][:-1]
    new_referrals += [{"referrer": new_customers[0]["id"], "referred": "X1"}]
    new_orders = [o for o in vary(orders, "amount") if o["customer"] in known]
    new_orders += [{"customer": "X1", "at": "2024-05-01", "amount": "9"}] * choose.randint(1, 4)
    return (
        toys.company(key_by_id(customers), referrals, orders),
        toys.company(key_by_id(new_customers), new_referrals, new_orders),
    )


def key_by_id(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["id"]: {k: v for k, v in row.items() if k != "id"} for row in rows}


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 20))]
)
def test_sync_of_random_changes_equals_a_fresh_load(seed: int, neo4j_empty: Any) -> None:
    old, new = change_company(seed)
    fresh = load_fresh(neo4j_empty, new)
    for edits in ("", "SET n.sector = 5, n.mood = 'calm'"):
        open_store(neo4j_empty).load(old)
        if edits:
            run_cypher(neo4j_empty, f"MATCH (n:Customer {{id: 'C1'}}) {edits}")
            run_cypher(neo4j_empty, "MATCH (n:Customer {id: 'C2'})-[r]-() DELETE r")
            run_cypher(neo4j_empty, "MATCH (n:Customer {id: 'C3'}) CREATE (n)-[:PLACED]->(:Order)")
        open_store(neo4j_empty).sync(new, prune=True)
        run_cypher(neo4j_empty, "MATCH (n:Customer) REMOVE n.mood")
        assert dump(neo4j_empty) == fresh
        open_store(neo4j_empty).unload()


def test_sync_interrupted_anywhere_is_run_again(
    neo4j_empty: Any, sample: Dataset, other_sample: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_ROWS", 500)
    fresh = load_fresh(neo4j_empty, other_sample)
    for call in (0, 3):
        open_store(neo4j_empty).load(sample)
        with pytest.raises(StoppedError):
            open_store(neo4j_empty).sync(other_sample, interrupt_at(call), True)
        with pytest.raises(DataError):
            open_store(neo4j_empty).dataset()
        open_store(neo4j_empty).sync(other_sample, prune=True)
        assert_like_fresh_load(neo4j_empty, other_sample, fresh)
        open_store(neo4j_empty).unload()


def test_sync_without_prune_keeps_rows_and_the_graph_is_read_as_it_stands(
    neo4j_empty: Any,
) -> None:
    chain = toys.company(dict.fromkeys("ABC", {}), [("A", "B")])
    shorter = toys.company(dict.fromkeys("AB", {}), [("A", "B")])
    open_store(neo4j_empty).load(chain)
    summary = open_store(neo4j_empty).sync(shorter)
    assert summary.removed == 1
    assert summary.tables["customers"].examples["removed"] == ["C"]
    assert open_store(neo4j_empty).dataset().customers["id"].to_list() == ["A", "B", "C"]
    assert not is_fresh(neo4j_empty)


def test_sync_keeps_foreign_properties_and_answers(neo4j_empty: Any, sample: Dataset) -> None:
    open_store(neo4j_empty).load(sample)
    run_cypher(neo4j_empty, "MATCH (n:Customer {id: 'C001'}) SET n.mood = 'calm', n.name = 'x'")
    open_store(neo4j_empty).sync(sample, prune=True)
    row = run_cypher(neo4j_empty, "MATCH (n:Customer {id: 'C001'}) RETURN n.mood, n.name")[0]
    names = dict(sample.customers.select("id", "name").iter_rows())
    assert row == ["calm", names["C001"]]


def test_prune_looks_at_what_others_attached_before_it_writes(neo4j_empty: Any) -> None:
    three = toys.company(dict.fromkeys("ABC", {}), [("A", "B")])
    two = toys.company(dict.fromkeys("AB", {}), [("B", "A")])
    open_store(neo4j_empty).load(three)
    run_cypher(neo4j_empty, "MATCH (n:Customer {id: 'C'}) SET n.mood = 1 CREATE (n)-[:N]->(:Note)")
    before = dump(neo4j_empty)
    assert open_store(neo4j_empty).plan_sync(two).lost_properties == ["mood"]
    with pytest.raises(DatabaseError):
        open_store(neo4j_empty).sync(two, prune=True)
    assert dump(neo4j_empty) == before


def test_sync_needs_a_load_and_the_lease(neo4j_empty: Any, sample: Dataset) -> None:
    with pytest.raises(UsageError):
        open_store(neo4j_empty).sync(sample)
    open_store(neo4j_empty).load(sample)
    with connect(neo4j_empty) as database, lease.hold_lease(database), pytest.raises(LockedError):
        open_store(neo4j_empty).sync(sample)


def test_commands_plan_and_sync(neo4j_empty: Any, tmp_path: Path) -> None:
    program = Program(neo4j_empty, tmp_path)
    into = ("--into", "neo4j://", "--lang", "en")
    program("load", "sample_data/l96", *into)
    planned = program("load", "sample_data/l96-29", *into, "--sync", "--plan")
    assert planned.returncode == 0, planned.stderr
    assert "would change" in planned.stdout
    refused = program("load", "sample_data/l96-29", *into, "--sync", "--prune")
    assert refused.returncode == 2
    assert "--yes" in refused.stderr
    done = program("load", "sample_data/l96-29", *into, "--sync", "--prune", "--yes")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Up to date")
    again = program("load", "sample_data/l96-29", *into, "--sync")
    assert again.stdout.startswith("Nothing to do")
    assert program("load", "sample_data/l96", *into, "--sync", "--replace").returncode == 2
    files = program("recommenders", "sample_data/l96-29", "--format", "csv")
    base = program("recommenders", "neo4j://", "--format", "csv")
    assert base.stdout == files.stdout

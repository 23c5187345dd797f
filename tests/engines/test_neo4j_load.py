"""Loading: the same twice changes nothing, broken off it goes on, one writer at a time, nothing of others is touched."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

import companies
import toys
from refgraph import flow
from refgraph.engines.neo4j import keeping, loading
from refgraph.engines.neo4j.lease import Lease, lease
from refgraph.engines.neo4j.store import Loading
from refgraph.engines.queries import statement
from refgraph.errors import DatabaseError, DataError, LockedError, UsageError
from refgraph.model.dataset import Dataset
from refgraph.progress import silent
from stores import content, database, run, store

pytestmark = pytest.mark.neo4j
CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
OTHER = CASE.parent / "l96-29"
HOLDER = {"holder": "elsewhere 1 x", "lease": 60_000, "takeover": -1}


@pytest.fixture(scope="module")
def case() -> Dataset:
    return flow.open_source(CASE).dataset()


@pytest.fixture(scope="module")
def other() -> Dataset:
    return flow.open_source(OTHER).dataset()


class Stop(Exception):
    """A load that is broken off."""


def stopping(at: int) -> Any:
    """A progress that breaks the load off at its n-th sign of life."""
    signs = iter(range(10**9))

    def tell(stage: str, done: int, total: int | None = None) -> None:
        if next(signs) == at:
            raise Stop

    return tell


def signs(data: Dataset) -> int:
    """How many signs of life a load gives: one before each table and one after each batch."""
    return sum(1 + -(-frame.height // loading.BATCH) for frame in loading.plan(data, "").tables.values())


def test_loading_again_changes_nothing(neo4j_empty: Any, case: Dataset) -> None:
    engine = store(neo4j_empty)
    assert engine.load(case, source="l96") == "new"
    before = database(neo4j_empty).token()
    assert store(neo4j_empty).load(case) == "same"
    assert store(neo4j_empty).load(case, how=Loading(resume=True)) == "same"
    assert database(neo4j_empty).token() == before
    found = engine.inspect()
    assert found and (found.source, found.fingerprint, found.state) == ("l96", case.fingerprint, "complete")
    assert found.rows == {t: f.height for t, f in loading.plan(case, "").tables.items()} == found.done


def test_broken_off_anywhere_it_goes_on(neo4j_empty: Any, case: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH", 400)
    ends = range(signs(case))
    assert len(ends) > 15
    for at in ends[:: len(ends) // 7]:
        engine = store(neo4j_empty)
        with pytest.raises(Stop):
            engine.load(case, stopping(at), Loading(replace=True))
        with pytest.raises(DataError, match="not complete"):
            store(neo4j_empty).dataset()
        with pytest.raises(UsageError, match="broken off"):
            store(neo4j_empty).load(case)
        assert store(neo4j_empty).load(case, how=Loading(resume=True)) in ("resume", "replace")
        assert content(store(neo4j_empty).dataset()) == content(case)


def test_resuming_needs_the_same_files(neo4j_empty: Any, case: Dataset, other: Dataset) -> None:
    with pytest.raises(Stop):
        store(neo4j_empty).load(case, stopping(3))
    with pytest.raises(UsageError) as caught:
        store(neo4j_empty).load(other, how=Loading(resume=True))
    assert caught.value.id == "load-broken-off"
    assert store(neo4j_empty).load(other, how=Loading(replace=True)) == "replace"
    assert content(store(neo4j_empty).dataset()) == content(other)


def test_resuming_where_nothing_is_begins(neo4j_empty: Any, case: Dataset) -> None:
    assert store(neo4j_empty).load(case, how=Loading(resume=True)) == "new"


def test_another_load_needs_a_word(neo4j_empty: Any, case: Dataset, other: Dataset) -> None:
    store(neo4j_empty).load(case)
    with pytest.raises(UsageError) as caught:
        store(neo4j_empty).load(other)
    assert caught.value.id == "load-there"
    with pytest.raises(Stop):  # broken off while the old one is being taken away
        store(neo4j_empty).load(other, stopping(1), Loading(replace=True))
    with pytest.raises(DataError):
        store(neo4j_empty).dataset()
    assert store(neo4j_empty).load(other, how=Loading(replace=True)) == "replace"
    assert content(store(neo4j_empty).dataset()) == content(other)
    left = {label: keeping.counts(database(neo4j_empty))[label] for label in ("Customer", "Order")}
    assert other.orders is not None
    assert left == {"Customer": other.customers.height, "Order": other.orders.height}


def test_what_others_keep_is_not_touched(neo4j_empty: Any, case: Dataset, other: Dataset) -> None:
    run(neo4j_empty, "CREATE (:Film {title: 'x'})-[:REFERRED {at: 1}]->(:Film {title: 'y'})")
    with pytest.raises(UsageError) as caught:
        store(neo4j_empty).load(case)
    assert caught.value.id == "database-not-empty"
    beside = Loading(into_existing=True)
    assert store(neo4j_empty).load(case, how=beside) == "new"
    assert content(store(neo4j_empty).dataset()) == content(case)
    assert store(neo4j_empty).load(other, how=Loading(into_existing=True, replace=True)) == "replace"
    assert run(neo4j_empty, "MATCH (a:Film)-[r:REFERRED]->(b) RETURN a.title, r.at, b.title") == [["x", 1, "y"]]
    run(neo4j_empty, "MATCH (c:Customer {id: 'C020'}), (f:Film {title: 'x'}) CREATE (c)-[:SAW]->(f)")
    with pytest.raises(DatabaseError) as refused:
        store(neo4j_empty).load(case, how=Loading(into_existing=True, replace=True))
    assert refused.value.id == "db-attached"
    assert run(neo4j_empty, "MATCH (:Customer {id: 'C020'})-[r:SAW]->() RETURN count(r)") == [[1]]


def test_labels_that_somebody_else_uses_are_refused(neo4j_empty: Any, case: Dataset) -> None:
    run(neo4j_empty, "CREATE (:Customer {id: 'x'})")
    with pytest.raises(UsageError) as caught:
        store(neo4j_empty).load(case, how=Loading(into_existing=True, replace=True))
    assert caught.value.id == "labels-taken"


@pytest.mark.parametrize("change", [
    "CREATE (:Customer {id: 'new'})", "MATCH (c:Customer {id: 'b'}) DETACH DELETE c", "MATCH ()-[r:REFERRED]->() DELETE r",
    "MATCH (a:Customer {id: 'a'}), (b:Customer {id: 'e'}) CREATE (b)-[:REFERRED]->(a)",
])  # fmt: skip
def test_what_was_changed_since_is_noticed(change: str, neo4j_empty: Any) -> None:
    store(neo4j_empty).load(toys.star())
    run(neo4j_empty, change)
    with pytest.raises(DataError) as caught:
        store(neo4j_empty).dataset()
    assert caught.value.id == "database-changed"


def test_nothing_loaded_is_said(neo4j_empty: Any) -> None:
    with pytest.raises(DataError) as caught:
        store(neo4j_empty).dataset()
    assert caught.value.id == "nothing-loaded"


def test_a_second_load_is_told_who_holds_the_lease(neo4j_empty: Any, case: Dataset) -> None:
    loading.prepare(database(neo4j_empty))
    database(neo4j_empty).write((statement("lock/take").filled(), HOLDER))
    with pytest.raises(LockedError) as caught:
        store(neo4j_empty).load(case)
    assert caught.value.id == "locked" and caught.value.values["holder"] == "elsewhere (1)"
    run(neo4j_empty, "MATCH (k:RefgraphLock) SET k.until = timestamp() - 1")
    assert store(neo4j_empty).load(case) == "new"


def test_a_dead_holder_of_this_machine_need_not_be_waited_for(neo4j_empty: Any, case: Dataset) -> None:
    import socket
    import subprocess

    gone = subprocess.Popen(["true"])
    gone.wait()
    loading.prepare(database(neo4j_empty))
    holder = HOLDER | {"holder": f"{socket.gethostname()} {gone.pid} x"}
    database(neo4j_empty).write((statement("lock/take").filled(), holder))
    assert store(neo4j_empty).load(case) == "new"


def test_a_zombie_is_stopped_by_its_token(neo4j_empty: Any, case: Dataset) -> None:
    """Its lease ran out and another has taken over: not a row of it is written."""
    def overtaken(stage: str, done: int, total: int | None = None) -> None:
        if stage == "load-orders" and not done:
            run(neo4j_empty, "MATCH (k:RefgraphLock) SET k.token = k.token + 1, k.holder = 'elsewhere 1 x'")

    with pytest.raises(LockedError) as caught:
        store(neo4j_empty).load(case, overtaken)
    assert caught.value.id == "lease-lost"
    assert run(neo4j_empty, "MATCH (o:Order) RETURN count(o)") == [[0]]
    assert run(neo4j_empty, "MATCH (k:RefgraphLock) RETURN k.holder") == [["elsewhere 1 x"]]


def test_two_loads_at_once(neo4j_empty: Any) -> None:
    data = companies.dataset(companies.company(size=2_000, seed=5))
    said: list[str] = []

    def go() -> None:
        try:
            said.append(store(neo4j_empty).load(data))
        except (LockedError, UsageError) as error:
            said.append(error.id)

    loading.prepare(database(neo4j_empty))
    threads = [threading.Thread(target=go) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count("new") == 1
    assert set(said) <= {"new", "locked", "same"}
    assert content(store(neo4j_empty).dataset()) == content(data)


def test_the_lease_is_given_back(neo4j_empty: Any) -> None:
    at = database(neo4j_empty)
    loading.prepare(at)
    with lease(at) as first, pytest.raises(LockedError), lease(at):
        pass
    with lease(at) as second:
        assert second.token == first.token + 1
        with pytest.raises(LockedError):
            at.write(Lease(first.token).step(), guard=True)


def test_a_batch_too_large_for_the_server_is_halved(neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    data = companies.dataset(companies.company(size=2_000, seed=6))
    written, real = [], loading._put

    def small(*given: Any) -> None:
        written.append(given[4])
        if given[4] > 500:
            raise DatabaseError("db-memory", uri="", why="")
        real(*given)

    monkeypatch.setattr(loading, "_put", small)
    engine = store(neo4j_empty)
    assert engine.load(data, silent) == "new"
    assert max(written) > 500
    monkeypatch.undo()
    assert engine.dataset().fingerprint == data.fingerprint

"""Faults: each gets one cause and one remedy in the time stated, and no load is ever doubled or half there."""

from __future__ import annotations

import os
import random
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import toys
from cutting_proxy import CuttingProxy
from neo4j_server import ended, started
from refgraph import flow
from refgraph.engines.neo4j import database as databases
from refgraph.engines.neo4j import loading, probe
from refgraph.engines.neo4j.access import Access
from refgraph.engines.neo4j.store import Loading, Neo4jStore
from refgraph.errors import DatabaseError
from refgraph.model.dataset import Dataset
from stores import content, run, store

pytestmark = pytest.mark.neo4j
CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
KILLS = 10 * int(os.environ.get("REFGRAPH_SOAK", "1"))


@pytest.fixture(scope="module")
def case() -> Dataset:
    return flow.open_source(CASE).dataset()


@contextmanager
def listening(answer: bytes | None) -> Iterator[str]:
    """A port that accepts and says something that is not Bolt, or nothing at all."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held = []

        def serve() -> None:
            while True:
                try:
                    one, _ = server.accept()
                except OSError:
                    return
                held.append(one)
                if answer is not None:
                    one.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield f"bolt://127.0.0.1:{server.getsockname()[1]}"
        for one in held:
            one.close()


def told(uri: str, **more: Any) -> str:
    with pytest.raises(DatabaseError) as caught:
        Neo4jStore(Access(uri, **more)).dataset()
    assert caught.value.exit_code == 4
    return caught.value.id


def test_where_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert told(f"bolt://127.0.0.1:{port}") == "db-unreachable"
    assert told("neo4j+s://nowhere.invalid") == "db-unreachable"


def test_where_something_else_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as uri:
        assert told(uri) == "db-not-bolt"
    with listening(bytes(4)) as uri:
        assert told(uri) == "db-not-bolt"
    monkeypatch.setattr(probe, "SECONDS", 0.3)
    with listening(None) as uri:
        assert told(uri) == "db-mute"


def test_encryption_where_the_server_has_none(neo4j_empty: Any) -> None:
    assert told(neo4j_empty.uri.replace("neo4j://", "bolt+s://"), password="x") == "db-unreachable"


def test_a_wrong_password_is_tried_once_and_asked_for_once(neo4j_empty: Any) -> None:
    assert told(neo4j_empty.uri, password="wrong-password") == "db-refused"
    asked = []

    def ask() -> str:
        asked.append(1)
        return neo4j_empty.password

    engine = Neo4jStore(Access(neo4j_empty.uri, ask=ask))
    assert engine.load(toys.star()) == "new"
    assert engine.dataset().customers.height == 5
    assert len(asked) == 1
    assert told(neo4j_empty.uri) == "db-refused"


def test_an_unknown_database(neo4j_empty: Any) -> None:
    assert told(neo4j_empty.uri, password=neo4j_empty.password, database="nothere") == "db-unknown"


@pytest.mark.parametrize("when", ["cut_before_commit", "cut_after_commit"])
def test_cut_around_a_commit_nothing_is_doubled(when: str, neo4j_empty: Any, case: Dataset,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver cannot know whether the batch is there; it is written again, and stands there once."""
    monkeypatch.setattr(loading, "BATCH", 400)
    with CuttingProxy(neo4j_empty.uri) as proxy:
        for k in (1, 4, 9):
            struck = []

            def arm(stage: str, done: int, total: int | None = None, k: int = k, struck: list[int] = struck) -> None:
                if not struck:
                    struck.append(1)
                    getattr(proxy, when)(k)

            engine = store(neo4j_empty, proxy.uri)
            engine.load(case, arm, Loading(replace=True))
            assert struck
            proxy.heal()
            assert content(store(neo4j_empty).dataset()) == content(case)


def test_cut_in_the_middle_of_reading(neo4j_empty: Any, case: Dataset) -> None:
    """The driver asks again; the answer is whole or none."""
    store(neo4j_empty).load(case)
    with CuttingProxy(neo4j_empty.uri) as proxy:
        for count in (2_000, 9_000, 60_000):
            engine = store(neo4j_empty, proxy.uri)
            proxy.cut_after_bytes(count)
            assert content(engine.dataset()) == content(case)
            proxy.heal()


def test_a_slow_line_is_slow_and_right(neo4j_empty: Any) -> None:
    data = toys.loop()
    with CuttingProxy(neo4j_empty.uri) as proxy:
        proxy.slow(delay=0.005)
        engine = store(neo4j_empty, proxy.uri)
        assert engine.load(data) == "new"
        assert content(engine.dataset()) == content(data)


def test_a_server_that_falls_silent_is_given_up(neo4j_empty: Any, case: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was on its way arrives when the line is alive again, and does no harm to whoever has gone on meanwhile."""
    monkeypatch.setattr(loading, "BATCH", 400)
    monkeypatch.setattr(databases, "WAIT", 1.5)
    monkeypatch.setattr(probe, "SECONDS", 0.3)
    with CuttingProxy(neo4j_empty.uri) as proxy:

        def fall(stage: str, done: int, total: int | None = None) -> None:
            if stage == "load-orders" and done == 800:
                proxy.black_hole()

        with pytest.raises(DatabaseError) as silent:
            store(neo4j_empty, proxy.uri).load(case, fall)
        assert silent.value.id == "db-silent"
        assert told(proxy.uri, password=neo4j_empty.password) == "db-mute"
        run(neo4j_empty, "MATCH (k:RefgraphLock) SET k.until = 0")
        assert store(neo4j_empty).load(case, how=Loading(resume=True)) == "resume"
        proxy.heal()
        assert store(neo4j_empty).load(case) == "same"
        engine = store(neo4j_empty, proxy.uri)
        assert content(engine.dataset()) == content(case)
        again = store(neo4j_empty, proxy.uri)
        again.inspect()
        proxy.black_hole()
        with pytest.raises(DatabaseError) as silent:
            again.dataset()
        assert silent.value.id == "db-silent"


def test_killed_in_mid_load_it_goes_on(case: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At seeded points the server is killed under a load; after its restart --resume ends in an undisturbed load."""
    monkeypatch.setattr(loading, "BATCH", 100)
    monkeypatch.setattr(databases, "RETRY", 0.5)
    server, dice = started(tmp_path / "home"), random.Random(11)
    try:
        calls = sum(1 + -(-f.height // loading.BATCH) for f in loading.plan(case, "").tables.values())
        for at in dice.choices(range(1, calls - 1), k=KILLS):
            seen = iter(range(10**6))

            def kill(stage: str, done: int, total: int | None = None, seen: Iterator[int] = seen, at: int = at) -> None:
                if next(seen) == at and stage != "load-removed":
                    server.kill()

            try:
                store(server).load(case, kill, Loading(replace=True))
            except DatabaseError as error:
                assert error.id in ("db-unreachable", "db-lost-commit")
            if not server.running():
                server.restart()
            assert store(server).load(case, how=Loading(resume=True)) in ("resume", "same", "replace")
            assert content(store(server).dataset()) == content(case)
            assert run(server, "MATCH (n:Order) RETURN count(n), count(DISTINCT n.refgraph_row)") == [[2862, 2862]]
    finally:
        ended(server)


def test_what_moves_while_it_is_read_is_read_again(neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store(neo4j_empty).load(toys.star())
    engine = store(neo4j_empty)
    real, moves = engine._picture, [0]

    def moving() -> Dataset:
        found = real()
        moves[0] += 1
        if moves[0] < stays[0]:
            run(neo4j_empty, "MATCH (n:RefgraphLoad) SET n.seen = $k", k=moves[0])
        return found

    stays = [3]
    monkeypatch.setattr(engine, "_picture", moving)
    assert engine.dataset().customers.height == 5
    assert moves == [3]
    again = store(neo4j_empty)
    real, moves[0], stays[0] = again._picture, 0, 99
    monkeypatch.setattr(again, "_picture", moving)
    with pytest.raises(DatabaseError) as caught:
        again.dataset()
    assert caught.value.id == "db-moving" and moves == [3]

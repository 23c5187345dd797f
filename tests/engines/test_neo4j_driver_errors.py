"""Connection errors: each gets one cause and one remedy, within the time stated."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from support import toys
from support.stores import open_store, run_cypher

from refgraph.engines.neo4j import probe, whole_graph
from refgraph.engines.neo4j.credentials import Credentials
from refgraph.engines.neo4j.freshness import MAX_READS
from refgraph.engines.neo4j.store import Neo4jStore
from refgraph.errors import DatabaseError
from refgraph.model.dataset import Dataset

pytestmark = pytest.mark.neo4j


@contextmanager
def listen(answer: bytes | None) -> Iterator[str]:
    """A port that accepts connections and sends something that is not Bolt, or nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        accepted = []

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                accepted.append(connection)
                if answer is not None:
                    connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield f"bolt://127.0.0.1:{server.getsockname()[1]}"
        for connection in accepted:
            connection.close()


def find_error(uri: str, **options: Any) -> str:
    """The id of the DatabaseError raised by reading. options: those of Credentials."""
    with pytest.raises(DatabaseError) as caught:
        Neo4jStore(Credentials(uri, **options)).dataset()
    assert caught.value.exit_code == 4
    return caught.value.id


def test_connect_nothing_listens_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert find_error(f"bolt://127.0.0.1:{port}") == "db-unreachable"
    assert find_error("neo4j+s://nowhere.invalid") == "db-unreachable"


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(4)])
def test_connect_other_program_is_not_bolt(answer: bytes) -> None:
    with listen(answer) as uri:
        assert find_error(uri) == "db-not-bolt"


def test_connect_silent_port_is_mute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "TIMEOUT_SECONDS", 0.3)
    with listen(None) as uri:
        assert find_error(uri) == "db-mute"


def test_connect_encrypted_to_plain_server_is_unreachable(neo4j_empty: Any) -> None:
    uri = neo4j_empty.uri.replace("neo4j://", "bolt+s://")
    assert find_error(uri, password="x") == "db-unreachable"


def test_connect_wrong_password_is_refused(neo4j_empty: Any) -> None:
    assert find_error(neo4j_empty.uri, password="wrong-password") == "db-refused"
    assert find_error(neo4j_empty.uri) == "db-refused"


def test_connect_without_password_asks_once(neo4j_empty: Any) -> None:
    asked = []

    def ask() -> str:
        asked.append(1)
        password: str = neo4j_empty.password
        return password

    engine = Neo4jStore(Credentials(neo4j_empty.uri, ask_password=ask))
    assert engine.load(toys.star()) == "new"
    assert engine.dataset().customers.height == 5
    assert len(asked) == 1


def test_connect_log_names_the_server_and_never_the_password(
    neo4j_empty: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="refgraph.engines.neo4j"):
        open_store(neo4j_empty).load(toys.star())
    assert f"connect to {neo4j_empty.uri} as neo4j" in caplog.text
    for text in ("lease", "customers: 5 of 5 rows written"):
        assert text in caplog.text
    assert neo4j_empty.password not in caplog.text


def test_connect_unknown_database_is_reported(neo4j_empty: Any) -> None:
    options = {"password": neo4j_empty.password, "database": "nothere"}
    assert find_error(neo4j_empty.uri, **options) == "db-unknown"


@pytest.mark.parametrize(("changes", "reads"), [(MAX_READS - 1, MAX_READS), (99, MAX_READS)])
def test_dataset_changing_database_is_read_again(
    changes: int, reads: int, neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody commits during the first reads; after `MAX_READS` it is an error."""
    open_store(neo4j_empty).load(toys.star())
    read_once, calls = whole_graph.read_once, list[int]()

    def read_while_changing(*arguments: Any) -> Dataset:
        data = read_once(*arguments)
        calls.append(1)
        if len(calls) <= changes:
            run_cypher(neo4j_empty, "MATCH (n:RefgraphLoad) SET n.seen = $k", k=len(calls))
        return data

    monkeypatch.setattr(whole_graph, "read_once", read_while_changing)
    engine = open_store(neo4j_empty)
    if changes < MAX_READS:
        assert engine.dataset().customers.height == 5
    else:
        with pytest.raises(DatabaseError) as caught:
            engine.dataset()
        assert caught.value.id == "db-moving"
    assert len(calls) == reads

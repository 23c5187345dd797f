"""Each fault of the proxy against a real server, with the plain driver: what it raises, and what the database then holds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import bolt_frames
import pytest
from cutting_proxy import CuttingProxy
from hypothesis import given, strategies as st
from neo4j import Driver, GraphDatabase, ManagedTransaction
from neo4j.exceptions import DriverError, IncompleteCommit, ServiceUnavailable, SessionExpired
from neo4j_tools.server import Server

LOST = (ServiceUnavailable, SessionExpired)


@pytest.fixture
def proxy(neo4j_empty: Server) -> Iterator[CuttingProxy]:
    with CuttingProxy(neo4j_empty.uri) as through:
        yield through


@pytest.fixture
def driver(proxy: CuttingProxy, neo4j_empty: Server) -> Iterator[Driver]:
    with GraphDatabase.driver(proxy.uri, auth=(neo4j_empty.user, neo4j_empty.password), connection_timeout=5,
                              connection_acquisition_timeout=10) as through:  # fmt: skip
        yield through


def kept(server: Server) -> list[int]:
    """What the database holds, asked without the proxy."""
    with server.driver() as direct, direct.session(database="neo4j") as session:
        return [row[0] for row in session.run("MATCH (n:Kept) RETURN n.key AS key ORDER BY key")]


def write(driver: Driver, *keys: int, text: str = "") -> Any:
    """One managed transaction, which the driver itself repeats where that is safe."""

    def work(tx: ManagedTransaction) -> int:
        return int(tx.run("UNWIND $keys AS key CREATE (n:Kept {key: key, text: $text}) RETURN count(n) AS n",
                          keys=list(keys), text=text).single(strict=True)["n"])  # fmt: skip

    with driver.session(database="neo4j") as session:
        return session.execute_write(work)


@pytest.mark.neo4j
def test_all_passes_unharmed(driver: Driver, proxy: CuttingProxy, neo4j_empty: Server) -> None:
    text = "推荐" * 100_000  # several chunks a message, both ways
    assert write(driver, *range(1000)) == 1000
    assert write(driver, 1000, text=text) == 1
    found = driver.execute_query("MATCH (n:Kept {key: 1000}) RETURN n.text AS text", database_="neo4j").records[0]["text"]
    assert found == text
    assert kept(neo4j_empty) == list(range(1001))
    assert (proxy.commits, proxy.cuts) == (3, 0)


@pytest.mark.neo4j
@pytest.mark.parametrize("k", [1, 3])
def test_cut_before_the_commit_nothing_is_kept_and_the_client_cannot_know(
    driver: Driver, proxy: CuttingProxy, neo4j_empty: Server, k: int
) -> None:
    proxy.cut_before_commit(k)
    for key in range(1, k):
        write(driver, key)
    with pytest.raises(IncompleteCommit):
        write(driver, k)
    assert (kept(neo4j_empty), proxy.cuts) == (list(range(1, k)), 1)
    write(driver, k)
    assert kept(neo4j_empty) == list(range(1, k + 1))


@pytest.mark.neo4j
@pytest.mark.parametrize("k", [1, 3])
def test_cut_after_the_commit_the_data_is_there(driver: Driver, proxy: CuttingProxy, neo4j_empty: Server, k: int) -> None:
    proxy.cut_after_commit(k)
    for key in range(1, k):
        write(driver, key)
    with pytest.raises(IncompleteCommit) as fault:
        write(driver, k)
    assert not fault.value.is_retryable()
    assert (kept(neo4j_empty), proxy.cuts) == (list(range(1, k + 1)), 1)
    write(driver, k)  # whoever repeats it without MERGE has it twice
    assert kept(neo4j_empty) == [*range(1, k + 1), k]


@pytest.mark.neo4j
@pytest.mark.parametrize("count", [0, 10, 30_000])
def test_cut_at_a_byte_in_mid_batch_nothing_is_kept(driver: Driver, proxy: CuttingProxy, neo4j_empty: Server, count: int) -> None:
    write(driver, 1)
    with driver.session(database="neo4j") as session, pytest.raises(LOST):
        with session.begin_transaction() as tx:
            tx.run("RETURN 1").consume()
            proxy.cut_after_bytes(count)
            tx.run("UNWIND range(2, 9) AS key CREATE (:Kept {key: key, text: $text})", text="x" * 100_000).consume()
            tx.commit()
    assert (kept(neo4j_empty), proxy.cuts) == ([1], 1)


@pytest.mark.neo4j
def test_the_driver_repeats_what_was_cut_early(driver: Driver, proxy: CuttingProxy, neo4j_empty: Server) -> None:
    write(driver, 1)
    proxy.cut_after_bytes(40)
    write(driver, 2)
    assert (kept(neo4j_empty), proxy.cuts, proxy.connections) == ([1, 2], 1, 2)


@pytest.mark.neo4j
def test_all_connections_cut_in_mid_transaction(driver: Driver, proxy: CuttingProxy, neo4j_empty: Server) -> None:
    with driver.session(database="neo4j") as session, pytest.raises(LOST):
        with session.begin_transaction() as tx:
            tx.run("CREATE (:Kept {key: 1})").consume()
            proxy.cut_now()
            tx.commit()
    assert (kept(neo4j_empty), proxy.cuts) == ([], 1)


@pytest.mark.neo4j
def test_a_black_hole_never_answers_until_it_heals(proxy: CuttingProxy, neo4j_empty: Server) -> None:
    auth = (neo4j_empty.user, neo4j_empty.password)
    proxy.black_hole()
    with GraphDatabase.driver(proxy.uri, auth=auth, connection_timeout=1, connection_acquisition_timeout=1) as driver:
        with pytest.raises(DriverError):
            driver.verify_connectivity()
        assert proxy.connections > 0
        proxy.heal()
        driver.verify_connectivity()


@pytest.mark.neo4j
def test_a_slow_link_is_slow_and_whole(driver: Driver, proxy: CuttingProxy, neo4j_empty: Server) -> None:
    write(driver, 1)
    proxy.slow(delay=0.05, rate=20_000)
    start = time.monotonic()
    write(driver, 2, text="x" * 10_000)
    assert time.monotonic() - start >= 0.5  # 10 kB at 20 kB a second: a lower limit, which no busy machine breaks
    assert kept(neo4j_empty) == [1, 2]


CHUNKS = st.lists(st.binary(min_size=1, max_size=300), max_size=3)
MESSAGES = st.lists(st.tuples(st.integers(0, 0x7F), CHUNKS), max_size=8)


@given(MESSAGES, st.lists(st.integers(1, 50), max_size=40), st.booleans(), st.booleans())
def test_messages_are_found_however_they_arrive(
    messages: list[tuple[int, list[bytes]]], steps: list[int], manifest: bool, idle: bool
) -> None:
    up, down = bolt_frames.both()
    offers = b"\x00\x00\x01\xff\x02" + b"\x00\x08\x08\x05" * 2 + b"\x81\x01" if manifest else b"\x00\x00\x04\x05"
    choice = b"\x00\x00\x08\x05\x80\x01" if manifest else b""
    assert [raw for raw, _ in down.feed(offers)] == [offers]
    stream = b"\x60\x60\xb0\x17" + bytes(16) + choice
    for signature, chunks in messages:
        parts = [bytes([0xB0, signature]), *chunks]
        stream += b"".join(len(p).to_bytes(2) + p for p in parts) + b"\0\0" + (b"\0\0" if idle else b"")
    found, at = [], 0
    for step in [*steps, len(stream)]:
        found += list(up.feed(stream[at : at + step]))
        at += step
    assert b"".join(raw for raw, _ in found) == stream
    assert [signature for _, signature in found if signature is not None] == [signature for signature, _ in messages]

"""Each fault of the proxy against a real server: what the plain driver raises, what is stored."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neo4j import Driver, GraphDatabase, ManagedTransaction
from neo4j.exceptions import DriverError, IncompleteCommit, ServiceUnavailable, SessionExpired
from neo4j_tools.server import Server
from support import bolt_frames
from support.cutting_proxy import CuttingProxy

CONNECTION_LOST = (ServiceUnavailable, SessionExpired)
CREATE_NODES = (
    "UNWIND $keys AS key CREATE (n:Kept {key: key, text: $text}) RETURN count(n) AS written"
)


@pytest.fixture
def proxy(neo4j_empty: Server) -> Iterator[CuttingProxy]:
    with CuttingProxy(neo4j_empty.uri) as running:
        yield running


@pytest.fixture
def driver(proxy: CuttingProxy, neo4j_empty: Server) -> Iterator[Driver]:
    """A driver that connects through the proxy."""
    auth = (neo4j_empty.user, neo4j_empty.password)
    with GraphDatabase.driver(
        proxy.uri, auth=auth, connection_timeout=5, connection_acquisition_timeout=10
    ) as proxied:
        yield proxied


def read_keys(server: Server) -> list[int]:
    """The keys stored in the database, read without the proxy."""
    with server.driver() as direct, direct.session(database="neo4j") as session:
        return [row[0] for row in session.run("MATCH (n:Kept) RETURN n.key AS key ORDER BY key")]


def write(driver: Driver, *keys: int, text: str = "") -> int:
    """Write keys in one transaction, which the driver retries if that is safe."""

    def create_nodes(transaction: ManagedTransaction) -> int:
        result = transaction.run(CREATE_NODES, keys=list(keys), text=text)
        return int(result.single(strict=True)["written"])

    with driver.session(database="neo4j") as session:
        return session.execute_write(create_nodes)


@pytest.mark.neo4j
def test_proxy_without_fault_passes_everything(
    driver: Driver, proxy: CuttingProxy, neo4j_empty: Server
) -> None:
    text = "推荐" * 20_000  # several chunks per message, in both directions
    assert write(driver, *range(1000)) == 1000
    assert write(driver, 1000, text=text) == 1
    query = "MATCH (n:Kept {key: 1000}) RETURN n.text AS text"
    records = driver.execute_query(query, database_="neo4j").records
    assert records[0]["text"] == text
    assert read_keys(neo4j_empty) == list(range(1001))
    assert (proxy.commits, proxy.cuts) == (3, 0)


@pytest.mark.neo4j
@pytest.mark.parametrize("k", [1, 3])
def test_cut_before_commit_stores_nothing_and_client_cannot_know(
    driver: Driver, proxy: CuttingProxy, neo4j_empty: Server, k: int
) -> None:
    proxy.cut_before_commit(k)
    for key in range(1, k):
        write(driver, key)
    with pytest.raises(IncompleteCommit):
        write(driver, k)
    assert (read_keys(neo4j_empty), proxy.cuts) == (list(range(1, k)), 1)
    write(driver, k)
    assert read_keys(neo4j_empty) == list(range(1, k + 1))


@pytest.mark.neo4j
@pytest.mark.parametrize("k", [1, 3])
def test_cut_after_commit_data_is_stored(
    driver: Driver, proxy: CuttingProxy, neo4j_empty: Server, k: int
) -> None:
    proxy.cut_after_commit(k)
    for key in range(1, k):
        write(driver, key)
    with pytest.raises(IncompleteCommit) as caught:
        write(driver, k)
    assert not caught.value.is_retryable()
    assert (read_keys(neo4j_empty), proxy.cuts) == (list(range(1, k + 1)), 1)
    write(driver, k)  # writing again without MERGE stores it twice
    assert read_keys(neo4j_empty) == [*range(1, k + 1), k]


@pytest.mark.neo4j
@pytest.mark.parametrize("count", [0, 10, 30_000])
def test_cut_after_bytes_in_a_batch_stores_nothing(
    driver: Driver, proxy: CuttingProxy, neo4j_empty: Server, count: int
) -> None:
    write(driver, 1)
    with (
        driver.session(database="neo4j") as session,
        pytest.raises(CONNECTION_LOST),
        session.begin_transaction() as transaction,
    ):
        transaction.run("RETURN 1").consume()
        proxy.cut_after_bytes(count)
        transaction.run(CREATE_NODES, keys=list(range(2, 10)), text="x" * 100_000).consume()
        transaction.commit()
    assert (read_keys(neo4j_empty), proxy.cuts) == ([1], 1)


@pytest.mark.neo4j
def test_cut_after_bytes_early_driver_retries(
    driver: Driver, proxy: CuttingProxy, neo4j_empty: Server
) -> None:
    write(driver, 1)
    proxy.cut_after_bytes(40)
    write(driver, 2)
    assert (read_keys(neo4j_empty), proxy.cuts, proxy.connections) == ([1, 2], 1, 2)


@pytest.mark.neo4j
def test_cut_now_in_a_transaction_stores_nothing(
    driver: Driver, proxy: CuttingProxy, neo4j_empty: Server
) -> None:
    with (
        driver.session(database="neo4j") as session,
        pytest.raises(CONNECTION_LOST),
        session.begin_transaction() as transaction,
    ):
        transaction.run(CREATE_NODES, keys=[1], text="").consume()
        proxy.cut_now()
        transaction.commit()
    assert (read_keys(neo4j_empty), proxy.cuts) == ([], 1)


@pytest.mark.neo4j
def test_black_hole_answers_only_after_heal(proxy: CuttingProxy, neo4j_empty: Server) -> None:
    auth = (neo4j_empty.user, neo4j_empty.password)
    proxy.black_hole()
    with GraphDatabase.driver(
        proxy.uri, auth=auth, connection_timeout=1, connection_acquisition_timeout=1
    ) as driver:
        with pytest.raises(DriverError):
            driver.verify_connectivity()
        assert proxy.connections > 0
        proxy.heal()
        driver.verify_connectivity()


@pytest.mark.neo4j
def test_slow_delays_and_keeps_data(
    driver: Driver, proxy: CuttingProxy, neo4j_empty: Server
) -> None:
    """10 kB at 20 kB per second take at least 0.5 s, on a busy machine more."""
    write(driver, 1)
    proxy.slow(delay=0.05, rate=20_000)
    start = time.monotonic()
    write(driver, 2, text="x" * 10_000)
    assert time.monotonic() - start >= 0.5
    assert read_keys(neo4j_empty) == [1, 2]


SIGNATURES = st.integers(0, 0x7F)
CHUNKS = st.lists(st.binary(min_size=1, max_size=300), max_size=3)
MESSAGES = st.lists(st.tuples(SIGNATURES, CHUNKS), max_size=8)
Message = tuple[int, list[bytes]]


def pack_message(message: Message, is_idle_after: bool) -> bytes:
    """A message in chunks, each after its length, and an idle chunk after it."""
    signature, chunks = message
    packed = b""
    for chunk in [bytes([0xB0, signature]), *chunks]:
        packed += len(chunk).to_bytes(2) + chunk
    return packed + b"\0\0" + (b"\0\0" if is_idle_after else b"")


def split_stream(stream: bytes, sizes: list[int]) -> Iterator[bytes]:
    """Pieces of these sizes, then the rest."""
    start = 0
    for size in [*sizes, len(stream)]:
        yield stream[start : start + size]
        start += size


@given(MESSAGES, st.lists(st.integers(1, 50), max_size=40), st.booleans(), st.booleans())
def test_frames_any_chunking_finds_every_message(
    messages: list[Message], sizes: list[int], has_manifest: bool, has_idle_chunks: bool
) -> None:
    client, server = bolt_frames.make_frames()
    offer, choice = b"\x00\x00\x04\x05", b""
    if has_manifest:
        offer = b"\x00\x00\x01\xff\x02" + b"\x00\x08\x08\x05" * 2 + b"\x81\x01"
        choice = b"\x00\x00\x08\x05\x80\x01"
    assert [raw for raw, _ in server.feed(offer)] == [offer]
    stream = b"\x60\x60\xb0\x17" + bytes(16) + choice
    for message in messages:
        stream += pack_message(message, has_idle_chunks)
    found = []
    for piece in split_stream(stream, sizes):
        found += list(client.feed(piece))
    assert b"".join(raw for raw, _ in found) == stream
    signatures = [signature for _, signature in found if signature is not None]
    assert signatures == [signature for signature, _ in messages]

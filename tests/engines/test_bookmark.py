"""Transaction ids in bookmarks of Neo4j."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from support.stores import connect, open_driver, run_cypher

from refgraph.engines.neo4j.bookmark import parse_transaction_id


def make_bookmark(number: bytes, head: bytes = b"\x91\xcc\x10", tail: bytes = b"\x90") -> str:
    """A bookmark with a packed number, for a database whose id is all zero."""
    packed = head + bytes(16) + number + tail
    return "FB:" + base64.b64encode(packed).decode().rstrip("=")


@pytest.mark.neo4j
def test_parse_transaction_id_server_bookmarks_are_consecutive(neo4j_empty: Any) -> None:
    database = connect(neo4j_empty)
    run_cypher(neo4j_empty, "CREATE (:Person)")  # a new label consumes a transaction id
    first = parse_transaction_id(database.version())
    assert first is not None
    with open_driver(neo4j_empty) as driver, driver.session(database="neo4j") as session:
        for number in range(1, 150):  # past 127, where the packed number grows
            session.run("CREATE (:Person)").consume()
            assert parse_transaction_id(database.version()) == first + number


@pytest.mark.parametrize(
    ("packed", "number"),
    [
        (b"\x00", 0),
        (b"\x7f", 127),
        (b"\xc8\x7f", 127),
        (b"\xc9\x01\x00", 256),
        (b"\xca\x00\x01\x00\x00", 65_536),
        (b"\xcb\x00\x00\x00\x01\x00\x00\x00\x00", 2**32),
        (b"", None),
        (b"\x80", None),
        (b"\xc9\x01", None),
        (b"\xc1\x00", None),
    ],
)
def test_parse_transaction_id_packed_integer_is_read(packed: bytes, number: int | None) -> None:
    assert parse_transaction_id(make_bookmark(packed)) == number


@pytest.mark.parametrize(
    "bookmark",
    [
        "",
        "FB:",
        "neo4j:bookmark:v1:tx7",
        "FB:!!",
        make_bookmark(b"\x05").removeprefix("FB:"),
        make_bookmark(b"\x05", head=b"\x92\xcc\x10"),
        make_bookmark(b"\x05", tail=b"\x91"),
    ],
)
def test_parse_transaction_id_other_format_is_none(bookmark: str) -> None:
    assert parse_transaction_id(bookmark) is None

"""Whether a Bolt server answers at an address: asked on a bare socket, so that a mute or foreign port is told in seconds."""

from __future__ import annotations

import socket

from refgraph.engines.neo4j.access import Access
from refgraph.errors import DatabaseError

SECONDS = 5.0
_HELLO = bytes.fromhex("6060b017 000001ff 00080805 00020404 00000003")
"""The greeting of Bolt: its magic and four proposals of versions."""


def probe(access: Access) -> None:
    """Raises DatabaseError ``db-unreachable`` (no host, nothing listens), ``db-mute`` (no answer), ``db-not-bolt``."""
    try:
        with socket.create_connection((access.host, access.port), SECONDS) as stream:
            if access.plain:
                stream.sendall(_HELLO)
                _heard(stream, access)
    except TimeoutError:
        raise DatabaseError("db-mute", uri=access.uri, seconds=int(SECONDS)) from None
    except OSError as error:
        raise DatabaseError("db-unreachable", uri=access.uri, why=error.strerror or str(error)) from None


def _heard(stream: socket.socket, access: Access) -> None:
    answer = stream.recv(4)
    if len(answer) < 4 or answer == bytes(4) or answer[:2] != b"\0\0":
        raise DatabaseError("db-not-bolt", uri=access.uri)

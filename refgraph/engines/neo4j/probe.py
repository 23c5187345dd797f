"""Whether a Bolt server answers at an address.

Asked on a bare socket, so that a silent or wrong port is reported within seconds; the driver would
retry for much longer.
"""

from __future__ import annotations

import socket

from refgraph.engines.neo4j.credentials import Credentials
from refgraph.errors import DatabaseError

TIMEOUT_SECONDS = 5.0
_BOLT_GREETING = bytes.fromhex("6060b017 000001ff 00080805 00020404 00000003")
"""The start of a Bolt connection: its magic number and four version proposals."""
_ANSWER_BYTES = 4


def probe(credentials: Credentials) -> None:
    """Check that a server answers.

    Raises DatabaseError ``db-unreachable`` (unknown host, or nothing listens), ``db-mute`` (no
    answer) or ``db-not-bolt``. An encrypted address is only connected to.
    """
    address = (credentials.host, credentials.port)
    try:
        with socket.create_connection(address, TIMEOUT_SECONDS) as stream:
            if credentials.is_unencrypted:
                stream.sendall(_BOLT_GREETING)
                _check_answer(stream, credentials)
    except TimeoutError:
        seconds = int(TIMEOUT_SECONDS)
        raise DatabaseError("db-mute", uri=credentials.uri, seconds=seconds) from None
    except OSError as error:
        why = error.strerror or str(error)
        raise DatabaseError("db-unreachable", uri=credentials.uri, why=why) from None


def _check_answer(stream: socket.socket, credentials: Credentials) -> None:
    """The server answers with the version it chose, whose first two bytes are zero."""
    answer = stream.recv(_ANSWER_BYTES)
    is_refused = answer == bytes(_ANSWER_BYTES)
    if len(answer) < _ANSWER_BYTES or is_refused or answer[:2] != b"\0\0":
        raise DatabaseError("db-not-bolt", uri=credentials.uri)

"""A TCP proxy between a driver and a server that fails on demand.

It can cut at a byte, cut before or after a COMMIT, never answer, or be slow.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from support.bolt_frames import ANSWERS, COMMIT, GOODBYE, make_frames

CHUNK_BYTES = 65_536
DEFAULT_PORT = 7687
SLICES_PER_SECOND = 20
"""Pieces per second that a slow connection is sent in."""


class ProxiedConnection:
    """One connection through the proxy: both sockets, and the number of requests and answers.

    blocked_answer: number of the request whose answer is not let through, None = none.
    """

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server
        self.client_frames, self.server_frames = make_frames()
        self.requests = self.answers = 0
        self.blocked_answer: int | None = None

    def cut(self) -> None:
        """End both directions; what was sent before arrives."""
        for end in (self.client, self.server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class CuttingProxy:
    """Listens on 127.0.0.1; use `uri` instead of the server's.

    Faults can be armed at any time; a cut strikes once, then everything passes again.

    commits: COMMITs sent by clients. connections: accepted connections. cuts: faults that struck.
    """

    def __init__(self, target: str) -> None:
        address = urlsplit(target)
        self._target = (address.hostname or "127.0.0.1", address.port or DEFAULT_PORT)
        self._lock = threading.RLock()
        self._open: list[ProxiedConnection] = []
        self._accepted: list[socket.socket] = []
        self._may_pass = threading.Event()
        self.commits = self.connections = self.cuts = 0
        self._is_closed = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.uri = f"bolt://127.0.0.1:{self._listener.getsockname()[1]}"
        self.heal()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_closed = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.heal()
        self.cut_now()
        for client in self._accepted:
            client.close()

    def heal(self) -> None:
        """Disarm all faults; what a black hole held back passes."""
        with self._lock:
            self._cut_before = self._cut_after = 0
            self._bytes_left: int | None = None
            self._delay, self._rate = 0.0, 0.0
            self._may_pass.set()

    def cut_now(self) -> None:
        """Cut all open connections."""
        with self._lock:
            self.cuts += bool(self._open)
            for connection in self._open:
                connection.cut()

    def cut_after_bytes(self, count: int) -> None:
        """Cut after this many more bytes, in both directions of all connections together."""
        self._bytes_left = count

    def cut_before_commit(self, k: int = 1) -> None:
        """The k-th COMMIT from now on never reaches the server; the client cannot know."""
        self._cut_before = self.commits + k

    def cut_after_commit(self, k: int = 1) -> None:
        """The k-th COMMIT from now on is carried out; its answer never reaches the client."""
        self._cut_after = self.commits + k

    def black_hole(self) -> None:
        """Accept connections and pass nothing on, in old ones and new, until `heal`."""
        self._may_pass.clear()

    def slow(self, delay: float = 0, rate: float = 0) -> None:
        """Seconds before each message, and bytes per second (0 = as fast as possible)."""
        self._delay, self._rate = delay, rate

    def _accept(self) -> None:
        while not self._is_closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        """Connect a client to the server, until either side ends."""
        self._accepted.append(client)
        self._may_pass.wait()
        try:
            server = socket.create_connection(self._target, timeout=10)
        except OSError:
            return client.close()
        server.settimeout(None)
        connection = ProxiedConnection(client, server)
        with self._lock:
            self._open.append(connection)
        directions = []
        for to_server in (True, False):
            arguments = (connection, to_server)
            directions.append(threading.Thread(target=self._pump, args=arguments, daemon=True))
        for direction in directions:
            direction.start()
        for direction in directions:
            direction.join()
        with self._lock:
            self._open.remove(connection)
        client.close()
        server.close()

    def _pump(self, connection: ProxiedConnection, to_server: bool) -> None:
        """Carry one direction, message by message, until either side ends or a fault strikes."""
        if to_server:
            source, target = connection.client, connection.server
            frames, count = connection.client_frames, self._count_request
        else:
            source, target = connection.server, connection.client
            frames, count = connection.server_frames, self._count_answer
        with suppress(OSError):
            while data := source.recv(CHUNK_BYTES):
                for raw, signature in frames.feed(data):
                    strikes = count(connection, signature)
                    if strikes or not self._send(target, raw):
                        self.cuts += 1
                        return connection.cut()
        connection.cut()

    def _count_request(self, connection: ProxiedConnection, signature: int | None) -> bool:
        """Count a request; whether the connection is to be cut before it."""
        with self._lock:
            connection.requests += signature is not None and signature != GOODBYE
            if signature != COMMIT:
                return False
            self.commits += 1
            if self.commits == self._cut_after:
                connection.blocked_answer = connection.requests
            return self.commits == self._cut_before

    def _count_answer(self, connection: ProxiedConnection, signature: int | None) -> bool:
        """Count an answer; whether the connection is to be cut before it."""
        connection.answers += signature in ANSWERS
        return connection.answers == connection.blocked_answer

    def _send(self, target: socket.socket, raw: bytes) -> bool:
        """Pass bytes on, slowly if asked; False when the allowed number is used up."""
        time.sleep(self._delay)
        size = max(1, int(self._rate / SLICES_PER_SECOND)) if self._rate else CHUNK_BYTES
        for start in range(0, len(raw), size):
            self._may_pass.wait()
            piece = raw[start : start + size]
            allowed = self._take_allowance(len(piece))
            target.sendall(piece[:allowed])
            if self._is_used_up():
                return False
            if self._rate:
                time.sleep(len(piece) / self._rate)
        return True

    def _take_allowance(self, count: int) -> int:
        """How many of these bytes may pass."""
        with self._lock:
            if self._bytes_left is None:
                return count
            allowed = min(count, self._bytes_left)
            self._bytes_left -= allowed
            return allowed

    def _is_used_up(self) -> bool:
        """Whether no more bytes may pass; disarms the fault."""
        if self._bytes_left != 0:
            return False
        self._bytes_left = None
        return True

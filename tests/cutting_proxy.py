"""A TCP proxy between a driver and a server that fails as told: at a byte, before or after a COMMIT, never answering, slow."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from bolt_frames import ANSWERS, COMMIT, GOODBYE, both

PIECE = 65_536


class Line:
    """One connection through the proxy: both sockets, and how far the conversation is."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server
        self.up, self.down = both()
        self.asked = self.answered = 0
        self.last: int | None = None
        """The request whose answer is not let through."""

    def cut(self) -> None:
        """End both sides; what was sent before arrives."""
        for end in (self.client, self.server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class CuttingProxy:
    """Listens on 127.0.0.1; `uri` stands in for the server's. Faults are armed at any time; cuts strike once, then all passes.

    commits: COMMITs that clients sent. connections: how many were accepted. cuts: how often a fault has struck.
    """

    def __init__(self, target: str) -> None:
        at = urlsplit(target)
        self._target = (at.hostname or "127.0.0.1", at.port or 7687)
        self._lock = threading.RLock()
        self._lines: list[Line] = []
        self._mute: list[socket.socket] = []
        self._through = threading.Event()
        self.commits = self.connections = self.cuts = 0
        self._closed = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.uri = f"bolt://127.0.0.1:{self._listener.getsockname()[1]}"
        self.heal()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._closed = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.heal()
        self.cut_now()
        for end in self._mute:
            end.close()

    def heal(self) -> None:
        """No fault from now on; what a black hole held back goes through."""
        with self._lock:
            self._before = self._after = 0
            self._left: int | None = None
            self._delay, self._rate = 0.0, 0.0
            self._through.set()

    def cut_now(self) -> None:
        """Cut all connections there are."""
        with self._lock:
            self.cuts += bool(self._lines)
            for line in self._lines:
                line.cut()

    def cut_after_bytes(self, count: int) -> None:
        """Cut when so many more bytes went through, both directions of all connections counted."""
        self._left = count

    def cut_before_commit(self, k: int = 1) -> None:
        """The k-th COMMIT from now on never reaches the server; the client cannot know."""
        self._before = self.commits + k

    def cut_after_commit(self, k: int = 1) -> None:
        """The k-th COMMIT from now on is carried out, and its answer never reaches the client."""
        self._after = self.commits + k

    def black_hole(self) -> None:
        """Accept, and pass nothing on, in old connections and new, until `heal`."""
        self._through.clear()

    def slow(self, delay: float = 0, rate: float = 0) -> None:
        """Seconds before each message, and bytes a second (0: as fast as it goes)."""
        self._delay, self._rate = delay, rate

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._join, args=(client,), daemon=True).start()

    def _join(self, client: socket.socket) -> None:
        self._mute.append(client)
        self._through.wait()
        try:
            line = Line(client, socket.create_connection(self._target, timeout=10))
        except OSError:
            return client.close()
        line.server.settimeout(None)
        with self._lock:
            self._lines.append(line)
        ways = [threading.Thread(target=self._pump, args=(line, to_server), daemon=True) for to_server in (True, False)]
        for way in ways:
            way.start()
        for way in ways:
            way.join()
        with self._lock:
            self._lines.remove(line)
        line.client.close()
        line.server.close()

    def _pump(self, line: Line, to_server: bool) -> None:
        """Carry one direction, message by message, until either side ends or a fault strikes."""
        source, target, frames = (line.client, line.server, line.up) if to_server else (line.server, line.client, line.down)
        with suppress(OSError):
            while data := source.recv(PIECE):
                for raw, signature in frames.feed(data):
                    struck = self._asked(line, signature) if to_server else self._answered(line, signature)
                    if struck or not self._send(target, raw):
                        self.cuts += 1
                        return line.cut()
        line.cut()

    def _asked(self, line: Line, signature: int | None) -> bool:
        """Count a request; whether the line is to be cut before it."""
        with self._lock:
            line.asked += signature is not None and signature != GOODBYE
            if signature != COMMIT:
                return False
            self.commits += 1
            if self.commits == self._after:
                line.last = line.asked
            return self.commits == self._before

    def _answered(self, line: Line, signature: int | None) -> bool:
        """Count an answer; whether the line is to be cut before it."""
        line.answered += signature in ANSWERS
        return line.answered == line.last

    def _send(self, target: socket.socket, raw: bytes) -> bool:
        """Pass on, as slowly as told; False when the bytes allowed are used up."""
        time.sleep(self._delay)
        step = max(1, int(self._rate / 20)) if self._rate else PIECE
        for at in range(0, len(raw), step):
            self._through.wait()
            piece = raw[at : at + step]
            with self._lock:
                allowed = len(piece) if self._left is None else min(len(piece), self._left)
                self._left = None if self._left is None else self._left - allowed
            target.sendall(piece[:allowed])
            if self._left == 0:
                self._left = None
                return False
            if self._rate:
                time.sleep(len(piece) / self._rate)
        return True

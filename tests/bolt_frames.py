"""One direction of a Bolt stream in whole messages: handshakes of both kinds, chunks, signatures. No PackStream is read.

After https://neo4j.com/docs/bolt/current/bolt/handshake/ and .../message/; enough for a proxy that must know a COMMIT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

COMMIT, GOODBYE = 0x12, 0x02
ANSWERS = {0x70, 0x7E, 0x7F}
"""SUCCESS, IGNORED, FAILURE: each request but GOODBYE ends with one of them."""
MANIFEST = b"\x00\x00\x01\xff"


class Frames:
    """Cut a stream into (raw bytes, signature); handshakes and idle chunks have the signature None.

    steps: the parts of the handshake, each a function of the bytes so far that tells its length, or None if more are needed.
    """

    def __init__(self, steps: list[Callable[[bytes], int | None]]) -> None:
        self._steps, self._held = steps, b""

    def feed(self, data: bytes) -> Iterator[tuple[bytes, int | None]]:
        """What is whole by now; the rest is held."""
        self._held += data
        while self._held:
            length = self._steps[0](self._held) if self._steps else message(self._held)
            if length is None:
                return
            raw, self._held = self._held[:length], self._held[length:]
            yield raw, None if self._steps or length < 6 else raw[3]
            if self._steps:
                self._steps.pop(0)


def message(held: bytes) -> int | None:
    """The length of the message that begins here, its closing 00 00 included; 2 for an idle chunk."""
    at = 0
    while len(held) >= at + 2:
        size = int.from_bytes(held[at : at + 2])
        at += 2 + size
        if not size:
            return at
    return None


def varint(held: bytes, at: int) -> int | None:
    """The end of a number of 7 bits a byte."""
    return next((k + 1 for k in range(at, len(held)) if held[k] < 0x80), None)


def both() -> tuple[Frames, Frames]:
    """Frames of the client's and of the server's direction of one connection.

    The server's answer to the first 20 bytes says whether a version is agreed or whether it sends a list to choose from
    (the manifest, Bolt 5.7 and newer); the client says nothing before it has read that.
    """
    manifest = [False]

    def offer(held: bytes) -> int | None:
        if len(held) < 4:
            return None
        if held[:4] != MANIFEST:
            return 4
        manifest[0] = True
        start = varint(held, 4)
        return None if start is None else varint(held, start + 4 * held[4])

    def choice(held: bytes) -> int | None:
        return varint(held, 4) if manifest[0] else 0

    def hello(held: bytes) -> int | None:
        return 20 if len(held) >= 20 else None

    return Frames([hello, choice]), Frames([offer])

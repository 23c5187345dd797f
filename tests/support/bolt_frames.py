"""One direction of a Bolt stream as whole messages: handshakes, chunks, signatures; no PackStream.

After https://neo4j.com/docs/bolt/current/bolt/handshake/ and .../message/; enough for a proxy that
has to recognize a COMMIT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

COMMIT, GOODBYE = 0x12, 0x02
ANSWERS = {0x70, 0x7E, 0x7F}
"""SUCCESS, IGNORED, FAILURE: every request but GOODBYE ends with one of them."""
MANIFEST = b"\x00\x00\x01\xff"
"""The answer of a server that lists the versions it supports."""
HELLO_BYTES = 20
MIN_MESSAGE_BYTES = 6

HandshakeStep = Callable[[bytes], int | None]
"""Length of a part of the handshake, from the bytes so far; None if more are needed."""


class Frames:
    """Cuts a stream into (raw bytes, signature); handshakes and idle chunks have no signature."""

    def __init__(self, steps: list[HandshakeStep]) -> None:
        self._steps, self._buffer = steps, b""

    def feed(self, data: bytes) -> Iterator[tuple[bytes, int | None]]:
        """The parts that are complete by now; the rest is kept."""
        self._buffer += data
        while self._buffer:
            measure = self._steps[0] if self._steps else measure_message
            length = measure(self._buffer)
            if length is None:
                return
            raw, self._buffer = self._buffer[:length], self._buffer[length:]
            is_message = not self._steps and length >= MIN_MESSAGE_BYTES
            yield raw, raw[3] if is_message else None
            if self._steps:
                self._steps.pop(0)


def measure_message(data: bytes) -> int | None:
    """Length of the message at the start, with its closing 00 00; 2 for an idle chunk."""
    end = 0
    while len(data) >= end + 2:
        size = int.from_bytes(data[end : end + 2])
        end += 2 + size
        if not size:
            return end
    return None


def find_varint_end(data: bytes, start: int) -> int | None:
    """The end of a number of 7 bits per byte; None if it is incomplete."""
    for index in range(start, len(data)):
        if data[index] < 0x80:
            return index + 1
    return None


def make_frames() -> tuple[Frames, Frames]:
    """Frames of the client's and of the server's direction of one connection.

    The server's answer to the first 20 bytes is the agreed version, or a list to choose from (the
    manifest, since Bolt 5.7). The client sends nothing more before it has read that.
    """
    has_manifest = [False]

    def measure_hello(data: bytes) -> int | None:
        return HELLO_BYTES if len(data) >= HELLO_BYTES else None

    def measure_offer(data: bytes) -> int | None:
        if len(data) < 4:
            return None
        if data[:4] != MANIFEST:
            return 4
        has_manifest[0] = True
        start = find_varint_end(data, 4)
        if start is None:
            return None
        return find_varint_end(data, start + 4 * data[4])

    def measure_choice(data: bytes) -> int | None:
        return find_varint_end(data, 4) if has_manifest[0] else 0

    return Frames([measure_hello, measure_choice]), Frames([measure_offer])

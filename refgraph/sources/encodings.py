"""Bytes of a file whose encoding nothing declares -> text: UTF-8, else what makes headers known.

Few broken characters cost their cells, not the file: `LOST` takes the place of each.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from refgraph.errors import DataError
from refgraph.sources.decode import (
    BadByteError,
    TextBuffer,
    decode,
    decode_strictly,
    detect_byte_order_mark,
    locate_byte,
    resolve_codec,
)

LOST = "\ufdd0"
"""Stands for bytes that are no text; a code point that is none either."""

CANDIDATES = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5", "cp1252")
"""Encodings to try for a file that is not valid UTF-8 and declares none."""

TOLERANCE = 1000
"""Sound characters beyond ASCII per broken one; a single broken one is tolerated in any case."""

_STRIDE = 1 << 22
_SAMPLE_BYTES = 1 << 16
_MAX_EXAMPLE_CHARS = 20

KnownCounter = Callable[[bytes], int]
"""UTF-8 text of the first rows -> how many headers are known."""


class DecodedText(NamedTuple):
    """text: clean UTF-8. encoding: the one found out, "" if it was declared, marked or UTF-8.

    lost: how many `LOST` the text holds.
    """

    text: TextBuffer
    encoding: str = ""
    lost: int = 0


class _Trial(NamedTuple):
    """A sample read in an encoding. known: headers. sound, lost: characters beyond ASCII."""

    codec: str
    text: str
    known: int
    sound: int
    lost: int


def _replace_lost(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return LOST, error.end


codecs.register_error("refgraph-lost", _replace_lost)


def decode_text(
    data: bytes,
    file: str,
    encoding: str | None,
    count_known: KnownCounter,
    *,
    partial: bool = False,
) -> DecodedText:
    """`data` as UTF-8: by byte order mark, as declared, as UTF-8, else by the headers.

    A broken character is tolerated once, or once per `TOLERANCE` sound ones beyond ASCII. partial:
    whether `data` may end in the middle of a character.
    Raises UsageError ``unknown-encoding``; DataError as `decode`, and ``encoding-unclear`` if
    several encodings make as many headers known.
    """
    try:
        return DecodedText(decode_strictly(data, encoding, partial=partial))
    except BadByteError as error:
        bad = error
    marked, start = detect_byte_order_mark(data)
    stated = marked or (resolve_codec(encoding) if encoding else None)
    codec = stated or _choose_codec(data, file, bad, count_known)
    decoded = codec and _transcode_with_losses(data[start:], codec, partial)
    if not decoded:
        decode(data, file, encoding, partial=partial)  # raises what is wrong
        raise bad
    return decoded if stated or codec == "utf-8" else decoded._replace(encoding=codec or "")


def _choose_codec(
    data: bytes, file: str, bad: BadByteError, count_known: KnownCounter
) -> str | None:
    """The encoding of a file that says nothing, None if none fits.

    bad: the first byte that is not UTF-8. Raises ``encoding-unclear``.
    """
    start = data.rfind(b"\n", 0, bad.offset) + 1
    head, near = data[:_SAMPLE_BYTES], data[start : start + _SAMPLE_BYTES]
    trials = [_try_codec(codec, head, near, count_known) for codec in CANDIDATES]
    utf8 = trials[0]
    fitting = [trial for trial in trials if _fits(trial)]
    if utf8.sound > utf8.lost:  # such sequences are no accident
        fitting = [trial for trial in fitting if trial.codec != "cp1252"]
    most = max((trial.known for trial in fitting), default=0)
    best = [trial for trial in fitting if trial.known == most and most]
    if utf8 in best:
        return "utf-8"
    best = [trial for trial in best if not trial.lost] or best
    if len(best) > 1:
        line, column = locate_byte(data, 0, bad.offset, "utf-8")
        options = [f"{trial.codec} ({_find_example(trial.text)})" for trial in best]
        raise DataError(
            "encoding-unclear", file=file, line=line, column_byte=column, options=options
        )
    return best[0].codec if best else None


def _try_codec(codec: str, head: bytes, near: bytes, count_known: KnownCounter) -> _Trial:
    """A trial with the first bytes of a file, and those from the first line that is not UTF-8."""
    first = _decode_piece(head, codec)
    text = first if codec.startswith("utf-16") else _decode_piece(near, codec)
    sound, lost = _count_characters(text.encode("utf-8", "replace"), text)
    known = count_known(first.encode("utf-8", "replace"))
    return _Trial(codec, text, known, sound, lost)


def _decode_piece(data: bytes, codec: str) -> str:
    """Text that may end in the middle of a character."""
    return codecs.getincrementaldecoder(codec)("refgraph-lost").decode(data, False)


def _count_characters(encoded: bytes, text: str) -> tuple[int, int]:
    """Sound characters beyond ASCII, and lost ones."""
    lost = text.count(LOST)
    return int(np.count_nonzero(np.frombuffer(encoded, np.uint8) >= 0xC0)) - lost, lost


def _fits(trial: _Trial) -> bool:
    """Whether few enough characters are broken.

    Nearly any bytes are cp1252, so that a single one that is not counts against it.
    """
    if trial.codec == "cp1252" and trial.lost * TOLERANCE > trial.sound:
        return False
    return _is_tolerable(trial.sound, trial.lost)


def _is_tolerable(sound: int, lost: int) -> bool:
    return lost * TOLERANCE <= sound or (lost == 1 and sound > lost)


def _transcode_with_losses(data: bytes, codec: str, partial: bool) -> DecodedText | None:
    """All of `data` with `LOST` for what is no text; None if that is too much."""
    decoder = codecs.getincrementaldecoder(codec)("refgraph-lost")
    pieces: list[bytes] = []
    sound = lost = 0
    for offset in range(0, len(data), _STRIDE):
        is_last = offset + _STRIDE >= len(data)
        text = decoder.decode(data[offset : offset + _STRIDE], is_last and not partial)
        try:
            pieces.append(text.encode())
        except UnicodeEncodeError:  # a surrogate without its partner
            return None
        more_sound, more_lost = _count_characters(pieces[-1], text)
        sound, lost = sound + more_sound, lost + more_lost
        if lost > TOLERANCE and not _is_tolerable(sound, lost):
            return None
    if not _is_tolerable(sound, lost):
        return None
    return DecodedText(b"".join(pieces), lost=lost)


def _find_example(text: str) -> str:
    """The first word beyond ASCII."""
    for line in text.splitlines():
        for cell in line.replace("\t", ",").replace(";", ",").split(","):
            if not cell.isascii():
                return cell.strip()[:_MAX_EXAMPLE_CHARS]
    return ""

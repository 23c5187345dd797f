"""Bytes of a file -> clean UTF-8: by byte order mark, else as declared, else strict UTF-8.

An encoding is never guessed here (see `encodings`); an error names the one that would fit.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator

import numpy as np

from refgraph.errors import DataError, UsageError

TextBuffer = bytes | memoryview

_STRIDE = 1 << 22
"""Bytes decoded together, so that little of a file is held twice."""
_HEAD_BYTES = 4096
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16-LE: its mark begins with that one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CODEC_ALIASES = {
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16-le",
    "utf-32": "utf-32-le",
}
_CODE_UNITS = {"utf-16-le": "<u2", "utf-16-be": ">u2", "utf-32-le": "<u4", "utf-32-be": ">u4"}
_UNSUPPORTED_CODECS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"}


def decode(
    data: bytes, file: str, encoding: str | None = None, *, partial: bool = False
) -> TextBuffer:
    """`data` as UTF-8 without byte order mark or surrogates; the same buffer if it is that already.

    A byte order mark (UTF-8, UTF-16, UTF-32) decides; then the declared encoding, any character
    set that Python knows; then UTF-8. If a GB encoding is declared, text that is valid UTF-8 and
    holds a character above U+07FF is read as UTF-8: GB text that passes for UTF-8 holds only
    smaller ones. gbk and gb2312 are read as gb18030, which contains them.
    file: the name to cite. partial: whether `data` may end in the middle of a character.
    Raises UsageError ``unknown-encoding``; DataError with line and column_byte (both from 1) of the
    first bad byte: ``encoding-error-gb18030`` or ``encoding-error-utf-16`` (with decodes_as) if all
    of `data` is text in that encoding, ``encoding-error-declared`` if an encoding was declared or
    marked, else ``encoding-error``.
    """
    try:
        return decode_strictly(data, encoding, partial=partial)
    except BadByteError as bad:
        marked, start = detect_byte_order_mark(data)
        kind, values = _diagnose(data, bad.codec, marked or encoding, partial)
        line, column = locate_byte(data, start, bad.offset, bad.codec)
        raise DataError(kind, (), file=file, line=line, column_byte=column, **values) from None


def decode_strictly(data: bytes, encoding: str | None, *, partial: bool = False) -> TextBuffer:
    """As `decode`. Raises UsageError ``unknown-encoding``, BadByteError."""
    declared = None if encoding is None else resolve_codec(encoding)
    marked, start = detect_byte_order_mark(data)
    codec = marked or declared or "utf-8"
    if codec == "gb18030" and _is_utf8(data, partial):
        codec = "utf-8"
    try:
        if codec != "utf-8":
            return _strip_byte_order_marks(_transcode(data, start, codec, partial))
        for _ in _decode_pieces(data, start, codec, partial):
            pass
    except BadByteError as bad:
        bad.codec = codec
        raise
    if encoding is None and marked is None and _looks_like_utf16(data):
        raise BadByteError(data.index(0))
    return _strip_byte_order_marks(data)


class BadByteError(Exception):
    """The byte at `offset` is not text in the encoding `codec`, which was tried."""

    def __init__(self, offset: int, codec: str = "utf-8") -> None:
        self.offset, self.codec = offset, codec


def resolve_codec(encoding: str) -> str:
    """Python's name for a character set. Raises UsageError ``unknown-encoding``."""
    try:
        codec = codecs.lookup(encoding)
        "".encode(encoding)  # fails for codecs that do not turn text into bytes
    except (LookupError, ValueError):
        raise UsageError("unknown-encoding", encoding=encoding) from None
    if codec.incrementaldecoder is None or codec.name.replace("_", "-") in _UNSUPPORTED_CODECS:
        raise UsageError("unknown-encoding", encoding=encoding)
    return _CODEC_ALIASES.get(codec.name, codec.name)


def detect_byte_order_mark(data: bytes) -> tuple[str | None, int]:
    """The encoding named by the byte order mark, if there is one, and where the text begins."""
    for mark, codec in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return codec, len(mark)
    return None, 0


def _strip_byte_order_marks(text: bytes) -> TextBuffer:
    start = 0
    while text.startswith(codecs.BOM_UTF8, start):
        start += len(codecs.BOM_UTF8)
    return memoryview(text)[start:] if start else text


def _decode_pieces(data: bytes, start: int, codec: str, partial: bool) -> Iterator[tuple[int, str]]:
    """Offset and text of one piece after the other. Raises BadByteError."""
    decoder = codecs.getincrementaldecoder(codec)()
    for offset in range(start, len(data), _STRIDE):
        end = min(offset + _STRIDE, len(data))
        try:
            yield offset, decoder.decode(data[offset:end], end == len(data) and not partial)
        except UnicodeDecodeError as error:
            # error.object begins with the bytes that were left over from the piece before
            raise BadByteError(max(start, end - len(error.object) + error.start)) from None
        except UnicodeError:
            raise BadByteError(offset) from None


def _transcode(data: bytes, start: int, codec: str, partial: bool) -> bytes:
    out = io.BytesIO()
    for offset, text in _decode_pieces(data, start, codec, partial):
        try:
            out.write(text.encode())
        except UnicodeEncodeError:  # a surrogate without its partner
            raise BadByteError(offset) from None
    return out.getvalue()


def _is_utf8(data: bytes, partial: bool) -> bool:
    """Whether `data` is ASCII, or UTF-8 with a character above U+07FF."""
    is_ascii, has_large_character = True, False
    try:
        for _, text in _decode_pieces(data, 0, "utf-8", partial):
            if not text.isascii():
                is_ascii = False
                has_large_character = has_large_character or max(text) > "\u07ff"
    except BadByteError:
        return False
    return has_large_character or is_ascii


def _detect_utf16(data: bytes, min_zeros: int) -> str | None:
    """UTF-16 without its mark: enough of the first bytes are zero, on one side of each pair."""
    size = min(len(data), _HEAD_BYTES) // 2 * 2
    pairs = np.frombuffer(data, np.uint8, size).reshape(-1, 2)
    first_zeros, second_zeros = (int(count) for count in np.count_nonzero(pairs == 0, axis=0))
    if (first_zeros and second_zeros) or first_zeros + second_zeros < min_zeros:
        return None
    return "utf-16-be" if first_zeros else "utf-16-le"


def _looks_like_utf16(data: bytes) -> bool:
    """Whether text that passes for UTF-8 is UTF-16.

    It is if a quarter of the first bytes are zero, and some of these are in the first line.
    """
    first_line = next(iter(data[:_HEAD_BYTES].splitlines()), b"")
    min_zeros = max(4, min(len(data), _HEAD_BYTES) // 4)
    return b"\0" in first_line and _detect_utf16(data, min_zeros) is not None


def _diagnose(
    data: bytes, codec: str, declared: str | None, partial: bool
) -> tuple[str, dict[str, str]]:
    """Id and values of the error. declared: the encoding that the file or the user named."""
    utf16 = _detect_utf16(data, 1)
    other = utf16 or "gb18030"
    if other != codec and _is_text(data, other, partial):
        kind = "encoding-error-utf-16" if utf16 else "encoding-error-gb18030"
        return kind, {"decodes_as": other}
    if declared:
        return "encoding-error-declared", {"encoding": declared}
    return "encoding-error", {}


def _is_text(data: bytes, codec: str, partial: bool) -> bool:
    try:
        for _, text in _decode_pieces(data, 0, codec, partial):
            text.encode()
    except (BadByteError, UnicodeEncodeError):
        return False
    return True


def locate_byte(data: bytes, start: int, offset: int, codec: str) -> tuple[int, int]:
    """Line, and byte within the line, of the byte at `offset`, both from 1.

    start: the offset at which the text begins, after its byte order mark.
    """
    dtype = np.dtype(_CODE_UNITS.get(codec, "u1"))
    units = np.frombuffer(data, dtype, offset // dtype.itemsize)
    ends = np.flatnonzero((units == 10) | (units == 13))
    is_crlf = (np.diff(ends) == 1) & (units[ends[:-1]] == 13) & (units[ends[1:]] == 10)
    newlines = len(ends) - int(np.count_nonzero(is_crlf))
    line_start = (int(ends[-1]) + 1) * units.itemsize if len(ends) else start
    return 1 + newlines, offset - line_start + 1

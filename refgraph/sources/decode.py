"""Bytes of a file -> clean UTF-8: by byte order mark, else as declared, else strict UTF-8; never guessed."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator

import numpy as np

from refgraph.errors import DataError, UsageError

Text = bytes | memoryview

_STRIDE = 1 << 22
_HEAD = 4096
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_READ_AS = {
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16-le",
    "utf-32": "utf-32-le",
}
_UNITS = {"utf-16-le": "<u2", "utf-16-be": ">u2", "utf-32-le": "<u4", "utf-32-be": ">u4"}
_NO_CHARSETS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"}


def decode(data: bytes, file: str, encoding: str | None = None, *, partial: bool = False) -> Text:
    """`data` as UTF-8 without byte order mark or surrogates; the same buffer when it is that already.

    A byte order mark (UTF-8, UTF-16, UTF-32) decides; then the encoding declared, any character set that
    Python knows; then UTF-8. Where a GB encoding is declared, text that is UTF-8 all the same is taken as
    that if it holds a character above U+07FF: GB text that passes for UTF-8 holds smaller ones. gbk and
    gb2312 are read as gb18030, which contains them. `file` is the name to cite. partial: `data` may end amid
    a character.
    Raises UsageError unknown-encoding; DataError with line and column_byte (both from 1) of the first bad
    byte: encoding-error-gb18030 or -utf-16 (with decodes_as) where all of `data` is text in that encoding,
    encoding-error-declared where an encoding was named or marked, else encoding-error.
    """
    declared = None if encoding is None else _codec(encoding)
    marked, start = _mark(data)
    codec = marked or declared or "utf-8"
    if codec == "gb18030" and _is_utf8(data, partial):
        codec = "utf-8"
    try:
        if codec != "utf-8":
            return _unmarked(_recoded(data, start, codec, partial))
        for _ in _texts(data, start, codec, partial):
            pass
        if encoding is None and marked is None and _begins_wide(data):
            raise _Bad(data.index(0))
    except _Bad as bad:
        kind, values = _diagnosis(data, codec, marked or encoding, partial)
        line, column = _where(data, start, bad.offset, codec)
        raise DataError(kind, (), file=file, line=line, column_byte=column, **values) from None
    return _unmarked(data)


class _Bad(Exception):
    """The byte at `offset` is not text in the encoding tried."""

    def __init__(self, offset: int) -> None:
        self.offset = offset


def _codec(encoding: str) -> str:
    """The name under which Python knows a character set."""
    try:
        found = codecs.lookup(encoding)
        "".encode(encoding)  # refuses what does not turn text into bytes
    except (LookupError, ValueError):
        raise UsageError("unknown-encoding", encoding=encoding) from None
    if found.incrementaldecoder is None or found.name.replace("_", "-") in _NO_CHARSETS:
        raise UsageError("unknown-encoding", encoding=encoding)
    return _READ_AS.get(found.name, found.name)


def _mark(data: bytes) -> tuple[str | None, int]:
    """The encoding that the byte order mark tells, and where the text begins."""
    return next(((codec, len(mark)) for mark, codec in _MARKS if data.startswith(mark)), (None, 0))


def _unmarked(text: bytes) -> Text:
    start = 0
    while text.startswith(codecs.BOM_UTF8, start):
        start += len(codecs.BOM_UTF8)
    return memoryview(text)[start:] if start else text


def _texts(data: bytes, start: int, codec: str, partial: bool) -> Iterator[tuple[int, str]]:
    """Offset and text of one piece after the other, so that little of `data` is held twice; raises _Bad."""
    decoder = codecs.getincrementaldecoder(codec)()
    for at in range(start, len(data), _STRIDE):
        end = min(at + _STRIDE, len(data))
        try:
            yield at, decoder.decode(data[at:end], end == len(data) and not partial)
        except UnicodeDecodeError as error:  # its object begins with what was left of the piece before
            raise _Bad(max(start, end - len(error.object) + error.start)) from None
        except UnicodeError:
            raise _Bad(at) from None


def _recoded(data: bytes, start: int, codec: str, partial: bool) -> bytes:
    out = io.BytesIO()
    for at, text in _texts(data, start, codec, partial):
        try:
            out.write(text.encode())
        except UnicodeEncodeError:  # a surrogate without its partner
            raise _Bad(at) from None
    return out.getvalue()


def _is_utf8(data: bytes, partial: bool) -> bool:
    """Whether `data` is UTF-8 and ASCII throughout, or UTF-8 with a character above U+07FF."""
    ascii_only, large = True, False
    try:
        for _, text in _texts(data, 0, "utf-8", partial):
            ascii_only = ascii_only and text.isascii()
            large = large or (not text.isascii() and max(text) > "\u07ff")
    except _Bad:
        return False
    return large or ascii_only


def _wide(data: bytes, least: int) -> str | None:
    """UTF-16 without its mark: at least `least` of the first bytes are zero, on one side of each pair."""
    head = np.frombuffer(data, np.uint8, min(len(data), _HEAD) // 2 * 2).reshape(-1, 2)
    before, after = (int(count) for count in np.count_nonzero(head == 0, axis=0))
    if (before and after) or before + after < least:
        return None
    return "utf-16-be" if before else "utf-16-le"


def _begins_wide(data: bytes) -> bool:
    """Whether text that passes for UTF-8 is UTF-16: a quarter of the bytes zero, and some in the first line."""
    first = next(iter(data[:_HEAD].splitlines()), b"")
    return b"\0" in first and _wide(data, max(4, min(len(data), _HEAD) // 4)) is not None


def _diagnosis(data: bytes, codec: str, told: str | None, partial: bool) -> tuple[str, dict[str, str]]:
    """Id and further values of the error; `told` is the encoding that the file or the user named."""
    wide = _wide(data, 1)
    other, kind = (wide, "encoding-error-utf-16") if wide else ("gb18030", "encoding-error-gb18030")
    if other != codec and _is_text(data, other, partial):
        return kind, {"decodes_as": other}
    return ("encoding-error-declared", {"encoding": told}) if told else ("encoding-error", {})


def _is_text(data: bytes, codec: str, partial: bool) -> bool:
    try:
        for _, text in _texts(data, 0, codec, partial):
            text.encode()
    except (_Bad, UnicodeEncodeError):
        return False
    return True


def _where(data: bytes, start: int, offset: int, codec: str) -> tuple[int, int]:
    """Line, and byte within it, of the byte at `offset`, both from 1; the text begins at `start`."""
    kind = np.dtype(_UNITS.get(codec, "u1"))
    units = np.frombuffer(data, kind, offset // kind.itemsize)
    ends = np.flatnonzero((units == 10) | (units == 13))
    pairs = np.count_nonzero((np.diff(ends) == 1) & (units[ends[:-1]] == 13) & (units[ends[1:]] == 10))
    begin = (int(ends[-1]) + 1) * units.itemsize if len(ends) else start
    return 1 + len(ends) - int(pairs), offset - begin + 1

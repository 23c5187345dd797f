"""The transaction id in a bookmark of the server."""

from __future__ import annotations

import base64
import binascii

_PREFIX = "FB:"
_HEAD, _TAIL = b"\x91\xcc\x10", b"\x90"
_DATABASE_ID_BYTES = 16
_TINY_INT_LIMIT = 0x80
_INT_WIDTHS = {0xC8: 1, 0xC9: 2, 0xCA: 4, 0xCB: 8}
"""Marker of a PackStream integer -> bytes that follow it."""


def parse_transaction_id(bookmark: str) -> int | None:
    """The id of the last transaction that a bookmark stands for; None for an unknown format.

    The known format is ``FB:`` and, in Base64, a PackStream list: the 16 bytes of a database id,
    the transaction id, and an empty list.
    """
    raw = _decode(bookmark)
    if raw is None or not raw.startswith(_HEAD) or not raw.endswith(_TAIL):
        return None
    number = raw[len(_HEAD) + _DATABASE_ID_BYTES : -len(_TAIL)]
    return _unpack_integer(number)


def _decode(bookmark: str) -> bytes | None:
    """The bytes of a bookmark; None without the prefix or for invalid Base64."""
    if not bookmark.startswith(_PREFIX):
        return None
    text = bookmark.removeprefix(_PREFIX)
    padding = "=" * (-len(text) % 4)
    try:
        return base64.b64decode(text + padding, validate=True)
    except (binascii.Error, ValueError):
        return None


def _unpack_integer(packed: bytes) -> int | None:
    """A PackStream integer; None for anything else."""
    if not packed:
        return None
    marker, digits = packed[0], packed[1:]
    if not digits:
        return marker if marker < _TINY_INT_LIMIT else None
    if _INT_WIDTHS.get(marker) != len(digits):
        return None
    return int.from_bytes(digits, "big", signed=True)

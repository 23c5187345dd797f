"""The number of a transaction, out of a bookmark of the server."""

from __future__ import annotations

import base64
import binascii

_HEAD, _TAIL = b"\x91\xcc\x10", b"\x90"
_WIDTHS = {0xC8: 1, 0xC9: 2, 0xCA: 4, 0xCB: 8}


def committed(token: str) -> int | None:
    """The number of the last transaction, out of a bookmark ``FB:`` and PackStream in Base64: a list of a database's 16 bytes and
    the number, with a list of nothing after it. None for any other form."""
    try:
        raw = base64.b64decode(token.removeprefix("FB:") + "=" * (-len(token.removeprefix("FB:")) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    number = raw[len(_HEAD) + 16 : -1]
    if not token.startswith("FB:") or not raw.startswith(_HEAD) or not raw.endswith(_TAIL) or not number:
        return None
    if len(number) == 1:
        return number[0] if number[0] < 0x80 else None
    return int.from_bytes(number[1:], "big", signed=True) if _WIDTHS.get(number[0]) == len(number) - 1 else None

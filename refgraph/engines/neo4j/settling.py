"""Whether anything was committed since a load: its ledger node holds the number of the last transaction that belongs to it.

That number is read out of a bookmark of the server. Of a form that is not known, and after any commit of whoever, nothing is
settled; then all is read, and what was kept beside the load about the whole company is not used.
"""

from __future__ import annotations

import base64
import binascii

from refgraph.engines.neo4j.database import Database
from refgraph.engines.neo4j.keeping import Load
from refgraph.engines.queries import statement

TRIES = 3
"""How often the number is guessed: others may write to the same database, and a property that is new to it takes a number too."""
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


def still(load: Load, token: str) -> bool:
    """Whether what a load tells of the whole is true: by this very code, and nothing was committed up to this bookmark."""
    return load.census is not None and load.settled is not None and load.settled == committed(token)


def settle(database: Database, identity: str) -> bool:
    """Write down the number of the transaction that writes it; False where others came in between, or the number is not known."""
    for _ in range(TRIES):
        last = committed(database.token())
        if last is None:
            return False
        database.write((statement("write/settle").filled(), {"identity": identity, "number": last + 1}))
        if committed(database.token()) == last + 1:
            return True
    return False

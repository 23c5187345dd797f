"""Whether anything was committed since a load: its ledger node holds the number of the last transaction that belongs to it.

That number is read out of a bookmark of the server. Of a form that is not known, and after any commit of whoever, nothing is
settled; then all is read, and what was kept beside the load about the whole company is not used.
"""

from __future__ import annotations

from collections.abc import Mapping

from refgraph.engines.neo4j.bookmark import committed
from refgraph.engines.neo4j.database import Database
from refgraph.engines.neo4j.keeping import Load
from refgraph.engines.queries import statement


def still(load: Load, token: str) -> bool:
    """Whether what a load tells of the whole is true: by this very code, and nothing was committed up to this bookmark."""
    return load.census is not None and load.settled is not None and load.settled == committed(token)


def settle(database: Database, identity: str, last: int | None, told: Mapping[str, str] | None = None) -> bool:
    """Write down the number of the transaction that writes it, the next after the last that is known to be no stranger's; False
    where others came in between. last: None = not known. told: what the load tells of the whole, where that is to be new."""
    if last is None:
        return False
    text = statement("write/settle").filled()
    new = [] if told is None else [(statement("write/told").filled(), {"identity": identity, **told})]
    database.write(*new, (text, {"identity": identity, "number": last + 1}))
    if committed(database.token()) == last + 1:
        return True
    database.write((text, {"identity": identity, "number": None}))
    return False

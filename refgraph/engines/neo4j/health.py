"""What a person should know of a database before relying on it: facts, each good or not."""

from __future__ import annotations

import time
from collections.abc import Iterator

from refgraph.engines.neo4j import keeping
from refgraph.engines.neo4j.database import Database
from refgraph.engines.neo4j.settling import still
from refgraph.engines.queries import statement
from refgraph.errors import DatabaseError
from refgraph.model.message import Message, message

OLDEST = (5, 0)
SLOW, APART = 0.05, 5.0
"""Seconds of a round trip above which many small questions are slow; seconds that clocks may differ."""

Told = tuple[bool, Message, Message | None]


def findings(database: Database) -> Iterator[Told]:
    """(good, what, remedy) for server, version, edition, round trip, clock, rights, constraints, content, lease, plugins.

    Raises DatabaseError when the database cannot be reached; what it refuses to tell is a red line of its own.
    """
    agent, bolt = database.server()
    yield True, message("doctor.db-server", agent=agent, bolt=bolt, uri=database.access.uri), None
    yield from _version(database)
    yield from _waits(database)
    yield from _asked(database, _rights)
    yield from _asked(database, _schema)
    yield from _content(database)
    yield from _asked(database, _plugins)


def _asked(database: Database, what: object) -> Iterator[Told]:
    try:
        yield from what(database)  # type: ignore[operator]
    except DatabaseError as error:
        yield False, message("doctor.db-refused", why=str(error)), message("doctor.db-refused-remedy")


def _version(database: Database) -> Iterator[Told]:
    version, edition = database.one("look/components") or ("?", "?")
    parts = [int(part) for part in version.split(".")[:2] if part.isdigit()]
    good = tuple(parts) >= OLDEST
    yield good, message("doctor.db-version", version=version, edition=edition, database=database.access.database), message(
        "doctor.db-version-remedy", oldest=".".join(map(str, OLDEST)))


def _waits(database: Database) -> Iterator[Told]:
    took = []
    for _ in range(3):
        start = time.perf_counter()
        database.token()
        took.append(time.perf_counter() - start)
    told = message("doctor.db-round-trip", ms=round(min(took) * 1000, 1))
    yield min(took) <= SLOW, told, message("doctor.db-round-trip-remedy")
    clock = database.one("look/clock")
    apart = abs(time.time() - (clock[0] / 1000 if clock else 0))
    yield apart <= APART, message("doctor.db-clock", seconds=round(apart, 1)), message("doctor.db-clock-remedy")


def _rights(database: Database) -> Iterator[Told]:
    user, roles = database.one("look/user") or (database.access.user, None)
    if roles is None:
        yield True, message("doctor.db-user", user=user), None
    else:
        writes = bool({"admin", "architect", "publisher", "editor"} & set(roles))
        yield True, message("doctor.db-roles" if writes else "doctor.db-reads-only", user=user, roles=roles), None


def _schema(database: Database) -> Iterator[Told]:
    waiting = [label for label, _, state, _ in database.read(statement("look/indexes").filled()) if state != "ONLINE"]
    if keeping.held(database) is not None:
        missing = keeping.unguarded(database)
        said = message("doctor.db-no-constraints" if missing else "doctor.db-constraints", labels=missing)
        yield not missing, said, message("doctor.db-no-constraints-remedy")
    said = message("doctor.db-no-indexes" if waiting else "doctor.db-indexes", labels=waiting)
    yield not waiting, said, message("doctor.db-no-indexes-remedy")


def _content(database: Database) -> Iterator[Told]:
    load, nodes = keeping.held(database), keeping.counts(database)
    if load is None:
        yield True, message("doctor.db-empty" if not nodes["*"] else "doctor.db-foreign", nodes=nodes["*"]), None
    else:
        same = all(nodes[keeping.NODES[t]] == n for t, n in load.rows.items() if t in keeping.NODES)
        values = {"customers": load.rows["customers"], "referrals": load.rows["referrals"], "source": load.source,
                  "fingerprint": load.fingerprint[:12], "finished": load.finished, "state": load.spoken}  # fmt: skip
        if not load.complete:
            yield False, message("doctor.db-unfinished", **values), message("doctor.db-unfinished-remedy")
        elif not same:
            yield False, message("doctor.db-changed", **values), message("doctor.db-changed-remedy")
        else:
            yield True, message("doctor.db-load", **values), None
            settled = still(load, database.token())
            yield True, message("doctor.db-settled" if settled else "doctor.db-unsettled"), None
        if nodes["*"]:
            yield True, message("doctor.db-beside", nodes=nodes["*"]), None
    lock = database.one("look/lock")
    if lock:
        yield True, message("doctor.db-locked", holder=lock[0].rpartition(" ")[0], seconds=round(lock[1] / 1000)), None


def _plugins(database: Database) -> Iterator[Told]:
    apoc, gds = database.one("look/plugins") or (0, 0)
    yield True, message("doctor.db-plugins", apoc=apoc, gds=gds), None

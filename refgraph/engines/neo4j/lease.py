"""One writer a database: a lease that runs out, with a token that stops whoever comes back from the dead."""

from __future__ import annotations

import contextlib
import os
import socket
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from refgraph.engines.neo4j.database import Database, Step
from refgraph.engines.queries import statement
from refgraph.errors import DatabaseError, LockedError

PROPERTIES = ("asked", "holder", "token", "until")
"""Of the lock node."""
SECONDS = 60
"""How long a lease holds without being renewed; every batch renews it."""


_ours: set[str] = set()
"""Holders of this very process that still write."""


@dataclass(frozen=True)
class Lease:
    """The right to write, held. token: larger than that of every holder before."""

    token: int
    holder: str = ""

    def step(self) -> Step:
        """The step that belongs in front of every batch, in its transaction: it gives a row only while the lease is ours."""
        return statement("lock/keep").filled(), {"token": self.token, "lease": SECONDS * 1000}


@contextlib.contextmanager
def lease(database: Database) -> Iterator[Lease]:
    """Hold the lease while something is written. Raises LockedError ``locked`` naming the holder."""
    held = _taken(database)
    try:
        yield held
    finally:
        _ours.discard(held.holder)
        with contextlib.suppress(DatabaseError):  # it runs out by itself
            database.write((statement("lock/free").filled(), {"token": held.token}))


def unheld(database: Database) -> None:
    """Raises LockedError ``locked`` where somebody who may be alive holds the lease."""
    found = database.one("look/lock")
    if found and not _dead(found[0]):
        raise _locked(*found)


def _locked(holder: str, wait: int) -> LockedError:
    return LockedError("locked", holder=_named(holder), seconds=max(round(wait / 1000), 1))


def _taken(database: Database) -> Lease:
    me = f"{socket.gethostname()} {os.getpid()} {uuid.uuid4().hex[:8]}"
    takeover = -1
    while True:
        step = statement("lock/take").filled(), {"holder": me, "lease": SECONDS * 1000, "takeover": takeover}
        taken, token, holder, wait = database.write(step)[0][0]
        if taken or holder == me:
            _ours.add(me)
            return Lease(token, me)
        if takeover == token or not _dead(holder):
            raise _locked(holder, wait)
        takeover = token


def _named(holder: str) -> str:
    host, pid, *_ = [*holder.split(), "?"]
    return f"{host} ({pid})"


def _dead(holder: str) -> bool:
    """Whether the holder was on this machine and is no more; the token guards where that is a mistake."""
    host, pid, *_ = [*holder.split(), "", ""]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return holder not in _ours
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False

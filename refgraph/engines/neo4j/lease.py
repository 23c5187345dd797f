"""One writer per database: a lease that expires, and a token that stops a stalled writer."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from refgraph.engines.neo4j.connection import Database, Step
from refgraph.engines.queries import load_statement
from refgraph.errors import DatabaseError, LockedError

LOCK_PROPERTIES = ("asked", "holder", "token", "until")
"""Properties of the lock node."""
LEASE_SECONDS = 60
"""How long a lease holds unless it is renewed; every batch renews it."""
LOGGER = logging.getLogger("refgraph.engines.neo4j")
NO_TAKEOVER = -1

_own_holders: set[str] = set()
"""Holders in this process that are still writing."""


@dataclass(frozen=True)
class Lease:
    """The right to write. token: larger than that of every earlier holder."""

    token: int
    holder: str = ""

    def guard_step(self) -> Step:
        """The first step of every batch: it returns a row only while the lease is ours."""
        parameters = {"token": self.token, "lease": LEASE_SECONDS * 1000}
        return load_statement("lock/renew").to_cypher(), parameters


@contextlib.contextmanager
def hold_lease(database: Database) -> Iterator[Lease]:
    """Hold the lease during a block. Raises LockedError ``locked`` with the current holder."""
    lease = _acquire_lease(database)
    try:
        yield lease
    finally:
        _own_holders.discard(lease.holder)
        with contextlib.suppress(DatabaseError):  # it expires by itself
            release = load_statement("lock/release").to_cypher()
            database.write((release, {"token": lease.token}))
            LOGGER.debug("lease %d released", lease.token)


def require_free_lease(database: Database) -> None:
    """Raises LockedError ``locked`` if somebody who may be alive holds the lease."""
    row = database.first_row("inspect/lease")
    if row is None:
        return
    holder, wait = row
    if not is_dead(holder):
        raise _make_locked_error(holder, wait)


def describe_holder(holder: str) -> str:
    """Host and process id of a holder, for people."""
    host, pid, *_ = [*holder.split(), "?"]
    return f"{host} ({pid})"


def is_dead(holder: str) -> bool:
    """Whether the holder was a process of this machine that has ended.

    A mistake does no harm: the token of the next holder stops the writes of this one.
    """
    host, pid, *_ = [*holder.split(), "", ""]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return holder not in _own_holders
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _acquire_lease(database: Database) -> Lease:
    """The lease; taken over at once from a holder that is dead."""
    me = f"{socket.gethostname()} {os.getpid()} {uuid.uuid4().hex[:8]}"
    acquire = load_statement("lock/acquire").to_cypher()
    takeover = NO_TAKEOVER
    while True:
        parameters = {"holder": me, "lease": LEASE_SECONDS * 1000, "takeover": takeover}
        is_taken, token, holder, wait = database.write((acquire, parameters))[0][0]
        if is_taken or holder == me:
            LOGGER.debug("lease %d acquired by %s", token, me)
            _own_holders.add(me)
            return Lease(token, me)
        if takeover == token or not is_dead(holder):
            raise _make_locked_error(holder, wait)
        LOGGER.debug("lease %d of %s is taken over: the process has ended", token, holder)
        takeover = token


def _make_locked_error(holder: str, wait_milliseconds: int) -> LockedError:
    seconds = max(round(wait_milliseconds / 1000), 1)
    return LockedError("locked", holder=describe_holder(holder), seconds=seconds)

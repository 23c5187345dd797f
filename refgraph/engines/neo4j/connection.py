"""A connection to a database: reads, writes in transactions, and no endless waits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, TypeVar

from refgraph.engines.neo4j import sessions
from refgraph.engines.neo4j.bookmark import parse_transaction_id
from refgraph.engines.neo4j.credentials import Credentials
from refgraph.engines.neo4j.interruptible import Pulse
from refgraph.engines.neo4j.probe import probe
from refgraph.engines.neo4j.sessions import Plan, Row, Rows, Step
from refgraph.engines.neo4j.shared_driver import SharedDriver
from refgraph.engines.queries import Cypher, load_statement
from refgraph.errors import LoginError

if TYPE_CHECKING:
    from neo4j import Session

__all__ = ["Database", "Plan", "Row", "Rows", "Step"]
LOGGER = logging.getLogger("refgraph.engines.neo4j")
T = TypeVar("T")


class Database:
    """One database of a server. It connects on first use and, after `close`, on the next use.

    As a context manager it closes the connection at the end. Every method that asks the server
    raises DatabaseError.

    last_transaction_id: id of the last write through this object, None = unknown.
    has_foreign_commits: whether somebody else has committed between two of these writes.
    """

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self._driver: SharedDriver | None = None
        self.start_change_tracking()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; may be called twice."""
        if self._driver is not None:
            LOGGER.debug("close %s", self.credentials.uri)
            self._driver.release()
            self._driver = None

    def read(self, text: Cypher, **parameters: object) -> Rows:
        """All rows of a reading statement."""
        return self.begin_read(text, **parameters)()

    def begin_read(self, text: Cypher, **parameters: object) -> Callable[[], Rows]:
        """Start a reading statement; the function returned waits for all its rows."""
        steps = ((text, parameters),)
        return self._begin("READ", lambda session: sessions.read_steps(session, steps)[0])

    def begin_stream(
        self,
        text: Cypher,
        take: Callable[[Row], T | None],
        page: int = -1,
        parameters: Mapping[str, object] = {},
    ) -> Callable[[], list[T]]:
        """Start a reading statement; the function returned waits for what ``take`` made of rows.

        take: called in another thread. page: rows that the server sends at a time, -1 = all.
        """

        pulse = Pulse()

        def take_alive(row: Row) -> T | None:
            pulse.beat()
            return take(row)

        def stream(session: Session) -> list[T]:
            return sessions.stream_rows(session, text, parameters, take_alive)

        return self._begin("READ", stream, pulse, fetch_size=page)

    def explain(self, text: Cypher) -> Plan:
        """What the server says about a statement, which is not run."""
        work = self._begin(
            "READ",
            lambda session: sessions.explain(session, text),
            notifications_min_severity="WARNING",
        )
        return work()

    def first_row(self, name: str, **parameters: object) -> tuple[Any, ...] | None:
        """The first row of a statement without slots; None if there is none."""
        rows = self.read(load_statement(name).to_cypher(), **parameters)
        return rows[0] if rows else None

    def write(self, *steps: Step, guard: bool = False) -> list[Rows]:
        """The rows of each step, all run in one transaction; the driver retries transient errors.

        guard: the first step has to return a row, else nothing is committed and LockedError
        ``lease-lost`` is raised. After CommitLostError it is unknown whether the transaction was
        committed: run it again if it may be run twice.
        """

        def write_steps(session: Session) -> tuple[list[Rows], str]:
            rows = sessions.write_steps(session, steps, guard)
            return rows, sessions.read_bookmarks(session)

        rows, bookmark = self._begin("WRITE", write_steps)()
        self._track_transaction(parse_transaction_id(bookmark))
        return rows

    def run_autocommit(self, text: Cypher, **parameters: object) -> Rows:
        """All rows of a statement that must not run in an explicit transaction: schema."""
        work = self._begin(
            "WRITE", lambda session: sessions.run_autocommit(session, text, parameters)
        )
        return work()

    def version(self) -> str:
        """The version of the database: a bookmark, which changes with every commit."""

        def read_version(session: Session) -> str:
            sessions.ping(session)
            return sessions.read_bookmarks(session)

        return self._begin("READ", read_version)()

    def server(self) -> tuple[str, str]:
        """Name and version of the server (``Neo4j/5.26.31``), and the version of Bolt in use."""
        info = self._begin("READ", lambda session: sessions.ping(session).server)()
        return info.agent, ".".join(str(part) for part in info.protocol_version)

    def start_change_tracking(self, last: int | None = None) -> None:
        """Watch for commits by others from the next write on, or from a transaction on."""
        self.last_transaction_id: int | None = last
        self.has_foreign_commits = False

    def _track_transaction(self, number: int | None) -> None:
        """Transaction ids are consecutive unless somebody else commits.

        Creating a property or label name consumes an id too, so new names are registered before
        (`load_setup.register_names`).
        """
        last = self.last_transaction_id
        if last is not None and (number is None or number > last + 1):
            self.has_foreign_commits = True
        self.last_transaction_id = number

    def _begin(
        self,
        mode: str,
        work: Callable[[Session], T],
        pulse: Pulse | None = None,
        **more: object,
    ) -> Callable[[], T]:
        """Start work in a session; the function returned waits for its result.

        pulse, more: as in `start_in_session`. A signal closes the connection, so that the next call
        uses a fresh one.
        """
        task = sessions.start_in_session(
            self._connect(), self.credentials, mode, work, pulse, **more
        )
        return lambda: sessions.await_result(task, self.credentials, self.close)

    def _connect(self) -> SharedDriver:
        """The driver; if login without a password is refused, a person is asked for it once."""
        if self._driver is not None:
            return self._driver
        probe(self.credentials)
        try:
            self._driver = sessions.open_driver(self.credentials)
        except LoginError:
            ask = self.credentials.ask_password
            if self.credentials.password is not None or ask is None:
                raise
            self.credentials = replace(self.credentials, password=ask(), ask_password=None)
            self._driver = sessions.open_driver(self.credentials)
        return self._driver

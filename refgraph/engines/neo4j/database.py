"""A database that is reached: reads in READ sessions, writes in transactions, every wait with an end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeVar

from refgraph.engines.neo4j.access import Access
from refgraph.engines.neo4j.apart import apart
from refgraph.engines.neo4j.bookmark import committed
from refgraph.engines.neo4j.faults import spoken
from refgraph.engines.neo4j.probe import probe
from refgraph.engines.queries import Cypher, statement
from refgraph.errors import DatabaseError, LockedError

if TYPE_CHECKING:
    from neo4j import Driver, ManagedTransaction, ResultSummary, Session

CONNECT, ACQUIRE, RETRY, RUN = 5.0, 10.0, 60.0, 300.0
"""Seconds: to connect, to get a connection, to go on trying after a fault that passes, for one transaction."""

T = TypeVar("T")
Rows = list[tuple[Any, ...]]
Step = tuple[Cypher, Mapping[str, object]]


class Database:
    """One database of a server. Nothing is sent before it is first asked; raises DatabaseError wherever it is asked.

    last: number of the last write from here, None = not known. disturbed: somebody else has committed between two of them.
    """

    def __init__(self, access: Access) -> None:
        self.access = access
        self.watch()

    def watch(self) -> None:
        """Look out for writes of others from the next write on."""
        self.last: int | None = None
        self.disturbed = False

    @cached_property
    def _driver(self) -> Driver:
        probe(self.access)
        try:
            return _opened(self.access)
        except DatabaseError as error:
            if error.id != "db-refused" or self.access.password is not None or self.access.ask is None:
                raise
        self.access = replace(self.access, password=self.access.ask(), ask=None)
        return _opened(self.access)

    def _in_session(self, mode: str, work: Callable[[Session], T]) -> T:
        """What is done in a session; after a signal the next word goes over a new connection."""
        return _in_session(self._driver, self.access, mode, work, lambda: self.__dict__.pop("_driver", None))

    def read(self, text: Cypher, **parameters: object) -> Rows:
        """All rows of one reading statement."""
        found: list[Rows] = self._in_session("READ", lambda session: session.execute_read(_timed(_run), ((text, parameters),)))
        return found[0]

    def one(self, name: str, **parameters: object) -> tuple[Any, ...] | None:
        """The first row of a statement without slots; None where there is none."""
        rows = self.read(statement(name).filled(), **parameters)
        return rows[0] if rows else None

    def write(self, *steps: Step, guard: bool = False) -> list[Rows]:
        """The rows of each of several statements, run in one transaction; faults that pass are tried again by the driver.

        guard: the first step must give a row, else nothing is committed, and LockedError ``lease-lost`` is raised. After
        ``db-lost-commit`` nobody knows whether it was committed: run it again if doing it twice is no harm.
        """

        def written(session: Session) -> tuple[list[Rows], str]:
            return session.execute_write(_timed(_run), steps, guard), _token(session)

        found, token = self._in_session("WRITE", written)
        self._follow(committed(token))
        return found

    def _follow(self, number: int | None) -> None:
        """Numbers follow one another while nobody else commits; only a name that is new to the database takes one more."""
        if self.last is not None and (number is None or number > self.last + 1):
            self.disturbed = True
        self.last = number

    def alone(self, text: Cypher, **parameters: object) -> Rows:
        """A statement that wants no transaction around it: schema."""
        return self._in_session("WRITE", lambda session: [tuple(row.values()) for row in session.run(text, parameters)])

    def token(self) -> str:
        """The version of the database: it stays the same while nothing is committed, and changes with every commit."""

        def asked(session: Session) -> str:
            _answered(session)
            return _token(session)

        return self._in_session("READ", asked)

    def server(self) -> tuple[str, str]:
        """What the server calls itself (``Neo4j/5.26.31``), and the version of Bolt that is spoken."""
        told = self._in_session("READ", lambda session: _answered(session).server)
        return told.agent, ".".join(str(part) for part in told.protocol_version)

    def close(self) -> None:
        """Let go of the connections; safe to call twice."""
        if "_driver" in self.__dict__:
            self.__dict__.pop("_driver").close()


def _token(session: Session) -> str:
    return " ".join(sorted(session.last_bookmarks().raw_values))


def _opened(access: Access) -> Driver:
    """A driver that has been answered once: one attempt, since a wrong password must not be tried again."""
    with spoken(access):
        from neo4j import GraphDatabase

        driver = GraphDatabase.driver(
            access.uri, auth=(access.user, access.password) if access.password is not None else None,
            connection_timeout=CONNECT, connection_acquisition_timeout=ACQUIRE, max_transaction_retry_time=RETRY,
            notifications_min_severity="OFF", telemetry_disabled=True, user_agent=f"refgraph/{version('refgraph')}",
        )  # fmt: skip
    try:
        _in_session(driver, access, "READ", _answered)
    except DatabaseError:
        driver.close()
        raise
    return driver


def _in_session(driver: Driver, access: Access, mode: str, work: Callable[[Session], T],
                aside: Callable[[], object] = lambda: None) -> T:
    def worked() -> T:
        with driver.session(database=access.database, default_access_mode=mode, fetch_size=-1) as session:
            return work(session)

    with spoken(access):
        return apart(worked, aside, driver.close)


def _answered(session: Session) -> ResultSummary:
    return session.run(statement("look/one").filled()).consume()


def _timed(work: Any) -> Any:
    from neo4j import unit_of_work

    return unit_of_work(timeout=RUN)(work)


def _run(transaction: ManagedTransaction, steps: Sequence[Step], guard: bool = False) -> list[Rows]:
    found: list[Rows] = []
    for text, parameters in steps:
        found.append([tuple(record.values()) for record in transaction.run(text, dict(parameters))])
        if guard and not found[0]:
            raise LockedError("lease-lost")
    return found

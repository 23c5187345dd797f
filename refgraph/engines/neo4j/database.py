"""A database that is reached: reads in READ sessions, writes in transactions, every wait with an end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeVar

from refgraph.engines.neo4j.access import Access
from refgraph.engines.neo4j.apart import Apart
from refgraph.engines.neo4j.bookmark import committed
from refgraph.engines.neo4j.faults import spoken
from refgraph.engines.neo4j.line import Line
from refgraph.engines.neo4j.probe import probe
from refgraph.engines.queries import Cypher, statement
from refgraph.errors import DatabaseError, LockedError

if TYPE_CHECKING:
    from neo4j import Driver, ManagedTransaction, ResultSummary, Session

CONNECT, ACQUIRE, RETRY, RUN = 5.0, 10.0, 60.0, 300.0
"""Seconds: to connect, to get a connection, to go on trying after a fault that passes, for one transaction."""
WAIT = RETRY + RUN + 30
"""Seconds after which a server that is still silent is given up."""

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
    def _line(self) -> Line:
        probe(self.access)
        try:
            return _opened(self.access)
        except DatabaseError as error:
            if error.id != "db-refused" or self.access.password is not None or self.access.ask is None:
                raise
        self.access = replace(self.access, password=self.access.ask(), ask=None)
        return _opened(self.access)

    def _begun(self, mode: str, work: Callable[[Session], T]) -> Callable[[], T]:
        """Begin what is done in a session, and give what waits for its end; after a signal the next word goes another line."""
        under_way = _begun(self._line, self.access, mode, work)
        return lambda: _ended(under_way, self.access, self.close)

    def asked(self, text: Cypher, **parameters: object) -> Callable[[], Rows]:
        """Begin one reading statement; what is given waits for all of its rows."""
        return self._begun("READ", lambda session: session.execute_read(_timed(_run), ((text, parameters),))[0])

    def read(self, text: Cypher, **parameters: object) -> Rows:
        """All rows of one reading statement."""
        return self.asked(text, **parameters)()

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

        found, token = self._begun("WRITE", written)()
        self._follow(committed(token))
        return found

    def _follow(self, number: int | None) -> None:
        """Numbers follow one another while nobody else commits; only a name that is new to the database takes one more."""
        if self.last is not None and (number is None or number > self.last + 1):
            self.disturbed = True
        self.last = number

    def alone(self, text: Cypher, **parameters: object) -> Rows:
        """A statement that wants no transaction around it: schema."""
        return self._begun("WRITE", lambda session: [tuple(row.values()) for row in session.run(text, parameters)])()

    def token(self) -> str:
        """The version of the database: it stays the same while nothing is committed, and changes with every commit."""

        def asked(session: Session) -> str:
            _answered(session)
            return _token(session)

        return self._begun("READ", asked)()

    def server(self) -> tuple[str, str]:
        """What the server calls itself (``Neo4j/5.26.31``), and the version of Bolt that is spoken."""
        told = self._begun("READ", lambda session: _answered(session).server)()
        return told.agent, ".".join(str(part) for part in told.protocol_version)

    def close(self) -> None:
        """Let go of the connections; safe to call twice."""
        if "_line" in self.__dict__:
            self.__dict__.pop("_line").leave()


def _token(session: Session) -> str:
    return " ".join(sorted(session.last_bookmarks().raw_values))


def _opened(access: Access) -> Line:
    """A line that has been answered once: one attempt, since a wrong password must not be tried again."""
    with spoken(access):
        from neo4j import GraphDatabase

        line = Line(GraphDatabase.driver(
            access.uri, auth=(access.user, access.password) if access.password is not None else None,
            connection_timeout=CONNECT, connection_acquisition_timeout=ACQUIRE, max_transaction_retry_time=RETRY,
            notifications_min_severity="OFF", telemetry_disabled=True, user_agent=f"refgraph/{version('refgraph')}",
        ))  # fmt: skip
    try:
        _ended(_begun(line, access, "READ", _answered), access, line.leave)
    except DatabaseError:
        line.leave()
        raise
    return line


def _begun(line: Line, access: Access, mode: str, work: Callable[[Session], T]) -> Apart[T]:
    def worked(driver: Driver) -> T:
        with driver.session(database=access.database, default_access_mode=mode, fetch_size=-1) as session:
            return work(session)

    return Apart(lambda: line.use(worked))


def _ended(under_way: Apart[T], access: Access, leave: Callable[[], None]) -> T:
    """What was given. leave: away from a line on which nobody listens any more. Raises DatabaseError ``db-silent``."""
    try:
        under_way.wait(WAIT)
    except TimeoutError:
        leave()
        raise DatabaseError("db-silent", uri=access.uri, seconds=round(WAIT)) from None
    except BaseException:  # a signal
        leave()
        raise
    with spoken(access):
        return under_way.outcome()


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

"""Sessions of the driver: the only place that opens a driver and runs statements."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import metadata
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from refgraph.engines.neo4j.credentials import Credentials
from refgraph.engines.neo4j.driver_errors import translate_driver_errors
from refgraph.engines.neo4j.interruptible import BackgroundTask, Pulse
from refgraph.engines.neo4j.shared_driver import SharedDriver
from refgraph.engines.queries import Cypher, explain_statement, load_statement
from refgraph.errors import DatabaseError, LockedError

if TYPE_CHECKING:
    from neo4j import Driver, ManagedTransaction, ResultSummary, Session

CONNECT_SECONDS = 5.0
ACQUIRE_SECONDS = 10.0
"""Seconds to wait for a free connection of the driver's pool."""
RETRY_SECONDS = 60.0
"""Seconds for which the driver retries after a transient error."""
TRANSACTION_SECONDS = 300.0
"""Seconds after which the server aborts a transaction."""
STREAM_SECONDS = 3_600.0
"""The same for a statement whose rows are streamed: millions of rows take their time."""
SILENCE_SECONDS = RETRY_SECONDS + TRANSACTION_SECONDS + 30
"""Seconds after which a server that does not answer is given up."""
LOGGER = logging.getLogger("refgraph.engines.neo4j")

T = TypeVar("T")
Rows = list[tuple[Any, ...]]
Row = tuple[Any, ...]
Step = tuple[Cypher, Mapping[str, object]]
"""A statement and its parameters."""


class Plan(NamedTuple):
    """What a statement would do. kind: ``r``, ``rw``, ``w`` or ``s`` (schema).

    operators: steps of the plan. notes: status code and description of what the server notices.
    """

    columns: tuple[str, ...]
    kind: str
    operators: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]


def open_driver(credentials: Credentials) -> SharedDriver:
    """A driver that has logged in: tried once, since a wrong password must not be tried again.

    Raises DatabaseError.
    """
    LOGGER.debug("connect to %s as %s", credentials.uri, credentials.user)
    auth = None
    if credentials.password is not None:
        auth = (credentials.user, credentials.password)
    with translate_driver_errors(credentials):
        from neo4j import GraphDatabase

        driver = GraphDatabase.driver(
            credentials.uri,
            auth=auth,
            connection_timeout=CONNECT_SECONDS,
            connection_acquisition_timeout=ACQUIRE_SECONDS,
            max_transaction_retry_time=RETRY_SECONDS,
            notifications_min_severity="OFF",
            warn_notification_severity="OFF",
            telemetry_disabled=True,
            user_agent=f"refgraph/{metadata.version('refgraph')}",
        )
    shared = SharedDriver(driver)
    try:
        task = start_in_session(shared, credentials, "READ", ping)
        await_result(task, credentials, shared.release)
    except DatabaseError:
        shared.release()
        raise
    return shared


def start_in_session(
    shared: SharedDriver,
    credentials: Credentials,
    mode: str,
    work: Callable[[Session], T],
    pulse: Pulse | None = None,
    **more: Any,
) -> BackgroundTask[T]:
    """Start work in a session of its own.

    mode: READ or WRITE. pulse: of work that takes long. more: options of the session.
    """

    def run_in_session(driver: Driver) -> T:
        options: dict[str, Any] = {"default_access_mode": mode, "fetch_size": -1, **more}
        with driver.session(database=credentials.database, **options) as session:
            return work(session)

    return BackgroundTask(lambda: shared.run(run_in_session), pulse)


def await_result(
    task: BackgroundTask[T], credentials: Credentials, abandon: Callable[[], None]
) -> T:
    """The result of a task. abandon: called if nobody waits for it any more.

    Raises DatabaseError, ``db-silent`` after `SILENCE_SECONDS` without a sign of the server.
    """
    try:
        task.wait(SILENCE_SECONDS)
    except TimeoutError:
        abandon()
        seconds = round(SILENCE_SECONDS)
        raise DatabaseError("db-silent", uri=credentials.uri, seconds=seconds) from None
    except BaseException:  # raised by a signal handler
        abandon()
        raise
    with translate_driver_errors(credentials):
        return task.outcome()


def ping(session: Session) -> ResultSummary:
    """Run the cheapest query."""
    return session.run(load_statement("inspect/ping").to_cypher()).consume()


def read_bookmarks(session: Session) -> str:
    """The bookmark of the last transaction."""
    return " ".join(sorted(session.last_bookmarks().raw_values))


def read_steps(session: Session, steps: Sequence[Step]) -> list[Rows]:
    """The rows of each step, all read in one transaction.

    If the connection is lost while the transaction ends, which the driver takes for a write that
    may be done, they are read once more: nothing can be written twice.
    """
    from neo4j.exceptions import IncompleteCommit

    work = _with_timeout(_run_steps)
    rows: list[Rows]
    try:
        rows = session.execute_read(work, steps)
    except IncompleteCommit:
        rows = session.execute_read(work, steps)
    return rows


def stream_rows(
    session: Session,
    text: Cypher,
    parameters: Mapping[str, object],
    take: Callable[[Row], T | None],
) -> list[T]:
    """What ``take`` makes of each row, if anything, while the next rows are on their way.

    It is not run again after an error: what took all the memory once would do so again.
    """
    with session.begin_transaction(timeout=STREAM_SECONDS) as transaction:
        result = transaction.run(text, dict(parameters))
        made = (take(tuple(record.values())) for record in result)
        return [item for item in made if item is not None]


def explain(session: Session, text: Cypher) -> Plan:
    """What the server says about a statement without running it."""
    with session.begin_transaction(timeout=TRANSACTION_SECONDS) as transaction:
        result = transaction.run(explain_statement(text))
        columns = tuple(result.keys())
        summary = result.consume()
    notes = tuple(
        (status.gql_status, status.status_description) for status in summary.gql_status_objects
    )
    operators = tuple(_list_operators(summary.plan or {}))
    return Plan(columns, summary.query_type or "", operators, notes)


def _list_operators(plan: Mapping[str, Any]) -> Iterator[str]:
    """The operator of a plan and those of all its children."""
    yield str(plan.get("operatorType", "")).partition("@")[0]
    for child in plan.get("children", ()):
        yield from _list_operators(child)


def write_steps(session: Session, steps: Sequence[Step], guard: bool) -> list[Rows]:
    """The rows of each step, all written in one transaction. guard: as in `Database.write`."""
    rows: list[Rows] = session.execute_write(_with_timeout(_run_steps), steps, guard)
    return rows


def run_autocommit(session: Session, text: Cypher, parameters: Mapping[str, object]) -> Rows:
    """The rows of a statement in a transaction that the server opens."""
    return [tuple(record.values()) for record in session.run(text, dict(parameters))]


def _with_timeout(work: Any) -> Any:
    from neo4j import unit_of_work

    return unit_of_work(timeout=TRANSACTION_SECONDS)(work)


def _run_steps(
    transaction: ManagedTransaction, steps: Sequence[Step], guard: bool = False
) -> list[Rows]:
    """Raises LockedError ``lease-lost`` if the first step of a guarded write returns no row."""
    rows: list[Rows] = []
    for text, parameters in steps:
        result = transaction.run(text, dict(parameters))
        rows.append([tuple(record.values()) for record in result])
        if guard and not rows[0]:
            raise LockedError("lease-lost")
    return rows

"""What a person should know about a database before relying on it: facts, each good or not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from refgraph.engines.base import HealthFinding
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.freshness import is_unchanged_since_load
from refgraph.engines.neo4j.load_record import (
    NODE_LABELS,
    RELATIONSHIP_TYPES,
    LoadRecord,
    count_nodes,
    count_relationships,
    labels_without_constraint,
    read_load_record,
)
from refgraph.engines.queries import load_statement
from refgraph.errors import DatabaseError
from refgraph.model.message import message

OLDEST_VERSION = (5, 0)
SLOW_SECONDS = 0.05
"""Seconds per round trip above which many small queries are slow."""
MAX_CLOCK_SKEW = 5.0
"""Seconds by which the clocks may differ."""
ROUND_TRIPS = 3
WRITING_ROLES = {"admin", "architect", "publisher", "editor"}

Check = Callable[[Database], Iterator[HealthFinding]]


def check_health(database: Database) -> Iterator[HealthFinding]:
    """Facts on server, version, round trip, clock, rights, schema, content, lease and plugins.

    Raises DatabaseError if the database cannot be reached. A query that the server refuses is a
    finding of its own.
    """
    yield from _check_server(database)
    yield from _check_version(database)
    yield from _check_latency(database)
    yield from _check_clock(database)
    for check in (_check_roles, _check_schema):
        yield from _run_optional(check, database)
    yield from _check_content(database)
    yield from _check_lease(database)
    yield from _run_optional(_check_plugins, database)


def _run_optional(check: Check, database: Database) -> Iterator[HealthFinding]:
    """The findings of a check that the server may refuse."""
    try:
        yield from check(database)
    except DatabaseError as error:
        refused = message("doctor.db-refused", why=str(error))
        yield HealthFinding(False, refused, message("doctor.db-refused-remedy"))


def _check_server(database: Database) -> Iterator[HealthFinding]:
    agent, bolt = database.server()
    uri = database.credentials.uri
    yield HealthFinding(True, message("doctor.db-server", agent=agent, bolt=bolt, uri=uri))


def _check_version(database: Database) -> Iterator[HealthFinding]:
    version, edition = database.first_row("inspect/version") or ("?", "?")
    parts = [int(part) for part in version.split(".")[:2] if part.isdigit()]
    oldest = ".".join(map(str, OLDEST_VERSION))
    fact = message(
        "doctor.db-version",
        version=version,
        edition=edition,
        database=database.credentials.database,
    )
    remedy = message("doctor.db-version-remedy", oldest=oldest)
    yield HealthFinding(tuple(parts) >= OLDEST_VERSION, fact, remedy)


def _check_latency(database: Database) -> Iterator[HealthFinding]:
    durations = []
    for _ in range(ROUND_TRIPS):
        start = time.perf_counter()
        database.version()
        durations.append(time.perf_counter() - start)
    fastest = min(durations)
    fact = message("doctor.db-round-trip", ms=round(fastest * 1000, 1))
    yield HealthFinding(fastest <= SLOW_SECONDS, fact, message("doctor.db-round-trip-remedy"))


def _check_clock(database: Database) -> Iterator[HealthFinding]:
    row = database.first_row("inspect/clock")
    server_seconds = row[0] / 1000 if row else 0
    skew = abs(time.time() - server_seconds)
    fact = message("doctor.db-clock", seconds=round(skew, 1))
    yield HealthFinding(skew <= MAX_CLOCK_SKEW, fact, message("doctor.db-clock-remedy"))


def _check_roles(database: Database) -> Iterator[HealthFinding]:
    """Community Edition has no roles."""
    user, roles = database.first_row("inspect/user") or (database.credentials.user, None)
    if roles is None:
        fact = message("doctor.db-user", user=user)
    else:
        key = "doctor.db-roles" if WRITING_ROLES & set(roles) else "doctor.db-reads-only"
        fact = message(key, user=user, roles=roles)
    yield HealthFinding(True, fact)


def _check_schema(database: Database) -> Iterator[HealthFinding]:
    """Constraints, if refgraph has loaded anything, and indexes that are not online."""
    indexes = database.read(load_statement("inspect/indexes").to_cypher())
    pending = [label for label, _, state, _ in indexes if state != "ONLINE"]
    if read_load_record(database) is not None:
        missing = labels_without_constraint(database)
        key = "doctor.db-no-constraints" if missing else "doctor.db-constraints"
        fact = message(key, labels=missing)
        yield HealthFinding(not missing, fact, message("doctor.db-no-constraints-remedy"))
    key = "doctor.db-no-indexes" if pending else "doctor.db-indexes"
    fact = message(key, labels=pending)
    yield HealthFinding(not pending, fact, message("doctor.db-no-indexes-remedy"))


def _check_content(database: Database) -> Iterator[HealthFinding]:
    """What the database holds: nothing, a load of refgraph, other data, or both."""
    record = read_load_record(database)
    nodes = count_nodes(database)
    others = nodes["*"]
    if record is None:
        key = "doctor.db-foreign" if others else "doctor.db-empty"
        yield HealthFinding(True, message(key, nodes=others))
        return
    yield from _check_load(database, record, nodes)
    if others:
        yield HealthFinding(True, message("doctor.db-beside", nodes=others))


def _check_load(
    database: Database, record: LoadRecord, nodes: dict[str, int]
) -> Iterator[HealthFinding]:
    """Whether the load is complete, its counts are right and its stored answers hold."""
    counted = {table: nodes[label] for table, label in NODE_LABELS.items() if table in record.rows}
    for table, type in RELATIONSHIP_TYPES.items():
        if table in record.rows:
            counted[table] = count_relationships(database, type)
    has_same_counts = all(record.rows[table] == count for table, count in counted.items())
    values = {
        "customers": record.rows["customers"],
        "referrals": record.rows["referrals"],
        "source": record.source,
        "fingerprint": record.fingerprint[:12],
        "finished": record.finished,
        "state": record.state_label,
    }
    if not record.is_complete:
        fact = message("doctor.db-unfinished", **values)
        yield HealthFinding(False, fact, message("doctor.db-unfinished-remedy"))
    elif not has_same_counts:
        yield HealthFinding(True, message("doctor.db-changed", **values))
    else:
        yield HealthFinding(True, message("doctor.db-load", **values))
        is_fresh = is_unchanged_since_load(record, database.version())
        yield HealthFinding(
            True, message("doctor.db-settled" if is_fresh else "doctor.db-unsettled")
        )


def _check_lease(database: Database) -> Iterator[HealthFinding]:
    row = database.first_row("inspect/lease")
    if row:
        holder, wait_milliseconds = row
        seconds = round(wait_milliseconds / 1000)
        process = holder.rpartition(" ")[0]
        yield HealthFinding(True, message("doctor.db-locked", holder=process, seconds=seconds))


def _check_plugins(database: Database) -> Iterator[HealthFinding]:
    apoc, gds = database.first_row("inspect/plugins") or (0, 0)
    yield HealthFinding(True, message("doctor.db-plugins", apoc=apoc, gds=gds))

"""A load is brought up to date with new files: only what differs is written."""

from __future__ import annotations

from collections.abc import Callable

from refgraph.engines.neo4j import load_setup, sync_plan, sync_writes
from refgraph.engines.neo4j.bookmark import parse_transaction_id
from refgraph.engines.neo4j.connection import Database
from refgraph.engines.neo4j.freshness import is_unchanged_since_load, record_last_transaction
from refgraph.engines.neo4j.interruptible import BackgroundTask
from refgraph.engines.neo4j.lease import hold_lease
from refgraph.engines.neo4j.load_plan import LoadPlan
from refgraph.engines.neo4j.load_record import LoadRecord, read_load_record
from refgraph.engines.sync import SyncSummary
from refgraph.errors import UsageError
from refgraph.progress import Progress

Confirm = Callable[[SyncSummary], None]


def summarize_sync(database: Database, plan: LoadPlan) -> SyncSummary:
    """What a sync would change; nothing is written. Raises UsageError ``nothing-to-sync``."""
    record = require_load(database)
    is_fresh = is_unchanged_since_load(record, database.version())
    return _make_plan(database, plan, record, is_fresh)[1]


def sync_load(
    database: Database, plan: LoadPlan, prune: bool, confirm: Confirm, progress: Progress
) -> SyncSummary:
    """Write what differs; a sync that was interrupted is run again.

    prune: also remove what the files do not have; else it stays and the load counts as edited.
    confirm: called with the changes before anything is written. Raises UsageError
    ``nothing-to-sync``, DatabaseError ``db-foreign-relationships``, LockedError.
    """
    require_load(database)
    load_setup.create_constraints(database)
    load_setup.register_names(database, plan)
    version = database.version()
    database.start_change_tracking(parse_transaction_id(version))
    with hold_lease(database) as lease:
        record = require_load(database)
        is_fresh = is_unchanged_since_load(record, version) and not database.has_foreign_commits
        sync, summary = _make_plan(database, plan, record, is_fresh)
        confirm(summary)
        is_whole = prune or not sync.has_removals
        if not (sync.is_empty and is_fresh):
            if prune:
                sync_plan.check_removals(database, sync)
            _write(sync_writes.SyncWriter(database, lease, plan, sync, prune, progress), is_whole)
    if is_whole and not database.has_foreign_commits:
        record_last_transaction(database, plan.identity, database.last_transaction_id)
    return summary


def _write(writer: sync_writes.SyncWriter, is_whole: bool) -> None:
    """Write all changes. is_whole: whether the database then holds what a load would write."""
    database, lease, plan = writer.database, writer.lease, writer.plan
    derived = BackgroundTask(lambda: plan.derived_properties if is_whole else None)
    sync_writes.begin_sync(database, lease, plan, writer.sync)
    writer.write_changes()
    if is_whole:
        writer.keep_hashes()
    derived.wait()
    sync_writes.complete_sync(database, lease, plan, derived.outcome())


def require_load(database: Database) -> LoadRecord:
    """The record of a load, complete or interrupted. Raises UsageError ``nothing-to-sync``."""
    record = read_load_record(database)
    if record is None or record.state in ("loading", "removing"):
        raise UsageError("nothing-to-sync", uri=database.credentials.uri)
    return record


def _make_plan(
    database: Database, plan: LoadPlan, record: LoadRecord, is_fresh: bool
) -> tuple[sync_plan.SyncPlan, SyncSummary]:
    sync = sync_plan.plan_sync(database, plan, record, is_fresh)
    lost = sync_plan.find_lost_properties(database, plan, record, sync)
    return sync, sync_plan.summarize(plan, sync, lost)

"""The store: an engine that also fills its database."""

from __future__ import annotations

import contextlib
import logging

from refgraph.engines.base import AnswerFactory, compute_no_answers
from refgraph.engines.neo4j import (
    bulk_import,
    load_setup,
    loading,
    node_writes,
    reading,
    removal,
    syncing,
    unload,
)
from refgraph.engines.neo4j.bookmark import parse_transaction_id
from refgraph.engines.neo4j.engine import Neo4jEngine
from refgraph.engines.neo4j.freshness import (
    is_unchanged_since_load,
    read_consistently,
    record_last_transaction,
)
from refgraph.engines.neo4j.lease import hold_lease, require_free_lease
from refgraph.engines.neo4j.load_plan import LoadPlan, compute_derived_properties, plan_load
from refgraph.engines.neo4j.load_record import KEY_PROPERTIES, count_nodes
from refgraph.engines.options import LoadAction, LoadOptions
from refgraph.engines.sync import SyncSummary
from refgraph.engines.write_back import UnloadPlan, WriteBack, WrittenRun
from refgraph.errors import DatabaseError, UsageError
from refgraph.model.dataset import Dataset
from refgraph.progress import Progress, ignore_progress, remark

LOGGER = logging.getLogger("refgraph.engines.neo4j")


class Neo4jStore(Neo4jEngine):
    """A database to be filled; for questions it is the engine that it extends."""

    def load(
        self,
        dataset: Dataset,
        progress: Progress = ignore_progress,
        options: LoadOptions = LoadOptions(),
        source: str = "",
        compute_answers: AnswerFactory = compute_no_answers,
    ) -> LoadAction:
        """Write a Dataset; returns what was done.

        If the data is there already (``SAME``, ``ALIKE``), no data is written; if anything was
        committed since, it is read back and compared. A load that is interrupted can be
        resumed. source: where the data comes from, for people.

        Raises UsageError as `_choose_action`; LockedError; DatabaseError.
        """
        plan = plan_load(dataset, source, compute_answers)
        action = self._choose_action(plan, options)
        load_setup.create_constraints(self._database)
        if action.writes_nothing:
            self._verify_load(plan)
            return action
        self._offline = self._source_summary = None
        self._database.start_change_tracking()
        load_setup.register_names(self._database, plan)
        action = self._write(plan, options, progress)
        if action.writes_nothing:
            return action
        if action is LoadAction.RESUME or self._database.has_foreign_commits:
            # if this fails, the data is still loaded, but every question reads all of it
            with contextlib.suppress(DatabaseError):
                self._verify_load(plan)
        else:
            last = self._database.last_transaction_id
            record_last_transaction(self._database, plan.identity, last)
        return action

    def bulk_load(
        self,
        dataset: Dataset,
        admin: str,
        options: LoadOptions = LoadOptions(),
        source: str = "",
        compute_answers: AnswerFactory = compute_no_answers,
    ) -> LoadAction:
        """Write a Dataset into an empty, stopped server by its import tool.

        admin: the program. Raises as `bulk_import.run_bulk_import`.
        """
        plan = plan_load(dataset, source, compute_answers)
        credentials = self._database.credentials
        bulk_import.run_bulk_import(credentials, plan, admin, options.replace)
        return LoadAction.IMPORT

    def plan_sync(self, dataset: Dataset) -> SyncSummary:
        """What `sync` would change. Raises as `syncing.summarize_sync`."""
        return syncing.summarize_sync(self._database, plan_load(dataset, ""))

    def sync(
        self,
        dataset: Dataset,
        progress: Progress = ignore_progress,
        prune: bool = False,
        confirm: syncing.Confirm = lambda summary: None,
        source: str = "",
        compute_answers: AnswerFactory = compute_no_answers,
    ) -> SyncSummary:
        """Bring the load up to date with a Dataset. Raises as `syncing.sync_load`."""
        self._offline = self._source_summary = None
        plan = plan_load(dataset, source, compute_answers)
        return syncing.sync_load(self._database, plan, prune, confirm, progress)

    def write_back(self, plan: WriteBack, progress: Progress = ignore_progress) -> WrittenRun:
        """Write an answer into nodes. Raises as `node_writes.write_run`."""
        return node_writes.write_run(self._database, plan, progress)

    def undo_write_back(self, run: str, progress: Progress = ignore_progress) -> WrittenRun:
        """Remove what a run wrote. Raises as `node_writes.undo_run`."""
        return node_writes.undo_run(self._database, run, progress)

    def plan_unload(self) -> UnloadPlan:
        """What `unload` would remove. Raises as `unload.plan_unload`."""
        return unload.plan_unload(self._database)

    def unload(self, progress: Progress = ignore_progress) -> None:
        """Remove all that refgraph made in the database. Raises as `unload.unload`."""
        self._offline = self._source_summary = None
        unload.unload(self._database, progress)

    def _write(self, plan: LoadPlan, options: LoadOptions, progress: Progress) -> LoadAction:
        """Write the plan under the lease; returns what was done."""
        with hold_lease(self._database) as lease:
            # chosen again: another load may have finished meanwhile
            action = self._choose_action(plan, options, has_lease=True)
            LOGGER.debug("load: %s", action)
            if action.writes_nothing:
                return action
            record = self.read_load_record()
            if action is LoadAction.REPLACE:
                if record is not None:
                    removal.check_removal(self._database, record)
                removal.remove_load(self._database, lease, progress)
            if action is LoadAction.RESUME and record is not None:
                written_rows = record.written_rows
            else:
                load_setup.begin_load(self._database, lease, plan)
                written_rows = {}
            loading.write_tables(self._database, lease, plan, written_rows, progress)
        return action

    def _verify_load(self, plan: LoadPlan) -> None:
        """Read a stale load back, compare its fingerprint, and mark it as fresh again.

        A load is stale if it was resumed or imported in bulk, if somebody has committed during or
        after it, or if its derived properties are of another version. A graph that somebody has
        edited is left as it is, with a remark. Raises DatabaseError.
        """
        record = self.read_load_record()
        if record is None or is_unchanged_since_load(record, self._database.version()):
            return
        remark("confirming")
        load_setup.register_names(self._database, plan)
        data, self._version = read_consistently(
            self._database, lambda _: reading.read_unedited(self._database, record)
        )
        if data is None:
            remark("edited")
            return
        derived = None
        if record.whole_graph_summary is None:
            derived = compute_derived_properties(data, plan.compute_answers)
        last = parse_transaction_id(self._version)
        record_last_transaction(self._database, record.identity, last, derived)

    def _choose_action(
        self, plan: LoadPlan, options: LoadOptions, has_lease: bool = False
    ) -> LoadAction:
        """What a load would do, by the first row that matches:

        ===================================================  ==================================
        state of the database                                action
        ===================================================  ==================================
        nodes of other programs, without ``into_existing``   UsageError ``database-not-empty``
        no load, but nodes with refgraph's labels            UsageError ``labels-taken``
        no load                                              NEW
        complete load, same fingerprint, no ``replace``:
        - same identity                                      SAME
        - other identity                                     ALIKE
        incomplete load, its writer may be alive             LockedError ``locked``
        interrupted load, same identity, ``resume``          RESUME
        interrupted removal, ``resume``                      REPLACE
        any load, ``replace``                                REPLACE
        complete load                                        UsageError ``load-there``
        incomplete load                                      UsageError ``load-broken-off``
        ===================================================  ==================================

        has_lease: whether this load holds the lease, so that no other writer is alive.
        """
        record = self.read_load_record()
        nodes = count_nodes(self._database)
        if nodes["*"] and not options.into_existing:
            uri = self._database.credentials.uri
            raise UsageError("database-not-empty", nodes=nodes["*"], uri=uri)
        if record is None:
            _require_free_labels(nodes)
            return LoadAction.NEW
        is_equal = record.is_complete and record.fingerprint == plan.fingerprint
        if is_equal and not options.replace:
            return LoadAction.SAME if record.identity == plan.identity else LoadAction.ALIKE
        if not record.is_complete and not has_lease:
            require_free_lease(self._database)
        is_same = record.identity == plan.identity
        if options.resume and record.state == "loading" and is_same:
            return LoadAction.RESUME
        if options.replace or (options.resume and record.state == "removing"):
            return LoadAction.REPLACE
        error = "load-there" if record.is_complete else "load-broken-off"
        raise UsageError(error, source=record.source, state=record.state_label)


def _require_free_labels(nodes: dict[str, int]) -> None:
    """Raises UsageError ``labels-taken`` if others use labels that a load needs."""
    labels = [label for label in KEY_PROPERTIES if nodes[label]]
    count = sum(nodes[label] for label in labels if not label.startswith("Refgraph"))
    if count:
        raise UsageError("labels-taken", nodes=count, labels=sorted(labels))

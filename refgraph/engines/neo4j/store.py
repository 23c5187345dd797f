"""The store: an engine that also fills its database."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from refgraph.engines.base import Keep, nothing
from refgraph.engines.neo4j import importing, keeping, loading, reading
from refgraph.engines.neo4j.bookmark import committed
from refgraph.engines.neo4j.engine import Neo4j
from refgraph.engines.neo4j.lease import Lease, lease, unheld
from refgraph.engines.neo4j.settling import settle, still
from refgraph.errors import DatabaseError, DataError, UsageError
from refgraph.model.dataset import Dataset
from refgraph.progress import Progress, remark, silent


@dataclass(frozen=True)
class Loading:
    """What may be done about what is there already.

    resume: go on with a load that was broken off. replace: take away what refgraph has loaded before. into_existing:
    load beside data of somebody else.
    """

    resume: bool = False
    replace: bool = False
    into_existing: bool = False


class Neo4jStore(Neo4j):
    """A database to be filled; asked, it is the engine that it is built on."""

    def load(self, dataset: Dataset, progress: Progress = silent, how: Loading = Loading(), source: str = "",
             keep: Keep = nothing) -> str:
        """Put a Dataset in; returns what was done: ``new``, ``resume``, ``replace``, ``same`` or ``alike``.

        same: this very load is there. alike: equal data are there, read from other places of files. Neither changes
        any data; where anything was committed since, it is read back first. Raises DataError ``database-changed``,
        ``database-edited`` where somebody has changed what was loaded; UsageError ``database-not-empty``, ``labels-taken``,
        ``load-there``, ``load-broken-off``; LockedError, DatabaseError; a load that breaks off can be resumed.
        """
        wanted = loading.plan(dataset, source, keep)
        what = self._outlook(wanted, how)
        loading.prepare(self._database)
        if what in ("same", "alike"):
            self._confirm(wanted)
            return what
        self._offline = self._account = None
        self._database.watch()
        loading.name(self._database, wanted)
        with lease(self._database) as held:
            what = self._outlook(wanted, how, held)  # again: somebody else may have come first
            found = self.inspect()
            if what in ("same", "alike"):
                return what
            if what == "replace":
                loading.remove(self._database, held, progress)
            if what != "resume":
                loading.begin(self._database, held, wanted)
            done = found.done if found and what == "resume" else {}
            loading.carry(self._database, held, wanted, done, progress)
        if what == "resume" or self._database.disturbed:
            with contextlib.suppress(DatabaseError):  # it is loaded all the same, and every question reads the whole
                self._confirm(wanted)
        else:
            settle(self._database, wanted.identity, self._database.last)
        return what

    def _confirm(self, wanted: loading.Plan) -> None:
        """A load of which it is not known that it is as it was written (one that was resumed, or of the import tool, or beside
        which or after which anything was committed) or that other code has told of: read once, held against its fingerprint,
        and told of anew. Raises DataError ``database-changed``, ``database-edited``; DatabaseError."""
        found = self.inspect()
        if found is None or still(found, self._database.token()):
            return
        remark("confirming")
        loading.name(self._database, wanted)
        data = self._steady(lambda: reading.dataset(self._database, found))
        if data.fingerprint != found.fingerprint:
            raise DataError("database-edited", uri=self._database.access.uri)
        told = None if found.census else loading.told(data, wanted.keep)
        settle(self._database, found.identity, committed(self._version), told)

    def bulk(self, dataset: Dataset, admin: str, how: Loading = Loading(), source: str = "", keep: Keep = nothing) -> str:
        """Put a Dataset into an empty, stopped server by its import tool; raises as `importing.bulk`."""
        importing.bulk(self._database.access, loading.plan(dataset, source, keep), admin, how.replace)
        return "import"

    def _outlook(self, wanted: loading.Plan, how: Loading, held: Lease | None = None) -> str:
        """What a load would do, as `load` names it; raises what it raises."""
        found, there = self.inspect(), keeping.counts(self._database)
        if there["*"] and not how.into_existing:
            raise UsageError("database-not-empty", nodes=there["*"], uri=self._database.access.uri)
        own = sum(there[label] for label in keeping.KEYS if not label.startswith("Refgraph"))
        if found is None:
            if own:
                raise UsageError("labels-taken", nodes=own, labels=sorted(k for k in keeping.KEYS if there[k]))
            return "new"
        if found.complete and found.fingerprint == wanted.fingerprint and not how.replace:
            return "same" if found.identity == wanted.identity else "alike"
        if not found.complete and held is None:
            unheld(self._database)
        if how.resume and found.state == "loading" and found.identity == wanted.identity:
            return "resume"
        if how.replace or (how.resume and found.state == "removing"):
            return "replace"
        raise UsageError("load-there" if found.complete else "load-broken-off", source=found.source, state=found.spoken)

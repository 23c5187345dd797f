"""The engine for a database that refgraph has filled, and the store that fills it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from refgraph import intake
from refgraph.engines.neo4j import foreign, importing, keeping, loading, reading, snapshots
from refgraph.engines.neo4j.access import Access
from refgraph.engines.neo4j.database import Database
from refgraph.engines.neo4j.foreign import Foreign
from refgraph.engines.neo4j.lease import Lease, lease, unheld
from refgraph.engines.offline import Offline
from refgraph.errors import DatabaseError, DataError, UsageError
from refgraph.intake import discreet
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.result import Answer
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings
from refgraph.progress import Progress, silent

READS = 3
"""How often a graph is read that moves while it is being read."""


@dataclass(frozen=True)
class Loading:
    """What may be done about what is there already.

    resume: go on with a load that was broken off. replace: take away what refgraph has loaded before. into_existing:
    load beside data of somebody else.
    """

    resume: bool = False
    replace: bool = False
    into_existing: bool = False


class Neo4j:
    """A database as an engine: the graph is read once, and the analyses are those of files."""

    name = "neo4j"
    answers: frozenset[str] = frozenset()

    def __init__(self, access: Access, settings: Settings | None = None, snapshot: bool = False,
                 graph: Foreign | None = None, options: intake.Options = intake.Options()) -> None:
        """settings: in place of those loaded with the data; needed for a graph of somebody else, which ``graph`` names."""
        self._database = Database(access)
        self._settings = settings
        self._snapshot = snapshot
        self._foreign = graph
        self._options = options
        self._offline: Offline | None = None
        self._version = ""

    def graph(self, scope: Scope) -> Graph:
        """The graph under a scope, built from one consistent picture of the database."""
        return self._read().graph(scope)

    def answer(self, name: str, parameters: Mapping[str, object], scope: Scope) -> Answer | None:
        """Nothing natively."""
        return None

    def dataset(self) -> Dataset:
        """All that was loaded. Raises DataError ``nothing-loaded``, ``load-incomplete``, ``database-changed``."""
        return self._read().dataset()

    def origin(self) -> dict[str, object]:
        """Engine, address, database and the version of it that was read."""
        access = self._database.access
        return {"engine": self.name, "source": access.uri, "database": access.database, "version": self._version}

    def close(self) -> None:
        """Let go of the connections."""
        self._database.close()

    def inspect(self) -> keeping.Load | None:
        """The load that the database holds."""
        return keeping.held(self._database)

    def _read(self) -> Offline:
        if self._offline is None:
            try:
                data = self._snapped() if self._snapshot else self._steady()
            finally:
                self.close()
            self._offline = Offline(data, self._database.access.uri)
        return self._offline

    def _snapped(self) -> Dataset:
        """From the snapshot of this very version, else read and kept."""
        access, version = self._database.access, self._database.token()
        name = snapshots.key(access.uri, access.database, self._foreign, self._settings if self._foreign else "", self._options)
        found = snapshots.kept(name, version, self._settings)
        if found is None:
            found = self._steady()
            snapshots.keep(name, self._version, f"{access.uri} {access.database}", found)
            return found
        self._version = version
        return found

    def _steady(self) -> Dataset:
        """Read again where the database moved while it was being read."""
        for _ in range(READS):
            before = self._database.token()
            found = self._picture()
            self._version = self._database.token()
            if self._version == before:
                return found
        raise DatabaseError("db-moving", uri=self._database.access.uri, times=READS)

    def _picture(self) -> Dataset:
        if self._foreign is not None:
            return foreign.dataset(self._database, self._foreign, self._settings or Settings(), self._options)
        found = self.inspect()
        if found is None:
            raise DataError("nothing-loaded", uri=self._database.access.uri)
        data = reading.dataset(self._database, found, self._settings)
        return data if self._options.sensitive else discreet.without(data)

    def load(self, dataset: Dataset, progress: Progress = silent, how: Loading = Loading(), source: str = "") -> str:
        """Put a Dataset in; returns what was done: ``new``, ``resume``, ``replace``, ``same`` or ``alike``.

        same: this very load is there. alike: equal data are there, read from other places of files. Neither changes
        anything. Raises UsageError ``database-not-empty``, ``labels-taken``, ``load-there``, ``load-broken-off``;
        LockedError, DatabaseError; a load that breaks off can be resumed.
        """
        wanted = loading.plan(dataset, source)
        what = self._outlook(wanted, how)
        loading.prepare(self._database)
        if what in ("same", "alike"):
            return what
        self._offline = None
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
        return what

    def bulk(self, dataset: Dataset, admin: str, how: Loading = Loading(), source: str = "") -> str:
        """Put a Dataset into an empty, stopped server by its import tool; raises as `importing.bulk`."""
        importing.bulk(self._database.access, loading.plan(dataset, source), admin, how.replace)
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

"""The engine for a database: what refgraph has loaded into it, or a graph of somebody else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import polars as pl

from refgraph import intake
from refgraph.engines import archive
from refgraph.engines.neo4j import answers, foreign, keeping, parts, reading, snapshots
from refgraph.engines.neo4j.access import Access
from refgraph.engines.neo4j.database import Database
from refgraph.engines.neo4j.foreign import Foreign
from refgraph.engines.neo4j.settling import still
from refgraph.engines.offline import Offline
from refgraph.errors import DatabaseError, DataError
from refgraph.graphs import build, ways
from refgraph.intake import discreet
from refgraph.model.account import Account
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.result import Result
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings
from refgraph.registry import Way

T = TypeVar("T")
READS = 3
"""How often a graph is read that moves while it is being read."""


class Neo4j:
    """A database as an engine: the graph is read once, or the part that a question needs, and the analyses are those of files;
    and a load keeps the answers to the first questions."""

    name = "neo4j"

    def __init__(self, access: Access, settings: Settings | None = None, snapshot: bool = False,
                 graph: Foreign | None = None, options: intake.Options = intake.Options(), whole: bool = False) -> None:
        """settings: in place of those loaded with the data; needed for a graph of somebody else, which ``graph`` names.
        whole: compute every answer from all that is there."""
        self._database = Database(access)
        self._settings = settings
        self._snapshot = snapshot
        self._foreign = graph
        self._options = options
        self._whole = whole
        self._offline: Offline | None = None
        self._account: Account | None = None
        self._version = ""

    def graph(self, scope: Scope) -> Graph:
        """The graph under a scope, built from one consistent picture of the database."""
        return self._read().graph(scope)

    def part(self, parties: Sequence[str], way: Way, scope: Scope) -> Graph | None:
        """What `parts.dataset` reads, under the plain scope, of a load of refgraph with the settings that it was loaded with."""
        if not self._plain(scope):
            return None
        for reach in parts.REACHES[way]:
            graph = self._part(parties, reach, scope)
            if graph is not None and (reach != "above" or ways.lead(graph, parties)):
                return graph
        return None

    def _part(self, parties: Sequence[str], reach: parts.Reach, scope: Scope) -> Graph | None:
        held, found = self._settled(lambda held: parts.dataset(self._database, held, parties, reach))
        if found is None:
            return None
        self.close()
        self._account = _account(held, found.settings, found.ledger)
        return build(self._shown(found), scope, held.census)

    def answer(self, analysis: str, parameters: Mapping[str, object], scope: Scope, rows: int | None) -> Result | None:
        """What the load kept, under the plain scope and the settings that it was loaded with."""
        if not self._plain(scope):
            return None

        def kept(held: keeping.Load) -> tuple[Result, pl.DataFrame] | None:
            answer = answers.given(self._database, analysis, parameters, rows)
            return None if answer is None else (answer, reading.ledger(self._database, held))

        held, found = self._settled(kept)
        if found is None:
            return None
        self.close()
        self._account = _account(held, archive.settings_of(held.about["settings"]), found[1])
        return found[0]

    def _plain(self, scope: Scope) -> bool:
        """Whether a question is about what was loaded, just as it was loaded, and nothing has been carried over yet."""
        changed = self._foreign or self._settings or self._snapshot or self._whole or self._offline
        return scope == Scope() and not changed

    def _settled(self, read: Callable[[keeping.Load], T | None]) -> tuple[keeping.Load, T | None]:
        """The load, and something read beside it; None where anything was committed since the load."""

        def picture() -> tuple[keeping.Load, T | None]:
            held = self._complete()
            return held, read(held) if still(held, self._version) else None

        return self._steady(picture)

    def dataset(self) -> Dataset:
        """All that was loaded. Raises DataError ``nothing-loaded``, ``load-incomplete``, ``database-changed``."""
        return self._read().dataset()

    def account(self) -> Account:
        """From the ledger of the load; of a graph of somebody else, and of one that was read already, from all of it."""
        if self._offline is not None or self._foreign is not None or self._snapshot:
            return self._read().account()
        if self._account is None:
            held = self._complete()
            settings = self._settings or archive.settings_of(held.about["settings"])
            self._account = _account(held, settings, reading.ledger(self._database, held))
        return self._account

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
                data = self._snapped() if self._snapshot else self._steady(self._picture)
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
            found = self._steady(self._picture)
            snapshots.keep(name, self._version, f"{access.uri} {access.database}", found)
            return found
        self._version = version
        return found

    def _steady(self, picture: Callable[[], T]) -> T:
        """Read again where the database moved while it was being read."""
        for _ in range(READS):
            self._version = self._database.token()
            found = picture()
            if self._database.token() == self._version:
                return found
        raise DatabaseError("db-moving", uri=self._database.access.uri, times=READS)

    def _picture(self) -> Dataset:
        if self._foreign is not None:
            return foreign.dataset(self._database, self._foreign, self._settings or Settings(), self._options)
        return self._shown(reading.dataset(self._database, self._complete(), self._settings))

    def _complete(self) -> keeping.Load:
        found = self.inspect()
        if found is None:
            raise DataError("nothing-loaded", uri=self._database.access.uri)
        return reading.complete(self._database, found)

    def _shown(self, data: Dataset) -> Dataset:
        return data if self._options.sensitive else discreet.without(data)


def _account(held: keeping.Load, settings: Settings, ledger: pl.DataFrame) -> Account:
    return Account(settings, held.rows["customers"], ledger, held.rows["findings"], tuple(held.about["ignored"]))

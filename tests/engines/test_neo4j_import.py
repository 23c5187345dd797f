"""The bulk import tool ends in the same database as a load over the connection."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

import toys
from neo4j_server import ended, started
from refgraph import flow, progress
from refgraph.engines.neo4j import reading
from refgraph.engines.neo4j.access import Access
from refgraph.engines.neo4j.bookmark import committed
from refgraph.engines.neo4j.store import Loading, Neo4jStore
from refgraph.engines.offline import Offline
from refgraph.errors import DatabaseError, DataError, UsageError
from refgraph.flow.keeping import answers
from refgraph.model.dataset import Dataset
from stores import content, database, run, store

pytestmark = pytest.mark.neo4j
ROOT = Path(__file__).parent.parent.parent
CASE = ROOT / "sample_data" / "l96"


def admin(home: Path) -> str:
    """The tool of the server in a folder."""
    return f"env PYTHONPATH={ROOT}/scripts {sys.executable} -m neo4j_tools admin --home {home}"


def everything(server: Any) -> list[str]:
    """Nodes and relationships with their properties, but for the ledger and the lease."""
    nodes = run(server, "MATCH (n) WHERE NOT n:RefgraphLoad AND NOT n:RefgraphLock RETURN labels(n)[0], properties(n)")
    links = run(server, "MATCH (a)-[r]->(b) RETURN type(r), properties(r), a.id, coalesce(b.id, b.name, b.refgraph_row)")
    return sorted(str([sorted(p.items(), key=str), *rest]) for *rest, p in ([k, *more, p] for k, p, *more in nodes + links))


def odd() -> Dataset:
    people = {"a": {"name": 'say "hi"\nand, more', "note": "back\\slash"}, "b": {"name": "", "note": "1.0"},
              "007": {"name": "null", "note": " "}, "沙钢": {"name": "true"}}  # fmt: skip
    return toys.company(people, [("a", "b"), ("a", "unknown"), ("b", "b")], [{"customer": "007", "at": "2020-01-01", "revenue": "1e-7"}])


def test_the_import_tool_ends_in_the_same_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server, heard = started(tmp_path / "home"), list[str]()
    monkeypatch.setattr(progress, "listeners", [heard.append])
    monkeypatch.setattr(reading, "MANY", 0)
    try:
        for data in (flow.open_source(CASE).dataset(), odd(), toys.single()):
            tool = admin(server.home)
            with pytest.raises(UsageError) as running:
                store(server).bulk(data, tool)
            assert running.value.id == "import-running"
            server.stop()
            with pytest.raises(DatabaseError) as refused:
                store(server).bulk(data, tool)
            assert refused.value.id == "import-refused" and "exist" in str(refused.value.values["why"])
            assert store(server).bulk(data, tool, Loading(replace=True), keep=answers) == "import"
            server.restart()
            assert content(store(server).dataset()) == content(data)
            assert heard == ["unguarded"]
            before = store(server).inspect()
            assert before is not None and before.census is not None and before.settled is None
            assert store(server).load(data) == "same"
            after = store(server).inspect()
            assert after is not None and after.settled == committed(database(server).token())
            kept, whole = flow.run(store(server), "effect"), flow.run(Offline(data), "effect")
            assert kept.origin["computed"] == "kept" and kept.frame.equals(whole.frame) and kept.notes == whole.notes
            store(server).dataset()
            assert heard == ["unguarded", "confirming"]
            heard.clear()
            assert len(run(server, "SHOW CONSTRAINTS YIELD name")) == 8
            imported = everything(server)
            store(server).load(data, how=Loading(replace=True))
            assert imported == everything(server)
    finally:
        ended(server)


def test_what_cannot_be_imported_is_said(tmp_path: Path) -> None:
    engine = Neo4jStore(Access("bolt://127.0.0.1:1"))
    with pytest.raises(UsageError) as caught:
        engine.bulk(toys.pair(), "no-such-tool")
    assert caught.value.id == "import-missing"
    named: Any = toys.company({"a": {"x:long": "1"}}, [])
    with pytest.raises(DataError) as name:
        engine.bulk(named, "true")
    assert name.value.id == "import-name"
